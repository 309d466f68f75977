"""Benches: each module with a `main` runs one and prints its measurements."""
