"""What stands before the words of a line and may be the name of who says them.

    Ana: …   **Ana:** …   >> ANA: …   [SPEAKER_00]: …   Ana (0:09): …   [00:00:03] Ana: …     COLON
    (speaker 0) …   SPEAKER_00 …                                                              BRACKETS
    Ana Lu  0:09     00:00:03 - Ana     [Ana Lu] 10:32:01        alone; the words follow      HEADER
    Ana [00:00:03] …   Ana 00:00:03 …                                                         STAMPED
    Ana⇥…                                                                                     TABULAR
    Ana - …   Ana | …   Ana> …                                                                DASHED
    Guest 2:12 came                                                  may also be a time       TIGHT

Whether it is a name is decided from the whole file, in `speakers`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from unicodedata import normalize

from coach.review.imports.transcripts import stamps
from coach.review.imports.transcripts.shapes import is_sound

_LONGEST = 160  # characters of a label
_COLONS = ":：﹕︓∶꞉"
_TURN = re.compile(r"\s*(?:>{1,3}|»)\s*")
_BULLET = re.compile(r"\s*(?:[-–—•*]\s+|#{1,6}\s+|[-–—](?=\S))")
_BOLD = re.compile(r"\s*(?P<mark>\*{1,3}|_{1,3})(?=\S)(?P<bold>.+?)(?P=mark)(?=[:：\s]|$)")
_BRACKETS = re.compile(r"\[([^\[\]]+)\]|\(([^()]+)\)|\{([^{}]+)\}|<([^<>]+)>")
_SIGN = re.compile(r"(?P<who>(?:SPEAKER|SPK|S)_\d{1,3})\s+(?P<said>[^\s:].*)", re.IGNORECASE)
_ASIDE = re.compile(r"(?P<who>.+?)\s*[(\[](?P<aside>[^()\[\]]+)[)\]]")
_CONTINUED = re.compile(r"cont(?:['’]?d|inued|inuing)?\.?", re.IGNORECASE)
_DASHED = re.compile(r"(?P<who>\S.{0,40}?)(?:\s+[-–—|]\s+|>\s+)(?P<said>\S.*)")
_TIGHT = re.compile(r"(?P<who>[^:\t]{2,60}\d):(?P<said>\d.*)")
_CHAT = re.compile(r"From\s+(?P<who>.+?)(?:\s+to\s+.+)?", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w])\d{1,3}$")
_SMILEY = re.compile(r"-?[()DPpOo|/\\*](?:\s|$)")


class Form(Enum):
    """How a label is set off from the words that follow it."""

    COLON = auto()
    BRACKETS = auto()
    HEADER = auto()
    STAMPED = auto()
    TABULAR = auto()
    DASHED = auto()
    TIGHT = auto()


@dataclass(frozen=True, slots=True)
class Label:
    """A possible name, and the `text` after it on the same line."""

    name: str
    text: str
    form: Form

    @property
    def key(self) -> str:
        """The name in the form in which names are compared."""
        return key(self.name)


def key(name: str) -> str:
    """The same for two spellings of one name: "ANA  LU" and "Ana Lu", "Zoë" composed and decomposed.

    >>> key("ANA  LU") == key("Ana Lu")
    True
    """
    return " ".join(normalize("NFKC", name).casefold().split())


def is_turn_mark(line: str) -> bool:
    """Whether a line begins with the >> that marks another speaker in captions."""
    return bool(re.match(r"\s*(?:>>|»)", line))


def labels(line: str) -> tuple[Label, ...]:
    """The ways to read the beginning of a line as a label, the likeliest first.

    >>> [(each.name, each.form.name) for each in labels("[00:00:03] Ana: so I left")]
    [('Ana', 'COLON')]
    >>> [each.name for each in labels("[Ana] I thought: no")], labels("see https://a.org")
    (['[Ana] I thought', 'Ana'], ())
    """
    rest = undecorated(line)
    stamped = stamps.without_leading(rest)
    ways = [_colon, _header, _bracketed, _stamped, _tabular, _dashed, _tight]
    if stamped != rest:
        rest = undecorated(stamped)
        ways = [_colon, _bracketed, _tabular, *([] if _colon(rest) else [_after_time]), _dashed, _tight]
    return tuple(found for way in ways if (found := way(rest)))


def alone(line: str) -> str:
    """A line as the name that it may be: "### Ana" and "[Ana]" are Ana."""
    return _unbracketed(undecorated(line))


def undecorated(line: str) -> str:
    """`line` without the marks before a name, and without those of bold type around it.

    >>> undecorated(">> **Ana:** hi"), undecorated("### Ana")
    ('Ana: hi', 'Ana')
    """
    line = _TURN.sub("", line, count=1) if _TURN.match(line) else line
    line = _BULLET.sub("", line, count=1) if _BULLET.match(line) else line
    bold = _BOLD.match(line)
    return (bold["bold"] + line[bold.end() :] if bold else line).strip()


def _colon(text: str) -> Label | None:
    place = _first_colon(text)
    if place is None:
        return None
    before, after = text[:place].rstrip(), text[place + 1 :].strip()
    if "\t" in before:
        return None
    before = stamps.without_trailing(before).strip()
    name, after = _without_aside(_unbracketed(before), after)
    chat = _CHAT.fullmatch(name)
    stamp = stamps.BRACKETED.match(after)
    after = after[stamp.end() :] if stamp else after
    return Label(chat["who"] if chat else name, after, Form.COLON) if 0 < len(name) <= _LONGEST else None


def _without_aside(name: str, said: str) -> tuple[str, str]:
    """A name without what its speaker does, which goes before the words: "Ana (sighs)", "ANA (CONT'D)"."""
    found = _ASIDE.fullmatch(name)
    if found and _CONTINUED.fullmatch(found["aside"].strip()):
        return found["who"], said
    return (found["who"], f"({found['aside']}) {said}".strip()) if found and is_sound(found["aside"]) else (name, said)


def _first_colon(text: str) -> int | None:
    """Where a label may end: not in 3:15, https://, C:\\, a::b or a smiley."""
    for place, mark in enumerate(text[: _LONGEST + 40]):
        if mark not in _COLONS:
            continue
        before, after = text[place - 1 : place], text[place + 1 :]
        if after[:1].isdecimal() and _NUMBER.search(text[:place]) and (mark == ":" or text[:place].isdecimal()):
            continue
        if after.startswith(("//", "\\", ":")) or before in _COLONS or _SMILEY.match(after):
            return None
        return place
    return None


def _header(text: str) -> Label | None:
    name = stamps.without_trailing(text).strip()
    return _after_time(name) if name != text else None


def _after_time(text: str) -> Label | None:
    return Label(_unbracketed(text), "", Form.HEADER) if 0 < len(text) <= _LONGEST else None


def _bracketed(text: str) -> Label | None:
    if sign := _SIGN.fullmatch(text):
        return Label(sign["who"], stamps.without_leading(sign["said"]), Form.BRACKETS)
    found = _BRACKETS.match(text)
    if not found or len(found[0]) > _LONGEST:
        return None
    name, said = _untimed(found[0][1:-1]), text[found.end() :].strip()
    return Label(name, said, Form.BRACKETS) if name and said and said[0] not in _COLONS else None


def _stamped(text: str) -> Label | None:
    found = stamps.BRACKETED.search(text) or stamps.BETWEEN.search(text)
    name = text[: found.start()].strip() if found else ""
    return Label(name, text[found.end() :].strip(), Form.STAMPED) if found and 0 < len(name) <= _LONGEST else None


def _tabular(text: str) -> Label | None:
    name, *cells = [cell.strip() for cell in text.split("\t")]
    said = " ".join(cells[1:] if cells and stamps.is_stamp(cells[0]) else cells)
    return Label(name, said, Form.TABULAR) if name and said else None


def _dashed(text: str) -> Label | None:
    found = _DASHED.fullmatch(text)
    return Label(found["who"], found["said"], Form.DASHED) if found else None


def _tight(text: str) -> Label | None:
    found = _TIGHT.fullmatch(text)
    return Label(found["who"], found["said"], Form.TIGHT) if found and not _stamped(text) else None


def _unbracketed(text: str) -> str:
    """`text` without brackets around it, and without the time that stands in them: "[Ana 0:09]" is Ana."""
    return _untimed(text[1:-1]) if _BRACKETS.fullmatch(text) else text.strip()


def _untimed(text: str) -> str:
    return stamps.without_trailing(stamps.without_leading(text)).strip() or text.strip()
