"""Made talk, sound and rooms, with their exact truth, for benches, training and tests."""
