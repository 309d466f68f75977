"""Conversations that somebody else heard: segments with people and, where they were written down, words.

    .rttm .TextGrid .eaf ─► segments ─┬─────────────► Speech
                                      └─► meaning ──► Words      (as they are, where the coach has read them before)

What is not sound gives the same events as sound does, so everything after is the same. There are no cues: they belong
to a table at which somebody hears them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from coach.conversation import DEFAULTS
from coach.core.events import AudioGap, Ended, Event, Speech
from coach.core.settings import Settings
from coach.review import Segment, Segments, segments
from coach.runtime.offline import ENDED, Analysed
from coach.runtime.understanding import Understanding

LOST = "the file says that sound is missing here"


def segment_events(path: Path, settings: Settings, people: Sequence[str] = ()) -> list[Analysed]:
    """The conversations in a file of segments. Raises BadInput, as `coach.review.imports.segments` does.

    people: only these, in this order; everybody where it is empty.
    """
    return [
        Analysed(found.name, found.duration, 0, found.people, _events(found, settings.language))
        for found in segments(path, people)
    ]


def _events(found: Segments, language: str) -> list[Event]:
    speech = [Speech(at=each.span.end, who=each.who, span=each.span, confidence=1.0) for each in found.segments]
    lost = [AudioGap(at=span.end, span=span, reason=LOST) for span in found.lost]
    unread = {each.who for each in found.segments} - {each.who for each in found.words}
    stretches = sorted(
        (each for who in unread for each in _stretches(s for s in found.segments if s.who == who)),
        key=lambda each: (each.span, each.who),
    )
    understanding = Understanding(language)
    read = (understanding.words(each.span.end, each.who, each.span, each.text or "") for each in stretches)
    words: list[Event] = [*found.words, *read]
    ended = Ended(at=found.duration, reason=ENDED)
    return sorted([*speech, *lost, *words, ended], key=lambda event: event.at)


def _stretches(worded: Iterable[Segment]) -> list[Segment]:
    """One person's segments with text, single words put together with those around them, up to the next pause.

    Whether something is asked, or only acknowledged, is seen in a clause, not in one of its words.
    """
    out: list[Segment] = []
    for segment in worded:
        if segment.text is None:
            continue
        last = out[-1] if out else None
        if (
            last is not None
            and last.text is not None
            and segment.span.start - last.span.end < DEFAULTS.join
            and (" " not in segment.text or " " not in last.text)
        ):
            out[-1] = Segment(segment.who, last.span | segment.span, f"{last.text} {segment.text}")
        else:
            out.append(segment)
    return out
