"""How `scripts/bench/run moments` scores invitations on labelled conversations."""

import numpy as np
import pytest

from coach.core.span import Span
from scripts.bench.heard_talk import SILENT, HeardTalk, Line, exact_units, own_words
from scripts.bench.moments import Stretch, is_right, stretches
from scripts.bench.results.figures import interval
from scripts.simulate.perfect_hearing import Said


def talk(*levels: str | None, who: str = "Ana", seconds: float = 10.0) -> HeardTalk:
    """`who` speaks a line of `seconds` for each level, and Ben asks something after each."""
    lines: list[Line] = []
    at = 20.0
    for level in levels:
        lines += [Line(who, at, at + seconds, level), Line("Ben", at + seconds + 0.5, at + seconds + 1.5, None)]
        at += seconds + 2
    units = tuple(Said(line.who, Span.seconds(line.start, line.end), "") for line in lines)
    return HeardTalk("made", (who, "Ben"), tuple(lines), units, {})


def test_ones_own_last_words_reach_back_through_the_others_questions():
    lines, full = own_words(talk("1", "2", "1", "1"), "Ana", 80.0, 25.0)
    assert [line.level for line in lines] == ["1", "1", "2"]
    assert full


@pytest.mark.parametrize(
    ("levels", "right"),
    [("11111", True), ("1N1N1", True), ("11211", False), ("3NN11", False), ("NNN11", False)],
)
def test_an_invitation_is_right_if_nothing_inner_and_mostly_events_were_told(levels, right):
    assert is_right(talk(*levels), "Ana", 80.0) is right


def test_inner_words_before_the_last_forty_five_seconds_do_not_count():
    assert is_right(talk("3", *"11111"), "Ana", 92.0)


def test_an_invitation_to_somebody_whose_lines_nobody_labelled_is_never_right():
    assert not is_right(talk(*"11111"), "Ben", 80.0)


def test_a_stretch_is_there_after_four_labelled_lines_of_events():
    assert [(each.who, each.at) for each in stretches(talk(*"1111111"))] == [("Ana", 75.0)]
    assert stretches(talk(*"1112111")) == []
    assert stretches(talk("1", None, "1", None, "1", None, "1")) == []


def test_an_invitation_belongs_to_a_stretch_up_to_a_minute_after_it():
    stretch = Stretch("Ana", 100.0)
    assert [stretch.holds("Ana", at) for at in (54, 55, 160, 161)] == [False, True, True, False]
    assert not stretch.holds("Ben", 100.0)


def test_an_interval_narrows_with_the_count():
    assert interval(9, 10) == "0.90 (0.60 to 0.98; 9 of 10)"
    assert interval(0, 0) == "-"


def test_the_speech_of_a_channel_is_found_by_its_level():
    sound = np.full(32_000, SILENT / 20, np.float32)
    sound[8_000:16_000] = 0.1
    sound[17_600:24_000] = 0.1  # a tenth of a second later: the same unit
    sound[28_000:28_320] = 0.1  # a click
    assert exact_units(sound) == [Span(8_000, 24_000)]
