"""Conversations from labelled tiers, for TextGrid and ELAN files.

A tier is named after the person who speaks on it. Labels are what was said, except for the marks that programs use for
speech and silence. A file that `coach export` wrote comes back complete: its additional tiers (`coach.review.tiers`)
are recognised by their names, and the readings on them are taken over instead of reading the words again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from coach.core.events import Words
from coach.core.span import Span
from coach.review.imports.model import Segment, Segments, in_order
from coach.review.tiers import READING, SILENCES, UNHEARD, WORDS, described, reading, tier_name

SILENT = frozenset(("", "#", "_", "<p:>", "<sil>", "sil", "silence", "silent", "sp"))  # marks of Praat, MFA, MAUS
WORDLESS = frozenset(("sounding", "speech", "voice", "x", "xx", "xxx"))  # labels for speech without its words


@dataclass(frozen=True, slots=True)
class LabelledTier:
    """One tier of a file. On a person's tier, `who` speaks in the intervals.

    An interval with an empty label is speech. If a format uses it for silence, the reader of that format drops it.
    """

    name: str
    who: str
    intervals: list[tuple[Span, str]]


def conversation(name: str, tiers: Sequence[LabelledTier], duration: int = 0) -> Segments:
    """The conversation on the tiers: those of people, and those on which the coach described their speech."""
    names = {tier.name for tier in tiers}
    of_people = [tier for tier in tiers if not described(tier.name, names)]
    held = {tier.name: tier.intervals for tier in tiers if tier not in of_people}
    said = (
        Segment(tier.who, span, _said(text, tier.who))
        for tier in of_people
        for span, text in tier.intervals
        if not text.strip() or not _is_silence(text)
    )
    ends = (span.end for each in (SILENCES, UNHEARD) for span, _ in held.get(each, ()))
    found = in_order(name, (tier.who for tier in of_people), said, max(duration, *ends, 0))
    return replace(
        found,
        words=tuple(words for tier in of_people for words in _words(tier, held)),
        lost=tuple(span for span, _ in held.get(UNHEARD, ())),
    )


def _words(tier: LabelledTier, held: Mapping[str, list[tuple[Span, str]]]) -> Iterator[Words]:
    said = dict(held.get(tier_name(tier.name, WORDS), ()))
    for span, label in held.get(tier_name(tier.name, READING), ()):
        yield reading(label, tier.who, span, said.get(span))


def _is_silence(label: str) -> bool:
    return label.strip().casefold() in SILENT


def _said(label: str, who: str) -> str | None:
    """What was said; None for a label that only marks speech, or names the speaker."""
    said = " ".join(label.split())
    return None if not said or said.casefold() in WORDLESS | {who.casefold()} else said
