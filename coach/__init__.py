"""A voice-guided listening coach: it hears who speaks and how long the silences are, and now and then gives a cue."""

__version__ = "0.1.0"
