"""Our readers of TextGrid, EAF and RTTM beside the field's own, on random files and on damaged ones.

`pytest --hypothesis-profile long FILE -k TEST` looks until somebody stops it. Every file must be read as the other
reader reads it, or refused in one line, or told what is odd about it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape, quoteattr

import parselmouth
from hypothesis import given, settings
from hypothesis import strategies as st
from parselmouth.praat import call
from pyannote.database.util import load_rttm
from pympi import Eaf

from coach.core.errors import BadInput
from coach.core.names import plain_name
from coach.core.span import as_samples
from coach.review.imports import OnTiers, conversations
from tests.conftest import LONG

Read = list[list[tuple[int, int, str]]]  # (start, end, label) for each tier; times in samples
ODD = (
    "item [3]:",
    '"IntervalTier"',
    "<exists>",
    "! no",
    "5 7.5",
    "xmin = 3",
    "intervals [2]:",
    "é🌻نور",
    "a\nb",
    "&<>",
)
LETTERS = st.sampled_from("ab Zéß\"'<>!&;[]=-+.0:5\n🌻ن")
texts = st.one_of(st.text(LETTERS, max_size=8), st.sampled_from(ODD))
COMMENTS = ("", ' ! of 5 <x> "y"', " seconds", "\n\n", " (more)")
EXAMPLES = settings() if settings.get_current_profile_name() == LONG else settings(max_examples=20)


def read_by(reader: Callable[[Path], Read | None], name: str, data: bytes) -> tuple[list[OnTiers] | None, Read | None]:
    """What we and the other reader make of a file; None where it is refused."""
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        try:
            ours = conversations(path)
        except BadInput:
            ours = None
        return ours, reader(path)


def tiers_of(found: list[OnTiers]) -> Read:
    """Every tier of the one conversation, its intervals of silence too, without those of no length or label."""
    (conversation,) = found
    return [
        sorted((span.start, span.end, one_line(label)) for span, label in (*tier.intervals, *tier.silences))
        for tier in conversation.tiers
    ]


def one_line(label: str) -> str:
    return " ".join(label.split())


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """`text` with a few characters or lines gone, doubled, exchanged or put in."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(text) - 1)))
        end = min(len(text), at + draw(st.integers(0, 12)))
        put = draw(st.one_of(st.sampled_from(("", text[at:end] * 2, *ODD, "-", "nan", "1e3", '"', "1,5", "\t")), texts))
        text = text[:at] + put + text[end:]
    return text


# ------------------------------------------------------------------------------------------------------- TextGrid


@st.composite
def grids(draw: st.DrawFn) -> str:
    """A TextGrid in one of Praat's three text forms, with the freedom that its rules leave."""
    edges = st.lists(st.integers(1, 39_999), max_size=4, unique=True)
    tiers = []
    for _ in range(draw(st.integers(1, 3))):
        times = [0, *sorted(draw(edges)), 40_000]
        labels = [draw(texts) for _ in times[1:]]
        tiers.append((draw(texts), draw(st.booleans()), list(zip(times, times[1:], labels, strict=False))))
    if not any(is_interval for _, is_interval, _ in tiers):
        tiers.append(("Ana", True, [(0, 40_000, "hm")]))
    number = st.sampled_from(("{}", "{:.4f}", "{:e}", "+{}", "{:.3E}"))

    def time(ms: int) -> str:
        return draw(number).format(ms / 1000)

    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    form = draw(st.sampled_from(("long", "short", "chronological")))
    named = form == "long"
    said = draw(st.sampled_from(COMMENTS))

    def field(name: str, value: str) -> str:
        return (f"    {name} = {value}{said}" if named else value + said) + "\n"

    if form == "chronological":
        text = f'"Praat chronological TextGrid text file"\n{time(0)} {time(40_000)} ! Time domain.\n{len(tiers)}\n'
        for name, is_interval, _ in tiers:
            text += f'"{"IntervalTier" if is_interval else "TextTier"}" {quoted(name)} {time(0)} {time(40_000)}\n'
        for place, (_, is_interval, intervals) in enumerate(tiers, start=1):
            for start, end, label in intervals:
                text += f"{place} {time(start)}{' ' + time(end) if is_interval else ''}\n{quoted(label)}\n"
    else:
        text = 'File type = "ooTextFile"\nObject class = "TextGrid"\n' + draw(st.sampled_from(("", "\n", "\n\n")))
        text += (
            field("xmin", time(0)) + field("xmax", time(40_000)) + f"tiers? <exists>\n{field('size', str(len(tiers)))}"
        )
        for place, (name, is_interval, intervals) in enumerate(tiers, start=1):
            text += f"item [{place}]:\n" if named else ""
            text += field("class", '"IntervalTier"' if is_interval else '"TextTier"') + field("name", quoted(name))
            text += field("xmin", time(0)) + field("xmax", time(40_000)) + field("intervals: size", str(len(intervals)))
            for number_, (start, end, label) in enumerate(intervals, start=1):
                text += f"intervals [{number_}]:\n" if named else ""
                text += field("xmin", time(start)) + (field("xmax", time(end)) if is_interval else "")
                text += field("text", quoted(label))
    return text.replace("\n", draw(st.sampled_from(("\n", "\r\n", "\r"))))


def praat(path: Path) -> Read | None:
    try:
        grid = parselmouth.read(str(path))
    except parselmouth.PraatError:
        return None
    if not isinstance(grid, parselmouth.TextGrid):
        return None
    found: Read = []
    for tier in range(1, int(call(grid, "Get number of tiers")) + 1):
        if not call(grid, "Is interval tier", tier):
            continue
        intervals = []
        for n in range(1, int(call(grid, "Get number of intervals", tier)) + 1):
            if label := one_line(call(grid, "Get label of interval", tier, n)):
                start, end = (call(grid, f"Get {edge} time of interval", tier, n) for edge in ("start", "end"))
                if math.isnan(start) or math.isnan(end):  # a number that it could not read
                    return None
                intervals.append((as_samples(start), as_samples(end), label))
        found.append(sorted(intervals))
    return found


@EXAMPLES
@given(grids(), st.sampled_from(("utf-8", "utf-8-sig", "utf-16")))
def test_praat_and_we_read_the_same_intervals_from_any_textgrid(text: str, encoding: str):
    ours, theirs = read_by(praat, "talk.TextGrid", text.encode(encoding))
    assert ours is not None
    if theirs is None:  # the mark hides from Praat what form the file has
        assert (encoding, text[0]) == ("utf-8-sig", '"')
    else:
        assert tiers_of(ours) == theirs


@EXAMPLES
@given(grids().flatmap(damaged))
def test_a_damaged_textgrid_is_read_as_praat_reads_it_or_refused_or_told(text: str):
    ours, theirs = read_by(praat, "talk.TextGrid", text.encode())
    if ours is not None and theirs is not None and not ours[0].notices:
        assert tiers_of(ours) == theirs


# ------------------------------------------------------------------------------------------------------------ EAF


@st.composite
def elan_files(draw: st.DrawFn) -> str:
    """A file of ELAN whose tiers have ids of their own."""
    names = draw(st.lists(texts.map(plain_name).filter(bool), min_size=1, max_size=3, unique=True))
    slots, tiers = "", ""
    slot = 0
    for name in names:
        person = draw(st.sampled_from(("", ' PARTICIPANT="Ana"', ' PARTICIPANT="Ben"', ' ANNOTATOR="x"')))
        tiers += f"<TIER LINGUISTIC_TYPE_REF='default-lt' TIER_ID={quoteattr(name)}{person}>"
        times = sorted(draw(st.lists(st.integers(0, 40_000), max_size=6)))
        for start, end in zip(times[::2], times[1::2], strict=False):
            slots += f'<TIME_SLOT TIME_SLOT_ID="ts{slot + 1}" TIME_VALUE="{start}"/>'
            slots += f'<TIME_SLOT TIME_SLOT_ID="ts{slot + 2}" TIME_VALUE="{end}"/>\n'
            tiers += (
                f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{slot + 1}" TIME_SLOT_REF1="ts{slot + 1}" '
                f'TIME_SLOT_REF2="ts{slot + 2}"><ANNOTATION_VALUE>{escape(draw(texts))}</ANNOTATION_VALUE>'
                "</ALIGNABLE_ANNOTATION></ANNOTATION>\n"
            )
            slot += 2
        tiers += "</TIER>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT FORMAT="3.0" VERSION="3.0" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="EAFv3.0.xsd">\n'
        f'<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/><TIME_ORDER>{slots}</TIME_ORDER>{tiers}'
        '<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/></ANNOTATION_DOCUMENT>'
    )


def pympi(path: Path) -> Read | None:
    try:
        eaf = Eaf(str(path), suppress_version_warning=True)
        tiers = [
            eaf.get_annotation_data_for_tier(name)
            for name, (_, _, attributes, _) in eaf.tiers.items()
            if attributes.get("PARENT_REF") not in eaf.tiers
        ]
        return [sorted((start * 16, end * 16, one_line(text)) for start, end, text in tier) for tier in tiers]
    except Exception:  # it fails in many ways
        return None


@EXAMPLES
@given(elan_files())
def test_pympi_and_we_read_the_same_annotations_from_any_eaf(text: str):
    ours, theirs = read_by(pympi, "talk.eaf", text.encode())
    assert ours is not None
    assert tiers_of(ours) == theirs


@EXAMPLES
@given(elan_files().flatmap(damaged))
def test_a_damaged_eaf_is_read_as_pympi_reads_it_or_refused_or_told(text: str):
    ours, theirs = read_by(pympi, "talk.eaf", text.encode())
    if ours is not None and theirs is not None and not ours[0].notices:
        assert tiers_of(ours) == theirs


# ----------------------------------------------------------------------------------------------------------- RTTM


@st.composite
def rttm_files(draw: st.DrawFn) -> str:
    names = st.sampled_from(("Ana", "Ben_Lu", "5", "é🌻", "spk-0", "a.b:c", "SPEAKER"))
    lines = []
    for _ in range(draw(st.integers(1, 5))):
        gap = draw(st.sampled_from((" ", "  ", "\t")))
        start, duration = draw(st.integers(0, 50_000)) / 1000, draw(st.integers(0, 9000)) / 1000
        form = draw(st.sampled_from(("{:.3f}", "{}", "{:e}")))
        kind = draw(st.sampled_from(("SPEAKER", "SPEAKER", "SPEAKER", "NON-SPEECH")))
        ends = draw(st.sampled_from((["<NA>", "<NA>"], ["0.75", "<NA>"], ["0.5", "0.25"])))
        fields = [kind, draw(st.sampled_from(("talk", "7", "a/b"))), "1", form.format(start), form.format(duration)]
        lines.append(gap.join([*fields, "<NA>", "<NA>", draw(names), *ends]))
    return draw(st.sampled_from(("\n", "\r\n"))).join([*lines, ""])


Told = dict[str, list[tuple[str, int, int]]]


def by_recording(found: list[OnTiers]) -> Told:
    return {
        each.name.removeprefix("talk.rttm: "): sorted(
            (tier.who, span.start, span.end) for tier in each.tiers for span, _ in tier.intervals if span
        )
        for each in found
    }


def pyannote(path: Path) -> Told | None:
    try:
        recordings = load_rttm(str(path))
        return {
            str(uri): sorted(
                (str(who), as_samples(part.start), as_samples(part.end))
                for part, _, who in annotation.itertracks(yield_label=True)
            )
            for uri, annotation in recordings.items()
            if annotation
        }
    except Exception:  # pandas fails in many ways
        return None


def same_speech(ours: Told, theirs: Told) -> bool:
    """Whether both name the same speech; with one recording we name the file, and stretches of no length count not."""
    ours = {name: found for name, found in ours.items() if found}
    if len(ours) == 1 and len(theirs) == 1:
        return list(ours.values()) == list(theirs.values())
    return {name: found for name, found in ours.items() if found} == theirs


@EXAMPLES
@given(rttm_files())
def test_pyannote_and_we_read_the_same_speech_from_any_rttm(text: str):
    ours, theirs = read_by(pyannote, "talk.rttm", text.encode())  # type: ignore[arg-type]
    assert theirs is not None
    assert same_speech(by_recording(ours or []), theirs)  # type: ignore[arg-type]


@EXAMPLES
@given(rttm_files().flatmap(damaged))
def test_a_damaged_rttm_is_read_as_pyannote_reads_it_or_refused_or_told(text: str):
    ours, theirs = read_by(pyannote, "talk.rttm", text.encode())  # type: ignore[arg-type]
    comparable = '"' not in text and all(len(line.split()) <= 10 for line in text.splitlines())  # pandas reads CSV
    if ours is not None and theirs is not None and comparable and not any(each.notices for each in ours):
        assert same_speech(by_recording(ours), theirs)  # type: ignore[arg-type]
