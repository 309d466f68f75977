"""Synthetic sessions of any length with every kind of event, and random ones for hypothesis."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from functools import cache

from hypothesis import strategies as st

from coach.core.events import KINDS, RESPONSES, UNKNOWN, AudioGap, Cue, Ended, Event, Marked, Speech, Words
from coach.core.names import plain_name
from coach.core.settings import Settings
from coach.core.span import MILLISECOND, Span
from coach.review.exports import Exported
from coach.sessions import StoredSession

STEP = 10 * MILLISECOND  # samples; the grid of the edges from hearing
ODD_NAMES = (
    'Zoë "Zo" O\'Neil',
    "<script>alert(1)</script>",
    "-2+3",
    "木村 & 花",
    "Ana; Ben",
    "item [1]: x",
    "نور 🌻",
    "a name of more than forty letters that no line of a screen holds",
    "Ana words",
    "gestures",
    "speech",
    "all",
)


def session(events: list[Event], people: tuple[str, ...] = ("Ana", "Ben"), **settings) -> StoredSession:
    return StoredSession(
        id=3, people=people, channels=2, started=datetime(2026, 3, 4, 20, 15, tzinfo=UTC), ended="ended by hand",
        last=events[-1].at if events else 0, settings=Settings(people=people, **settings).as_dict(),
    )  # fmt: skip


def told(events: list[Event], people: tuple[str, ...] = ("Ana", "Ben"), *, words: bool = True) -> Exported:
    return Exported.of(session(events, people), events, words=words)


def speech(who: str, start: int, end: int) -> Speech:
    return Speech(at=end + 200 * MILLISECOND, who=who, span=Span(start, end), confidence=0.9)


def said(who: str, start: int, end: int, text: str = "so I left", **read) -> Words:
    return Words(at=end + 900 * MILLISECOND, who=who, span=Span(start, end), count=len(text.split()), text=text, **read)


def cue(at: int, to: str | None, held_back: str | None = None, text: str = "", **because) -> Cue:
    kind, form = ("inward", "spoken") if text else ("too_soon", "tone")
    return Cue(at=at, kind=kind, form=form, text=text, to=to, given=not held_back, held_back=held_back, because=because)


@cache
def long_export(turns: int) -> Exported:
    return told(long_talk(turns))


@cache
def long_talk(turns: int, people: tuple[str, ...] = ("Ana", "Ben")) -> list[Event]:
    """So many successive turns, half with two units, most with words, and an occasional cue or mark."""
    rng = random.Random(7)
    events: list[Event] = []
    now = 100 * STEP
    for turn in range(turns):
        who = people[turn % len(people)]
        for _ in range(rng.choice((1, 2))):
            span = Span(now, now + rng.randrange(130, 900) * STEP)
            events.append(speech(who, span.start, span.end))
            if rng.random() < 0.9:
                events.append(_read(rng, who, span, turn))
            now = span.end + rng.randrange(20, 80) * STEP
        if turn % 40 == 0:
            events += [cue(now, who, fto_s=0.3), cue(now, who, "budget", since_last_s=4.0), Marked(at=now, note="this")]
        now += rng.randrange(-60, 300) * STEP
    return ended(events)


def _read(rng: random.Random, who: str, span: Span, turn: int) -> Words:
    text = f"what I told in turn {turn}{'?' if turn % 9 == 0 else ''}"
    kinds = tuple(rng.sample(list(KINDS), turn % 3))
    flags = {"question": turn % 9 == 0, "request": turn % 31 == 0, "logistics": turn % 13 == 0}
    return said(
        who, span.start - 5 * STEP, span.end + 5 * STEP, text, level=rng.choice("N123"), kinds=kinds,
        response=rng.choice((None, *RESPONSES)), **flags,
    )  # fmt: skip


def ended(events: list[Event], after: int = 100) -> list[Event]:
    """The events in order, with the end of the session some steps after the last of them."""
    at = max((event.at for event in events), default=0) + after * STEP
    return [*sorted(events, key=lambda event: event.at), Ended(at=at, reason="ended by hand")]


_PRINTED = st.characters(exclude_categories=("C", "Z"), exclude_characters=",=")
NAMES = st.one_of(
    st.sampled_from([name for name in ODD_NAMES if "item" not in name]),
    st.text(_PRINTED, min_size=1, max_size=12).map(plain_name).filter(lambda name: name not in ("", UNKNOWN)),
)
TEXTS = st.lists(st.text(_PRINTED, min_size=1, max_size=8), min_size=1, max_size=5).map(" ".join)


@st.composite
def talks(draw: st.DrawFn) -> tuple[tuple[str, ...], list[Event]]:
    """People and events: simultaneous speech, unknown voices, lost sound, some words, or nothing at all."""
    people = tuple(draw(st.lists(NAMES, min_size=1, max_size=3, unique_by=str.casefold)))
    events: list[Event] = []
    ends = dict.fromkeys((*people, UNKNOWN), 0)
    for who in draw(st.lists(st.sampled_from([*people, *people, UNKNOWN]), max_size=14)):
        start = ends[who] + draw(st.integers(0, 400)) * STEP
        ends[who] = start + draw(st.integers(6, 900)) * STEP
        events.append(speech(who, start, ends[who]))
        if draw(st.booleans()):
            flags = dict.fromkeys(draw(st.sets(st.sampled_from(["acknowledgement", "question", "logistics"]))), True)
            level = draw(st.sampled_from([None, "N", "1", "2", "3"]))
            kinds = tuple(draw(st.lists(st.sampled_from(KINDS), max_size=2, unique=True)))
            response = draw(st.sampled_from([None, *RESPONSES]))
            events.append(
                said(who, start, ends[who], draw(TEXTS), level=level, kinds=kinds, response=response, **flags)
            )
    for start in draw(st.lists(st.integers(0, 3000), max_size=2, unique=True)):
        at = start * STEP
        events += [
            AudioGap(at=at + STEP, span=Span(at, at + STEP), reason="lost"),
            cue(
                at,
                draw(st.sampled_from([people[0], None])),
                draw(st.sampled_from([None, "budget"])),
                draw(st.sampled_from(["", "…and you?"])),
            ),
            Marked(at=at, note=draw(st.text(max_size=6))),
        ]
    return people, ended(events, draw(st.integers(0, 200)))
