"""Sessions as tiers, read by Praat and pympi, with the times of the JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import parselmouth
import pytest
from hypothesis import given, settings
from parselmouth.praat import call
from pympi import Eaf

from coach.core.events import UNKNOWN, AudioGap, Marked
from coach.core.span import RATE, Span
from coach.review.exports import Exported, as_eaf, as_textgrid
from coach.review.exports.tiers import length, tiers
from coach.sessions import RECORDING
from tests.review.made_talk import (
    ODD_NAMES,
    STEP,
    cue,
    ended,
    long_export,
    long_talk,
    said,
    session,
    speech,
    talks,
    told,
)

Opened = dict[str, list[tuple[int, int, str]]]  # (start, end, label) in ms for each tier; moments have no end


def by_praat(data: bytes, folder: Path) -> Opened:
    path = folder / "talk.TextGrid"
    path.write_bytes(data)
    grid = parselmouth.read(str(path))
    rows = [line.split("\t") for line in call(grid, "List", False, 6, True, False).splitlines()[1:]]
    found: Opened = {call(grid, "Get tier name", n + 1): [] for n in range(int(call(grid, "Get number of tiers")))}
    for start, tier, label, end in rows:
        found[tier].append((round(float(start) * 1000), round(float(end) * 1000), label))
    return found


def by_pympi(data: bytes, folder: Path) -> Opened:
    path = folder / "talk.eaf"
    path.write_bytes(data)
    eaf = Eaf(str(path))
    return {name: [tuple(each) for each in eaf.get_annotation_data_for_tier(name)] for name in eaf.get_tier_names()}


def spoken(exported: Exported, part: str, who: str) -> list[tuple[int, int]]:
    """The times of a person's rows in the JSON object, in ms."""
    return [
        (round(each["start_s"] * 1000), round(each["end_s"] * 1000))
        for each in exported.analysis[part]
        if each["who"] == who
    ]


def times(intervals: list[tuple[int, int, str]]) -> list[tuple[int, int]]:
    return [(start, end) for start, end, _ in intervals]


READERS = pytest.mark.parametrize(("written", "opened"), [(as_textgrid, by_praat), (as_eaf, by_pympi)])


@READERS
@pytest.mark.parametrize("turns", [5, 1000])
def test_units_and_turns_have_the_times_of_the_json_object(
    written: Callable[[Exported], bytes], opened: Callable[[bytes, Path], Opened], turns: int, tmp_path: Path
):
    exported = long_export(turns)
    found = opened(written(exported), tmp_path)
    assert len(exported.analysis["turns"]) > 0.9 * turns
    for who in ("Ana", "Ben"):
        assert times(found[who]) == spoken(exported, "speech", who)
        assert times(found[f"{who}, turns"]) == spoken(exported, "turns", who)
        words = [each for each in exported.words if each.who == who]
        assert [label for _, _, label in found[f"{who}, words"]] == [each.text for each in words]
        assert times(found[f"{who}, reading"]) == [
            (w.span.start * 1000 // RATE, w.span.end * 1000 // RATE) for w in words
        ]


@READERS
def test_odd_names_and_words_are_unchanged(written, opened, tmp_path: Path):
    text = 'she said "no" & <left>'
    events = [speech(who, n * RATE, (n + 1) * RATE) for n, who in enumerate(ODD_NAMES)]
    events += [said(who, n * RATE, (n + 1) * RATE, text) for n, who in enumerate(ODD_NAMES)]
    found = opened(written(told(ended(events), ODD_NAMES)), tmp_path)
    for n, who in enumerate(ODD_NAMES):
        assert found[who] == [(n * 1000, (n + 1) * 1000, "speech")]
        assert found[f"{who}, words"] == [(n * 1000, (n + 1) * 1000, text)]


@READERS
def test_cues_and_marks_are_at_their_times(written, opened, tmp_path: Path):
    events = [
        speech("Ana", RATE, 9 * RATE),
        cue(10 * RATE, "Ana", text="…and you?"),
        cue(10 * RATE, "Ana", "budget"),
        cue(10 * RATE + 4 * STEP, "Ana"),
        Marked(at=11 * RATE, note="her\nmother"),
        Marked(at=12 * RATE),
    ]
    found = opened(written(told(ended(events))), tmp_path)
    ends = [10_000, 10_040] if opened is not by_pympi else [10_040, 10_540]
    assert found["coach, cues"] == [
        (10_000, ends[0], "inward (spoken) for Ana: …and you? + held back, budget: too_soon (tone) for Ana"),
        (10_040, ends[1], "too_soon (tone) for Ana"),
    ]
    assert [(start, label) for start, _, label in found["coach, marks"]] == [(11_000, "her mother"), (12_000, "mark")]


@READERS
def test_nothing_was_given_while_a_recording_was_analysed(written, opened, tmp_path: Path):
    events = ended([speech("Ana", RATE, 9 * RATE), cue(10 * RATE, "Ana"), cue(20 * RATE, "Ana", "budget")])
    exported = Exported.of(replace(session(events), attribution=RECORDING), events)
    found = opened(written(exported), tmp_path)["coach, cues"]
    assert [label for _, _, label in found] == [
        "would have been given: too_soon (tone) for Ana",
        "held back, budget: too_soon (tone) for Ana",
    ]


@READERS
def test_silences_and_lost_sound_are_named(written, opened, tmp_path: Path):
    events = [
        speech("Ana", RATE, 3 * RATE),
        speech("Ana", 4 * RATE, 7 * RATE),
        speech("Ben", 9 * RATE, 12 * RATE),
        AudioGap(at=8 * RATE, span=Span(7 * RATE + 160, 8 * RATE), reason="lost"),
    ]
    found = opened(written(told(ended(events))), tmp_path)
    assert found["all, silences"] == [
        (0, 1000, "silence"),
        (3000, 4000, "pause"),
        (7000, 9000, "gap"),
        (12_000, 13_200, "silence"),
    ]
    assert found["all, unheard"] == [(7010, 8000, "unheard")]
    assert found["Ana, turns"] == [(1000, 7000, "share")]


def test_a_silence_is_a_pause_if_the_turn_goes_on_despite_a_murmur_by_the_other():
    events = [
        speech("Ana", 0, 4 * RATE),
        speech("Ben", 2 * RATE, 3 * RATE),
        speech("Ben", 5 * RATE, 6 * RATE),
        said("Ben", 5 * RATE, 6 * RATE, "mm-hm", acknowledgement=True),
        speech("Ana", 7 * RATE, 9 * RATE),
    ]
    found = {tier.name: tier.intervals for tier in tiers(told(ended(events, after=0)))}
    assert found["Ben, turns"] == ((2000, 3000, "backchannel"), (5000, 6000, "backchannel"))
    assert found["all, silences"][:2] == ((4000, 5000, "pause"), (6000, 7000, "pause"))


@READERS
def test_a_session_in_which_nothing_happened_can_be_opened(written, opened, tmp_path: Path):
    assert opened(written(told([])), tmp_path) == {"Ana": [], "Ben": []}


@READERS
def test_words_are_on_a_tier_only_on_request(written, opened, tmp_path: Path):
    events = ended([speech("Ana", 0, RATE), said("Ana", 0, RATE, "so I left")])
    data = written(told(events, words=False))
    assert b"left" not in data
    assert opened(data, tmp_path)["Ana, reading"] == [(0, 1000, "3 words")]


def test_a_tier_of_elan_belongs_to_its_person():
    events = ended([speech("Ana", 0, RATE), said("Ana", 0, RATE), speech(UNKNOWN, 2 * RATE, 3 * RATE)])
    tags = [line for line in as_eaf(told(events)).decode().splitlines() if "<TIER " in line]
    assert sum('PARTICIPANT="Ana"' in tag for tag in tags) == 4
    assert sum('PARTICIPANT="?"' in tag for tag in tags) == 2


def test_the_same_session_gives_exactly_the_same_file():
    events = long_talk(5)
    assert as_eaf(told(events)) == as_eaf(told(events))
    assert b'DATE="2026-03-04T20:15:00+00:00"' in as_eaf(told(events))


@given(talks())
@settings(max_examples=60)
def test_nothing_on_a_tier_overlaps_and_no_row_of_the_object_is_lost(talk):
    people, events = talk
    exported = told(events, people)
    found = {tier.name: tier for tier in tiers(exported)}
    for tier in found.values():
        for one, next_one in zip(tier.intervals, tier.intervals[1:], strict=False):
            assert one.start < next_one.start
            assert one.end <= next_one.start
    for who in (*people, UNKNOWN):
        for part, name in (("speech", who), ("turns", f"{who}, turns")):
            intervals = found[name].intervals if name in found else ()
            assert [(each.start, each.end) for each in intervals] == spoken(exported, part, who)


def test_overlapping_readings_divide_the_time_in_any_order_of_arrival():
    spans = [(RATE // 2, 2 * RATE), (0, RATE), (0, STEP), (STEP, 2 * STEP)]
    words = [replace(said("Ana", *span), at=9 * RATE) for span in spans]
    (reading,) = (tier for tier in tiers(told(ended(words))) if tier.name == "Ana, reading")
    assert [(each.start, each.end) for each in reading.intervals] == [(0, 10), (10, 1000), (1000, 2000)]


def test_a_textgrid_has_a_positive_length_even_without_sound():
    assert length(told([]), []) == 1
