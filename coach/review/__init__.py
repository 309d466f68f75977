"""Review of a conversation: its analysis from the stored events, as JSON, on screens and for other programs."""

from coach.review.afterwards import Questions, answered, noted_view
from coach.review.analysis import (
    SCHEMA,
    Analysis,
    analyse_events,
    answering_pauses,
    session_analysis,
    unstored_analysis,
)
from coach.review.compare import comparison
from coach.review.figure_cache import definitions, figures_of, remembered
from coach.review.imports import (
    OnTiers,
    Segment,
    Segments,
    Transcript,
    conversations,
    holds_segments,
    read_transcript,
)
from coach.review.listing import sessions_table
from coach.review.looking_back import LookedBack, agreed_to, in_a_row, looked_back, stopped
from coach.review.relabelling import put_right_told
from coach.review.terminal import summary, summary_alone
from coach.review.transcript import transcript
from coach.review.trends import LEAST as FEWEST_FOR_TRENDS
from coach.review.trends import Trends, of_same_people, of_sample, trends, trends_view
from coach.review.wording import clock, counted, date, early, lasting, listed, spoken

__all__ = [
    "FEWEST_FOR_TRENDS",
    "SCHEMA",
    "Analysis",
    "LookedBack",
    "OnTiers",
    "Questions",
    "Segment",
    "Segments",
    "Transcript",
    "Trends",
    "agreed_to",
    "analyse_events",
    "answered",
    "answering_pauses",
    "clock",
    "comparison",
    "conversations",
    "counted",
    "date",
    "definitions",
    "early",
    "exports",
    "figures_of",
    "holds_segments",
    "in_a_row",
    "lasting",
    "listed",
    "looked_back",
    "noted_view",
    "of_same_people",
    "of_sample",
    "page",
    "put_right_told",
    "read_transcript",
    "remembered",
    "session_analysis",
    "sessions_table",
    "spoken",
    "stopped",
    "summary",
    "summary_alone",
    "transcript",
    "trends",
    "trends_page",
    "trends_view",
    "unstored_analysis",
]
