"""Reading what was said by whom, as people and programs write it down.

    .jsonl         {"who": "Ana", "text": "…"}             whatever else a line holds is kept
    .vtt .srt      <v Ana>…   or   Ana: …                  and what programs make of these formats
    .txt .md       Ana: …   or   Ana  0:03 above the words   paragraphs, with or without times
    .docx          the same, as Teams, Zoom and Otter write it   (`word_document`)
    .json          segments with times, as Whisper writes them   (`segments_json`)

What a file holds counts, not what it is called: captions are read in any of them.

    decoding ─► captions ─┐
             └► paragraphs ┴─► labels ─► speakers (which labels are names) ─► attribution (who says what)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

from coach.core.errors import BadInput, reason_of
from coach.core.events import UNKNOWN
from coach.review.imports.decoding import decoded, visible
from coach.review.imports.transcripts import stamps
from coach.review.imports.transcripts.attribution import Report, attributed
from coach.review.imports.transcripts.captions import Captions, Cue, captions
from coach.review.imports.transcripts.labels import labels
from coach.review.imports.transcripts.rows import Row
from coach.review.imports.transcripts.segments_json import segments_in, spoken_segments
from coach.review.imports.transcripts.sounds import is_sound
from coach.review.imports.transcripts.word_document import text_of_document
from coach.review.wording import counted

__all__ = ["Line", "Transcript", "read_transcript"]

Line = dict[str, Any]

_SUFFIXES = (".jsonl", ".json", ".vtt", ".srt", ".txt", ".md", ".docx")
_TIMES = ("start_s", "end_s")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>#|~])")  # in Markdown
_LINE_ENDS = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_VOICE = re.compile(r"<v(?:\.[^\s>]+)*(?:\s+([^>]*))?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:[a-z][^<>]*)?>|<-?\d[\d:.,]*>|\{\\[^}]*\}", re.IGNORECASE)
_HTML_BLOCK = re.compile(r"</?(?:p|br|div|h\d|li|ul|ol|tr|html|body)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_HTML = re.compile(r"</?(?:b|i|u|em|strong|span)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\{\s*\"|\[\s*[\[{])")
_COLUMNS = frozenset(
    ("begin", "content", "duration", "end", "id", "name", "speaker", "start", "stop", "text", "time", "transcript")
)
_NUMBER = re.compile(r"\s*#?(\d{1,5})[.):]?\s+(?=\S)")
_FORMS = "`Ana: I was there`, `[0:03] Ana: …`, `Ana  0:03` above the words, `<v Ana>…` or `[SPEAKER_00]: …`"


@dataclass(frozen=True, slots=True)
class Transcript:
    """The `lines` of a conversation, each with "who" and "text", and `notices` about what was left out or doubtful.

    A line also has "start_s" and "end_s", in seconds to the millisecond, if the file says when it was spoken.
    """

    lines: tuple[Line, ...]
    notices: tuple[str, ...] = ()


def read_transcript(file: Path) -> Transcript:
    """The conversation written in `file`. Raises BadInput when it cannot be read as a transcript, or names nobody."""
    suffix = file.suffix.lower()
    if suffix not in _SUFFIXES:
        raise BadInput(
            f"{file.name}: a transcript is a {', '.join(_SUFFIXES[:-1])} or {_SUFFIXES[-1]} file; save its text as "
            "one, or use `coach analyze` for sound and segments"
        )
    try:
        data = file.read_bytes()
        text, doubt = (text_of_document(data, file.name), None) if suffix == ".docx" else decoded(data, file.name)
    except FileNotFoundError:
        raise BadInput(f"{file}: there is no such file") from None
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {reason_of(error)}") from None
    report = Report(notices=[doubt] if doubt else [])
    if suffix == ".md":
        text = _ESCAPED.sub(r"\1", text)
    if (segments := segments_in(text)) is not None:
        found = _with_possible_times(spoken_segments(segments, file.name), report)
        if found and all(line["who"] == UNKNOWN for line in found):
            report.notices.append(f"nobody is named in it; all of it is read as one unknown voice, {UNKNOWN}")
    elif suffix in (".jsonl", ".json") or _JSON.match(text):
        found = _jsonl(text, file.name)
    else:
        found = _with_possible_times(_written(text, file.name, report), report)
    if not found:
        raise BadInput(f"{file.name} contains no spoken line")
    return Transcript(tuple(found), tuple(f"{file.name}: {each}" for each in report.sentences()))


def _with_possible_times(lines: Sequence[Line], report: Report) -> list[Line]:
    """The lines without times before the recording, and without both times where the end is before the start."""
    found = []
    for line in lines:
        times = {name: line[name] for name in _TIMES if name in line}
        kept = {name: time for name, time in times.items() if time >= 0}
        if len(kept) == len(_TIMES) and kept["end_s"] < kept["start_s"]:
            kept = {}
        found.append({**{name: value for name, value in line.items() if name not in times}, **kept})
    if wrong := sum(one != other for one, other in zip(lines, found, strict=True)):
        report.notices.append(
            f"impossible times of {counted(wrong, 'line')} left out (below zero, or the end before the start)"
        )
    return found


def _jsonl(source: str, name: str) -> list[Line]:
    found: list[Line] = []
    for number, text in enumerate(re.split(r"\r\n|\r|\n", source), 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            raise BadInput(
                f'{name}, line {number}, is not a JSON object; write each line as {{"who": …, "text": …}}'
            ) from None
        if not isinstance(line, dict) or not all(isinstance(line.get(key), str) for key in ("who", "text")):
            raise BadInput(
                f'{name}, line {number}, lacks "who" or "text" as words; one line is {{"who": …, "text": …}}'
            )
        found.append(line)
    return found


def _written(source: str, name: str, report: Report) -> list[Line]:
    """The lines of a file with captions or paragraphs."""
    lines = _LINE_ENDS.split(stamps.HASHED.sub("", visible(source).replace("\0", "")))
    found = captions(lines)
    if found is None and (_HTML_BLOCK.search(source) or _HTML.search(source)):
        pieces = (piece for line in lines for piece in _HTML_BLOCK.split(line))
        lines = [unescape(_HTML.sub("", piece)) for piece in pieces]
    if _is_table(lines):
        raise BadInput(f"{name} is a table; write each line as `Ana: I was there`")
    blocks = [list(_cue_rows(cue)) for cue in found.cues] if found else list(_paragraphs(lines))
    sounds = [row.number for block in blocks for row in block if is_sound(row.text)]
    if sounds:
        report.leave_out("of sounds alone", *sounds)
    blocks = [words for block in blocks if (words := [row for row in block if not is_sound(row.text)])]
    if not blocks:
        return []
    said = attributed(blocks, apart=found is not None, report=report)
    if not said:
        raise BadInput(f"{name} names nobody; write who speaks before the words: {_FORMS}")
    if found:
        _tell_captions(found, report)
    spoken = [line for line in said if not is_sound(line["text"])]
    if (lost := len(said) - len(spoken)) > 0:
        report.notices.append(f"{counted(lost, 'turn')} with a sound in place of words left out")
    return spoken


def _tell_captions(found: Captions, report: Report) -> None:
    if found.stray:
        report.leave_out("outside the captions", *found.stray)
    if found.repeated:
        report.notices.append(f"rolling captions: {counted(found.repeated, 'line')} shown twice, read once")
    if found.backwards:
        begins = "begins" if found.backwards == 1 else "begin"
        report.notices.append(
            f"{counted(found.backwards, 'caption')} {begins} earlier than the one above; the order is that of the file"
        )


def _cue_rows(cue: Cue) -> Iterator[Row]:
    """Who says what in one caption: by voice spans, else line by line."""
    if not cue.lines:
        return
    number = cue.lines[0][0]
    start, *spans = _VOICE.split("\n".join(line for _, line in cue.lines))
    if spans:
        if said := _plain(start):
            yield Row(number, said, labels(said), times=cue.times)
        for who, said in zip(spans[::2], spans[1::2], strict=True):
            if said := _plain(said):
                named = _plain(who or "") or cue.who
                yield Row(number, said, labels(said), named, unnamed=not named, times=cue.times)
        return
    for place, line in cue.lines:
        if said := _plain(line):
            yield Row(place, said, labels(said), cue.who, times=cue.times)


def _paragraphs(lines: Sequence[str]) -> Iterator[list[Row]]:
    """The paragraphs of a text, without times that stand alone, and without the numbers of numbered lines."""
    counted = _numbered(lines)
    block: list[Row] = []
    for place, line in enumerate(lines):
        text = _NUMBER.sub("", line, count=1) if counted else line
        if not text.strip():
            if block:
                yield block
            block = []
        elif not stamps.is_stamp(text):
            beside = [*lines[place - 1 : place], *lines[place + 1 : place + 2]]
            block.append(Row(place + 1, text.strip(), labels(text), timed=any(map(stamps.is_stamp, beside))))
    if block:
        yield block


def _is_table(lines: Sequence[str]) -> bool:
    """Whether the first line names the columns of a table, as the .tsv of Whisper and .csv exports do."""
    first = next((line for line in lines if line.strip()), "")
    cells = [cell.strip(" \"'").casefold() for cell in re.split(r"[\t,;|]", first)]
    return len(cells) > 1 and _COLUMNS.issuperset(cells)


def _numbered(lines: Sequence[str]) -> bool:
    """Whether each line begins with its number, one more than the line before."""
    found = [_NUMBER.match(line) for line in lines if line.strip()]
    numbers = [int(each[1]) for each in found if each]
    return (
        len(numbers) > 2
        and len(numbers) == len(found)
        and all(after == before + 1 for before, after in pairwise(numbers))
    )


def _plain(text: str) -> str:
    return " ".join(unescape(_TAG.sub("", text)).split())
