"""What the benches compare: the coach as a user runs it, and the voice activity that people use today."""
