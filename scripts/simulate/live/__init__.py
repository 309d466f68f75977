"""A private sound server with a virtual microphone and speaker, and the coach connected to it."""
