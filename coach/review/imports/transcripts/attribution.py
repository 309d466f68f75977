"""Who says which words of a transcript, and what had to be left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from coach.review.imports.transcripts import stamps
from coach.review.imports.transcripts.alone import may_stand_alone
from coach.review.imports.transcripts.labels import Form, Label, is_turn_mark, key
from coach.review.imports.transcripts.rows import DEFAULTS, Row
from coach.review.imports.transcripts.shapes import is_description
from coach.review.imports.transcripts.speakers import Names, names
from coach.review.wording import counted

_SERVICE = re.compile(
    r"(?:(?:auto-?)?(?:transcribed|subtitled|captioned|generated|exported|recorded) (?:by|with|using|from|on|at)\b.*"
    r"|(?:\S+ ){1,5}(?:started|stopped) (?:the )?(?:transcription|recording)\.?"
    r"|(?:transcription|recording|meeting|transcript) (?:ended|started|stopped)\b.*"
    r"|.*computer[- ]generated and (?:might|may) contain errors.*|page \d+(?: (?:of|/) \d+)?"
    r"|\[?end of (?:transcript|transcription|recording)\]?\.?"
    r"|https?://\S+|[-–—=_*#~ .]{3,})",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.?!…]['\"”’»)]*$")
_DASH = re.compile(r"\s*[-–—]\s*\S")
_LISTED = re.compile(r"\s*[,;&]\s*|\s+(?:and|und|et|y)\s+")
_SIGN = re.compile(r"[(\[]([^()\[\]]+)[)\]]\s*$")
_FEW = 5  # places or labels named in a notice


@dataclass(slots=True)
class Report:
    """What was not understood: for each reason, the numbers of the lines."""

    left_out: dict[str, list[int]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def leave_out(self, reason: str, *numbers: int) -> None:
        """Note the lines with these numbers as left out. `reason` goes on after "3 lines", as in "without speech"."""
        self.left_out.setdefault(reason, []).extend(numbers)

    def sentences(self) -> list[str]:
        """One sentence for each reason, with the numbers of the first lines."""
        sentences = [
            f"{counted(len(n), 'line')} {reason} {'was' if len(n) == 1 else 'were'} left out ({places(n)})"
            for reason, n in self.left_out.items()
        ]
        return [*sentences, *self.notices]


def places(numbers: Sequence[int]) -> str:
    """
    >>> places([3]), places([1, 2, 3, 9])
    ('line 3', 'lines 1-3 and 9')
    """
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    shown = [str(a) if a == b else f"{a}-{b}" for a, b in spans]
    word = "line" if len(spans) == 1 and spans[0][0] == spans[0][1] else "lines"
    if len(shown) > _FEW:
        return f"{word} {', '.join(shown[:_FEW])} and more"
    return f"{word} {' and '.join(filter(None, [', '.join(shown[:-1]), shown[-1]]))}"


def _named(labels: Mapping[str, Sequence[int]]) -> str:
    shown = [f"“{label}” ({places(numbers)})" for label, numbers in labels.items()]
    more = [f"{len(shown) - _FEW} more"] if len(shown) > _FEW else []
    return ", ".join([*shown[:_FEW], *more])


def attributed(blocks: Sequence[Sequence[Row]], apart: bool, report: Report) -> list[dict[str, Any]]:
    """The lines of a conversation, from its paragraphs, or from its captions (`apart`: each begins a line of its own).

    Empty if nobody is named. What is left out goes into `report`.
    """
    known = names(blocks)
    if not known.written:
        return []
    talk = _Talk(known, report, _all_timed(blocks, known))
    named = [place for place, block in enumerate(blocks) if any(known.of(row) for row in block)]
    if len(named) == 1 and named[0] > max(_FEW, len(blocks) / 2):  # one likeness of a name, deep in a text without any
        return []
    for place, block in enumerate(blocks):
        dashes = apart and sum(bool(_DASH.match(row.text)) for row in block) > 1
        for row in block:
            if not apart and row is block[0] and may_stand_alone(row, DEFAULTS):
                talk.doubt(row)
            if apart or not talk.described(row, place > named[-1]):
                talk.hear(row, apart and row is block[0], dashes and bool(_DASH.match(row.text)), service=not apart)
    talk.tell_doubts()
    return [line.as_dict() for line in talk.lines if line.text]


def _all_timed(blocks: Sequence[Sequence[Row]], known: Names) -> bool:
    """Whether the words behind all names begin with a time, each later than the one before."""
    found = [
        each for block in blocks for row in block if (each := known.of(row)) and each.form is Form.COLON and not row.who
    ]
    times = [stamps.leading(each.text) for each in found]
    known_times = [each for each in times if each]
    later = all(one < two for one, two in pairwise(known_times))
    return len(times) > 1 and len(known_times) == len(times) and later


@dataclass(slots=True)
class _Line:
    """What somebody says, from `start_s` to `end_s` if that is known."""

    who: str
    text: str
    start_s: float | None = None
    end_s: float | None = None

    def as_dict(self) -> dict[str, Any]:
        times = {"start_s": self.start_s, "end_s": self.end_s}
        known = {name: round(time, 3) for name, time in times.items() if time is not None}
        return {"who": self.who, "text": self.text, **known}


class _Talk:
    def __init__(self, known: Names, report: Report, timed: bool) -> None:
        self.lines: list[_Line] = []
        self._known = known
        self._report = report
        self._timed = timed  # whether words begin with their time, behind the name
        self._unnamed = False  # after a mark that somebody else speaks, who is not named
        inside = "|".join(re.escape(who) for who in known.written.values())
        self._inside = re.compile(rf"[.?!…]['\"”]?\s+(?:{inside})\s*[:：]\s", re.IGNORECASE)
        self._midway: list[int] = []
        self._refused: dict[str, list[int]] = {}  # labels read as words, with their lines

    def described(self, row: Row, after: bool) -> bool:
        """Leaves out a description of the recording above the talk or, if `after`, below it."""
        found = row.before_colon
        if row.who or found is None or not (after or not self.lines):
            return False
        role = not self.lines and self._is_role(found)
        if not role and (self._known.of(row) or not is_description(found.name)):
            return False
        self._report.leave_out("about the recording", row.number)
        return True

    def _is_role(self, label: Label) -> bool:
        """Whether it says who somebody is: "Host: Ana", "Speakers: Ana, Ben", "Interviewer (I): Dr. Lu"."""
        sign = _SIGN.search(label.name)
        listed = all(key(who) in self._known.written for who in _LISTED.split(label.text))
        return listed or (sign is not None and key(sign[1]) in self._known.written)

    def hear(self, row: Row, begins: bool, dash: bool, service: bool) -> None:
        found = self._known.of(row)
        if found:
            self._unnamed = False
            start, end = row.times
            if start is None:
                start = stamps.seconds_before(row.text, found.text)
            self.lines.append(
                _Line(found.name, stamps.without_leading(found.text) if self._timed else found.text, start, end)
            )
        elif service and _SERVICE.fullmatch(row.text.strip()):
            self._report.leave_out("without speech", row.number)
            return
        elif row.unnamed or is_turn_mark(row.text) or dash or self._unnamed:
            self._unnamed = True
            self._report.leave_out("of a speaker without a name", row.number)
            return
        elif not self.lines:
            self._report.leave_out("before the first name", row.number)
            return
        elif begins or (row.before_colon and _ENDS.search(self.lines[-1].text)):
            self.lines.append(_Line(self.lines[-1].who, row.text.strip(), *row.times))
        else:
            last = self.lines[-1]
            last.text = f"{last.text} {row.text.strip()}".strip()
            last.end_s = last.end_s if row.times[1] is None else row.times[1]
        if (label := row.before_colon) and not found and label.key in self._known.unsure:
            self._refused.setdefault(label.name, []).append(row.number)
        if not row.who and self._inside.search(row.text):
            self._midway.append(row.number)

    def doubt(self, row: Row) -> None:
        """Notes that a line which begins a paragraph looks like a name, and is read as words."""
        if self.lines and not self._known.of(row):
            self._refused.setdefault(row.text, []).append(row.number)

    def tell_doubts(self) -> None:
        if self._refused:
            self._report.notices.append(f"read as words, not as a name: {_named(self._refused)}")
        if self._known.once:
            once = {who: [number] for who, number in self._known.once.items()}
            self._report.notices.append(f"taken for a person who speaks once: {_named(once)}")
        if self._midway:
            self._report.notices.append(
                f"a name in the middle of a line ({places(self._midway)}) was read as words of the person before it; "
                "begin a new line there if that person speaks"
            )
