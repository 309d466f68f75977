"""Times as transcripts write them: 0:09, [00:00:03.250], (1:02:03 - 1:02:09), 10:32:01 AM, [3/3/26, 10:15]."""

from __future__ import annotations

import re

_CLOCK = r"-?\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,:;]\d{1,3})?(?![\d:])(?:\s?[AaPp]\.?[Mm]\b\.?)?"
_DAY = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
_DATE = rf"(?:{_DAY},?\s+)?"
_TO = r"\s*(?:-{1,2}>|→|-|–|—|to)\s*"
_BARE = rf"{_DATE}{_CLOCK}(?:{_TO}{_DATE}{_CLOCK})?"
_SECONDS = rf"\d+\.\d+\s?s?(?:{_TO}\d+(?:\.\d+)?\s?s?)?|\d+\s?s"
_INSIDE = rf"\s*(?:{_BARE}|{_CLOCK},?\s+{_DAY}|{_SECONDS})\s*"
_BRACKETED = rf"(?:\[{_INSIDE}\]|\({_INSIDE}\)|\{{{_INSIDE}\}}|<{_INSIDE}>)"

BRACKETED = re.compile(rf"\s*{_BRACKETED}\s*")
BETWEEN = re.compile(rf"(?:\s{{2,}}|\t){_BARE}\s+|\s+\d{{1,2}}:\d\d:\d\d(?:[.,]\d{{1,3}})?\s+")  # a name, and words
HASHED = re.compile(r"[ \t]*#\d{1,3}:\d\d(?::\d\d)?(?:[-.,]\d{1,3})?#")  # f4transkript, at the end of what was said
_ALONE = re.compile(rf"\s*(?:{_BRACKETED}|{_BARE})\s*")
_LEADING = re.compile(rf"\s*(?:{_BRACKETED}|{_BARE}(?=\s|[-–—:|])|\d+\.\d+[\s,;-]+\d+\.\d+(?=\s))\s*(?:[-–—:|]\s*)?")
_TRAILING = re.compile(rf"(?:\s*[-–—|·•,@]\s*|\s*)(?:{_BRACKETED}|(?<=[\s|,@·•–—-]){_BARE})\s*$")


def is_stamp(text: str) -> bool:
    """
    >>> is_stamp("[00:00:03]"), is_stamp("0:03 - 0:09"), is_stamp("at 3:15")
    (True, True, False)
    """
    return _ALONE.fullmatch(text) is not None


def leading(text: str) -> tuple[int, ...] | None:
    """The numbers of the time at the beginning of `text`, hours first.

    >>> leading("[00:01:03] so"), leading("so")
    ((0, 1, 3), None)
    """
    found = _ALONE.match(text)
    return tuple(map(int, re.findall(r"\d+", found[0]))) if found else None


def seconds_before(line: str, words: str) -> float | None:
    """The first time in `line` before its `words`, or at their beginning, in seconds; None if it has none, or a date.

    >>> seconds_before("[00:01:03.250] Ana: so", "so"), seconds_before("Ana: so at 3:15", "so at 3:15")
    (63.25, None)
    """
    before = line[: len(line) - len(words)] if line.endswith(words) else line
    begins = _LEADING.match(words)
    head = f"{before} {begins[0] if begins else ''}"
    found = re.search(rf"(?<![\d:.,-]){_CLOCK}", head)
    if found is None or re.search(rf"{_DAY}|[AaPp]\.?[Mm]\b", head):
        return None
    *larger, last = re.split(r":(?=\d{1,2}(?:\D|$))", found[0].strip().replace(",", ".").replace(";", "."))
    try:
        seconds = float(last)
        for power, part in enumerate(reversed(larger), 1):
            seconds += 60**power * int(part)
    except ValueError:
        return None
    return round(seconds, 3)


def without_leading(text: str) -> str:
    """
    >>> without_leading("[00:00:03] Ana: hi"), without_leading("0:03 - Ana"), without_leading("Ana")
    ('Ana: hi', 'Ana', 'Ana')
    """
    found = _LEADING.match(text)
    return text[found.end() :] if found else text


def without_trailing(text: str) -> str:
    """
    >>> without_trailing("Ana (0:09)"), without_trailing("Ana Lu   0:03"), without_trailing("Room 4.12")
    ('Ana', 'Ana Lu', 'Room 4.12')
    """
    return _TRAILING.sub("", text)
