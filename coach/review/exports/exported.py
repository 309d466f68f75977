"""The session that all export formats start from: its analysis, and events that the analysis lacks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from coach.core.events import AudioGap, Event, Marked, Words
from coach.core.span import Span
from coach.review.analysis import Analysis, session_analysis
from coach.sessions import StoredSession


@dataclass(frozen=True, slots=True)
class Exported:
    """One session for export. `analysis` is its "coach.analysis/1" object, `started` its start.

    `words` have text only if it may be exported. `lost` are the spans of lost sound. The cues `of_recording` are those
    that the coach would have given.
    """

    analysis: Analysis
    started: datetime
    words: tuple[Words, ...]
    lost: tuple[Span, ...]
    marks: tuple[Marked, ...]
    of_recording: bool = False

    @classmethod
    def of(cls, session: StoredSession, events: Iterable[Event], *, words: bool = False) -> Exported:
        """The exported form of a session, with the text of what was said only if `words`."""
        events = list(events)
        said = (event for event in events if isinstance(event, Words))
        return cls(
            analysis=session_analysis(session, events, words=words),
            started=session.started,
            words=tuple(event if words else replace(event, text=None) for event in said),
            lost=tuple(event.span for event in events if isinstance(event, AudioGap)),
            marks=tuple(event for event in events if isinstance(event, Marked)),
            of_recording=session.of_recording,
        )

    @property
    def worded(self) -> bool:
        """Whether the export contains the text of any words."""
        return any(each.text for each in self.words)


def as_json(session: Exported) -> bytes:
    """The analysis as JSON on one line."""
    return (json.dumps(session.analysis, ensure_ascii=False) + "\n").encode()
