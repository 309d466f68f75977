"""A sound server of its own with a microphone and a speaker, and the coach running in front of it."""
