"""The systems that the benches compare: the coach, and common voice activity detectors."""
