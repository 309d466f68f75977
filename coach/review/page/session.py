"""The page of one session. Its sections, in order:

    the sentence · the conversation over time · room after a share · too soon and over · silences held ·
    talk and turns · what was told · how shares were answered · every number · what the numbers can and cannot say

Every figure comes from the "coach.analysis/1" object. Silences, overlaps, marks and levels over time, which it lacks,
come from the events.
"""

from __future__ import annotations

from collections.abc import Iterable

from coach.core.events import Event
from coach.core.span import as_seconds
from coach.review.analysis import session_analysis
from coach.review.page.answers import moments, pauses, responses, silences
from coach.review.page.depth import depth
from coach.review.page.document import Page, Section
from coach.review.page.happened import happened
from coach.review.page.limits import NOTES, SOURCES
from coach.review.page.numbers import all_numbers
from coach.review.page.talk import talk
from coach.review.page.timeline import timeline
from coach.review.terminal import headline
from coach.review.wording import lasting, listed
from coach.sessions import StoredSession


def session_page(session: StoredSession, events: Iterable[Event]) -> Page:
    """The page of a stored session. It contains people's words only if the session keeps words."""
    events = list(events)
    analysis = session_analysis(session, events, words=session.keep != "stats")
    seen = happened(events, analysis["settings"]["pause"], session.last)
    when = session.started
    return Page(
        title=f"{listed(analysis['people']) or 'Nobody'}, {when.day} {when:%B %Y}",
        line=" · ".join(
            (
                f"Session {session.id}",
                f"{when:%H:%M}",
                lasting(as_seconds(session.last)),
                _kept(session.keep),
            )
        ),
        sentence=headline(analysis),
        sections=(
            Section(id="when", title="The conversation over time", figures=(timeline(analysis, seen),)),
            pauses(analysis),
            moments(analysis),
            silences(analysis, seen),
            talk(analysis),
            depth(analysis, seen),
            responses(analysis),
            all_numbers(analysis),
        ),
        notes=NOTES,
        sources=SOURCES,
    )


def _kept(keep: str) -> str:
    return {"words": "words kept", "audio": "words and sound kept"}.get(keep, "no words kept")
