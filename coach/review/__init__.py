"""Looking back: a conversation computed again from its events, as JSON, on the screen and for other tools."""

from coach.review.analysis import analysis, session_analysis
from coach.review.listing import sessions_table
from coach.review.terminal import summary

__all__ = ["analysis", "session_analysis", "sessions_table", "summary"]
