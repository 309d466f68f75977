"""Anonymous sessions: events without anything that identifies people.

The events are anonymized before anything is computed from them, so no export format can overlook a name. This module
lists what is kept, event by event; everything else is left out, including kinds of event that a later version adds.

    names       become A, B, … in the order of first speech, also in cues and in the figures behind them
    words       keep counts and classifications, which decide what a turn is; the text is removed
    marks       keep their time; notes are removed
    settings    keep numbers and choices; names of people, devices and models are removed
    the day     is removed; the session keeps its number
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from coach.core.events import (
    UNKNOWN,
    AudioGap,
    Cue,
    CueFailed,
    Enrolled,
    Event,
    HeardLess,
    LanguageFound,
    Marked,
    Speech,
    Words,
)
from coach.core.settings import Settings
from coach.sessions import NO_NAMES, StoredSession

NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)
_HARMLESS = (
    "language",
    "cues_off",
    "cues_on",
    "cues_in_words",
    "cues_as_tones",
)  # text settings that name nobody; numbers and choices never do


def anonymous(session: StoredSession, events: Iterable[Event]) -> tuple[StoredSession, list[Event]]:
    """The session of A, B, … and those of its events that can be anonymized."""
    events = list(events)
    letters = _letters(session.people, events)
    people = sorted((letters[who] for who in session.people), key=list(letters.values()).index)
    nameless = replace(
        session,
        people=tuple(people),
        settings=_settings(session.settings) | {"people": people},
        source="",
        started=NO_DAY,
    )
    return nameless, [kept for event in events if (kept := _nameless(event, letters)) is not None]


def _letters(people: Sequence[str], events: Sequence[Event]) -> dict[str, str]:
    """A letter for everybody, in order of first speech; the unknown speaker stays unknown."""
    speech = sorted((event for event in events if isinstance(event, Speech)), key=lambda each: (each.span, each.who))
    others = (e.to if isinstance(e, Cue) else e.who for e in events if isinstance(e, Cue | Enrolled | Words))
    names = dict.fromkeys([*(each.who for each in speech), *people, *(who for who in others if who is not None)])
    names.pop(UNKNOWN, None)
    return {who: _letter(place) for place, who in enumerate(names)} | {UNKNOWN: UNKNOWN}


def _letter(place: int) -> str:
    """A to Z, then AA, AB, …"""
    before, last = divmod(place, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)


def _nameless(event: Event, letters: Mapping[str, str]) -> Event | None:
    match event:
        case Speech():
            return replace(event, who=letters[event.who])
        case Words():
            return replace(event, who=letters[event.who], text=None)
        case AudioGap():
            return replace(event, reason="")
        case Enrolled():  # it says where the check-in ended, from which on speech counts
            return replace(event, who=letters[event.who])
        case LanguageFound() | HeardLess():
            return event
        case Marked():
            return replace(event, note="")
        case CueFailed():
            return replace(event, reason="")
        case Cue():
            because = {
                key: value if key in NO_NAMES else _figure(value, letters) for key, value in event.because.items()
            }
            to = None if event.to is None else letters[event.to]
            return replace(event, to=to, text=_without_names(event.text, letters), because=because)
    return None


def _figure(value: Any, letters: Mapping[str, str]) -> Any:
    """A figure as it is. Text in a figure can only be a name, such as that of the floor holder; it becomes a letter."""
    return value if value is None or isinstance(value, bool | int | float) else letters.get(str(value), UNKNOWN)


def _without_names(text: str, letters: Mapping[str, str]) -> str:
    """The text of a cue with letters for names. It also replaces parts of words ("Bens"), even by coincidence."""
    names = sorted((re.escape(who) for who in letters if who != UNKNOWN), key=len, reverse=True)
    lower = {who.casefold(): letter for who, letter in letters.items()}
    return re.sub("|".join(names), lambda found: lower[found[0].casefold()], text, flags=re.I) if names else text


def _settings(stored: Mapping[str, Any]) -> dict[str, Any]:
    said = {spec.name for spec in fields(Settings) if spec.metadata.keys() & {"low", "choices"}} | {*_HARMLESS}
    return {name: value for name, value in stored.items() if name in said}
