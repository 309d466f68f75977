"""Speech synthesis: a child process speaks; this process checks and shapes the result."""
