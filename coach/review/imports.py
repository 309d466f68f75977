"""Who spoke when, from files in which people or other programs wrote it down.

    .rttm       speaker diarisation (NIST Rich Transcription, 2009): a line for each stretch of speech
    .TextGrid   Praat: a tier of intervals for each person; an interval without a label is silence
    .eaf        ELAN: a tier for each person; what is not annotated is silence

The name of a tier is the person's. Of ELAN's tiers only those that hang on no other one count (a translation hangs on
what it translates), and one that has a participant of its own is called after the participant. Labels are taken as
what was said, apart from those by which programs mark speech and silence. Point tiers hold no speech.

What `coach export` wrote comes back whole: its further tiers (`tiers`) are known by their names. Where one says how the
words of a person were read, that is taken and nothing is read anew.

praatio reads TextGrids and pympi ELAN's files. The fields of an RTTM line stand between spaces, so the line is read
here: the field's reader for it brings pandas along (84 MB, seconds to start), takes a person called NA for nobody, and
does not say which line is broken.
"""

from __future__ import annotations

import codecs
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coach.core.errors import BadInput
from coach.core.events import UNKNOWN, Words
from coach.core.span import Span
from coach.review.tiers import READING, SILENCES, UNHEARD, WORDS, described, reading, tier_name

SILENT = frozenset(("", "#", "_", "<p:>", "<sil>", "sil", "silence", "silent", "sp"))  # Praat's, MFA's, MAUS's marks
WORDLESS = frozenset(("sounding", "speech", "voice", "x", "xx", "xxx"))  # speech, but not what was said
_RTTM_TYPES = {
    *("SPEAKER", "SEGMENT", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER", "EDIT", "IP", "SU", "CB", "A/P"),
    *("NOSCORE", "NO_RT_METADATA", "SPKR-INFO"),
}
_RTTM_FIELDS = 8  # up to the name; the two after it may be missing
_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"  # ELAN's own attribute
_LONGEST = 7 * 24 * 3600  # seconds; what lies beyond is no time but a mistake


@dataclass(frozen=True, slots=True)
class Segment:
    """`who` spoke over `span` (samples); `text` is what was said, None where it is not known."""

    who: str
    span: Span
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Segments:
    """One conversation: its `people` in the order of the file, all its segments in order of time, its length.

    `words` were read before, by the coach that wrote the file, and hold for the people whom they name; in `lost` no
    sound was heard. Both are empty in a file of anybody else.
    """

    name: str
    people: tuple[str, ...]
    segments: tuple[Segment, ...]
    duration: int  # samples
    words: tuple[Words, ...] = ()
    lost: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Tier:
    """What a file holds under one name; `who` speaks in the intervals if they are speech, and they have labels.

    An interval whose label is empty is speech: where a format means silence by it, its reader leaves it out.
    """

    name: str
    who: str
    intervals: list[tuple[Span, str]]


def holds_segments(path: Path) -> bool:
    """Whether the name is that of a file with segments rather than sound."""
    return path.suffix.casefold() in _READERS


def segments(path: Path, people: Sequence[str] = ()) -> list[Segments]:
    """The conversations in the file: one, or as many as an .rttm file names recordings.

    people: take only their tiers, in this order. Raises BadInput for a file that cannot be read, has no tier of
    intervals, holds impossible times, or none of the `people`.
    """
    try:
        found = _READERS[path.suffix.casefold()](path)
    except BadInput:
        raise
    except OSError as error:
        raise BadInput(f"{path} cannot be opened ({error.strerror or error})") from error
    except Exception as error:  # the libraries stumble over a broken file in many ways
        raise BadInput(
            f"{path.name} is broken, or no {path.suffix} file ({type(error).__name__} while reading it); "
            "open it in the program that made it, and save it again"
        ) from error
    return [_chosen(each, people) for each in found] if people else found


def _chosen(found: Segments, people: Sequence[str]) -> Segments:
    for who in people:
        if who not in found.people:
            raise BadInput(f"{found.name} has nobody called {who}; it has {', '.join(found.people) or 'nobody'}")
    return replace(
        found,
        people=tuple(people),
        segments=tuple(each for each in found.segments if each.who in people),
        words=tuple(each for each in found.words if each.who in people),
    )


def _segments(name: str, people: Iterable[str], told: Iterable[Segment], duration: int = 0) -> Segments:
    """In order of time, without those that last no time at all; a voice that nobody was found for is nobody."""
    kept = tuple(sorted((each for each in told if each.span), key=lambda each: (each.span, each.who)))
    end = max((each.span.end for each in kept), default=0)
    return Segments(name, tuple(who for who in dict.fromkeys(people) if who != UNKNOWN), kept, max(duration, end))


def _conversation(name: str, tiers: Sequence[_Tier], duration: int = 0) -> Segments:
    """What the tiers of people say, and those of the coach about them."""
    names = {tier.name for tier in tiers}
    of_people = [tier for tier in tiers if not described(tier.name, names)]
    held = {tier.name: tier.intervals for tier in tiers if tier not in of_people}
    told = (
        Segment(tier.who, span, _said(text, tier.who))
        for tier in of_people
        for span, text in tier.intervals
        if not text.strip() or not _is_silence(text)
    )
    ends = (span.end for each in (SILENCES, UNHEARD) for span, _ in held.get(each, ()))
    found = _segments(name, (tier.who for tier in of_people), told, max(duration, *ends, 0))
    return replace(
        found,
        words=tuple(words for tier in of_people for words in _words(tier, held)),
        lost=tuple(span for span, _ in held.get(UNHEARD, ())),
    )


def _words(tier: _Tier, held: Mapping[str, list[tuple[Span, str]]]) -> Iterator[Words]:
    said = dict(held.get(tier_name(tier.name, WORDS), ()))
    for span, label in held.get(tier_name(tier.name, READING), ()):
        yield reading(label, tier.who, span, said.get(span))


def _span(start: float, end: float, where: str) -> Span:
    """Raises BadInput for a time that cannot be."""
    if not (math.isfinite(start) and math.isfinite(end) and end < _LONGEST):
        raise BadInput(f"{where} has a time that is none ({start:g} to {end:g} s)")
    if start < 0:
        raise BadInput(f"{where} begins before the recording, at {start:g} s")
    if end < start:
        raise BadInput(f"{where} ends before it begins ({start:g} to {end:g} s)")
    return Span.seconds(start, end)


def _text(path: Path) -> str:
    """The text of a file in UTF-8 or UTF-16 (Praat writes both), and of an old one in Latin-1."""
    data = path.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    if b"\0" in data[:2]:  # UTF-16 without its mark: the first letter is a plain one, so half of it is nothing
        return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le")
    try:
        return data.decode("utf-8-sig")
    except UnicodeError:
        return data.decode("latin-1")


# ----------------------------------------------------------------------------------------------------------- RTTM


def _rttm(path: Path) -> list[Segments]:
    recordings: dict[str, list[Segment]] = {}
    for number, line in enumerate(_text(path).splitlines(), start=1):
        fields = line.split()
        if not fields or line.lstrip().startswith(";;"):
            continue
        where = f"{path.name}, line {number},"
        if fields[0] not in _RTTM_TYPES:
            raise BadInput(f"{where} begins with {fields[0][:20]!r}, which is no type of RTTM line, such as SPEAKER")
        if fields[0] == "SPEAKER":
            recording, segment = _rttm_line(fields, where)
            recordings.setdefault(recording, []).append(segment)
    several = len(recordings) > 1
    return [
        _segments(f"{path.name}: {name}" if several else path.name, (each.who for each in told), told)
        for name, told in (recordings or {path.stem: []}).items()
    ]


def _rttm_line(fields: Sequence[str], where: str) -> tuple[str, Segment]:
    if len(fields) < _RTTM_FIELDS:
        raise BadInput(f"{where} has {len(fields)} fields; a SPEAKER line has ten, the name is the eighth")
    try:
        start, duration = float(fields[3]), float(fields[4])
    except ValueError:
        raise BadInput(f"{where} has no number of seconds in field 4 or 5 ({fields[3]}, {fields[4]})") from None
    return fields[1], Segment(fields[7], _span(start, start + duration, where))


# ------------------------------------------------------------------------------------------------------- TextGrid


def _textgrid(path: Path) -> list[Segments]:
    from praatio.utilities.constants import INTERVAL_TIER
    from praatio.utilities.textgrid_io import parseTextgridStr

    lines = _text(path).splitlines()
    grid = parseTextgridStr("".join(f"{line}\n" for line in lines))  # without its last line's end it loses an interval
    tiers = [
        _Tier(
            tier["name"],
            tier["name"],
            [
                (_span(float(start), float(end), f"{path.name}, tier {tier['name']},"), label)
                for start, end, label in tier["entries"]
                if label.strip()
            ],
        )
        for tier in grid["tiers"]
        if tier["class"] == INTERVAL_TIER
    ]
    if not tiers:
        raise BadInput(f"{path.name} has no interval tier, so it does not say who spoke from when to when")
    whole = _span(grid["xmin"], grid["xmax"], path.name)
    return [_conversation(path.name, tiers, whole.end)]


# ------------------------------------------------------------------------------------------------------------ EAF


def _eaf(path: Path) -> list[Segments]:
    from pympi.Elan import Eaf, parse_eaf

    eaf = Eaf()
    eaf.tiers.clear()
    eaf.adocument[_SCHEMA] = ""  # the library insists on a line that other programs than ELAN leave out
    parse_eaf(path, eaf, suppress_version_warning=True)
    names = _tier_names(eaf)
    if not names:
        raise BadInput(f"{path.name} has no tier with times of its own, so it does not say who spoke when")
    tiers = [_Tier(tier, who, list(_annotations(eaf, tier, path.name))) for tier, who in names.items()]
    return [_conversation(path.name, tiers)]


def _tier_names(eaf: Any) -> dict[str, str]:
    """The tiers that hang on no other one, each with the name of its person."""
    own = {name: attributes for name, (_, _, attributes, _) in eaf.tiers.items() if "PARENT_REF" not in attributes}
    participants = Counter(attributes.get("PARTICIPANT", "").strip() for attributes in own.values())
    return {
        name: who if (who := attributes.get("PARTICIPANT", "").strip()) and participants[who] == 1 else name
        for name, attributes in own.items()
    }


def _annotations(eaf: Any, tier: str, file: str) -> Iterator[tuple[Span, str]]:
    """An annotation without text is speech too: people mark the stretches first, and write the words later."""
    for start, end, text in eaf.get_annotation_data_for_tier(tier):
        if start is None or end is None:
            raise BadInput(f"{file}, tier {tier}, has an annotation without a time; align it in ELAN first")
        yield _span(start / 1000, end / 1000, f"{file}, tier {tier},"), text


def _is_silence(label: str) -> bool:
    return label.strip().casefold() in SILENT


def _said(label: str, who: str) -> str | None:
    """What was said; None for a mark that only says that somebody spoke, or who."""
    said = " ".join(label.split())
    return None if not said or said.casefold() in WORDLESS | {who.casefold()} else said


_READERS = {".rttm": _rttm, ".textgrid": _textgrid, ".eaf": _eaf}
