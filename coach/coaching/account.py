"""The summary of a rehearsal: the kinds of experience mentioned, the longest stretch of events, the pauses.

Pure: an `Account` follows from the events of one round. It counts and lists; it gives no score and no verdict.
`spoken_account` builds the spoken summary from the catalogue's sentences. `account_figures` gives the figures for the
screen, where they appear next to those of the round before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from coach.coaching.catalogue import Catalogue, Line
from coach.core.events import KINDS, AudioGap, Event, Speech, Words
from coach.core.span import MILLISECOND, RATE, as_seconds, joined, shared

NOT_READ = "not known"  # shown for a figure that needs words, if no words were recognised


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountConfig:
    """What counts as a pause, and what the spoken summary mentions. All times are samples."""

    join: int = 180 * MILLISECOND  # the shortest silence that is a pause; shorter ones are stop closures
    long_pause: int = 2 * RATE  # the shortest long pause; the default target pause
    long_events: int = 10 * RATE  # the shortest stretch of events to mention; a shorter one is a sentence or two


CONFIG = AccountConfig()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The figures of one round. All times are samples. Figures that need words are None if none were recognised.

    `speech` is the time spoken. `kinds` lists the kinds of experience mentioned, in the order of the codebook. `events`
    is the speech in the longest stretch at event level, without any inner experience in it. A pause is a silence of
    0.18 s or more between two stretches of speech; `long_pauses` counts those of 2 s or more. `silence` is the share of
    pauses, 0 to 1, in the time from the first word to the last.
    """

    speech: int
    kinds: tuple[str, ...] | None
    events: int | None
    long_pauses: int
    longest_pause: int
    silence: float

    @property
    def untold(self) -> tuple[str, ...] | None:
        """The kinds of experience that were not mentioned, in the order of the codebook."""
        return None if self.kinds is None else tuple(kind for kind in KINDS if kind not in self.kinds)


def account(events: Iterable[Event]) -> Account:
    """Computes the account of one round from its events, in any order."""
    events = list(events)
    units = joined((event.span for event in events if isinstance(event, Speech)), CONFIG.join)
    unheard = [event.span for event in events if isinstance(event, AudioGap)]
    silences = [a ^ b for a, b in pairwise(units)]
    pauses = [pause.duration for pause in silences if not shared([pause], unheard)]  # lost sound is not a pause
    spoken, paused = sum(unit.duration for unit in units), sum(pauses)
    words = sorted((event for event in events if isinstance(event, Words)), key=lambda event: event.span)
    read = [each for each in words if each.level is not None]
    kinds = {kind for each in read for kind in each.kinds}
    return Account(
        speech=spoken,
        kinds=tuple(kind for kind in KINDS if kind in kinds) if read else None,
        events=_longest_events(read) if read else None,
        long_pauses=sum(pause >= CONFIG.long_pause for pause in pauses),
        longest_pause=max(pauses, default=0),
        silence=paused / (spoken + paused) if units else 0.0,
    )


def spoken_account(account: Account, catalogue: Catalogue) -> list[Line]:
    """The spoken summary: a few lines from the catalogue, only for figures that are known and large enough."""
    names = dict(zip(KINDS, catalogue["experience"].wordings, strict=True))
    lines = []
    for kind, kinds in (("summary_told", account.kinds), ("summary_untold", account.untold)):
        if kinds:
            lines.append(Line(kind, catalogue.line(kind, kinds=", ".join(names[each] for each in kinds))))
    for kind, lasted, least in (
        ("summary_events", account.events, CONFIG.long_events),
        ("summary_pause", account.longest_pause, CONFIG.long_pause),
    ):
        if lasted is not None and lasted >= least:
            lines.append(Line(kind, catalogue.line(kind, seconds=str(round(lasted / RATE)))))
    return lines


def account_figures(account: Account, catalogue: Catalogue) -> dict[str, str]:
    """The summary for the screen: each figure as text, by its label. All accounts have the same labels."""
    names = dict(zip(KINDS, catalogue["experience"].wordings, strict=True))

    def listed(kinds: tuple[str, ...] | None) -> str:
        return NOT_READ if kinds is None else ", ".join(names[each] for each in kinds) or "none"

    return {
        "told": listed(account.kinds),
        "not told": listed(account.untold),
        "longest stretch of events": NOT_READ if account.events is None else _seconds(account.events),
        "speech": _seconds(account.speech),
        "pauses of 2 s or more": str(account.long_pauses),
        "longest pause": _seconds(account.longest_pause),
        "silence": f"{account.silence:.0%} of the time",
    }


def _longest_events(words: list[Words]) -> int:
    """Samples of speech in the longest stretch at level 1. Speech that is not a share (N) does not end a stretch."""
    longest = current = 0
    for each in words:
        if each.level in ("2", "3"):
            current = 0
        elif each.level == "1":
            current += each.span.duration
        longest = max(longest, current)
    return longest


def _seconds(samples: int) -> str:
    return f"{as_seconds(samples):.0f} s"
