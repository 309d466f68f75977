"""Trains the shipped weights and evaluates them on held-out conversations."""
