"""What a rehearsal held: the kinds of experience told and not told, the longest stretch of events, the pauses.

Pure: an `Account` follows from the events of one round. It counts and names; it holds no score and no verdict. The
spoken summary is made of the catalogue's sentences, the one on the screen of `account_figures`, beside those of the
round before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from coach.coaching.catalogue import Catalogue, Line
from coach.coaching.entries import KINDS
from coach.core.events import AudioGap, Event, Speech, Words
from coach.core.span import MILLISECOND, RATE, as_seconds, joined, shared

JOIN = 180 * MILLISECOND  # samples; a shorter silence is a stop closure
LONG_PAUSE = 2 * RATE  # samples; the coach's own default breath
WORTH_SAYING = 10 * RATE  # samples; a shorter stretch of events is a sentence or two
NOT_READ = "not known"  # words were not read


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One round. All times are samples; what rests on words is None where none were read.

    `kinds` are the kinds of experience that were told, in the order of the codebook. `events` is the longest stretch
    told at event level without anything inner in it, as speech. A pause is a silence of 0.18 s or more between two
    stretches of speech; `long_pauses` are those of 2 s or more. `silence` is the part of all pauses in the time from
    the first word to the last.
    """

    speech: int
    kinds: tuple[str, ...] | None
    events: int | None
    long_pauses: int
    longest_pause: int
    silence: float

    @property
    def untold(self) -> tuple[str, ...] | None:
        return None if self.kinds is None else tuple(kind for kind in KINDS if kind not in self.kinds)


def account(told: Iterable[Event]) -> Account:
    """The account of the events of one round."""
    told = list(told)
    units = joined((event.span for event in told if isinstance(event, Speech)), JOIN)
    unheard = [event.span for event in told if isinstance(event, AudioGap)]
    silences = [a ^ b for a, b in pairwise(units)]
    pauses = [pause.duration for pause in silences if not shared([pause], unheard)]  # a gap in the sound is no pause
    spoken, paused = sum(unit.duration for unit in units), sum(pauses)
    words = sorted((event for event in told if isinstance(event, Words)), key=lambda event: event.span)
    read = [each for each in words if each.level is not None]
    kinds = {kind for each in read for kind in each.kinds}
    return Account(
        speech=spoken,
        kinds=tuple(kind for kind in KINDS if kind in kinds) if read else None,
        events=_longest_events(read) if read else None,
        long_pauses=sum(pause >= LONG_PAUSE for pause in pauses),
        longest_pause=max(pauses, default=0),
        silence=paused / (spoken + paused) if units else 0.0,
    )


def spoken_account(account: Account, catalogue: Catalogue) -> list[Line]:
    """The summary as it is said: a few sentences of the catalogue, and only what there is to say."""
    names = dict(zip(KINDS, catalogue["experience"].wordings, strict=True))
    lines = []
    for kind, kinds in (("summary_told", account.kinds), ("summary_untold", account.untold)):
        if kinds:
            lines.append(Line(kind, catalogue.line(kind, kinds=", ".join(names[each] for each in kinds))))
    for kind, lasted in (("summary_events", account.events), ("summary_pause", account.longest_pause)):
        if lasted is not None and lasted >= (WORTH_SAYING if kind == "summary_events" else LONG_PAUSE):
            lines.append(Line(kind, catalogue.line(kind, seconds=str(round(lasted / RATE)))))
    return lines


def account_figures(account: Account, catalogue: Catalogue) -> dict[str, str]:
    """The summary as it is shown, each figure by its name; to be set beside that of another round."""
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
    """Samples of speech; what is no share (N) neither belongs to a stretch nor ends it."""
    longest = lately = 0
    for each in words:
        if each.level in ("2", "3"):
            lately = 0
        elif each.level == "1":
            lately += each.span.duration
        longest = max(longest, lately)
    return longest


def _seconds(samples: int) -> str:
    return f"{as_seconds(samples):.0f} s"
