"""A written conversation, read line by line: what is told in each, and how it answers what came before.

    .jsonl   {"who": "Ana", "text": "…"}            whatever else a line holds is kept
    .vtt     <v Ana>…   or   Ana: …
    .txt     Ana: …                                 a line without a name goes on with the one before it

A line of a caption file goes on with the speaker of the one before it where it names nobody.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from coach.core.errors import BadInput
from coach.runtime.understanding import Understanding

Line = dict[str, Any]

_NAMED = re.compile(r"\s*([^\W\d_][^:\n]{0,39}?)\s*:\s+(.*)", re.DOTALL)  # "Ana: ", but not "at 10:30"
_VOICE = re.compile(r"<v(?:\.[^\s>]+)*\s+([^>]+)>")
_TAG = re.compile(r"<[^>]*>")


def read_transcript(file: Path) -> list[Line]:
    """The lines of `file`, each with "who" and "text"; raises BadInput when it cannot be read as a transcript."""
    readers: dict[str, Callable[[str, str], list[Line]]] = {".jsonl": _jsonl, ".vtt": _vtt, ".txt": _txt}
    if file.suffix.lower() not in readers:
        raise BadInput(
            f"{file.name}: a transcript is a .jsonl, .vtt or .txt file; rename it or export it as one of them"
        )
    try:
        source = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput(f"{file}: there is no such file") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file.name} is not written in UTF-8, so its words cannot be read; save it as UTF-8") from None
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from None
    lines = readers[file.suffix.lower()](source, file.name)
    if not lines:
        raise BadInput(f"{file.name} contains no spoken line")
    return lines


def judged_lines(
    lines: Sequence[Line], language: str = "en"
) -> Iterator[tuple[Line, tuple[str, ...], tuple[str, ...]]]:
    """Every line with "level", "p_experience", "kinds", "response" and "p_response" added, and the words behind the
    judgements of depth and of response."""
    understanding = Understanding(language)
    for line in lines:
        reading, response = understanding.read(line["who"], line["text"])
        found = line | {
            "level": reading.level,
            "p_experience": reading.p_experience,
            "kinds": list(reading.kinds),
            "response": response.kind if response else None,
            "p_response": response.p if response else None,
        }
        yield found, reading.evidence, response.because if response else ()


def _jsonl(source: str, name: str) -> list[Line]:
    found: list[Line] = []
    for number, text in enumerate(source.split("\n"), 1):
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


def _txt(source: str, name: str) -> list[Line]:
    found: list[Line] = []
    for number, text in enumerate(source.splitlines(), 1):
        if not text.strip():
            continue
        named = _NAMED.fullmatch(text)
        if named:
            found.append({"who": named[1], "text": named[2].strip()})
        elif found:
            found[-1]["text"] = f"{found[-1]['text']} {text.strip()}"
        else:
            raise BadInput(f"{name}, line {number}, has no name; begin each line with a name, as in `Ana: I was there`")
    return found


def _vtt(source: str, name: str) -> list[Line]:
    try:
        captions = webvtt.WebVTT.from_buffer(io.StringIO(source)).captions
    except (MalformedFileError, MalformedCaptionError) as error:
        raise BadInput(f"{name} is not a WebVTT file: {error}; it must begin with the line WEBVTT") from None
    found: list[Line] = []
    for caption in captions:
        for who, text in _voices(caption.raw_text):
            speaker = who or (found[-1]["who"] if found else None)
            if speaker is None:
                raise BadInput(f"{name}: the first caption has no name; begin it with <v Ana> or `Ana: `")
            if text:
                found.append({"who": speaker, "text": text})
    return found


def _voices(raw: str) -> Iterator[tuple[str | None, str]]:
    """Who says what in one caption: by voice spans, else line by line by names."""
    start, *spans = _VOICE.split(raw)
    if spans:
        if start.strip():
            yield None, _plain(start)
        for who, said in zip(spans[::2], spans[1::2], strict=True):
            yield _plain(who), _plain(said)
        return
    who, said = None, ""
    for line in raw.split("\n"):
        named = _NAMED.fullmatch(_TAG.sub("", line))
        if named:
            if said:
                yield who, _plain(said)
            who, said = _plain(named[1]), named[2]
        else:
            said = f"{said} {line}"
    yield who, _plain(said)


def _plain(text: str) -> str:
    return " ".join(unescape(_TAG.sub("", text)).split())
