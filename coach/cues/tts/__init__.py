"""Speech synthesis: a child process speaks, this side checks and shapes the result."""
