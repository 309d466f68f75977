"""Conversations from segment files: who spoke when and, if the file has them, the words.

    .rttm .TextGrid .eaf ─► segments ─┬─────────────► Speech
                                      └─► meaning ──► Words      (kept as they are if the coach labelled them before)

Segments give the same events as sound does, so everything downstream is shared. They give no cues: a cue belongs to a
live conversation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from coach.conversation import DEFAULTS
from coach.core.errors import BadInput
from coach.core.events import AudioGap, Ended, Event, LanguageFound, Notice, Speech
from coach.core.settings import ASSUMED_LANGUAGE, AUTO_LANGUAGE, Settings
from coach.core.understood import check_understood
from coach.review import OnTiers, Segment, Segments, conversations
from coach.runtime.offline import ENDED, Analysed
from coach.runtime.understanding import Understanding

LOST = "the file says that sound is missing here"
NOT_SOUGHT = f"the language is found in sound only, so {ASSUMED_LANGUAGE} is assumed; `--language de` sets another"


def segment_events(path: Path, settings: Settings, people: Sequence[str] = ()) -> list[Analysed | BadInput]:
    """The conversations in the segment file at `path`; an error in place of one that lacks some of the `people`.

    `people` selects and orders the speakers; empty takes everybody. Raises BadInput for a file that cannot be read.
    """
    return [_heard(each, settings, people) for each in conversations(path)]


def _heard(conversation: OnTiers, settings: Settings, people: Sequence[str]) -> Analysed | BadInput:
    try:
        found = conversation.taking(people)
    except BadInput as error:
        return error
    return Analysed(found.name, found.duration, 0, found.people, _events(found, settings.language))


def _events(found: Segments, language: str) -> list[Event]:
    speech = [Speech(at=each.span.end, who=each.who, span=each.span, confidence=1.0) for each in found.segments]
    lost = [AudioGap(at=span.end, span=span, reason=LOST) for span in found.lost]
    unread = {each.who for each in found.segments} - {each.who for each in found.words}
    stretches = sorted(
        (each for who in unread for each in _stretches(s for s in found.segments if s.who == who)),
        key=lambda each: (each.span, each.who),
    )
    assumed: list[Event] = []
    if language == AUTO_LANGUAGE:
        language = ASSUMED_LANGUAGE
        assumed = [LanguageFound(at=0, language=language, heard=0, sure=False)]
        assumed += [Notice(at=0, text=NOT_SOUGHT)] if found.words or stretches else []
    check_understood(language)
    understanding = Understanding(language)
    read = (understanding.words(each.span.end, each.who, each.span, each.text or "") for each in stretches)
    words: list[Event] = [*found.words, *read]
    ended = Ended(at=found.duration, reason=ENDED)
    notices = [Notice(at=0, text=text) for text in found.notices]
    return sorted([*assumed, *notices, *speech, *lost, *words, ended], key=lambda event: event.at)


def _stretches(worded: Iterable[Segment]) -> list[Segment]:
    """One person's segments with text; single words are joined with their neighbours up to the next pause.

    A question or an acknowledgement can be recognised in a clause, but not in one of its words.
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
