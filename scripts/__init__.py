"""What makes, learns and measures what the coach is made of; nothing here is shipped."""
