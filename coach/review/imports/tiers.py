"""Conversations from labelled tiers: those of TextGrid and ELAN files, and a tier per speaker of RTTM files.

Labels are what was said, except for the marks that programs use for speech and silence. A file that `coach export`
wrote comes back complete: its additional tiers (`coach.review.tiers`) are recognised by their names, and the readings
on them are taken over instead of reading the words again. People also add tiers of their own to such a file; only those
beside which the coach wrote what it found on them are surely the speech of a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from coach.core.errors import BadInput
from coach.core.events import Words
from coach.core.names import plain_name
from coach.core.span import RATE, Span, joined
from coach.review.imports.model import Segment, Segments, in_order
from coach.review.imports.people import LabelledTier, of_speech, person_of
from coach.review.imports.silence import is_doubtful, is_silence
from coach.review.tiers import READING, SILENCES, TURNS, UNHEARD, WORDS, described, reading, tier_name
from coach.review.wording import lasting

WORDLESS = frozenset(("sounding", "speech", "voice", "x", "xx", "xxx"))  # labels for speech without its words
_SHOWN = 8  # labels in a notice
_LONGEST = 30 * 60 * RATE  # samples; nobody speaks longer without any pause


@dataclass(frozen=True, slots=True)
class NamedTier:
    """A tier as its file has it. `participant` is empty if the format or the file names none."""

    name: str
    participant: str
    intervals: list[tuple[Span, str]]


@dataclass(frozen=True, slots=True)
class OnTiers:
    """What a file holds, before it is decided which tiers are the speech of people.

    An interval with an empty label is speech. If a format uses it for silence, the reader of that format drops it.
    `coachs` are the tiers on which the coach described its export, by name.
    """

    name: str
    tiers: tuple[LabelledTier, ...]
    coachs: Mapping[str, list[tuple[Span, str]]]
    duration: int = 0  # samples
    notices: tuple[str, ...] = ()

    def taking(self, people: Sequence[str] = ()) -> Segments:
        """The conversation of `people`, in this order; without them, of everybody whose tier is speech.

        A name may be that of a person or of a tier. One that contains commas may come in pieces. Raises BadInput for a
        name that the file lacks.
        """
        speech, notices = of_speech(self.tiers)
        if people:
            taken, notices = self._named(people, speech), []
        else:
            taken = speech
        silences = Counter(label.strip() for tier in taken for _, label in tier.silences)
        if silences:
            notices = [*notices, f"took intervals with these labels for silence: {_counted(silences)}"]
        notices = [*notices, *_doubts([tier for tier in taken if not tier.sure]), *_too_long(taken)]
        ends = (span.end for tier in self.tiers for span, _ in (*tier.intervals, *tier.silences))
        lost = self.coachs.get(UNHEARD, ())
        unspoken = (span.end for span, _ in (*self.coachs.get(SILENCES, ()), *lost))
        said = (Segment(tier.who, span, _said(text, tier.who)) for tier in taken for span, text in tier.intervals)
        found = in_order(self.name, (tier.who for tier in taken), said, max(self.duration, *ends, *unspoken, 0))
        return replace(
            found,
            words=tuple(words for tier in taken for words in _words(tier, self.coachs)),
            lost=tuple(span for span, _ in lost),
            notices=(*self.notices, *found.notices, *(f"{self.name}: {notice}" for notice in notices)),
        )

    def _named(self, people: Sequence[str], speech: Sequence[LabelledTier]) -> list[LabelledTier]:
        """The tiers of `people`, in this order."""
        by_name = {_key(tier.name): [replace(tier, who=tier.name)] for tier in self.tiers}
        of_people: dict[str, list[LabelledTier]] = {}
        for tier in speech:
            of_people.setdefault(_key(tier.who), []).append(tier)
        known = {**by_name, **of_people}
        taken: dict[str, list[LabelledTier]] = {}
        left = list(people)
        while left:
            pieces = next((n for n in range(len(left), 0, -1) if _key(",".join(left[:n])) in known), None)
            if pieces is None:
                names = dict.fromkeys([*(tier.who for tier in speech), *(tier.name for tier in self.tiers)])
                raise BadInput(
                    f"{self.name} has nobody called {plain_name(left[0])}; it has {', '.join(names) or 'nobody'}"
                )
            key = _key(",".join(left[:pieces]))
            taken[key] = known[key]
            del left[:pieces]
        return [tier for tiers in taken.values() for tier in tiers]


def tiered(file: str, tiers: Iterable[NamedTier], duration: int = 0, notices: Sequence[str] = ()) -> OnTiers:
    """The conversation on the tiers of `file`; every tier gets a name of its own."""
    named, told = _with_own_names(tiers)
    names = {tier.name for tier in named}
    coachs = {tier.name: tier.intervals for tier in named if described(tier.name, names)}
    others = [tier for tier in named if tier.name not in coachs]
    nobody_speaks = not any(tier.intervals for tier in others)

    def labelled(tier: NamedTier) -> LabelledTier:
        beside = (tier_name(tier.name, what) for what in (TURNS, READING))
        if not coachs.keys().isdisjoint(beside) or (coachs and not tier.intervals):  # of somebody who said nothing
            return _labelled(tier.name, tier.name, tier.intervals, sure=True)
        who = tier.participant or (tier.name if nobody_speaks else person_of(tier.name))
        return _labelled(tier.name, who, tier.intervals)

    return OnTiers(
        file,
        tuple(map(labelled, others)),
        coachs,
        duration,
        (*notices, *(f"{file}: {notice}" for notice in told)),
    )


def spoken(name: str, tiers: Mapping[str, list[Span]], notices: Sequence[str] = ()) -> OnTiers:
    """The conversation of people whose stretches of speech are known."""
    found = (_labelled(who, who, [(span, "") for span in spans], sure=True) for who, spans in tiers.items())
    return OnTiers(name, tuple(found), {}, notices=tuple(notices))


def _with_own_names(tiers: Iterable[NamedTier]) -> tuple[list[NamedTier], list[str]]:
    """The tiers under names of their own, and what was renamed."""
    given = [replace(tier, name=plain_name(tier.name), participant=plain_name(tier.participant)) for tier in tiers]
    names = {tier.name for tier in given}
    named: list[NamedTier] = []
    notices = []
    taken: set[str] = set()
    for place, tier in enumerate(given, start=1):
        name = tier.name or f"tier {place}"
        if tier.name and name not in taken:
            own = name
        else:
            numbered = (name, *(f"{name} ({n})" for n in range(2, len(given) + len(names) + 2)))
            own = next(each for each in numbered if each not in taken and each not in names)
        if not tier.name:
            notices.append(f"a tier without a name is called {own} here")
        elif own != name:
            notices.append(f"two tiers are called {name}; the later one is {own} here")
        taken.add(own)
        named.append(replace(tier, name=own))
    return named, notices


def _doubts(tiers: Sequence[LabelledTier]) -> Iterator[str]:
    """What was taken for speech although it may be none."""
    sounds = Counter(label.strip() for tier in tiers for _, label in tier.intervals if is_doubtful(label))
    if sounds:
        yield f"took intervals with these labels for speech: {_counted(sounds)}; empty them if they are none"
    for tier in tiers:
        spans = sorted(span for span, _ in tier.intervals)
        if len(spans) > 2 and all(before.end >= after.start for before, after in pairwise(spans)):
            labels = Counter(label.strip() for _, label in tier.intervals)
            repeated = [(label, count) for label, count in labels.items() if label and count > 1]
            if repeated:
                often = Counter(dict(repeated))
                yield f"{tier.who} speaks without a break; empty the intervals that are silence: {_counted(often)}"


def _too_long(tiers: Iterable[LabelledTier]) -> Iterator[str]:
    """Whether somebody seems to speak longer without a pause than people do: the times may be in another unit."""
    stretches = [(span, tier.who) for tier in tiers for span in joined(span for span, _ in tier.intervals)]
    span, who = max(stretches, key=lambda each: each[0].duration, default=(Span(0, 0), ""))
    if span.duration > _LONGEST:
        yield (
            f"{who} speaks for {lasting(span.duration / RATE)} without a pause; are the times in another unit, such as "
            "milliseconds?"
        )


def _labelled(name: str, who: str, intervals: Sequence[tuple[Span, str]], sure: bool = False) -> LabelledTier:
    found = LabelledTier(name, who, [], [], sure)
    for span, label in intervals:
        (found.silences if label.strip() and is_silence(label) else found.intervals).append((span, label))
    return found


def _words(tier: LabelledTier, coachs: Mapping[str, list[tuple[Span, str]]]) -> Iterator[Words]:
    said = dict(coachs.get(tier_name(tier.name, WORDS), ()))
    for span, label in coachs.get(tier_name(tier.name, READING), ()):
        yield reading(label, tier.who, span, said.get(span))


def _said(label: str, who: str) -> str | None:
    """What was said; None for a label that only marks speech, or names the speaker."""
    said = " ".join(label.split())
    return None if not said or said.casefold() in WORDLESS | {who.casefold()} else said


def _key(name: str) -> str:
    """A name as it is compared: blanks beside commas do not count."""
    return re.sub(r"\s*,\s*", ",", plain_name(name))


def _counted(labels: Counter[str]) -> str:
    most = [f'"{" ".join(label.split())}" ({count})' for label, count in labels.most_common(_SHOWN)]
    more = [f"{len(labels) - _SHOWN} more"] if len(labels) > _SHOWN else []
    return ", ".join([*most, *more])
