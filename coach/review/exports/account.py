"""What every export is made of: the analysis, and what of the events it leaves out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from coach.core.events import AudioGap, Event, Marked, Words
from coach.core.span import Span
from coach.review.analysis import session_analysis
from coach.sessions import StoredSession


@dataclass(frozen=True, slots=True)
class Account:
    """One session. `analysis` is its "coach.analysis/1" object; `words` have a text only where it may leave the coach.

    `lost` are the stretches in which no sound was heard, `started` is when it began.
    """

    analysis: dict[str, Any]
    started: datetime
    words: tuple[Words, ...]
    lost: tuple[Span, ...]
    marks: tuple[Marked, ...]

    @classmethod
    def of(cls, session: StoredSession, events: Iterable[Event], *, words: bool = False) -> Account:
        """All that is exported of a session; of what was said nothing, unless `words`."""
        told = list(events)
        said = (event for event in told if isinstance(event, Words))
        return cls(
            analysis=session_analysis(session, told, words=words),
            started=session.started,
            words=tuple(event if words else replace(event, text=None) for event in said),
            lost=tuple(event.span for event in told if isinstance(event, AudioGap)),
            marks=tuple(event for event in told if isinstance(event, Marked)),
        )

    @property
    def worded(self) -> bool:
        """Whether it holds anything that was said."""
        return any(each.text for each in self.words)


def as_json(told: Account) -> bytes:
    """The analysis on one line."""
    return (json.dumps(told.analysis, ensure_ascii=False) + "\n").encode()
