"""Speech synthesis: a child process synthesises; this process checks and shapes the result."""
