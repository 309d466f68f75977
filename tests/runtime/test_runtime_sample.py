"""The complete sample with the recogniser that ships, compared with its reference annotation.

The annotation was computed without any hearing.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from coach.asr import MoonshineTranscriber
from coach.core.events import Cue, Words
from coach.core.resources import asset
from coach.core.settings import Settings
from coach.review.analysis import analyse_events
from coach.runtime.offline import Analysed, Who, analyse
from coach.runtime.transcript import judged_lines
from tests.runtime.staged import PEOPLE, RATE, truth

TONES = ("too_soon", "over")
NEAR = 0.1  # seconds
FADED = 0.15  # seconds; a voice that fades in a room has no exact end
CUE_NEAR = 1.5  # seconds by which a cue may be later than its earliest possible time
DRILL = Settings(cues="drill")  # every early answer gets its tone


class Remembering(MoonshineTranscriber):
    """Recognises each sound once, however often the sample is analysed."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[bytes, str] = {}

    def transcribe(self, samples: np.ndarray) -> str:
        sound = samples.tobytes()
        if sound not in self.known:
            self.known[sound] = super().transcribe(samples)
        return self.known[sound]


@pytest.fixture(scope="module")
def transcriber() -> Remembering:
    return Remembering()


@pytest.fixture(scope="module")
def found(transcriber: Remembering) -> Analysed:
    """The sample, analysed with only the names of its people."""
    return analyse(asset("sample.flac"), Who(people=PEOPLE), DRILL, transcriber)


@pytest.fixture(scope="module")
def by_default(transcriber: Remembering) -> list[Cue]:
    """The tones of the sample, given and held back, with the settings that ship."""
    found = analyse(asset("sample.flac"), Who(people=PEOPLE), Settings(), transcriber)
    return [event for event in found.events if isinstance(event, Cue) and event.kind in TONES]


@pytest.fixture(scope="module")
def told(found: Analysed) -> dict[str, Any]:
    """The analysis of the sample."""
    whole = analyse_events(
        found.events,
        name=found.name,
        duration=found.duration,
        channels=found.channels,
        settings=DRILL.as_dict(),
        people=found.people,
        words=True,
    )
    cues = [event for event in found.events if isinstance(event, Cue)]  # two may be decided at one moment
    for cue in whole["cues"]:
        cue["to"] = next(e.to for e in cues if (round(e.at / RATE, 3), e.kind) == (cue["at_s"], cue["kind"]))
    return whole


def near(row: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    same = [r for r in rows if r["to"] == row["to"] and abs(r["at_s"] - row["at_s"]) <= NEAR]
    return same[0] if same else None


def test_every_floor_transfer_is_found_within_a_tenth_of_a_second(told: dict[str, Any]) -> None:
    missed = [row for row in truth()["transfers"] if near(row, told["transfers"]) is None]
    assert missed == []


def test_no_floor_transfer_is_invented(told: dict[str, Any]) -> None:
    invented = [row for row in told["transfers"] if near(row, truth()["transfers"]) is None]
    assert invented == []


def test_the_silence_before_each_answer_is_measured_as_exactly_as_a_voice_ends(told: dict[str, Any]) -> None:
    found = [(row, near(row, told["transfers"])) for row in truth()["transfers"]]
    off = [(row, other) for row, other in found if other and abs(row["fto_s"] - other["fto_s"]) > FADED]
    assert off == []


@pytest.mark.parametrize("kind", ["too_soon", "over"])
def test_exactly_the_transfers_that_were_too_soon_or_over_are_found(kind: str, told: dict[str, Any]) -> None:
    due = [(row["to"], row["at_s"]) for row in truth()["transfers"] if row[kind]]
    seen = [(row["to"], row["at_s"]) for row in told["transfers"] if row[kind]]
    assert [who for who, _ in seen] == [who for who, _ in due], (seen, due)
    assert [at for _, at in seen] == pytest.approx([at for _, at in due], abs=NEAR)


def test_in_a_drill_each_early_answer_gets_its_tone_except_in_the_quiet_first_minute(told: dict[str, Any]) -> None:
    due = [cue for cue in truth()["cues"] if cue["kind"] != "inward"]
    seen = [cue for cue in told["cues"] if cue["kind"] in TONES]
    wanted = ("kind", "to", "given", "held_back")
    assert [tuple(c[k] for k in wanted) for c in seen] == [tuple(c[k] for k in wanted) for c in due]
    assert [cue["because"].get("lost") for cue in seen] == [cue["lost"] for cue in due]
    for cue, moment in zip(seen, due, strict=True):
        assert -NEAR <= cue["at_s"] - moment["near_s"] <= CUE_NEAR


def test_by_default_a_tone_sounds_after_something_inner_and_in_mid_thought(by_default: list[Cue]) -> None:
    """A tone after a long telling alone is kept for later in the hour; where nothing is lost none is due."""
    reasons = {"inner": None, "mid-thought": None, "long": "budget", None: "nothing-lost"}
    due = [cue for cue in truth()["cues"] if cue["kind"] in TONES]
    excused = "haste-excused"  # comes before all other reasons
    wanted = [excused if cue["held_back"] == excused else reasons[cue["lost"]] for cue in due]
    assert [(cue.kind, cue.to) for cue in by_default] == [(cue["kind"], cue["to"]) for cue in due]
    assert [cue.held_back for cue in by_default] == wanted
    assert [cue.because.get("lost") for cue in by_default] == [cue["lost"] for cue in due]


def test_the_sharer_of_a_long_run_of_events_is_invited_once_and_the_sharer_of_inner_experience_is_not(
    told: dict[str, Any],
) -> None:
    (due,) = [cue for cue in truth()["cues"] if cue["kind"] == "inward"]
    (given,) = [cue for cue in told["cues"] if cue["kind"] == "inward" and cue["given"]]
    assert given["to"] == due["to"] == "Ana"
    assert given["form"] == "spoken"
    answer = min(row["at_s"] for row in truth()["transfers"] if row["at_s"] > due["near_s"])
    share_ends = max(r["end_s"] for r in truth()["speech"] if r["speaker"] == "Ana" and r["end_s"] <= due["near_s"])
    assert share_ends + 0.9 <= given["at_s"] <= answer - 1.5
    assert not [cue for cue in told["cues"] if cue["kind"] == "inward" and cue["to"] == "Ben"]


def test_there_are_no_other_cues(told: dict[str, Any]) -> None:
    due = [cue for cue in truth()["cues"] if cue["given"]]
    given = [cue for cue in told["cues"] if cue["given"]]
    assert [(cue["kind"], cue["to"]) for cue in given] == [(cue["kind"], cue["to"]) for cue in due]


def test_backchannels_are_not_turns(told: dict[str, Any]) -> None:
    for row in truth()["turns"]:
        if row["kind"] == "backchannel":
            turns = [t for t in told["turns"] if t["kind"] == "turn" and t["who"] == row["speaker"]]
            assert not any(t["start_s"] <= row["end_s"] and row["start_s"] <= t["end_s"] for t in turns), row["text"]


def test_the_recognised_words_are_nearly_those_that_were_spoken(told: dict[str, Any]) -> None:
    def words(rows: list[dict[str, Any]]) -> set[str]:
        text = " ".join(row["text"] or "" for row in rows).lower()
        return set("".join(c if c.isalpha() else " " for c in text).split())

    said, read = words(truth()["turns"]), words(told["turns"])
    assert len(said & read) >= 0.85 * len(said)


def test_recognised_words_are_classified_like_the_transcript(found: Analysed) -> None:
    heard = [event for event in found.events if isinstance(event, Words)]
    assert len(heard) > 20
    lines = [line for line, _, _ in judged_lines([{"who": words.who, "text": words.text} for words in heard])]
    for words, line in zip(heard, lines, strict=True):
        assert (words.level, words.p_experience, list(words.kinds)) == (
            line["level"],
            line["p_experience"],
            line["kinds"],
        )
        assert (words.response, words.p_response) == (line["response"], line["p_response"])


def test_an_answer_to_a_share_has_a_kind_and_other_turns_have_none(told: dict[str, Any]) -> None:
    turns = [turn for turn in told["turns"] if turn["kind"] == "turn"]
    answered = [(last, turn) for last, turn in pairwise(turns) if turn["response"] is not None]
    assert [turn for _, turn in answered if turn["response"] != "other"]
    assert all(last["share"] and last["who"] != turn["who"] for last, turn in answered)
