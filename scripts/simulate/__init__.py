"""Simulated talk, audio and rooms with exact reference annotations, for benches, training and tests."""
