"""Text for figures, times and names, the same on every screen.

`says` are the texts of a language, by key; without them a text is in English, as it is in the terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from coach.core.events import UNKNOWN
from coach.core.texts import Texts, texts

ENGLISH = texts()  # as it ships
MINUTE = 60  # seconds; from here on, durations are told in minutes


def date(when: datetime, says: Texts = ENGLISH) -> str:
    """The day as people write it, on every system.

    >>> date(datetime(2026, 3, 7, 20, 15)), date(datetime(2026, 3, 7), texts("de"))
    ('7 March 2026', '7. März 2026')
    """
    return says["date"].format(day=when.day, month=says["months"].split()[when.month - 1], year=when.year)


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


def seconds(value: float, says: Texts = ENGLISH) -> str:
    """
    >>> seconds(0.5), seconds(12.34), seconds(75.28), seconds(0.5, texts("de"))
    ('0.50 s', '12.3 s', '1 min 15 s', '0,50 s')
    """
    if value >= MINUTE:
        return lasting(value)
    return decimal(f"{value:.2f} s" if abs(value) < 1 else f"{value:.1f} s", says)


def decimal(number: str, says: Texts) -> str:
    """`number`, as Python writes it, with the decimal sign of the language."""
    return number.replace(".", says["decimal"])


def short(value: float, says: Texts = ENGLISH) -> str:
    """A number with the digits that it needs: 2 or 2.5.

    >>> short(2.0), short(2.5, texts("de"))
    ('2', '2,5')
    """
    return decimal(f"{value:g}", says)


def signed(value: float, says: Texts = ENGLISH) -> str:
    """Seconds, with a real minus sign, which terminals do not separate from its number."""
    return seconds(value, says).replace("-", "−")


def early(value: float, says: Texts = ENGLISH) -> str:
    """When an answer began that came sooner than a breath, in seconds: never rounded up to that breath.

    >>> early(1.996), early(0.3), early(-0.654), early(1.99, texts("de"))
    ('1.99 s', '0.30 s', '−0.65 s', '1,99 s')
    """
    hundredths = round(value * 1000) // 10 if value > 0 else round(value * 100)
    return decimal(f"{hundredths / 100:.2f} s", says).replace("-", "−")


def in_unit(value: float, unit: str, says: Texts = ENGLISH) -> str:
    """A figure with its unit for people; `unit` is one of "coach.analysis/1".

    Half a per cent is rounded to the even one, so that two shares of a whole add up to 100%.

    >>> in_unit(-0.31, "s"), in_unit(0.333, "share"), in_unit(4.0, "count"), in_unit(1.234, "per minute")
    ('−0.31 s', '33%', '4', '1.2 a minute')
    """
    if unit == "s":
        return signed(value, says)
    if unit == "share":
        whole = (Decimal(str(value)) * 100).quantize(Decimal(1), ROUND_HALF_EVEN)
        return f"{whole}{says['unit.share']}".replace("-", "−")
    return decimal(f"{value:.1f}", says) + says["unit.per_minute"] if unit == "per minute" else short(value, says)


def ranged(low: float, high: float, unit: str, says: Texts = ENGLISH) -> str:
    """
    >>> ranged(-0.2, 1.9, "s"), ranged(0.29, 0.77, "share"), ranged(3.81, 6.7, "per minute")
    ('−0.20 to 1.9 s', '29 to 77%', '3.8 to 6.7 a minute')
    >>> ranged(-0.2, 1.9, "s", texts("de"))
    '−0,20 bis 1,9 s'
    """
    after = says.get(f"unit.{unit.replace(' ', '_')}", "")
    beginning = in_unit(low, unit, says).removesuffix(after)
    return says["range"].format(low=beginning, high=in_unit(high, unit, says))


def on_axis(value: float, unit: str) -> str:
    """
    >>> on_axis(12.34, "s"), on_axis(0.0, "s"), on_axis(1.0, "share")
    ('12.3 s', '0 s', '100%')
    """
    return in_unit(value, unit) if unit != "s" else f"{round(value, 1):g} s".replace("-", "−")


def counted(number: int, noun: str) -> str:
    """A number of anything, in English.

    >>> counted(1, "turn"), counted(3, "turn"), counted(2, "stretch")
    ('1 turn', '3 turns', '2 stretches')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}{'es' if noun.endswith('ch') else 's'}"


def number_of(number: int, noun: str, says: Texts = ENGLISH, *, of: bool = False) -> str:
    """A number of what figures are observed in; `of`: as it reads after "of" or "in".

    >>> number_of(2, "stretch"), number_of(2, "turn", texts("de")), number_of(2, "turn", texts("de"), of=True)
    ('2 stretches', '2 Beiträge', '2 Beiträgen')
    """
    one, many, of_many = says[f"noun.{noun}"].split("|")
    return f"{number} {one if number == 1 else of_many if of else many}"


def listed(names: Sequence[str], says: Texts = ENGLISH) -> str:
    """
    >>> listed(["Ana", "Ben", "?"]), listed([]), listed(["Ana", "?"], texts("de"))
    ('Ana, Ben and an unknown voice', '', 'Ana und eine unbekannte Stimme')
    """
    *most, last = [called(who, says) for who in names] or [""]
    return f"{', '.join(most)} {says['and']} {last}" if most else last


def called(who: str, says: Texts = ENGLISH) -> str:
    """What a person is called: their name, or the words for an unknown voice."""
    return says["unknown"] if who == UNKNOWN else who


def each_called(people: Sequence[str], says: Texts) -> list[str]:
    """What each person is called."""
    return [called(who, says) for who in people]


def spoken(identifier: str) -> str:
    """
    >>> spoken("of_another_version"), spoken("not-taken-up")
    ('of another version', 'not taken up')
    """
    return identifier.replace("_", " ").replace("-", " ")


def held_back(reason: str, says: Texts = ENGLISH) -> str:
    """Why a cue was held back, in a few words; `reason` is the id of a gate.

    >>> held_back("quiet-first"), held_back("of-another-version"), held_back("quiet-first", texts("de"))
    ('at the beginning', 'of another version', 'am Anfang')
    """
    return says.get(f"held.{reason.replace('-', '_')}", spoken(reason))


def quoted(text: str, says: Texts) -> str:
    """`text` in the quotation marks of the language."""
    return says["row.quoted"].format(text=text)


def cue_called(kind: str, says: Texts = ENGLISH) -> str:
    """The name of a kind of cue; of one that this version does not know, its id in words.

    >>> cue_called("too_soon", texts("de")), cue_called("of_another_version", texts("de")), cue_called("ask")
    ('früher als euer Atemzug', 'of another version', 'asked first')
    """
    return says.get(f"sign.{kind}", spoken(kind))


def lost_because(reason: str, says: Texts) -> str:
    """Why sound was lost; `reason` is as in the events, in English."""
    known = (key for key, text in ENGLISH.items() if key.startswith("lost.") and text == reason)
    return says.get(next(known, ""), reason)
