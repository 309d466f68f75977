"""Evaluates bench results: scores against the reference, figures and tables."""
