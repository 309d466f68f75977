"""Sessions as WebVTT, read by webvtt-py and by the coach."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
import webvtt
from hypothesis import given, settings

from coach.core.span import RATE
from coach.review import read_transcript
from coach.review.exports import Exported, as_vtt
from tests.review.made_talk import ODD_NAMES, ended, long_export, long_talk, said, speech, talks, told


def captions(exported: Exported) -> list[tuple[float, float, str, str]]:
    found = webvtt.WebVTT.from_string(as_vtt(exported).decode(), strict=True).captions
    return [
        (_seconds(each.start_time), _seconds(each.end_time), unescape(each.voice), unescape(each.text))
        for each in found
    ]


def _seconds(stamp: webvtt.models.Timestamp) -> float:
    return stamp.in_milliseconds() / 1000


@pytest.mark.parametrize("turns", [5, 1000])
def test_recognised_words_are_a_caption_at_their_time(turns: int):
    exported = long_export(turns)
    wanted = sorted((each.span.start_s, each.span.end_s, each.who, each.text) for each in exported.words)
    assert captions(exported) == wanted


@pytest.mark.parametrize("turns", [5, 1000])
def test_without_words_a_caption_shows_whose_turn_it_is(turns: int):
    exported = told(long_talk(turns), words=False)
    rows = exported.analysis["turns"]
    assert captions(exported) == [(row["start_s"], row["end_s"], row["who"], f"[{row['who']}]") for row in rows]
    assert b"told" not in as_vtt(exported)


def test_odd_names_and_words_are_text_not_tags(tmp_path: Path):
    text = "a --> b <i>& &amp;\n\nNOTE c"
    events = [speech(who, n * RATE, (n + 1) * RATE) for n, who in enumerate(ODD_NAMES)]
    events += [said(who, n * RATE, (n + 1) * RATE, text) for n, who in enumerate(ODD_NAMES)]
    exported = told(ended(events), ODD_NAMES)
    assert [(who, said) for _, _, who, said in captions(exported)] == [
        (who, "a --> b <i>& &amp; NOTE c") for who in ODD_NAMES
    ]
    path = tmp_path / "talk.vtt"
    path.write_bytes(as_vtt(exported))
    assert [line["who"] for line in read_transcript(path).lines] == list(ODD_NAMES)


def test_words_that_were_recognised_late_are_a_caption_in_their_place():
    late = replace(said("Ana", 0, RATE, "first"), at=9 * RATE)
    found = captions(told(ended([said("Ben", 2 * RATE, 3 * RATE, "second"), late])))
    assert [text for _, _, _, text in found] == ["first", "second"]


def test_a_session_in_which_nothing_happened_has_no_captions():
    assert as_vtt(told([])) == b"WEBVTT\n"


@given(talks())
@settings(max_examples=40)
def test_any_session_can_be_opened_with_a_caption_for_each_stretch_of_words_or_turn(talk):
    people, events = talk
    exported = told(events, people)
    worded = [each for each in exported.words if each.text]
    assert len(captions(exported)) == len(worded or exported.analysis["turns"])
