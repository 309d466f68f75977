"""Text for figures, times and names, the same on every screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from coach.coaching import ASK
from coach.core.events import UNKNOWN

MINUTE = 60  # seconds; from here on, durations are told in minutes
_AFTER = {"s": " s", "share": "%", "per minute": " a minute"}
_HELD_BACK = {
    "backchannel": "only “mm-hm”",
    "answer": "answered a question",
    "haste-excused": "thanks, comfort or something urgent",
    "logistics": "arrangements",
    "elsewhere": "a film, news or a joke",
    "who-unknown": "unsure who spoke",
    "words-late": "words came late",
    "nothing-lost": "nothing seemed to be lost",
    "told-inward": "no longer only events",
    "floor-taken": "somebody else spoke",
    "quiet-first": "at the beginning",
    "budget": "soon after another cue",
    "same-story": "once in this story already",
    "switched-off": "switched off",
    "not-asked-for": "not wanted in this session",
    "hushed": "coach hushed",
    "not-taken-up": "asked first, and nobody said yes",
    "gone-on": "asked first, and the telling went on",
    "sounding": "another cue sounding",
    "speaking": "somebody speaking",
    "too-late": "too late",
    "ended": "session ended",
}


def date(when: datetime) -> str:
    """The day as people write it, on every system: `%-d` is not known on Windows.

    >>> date(datetime(2026, 3, 7, 20, 15))
    '7 March 2026'
    """
    return f"{when.day} {when:%B %Y}"


def clock(time: float) -> str:
    """A time in seconds as 3:07, or 1:03:07 from an hour on.

    >>> clock(187.4), clock(3787)
    ('3:07', '1:03:07')
    """
    minutes, second = divmod(int(time), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def lasting(time: float) -> str:
    """A duration in seconds as words.

    >>> lasting(42.3), lasting(187), lasting(3787)
    ('42 s', '3 min 7 s', '1 h 3 min')
    """
    whole = round(time)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def seconds(value: float) -> str:
    """
    >>> seconds(0.5), seconds(12.34), seconds(75.28)
    ('0.50 s', '12.3 s', '1 min 15 s')
    """
    if value >= MINUTE:
        return lasting(value)
    return f"{value:.2f} s" if abs(value) < 1 else f"{value:.1f} s"


def signed(value: float) -> str:
    """Seconds, with a real minus sign, which terminals do not separate from its number."""
    return seconds(value).replace("-", "−")


def in_unit(value: float, unit: str) -> str:
    """A figure with its unit for people; `unit` is one of "coach.analysis/1".

    Half a per cent is rounded to the even one, so that two shares of a whole add up to 100%.

    >>> in_unit(-0.31, "s"), in_unit(0.333, "share"), in_unit(4.0, "count"), in_unit(1.234, "per minute")
    ('−0.31 s', '33%', '4', '1.2 a minute')
    """
    if unit == "s":
        return signed(value)
    if unit == "share":
        return f"{(Decimal(str(value)) * 100).quantize(Decimal(1), ROUND_HALF_EVEN)}%".replace("-", "−")
    return f"{value:.1f} a minute" if unit == "per minute" else f"{value:g}"


def ranged(low: float, high: float, unit: str) -> str:
    """
    >>> ranged(-0.2, 1.9, "s"), ranged(0.29, 0.77, "share"), ranged(3.81, 6.7, "per minute")
    ('−0.20 to 1.9 s', '29 to 77%', '3.8 to 6.7 a minute')
    """
    beginning, end = in_unit(low, unit), in_unit(high, unit)
    return f"{beginning.removesuffix(_AFTER.get(unit, ''))} to {end}"


def on_axis(value: float, unit: str) -> str:
    """
    >>> on_axis(12.34, "s"), on_axis(0.0, "s"), on_axis(1.0, "share")
    ('12.3 s', '0 s', '100%')
    """
    return in_unit(value, unit) if unit != "s" else f"{round(value, 1):g} s".replace("-", "−")


def counted(number: int, noun: str) -> str:
    """
    >>> counted(1, "turn"), counted(3, "turn"), counted(2, "stretch")
    ('1 turn', '3 turns', '2 stretches')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}{'es' if noun.endswith('ch') else 's'}"


def listed(names: Sequence[str]) -> str:
    """
    >>> listed(["Ana", "Ben", "?"]), listed([])
    ('Ana, Ben and an unknown voice', '')
    """
    *most, last = [called(who) for who in names] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def called(who: str) -> str:
    return "an unknown voice" if who == UNKNOWN else who


def spoken(identifier: str) -> str:
    """
    >>> spoken("too_soon"), spoken("ask")
    ('too soon', 'asked first')
    """
    return "asked first" if identifier == ASK else identifier.replace("_", " ").replace("-", " ")


def held_back(reason: str) -> str:
    """Why a cue was held back, in a few words; `reason` is the id of a gate.

    >>> held_back("quiet-first"), held_back("of-another-version")
    ('at the beginning', 'of another version')
    """
    return _HELD_BACK.get(reason, spoken(reason))
