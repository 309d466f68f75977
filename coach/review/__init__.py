"""Review of a conversation: its analysis from the stored events, as JSON, on screens and for other programs."""

from coach.review.afterwards import Questions, answered, noted_view
from coach.review.analysis import Analysis, analyse_events, session_analysis, unstored_analysis
from coach.review.compare import comparison
from coach.review.figure_cache import figures_of, remembered
from coach.review.imports import (
    Conversation,
    Segment,
    Segments,
    Transcript,
    conversations,
    holds_segments,
    read_transcript,
    segments,
)
from coach.review.listing import sessions_table
from coach.review.terminal import summary, summary_alone
from coach.review.transcript import transcript
from coach.review.trends import Trends, of_same_people, trends, trends_view
from coach.review.wording import counted, listed

__all__ = [
    "Analysis",
    "Conversation",
    "Questions",
    "Segment",
    "Segments",
    "Transcript",
    "Trends",
    "analyse_events",
    "answered",
    "comparison",
    "conversations",
    "counted",
    "exports",
    "figures_of",
    "holds_segments",
    "listed",
    "noted_view",
    "of_same_people",
    "page",
    "read_transcript",
    "remembered",
    "segments",
    "session_analysis",
    "sessions_table",
    "summary",
    "summary_alone",
    "transcript",
    "trends",
    "trends_page",
    "trends_view",
    "unstored_analysis",
]
