"""The sample conversation: its annotation follows from the definitions, and its sound can be reproduced.

The annotation is checked against its inter-pausal units, independently of the conclusions in `scripts/make_assets.py`.
"""

from __future__ import annotations

import json
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile as sf

from coach.core.resources import asset
from scripts import make_assets

ROOT = Path(__file__).resolve().parent.parent
RATE = 16_000
NEAR = 0.0015  # seconds; the largest sum of roundings to the millisecond


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return tomllib.loads((ROOT / "scripts" / "sample_script.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    return json.loads(asset("sample.truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sound() -> np.ndarray:
    return sf.read(asset("sample.flac"), dtype="float64")[0]


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made again")
    make_assets.main(["--to", str(folder), "--stems", str(folder / "stems")])
    return folder


def turns(truth: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in truth["turns"] if row["kind"] == "turn"]


def speech_in(truth: dict[str, Any], who: str, start: float, end: float) -> float:
    """Seconds of the person's speech between two moments."""
    rows = [row for row in truth["speech"] if row["speaker"] == who]
    return sum(max(0.0, min(end, row["end_s"]) - max(start, row["start_s"])) for row in rows)


def units_of(truth: dict[str, Any], turn: dict[str, Any]) -> list[dict[str, Any]]:
    """The inter-pausal units of one turn."""
    mine = [row for row in truth["speech"] if row["speaker"] == turn["speaker"]]
    return [row for row in mine if turn["start_s"] <= row["start_s"] < turn["end_s"]]


def turn_before(truth: dict[str, Any], at: float) -> dict[str, Any]:
    """The turn from which the floor was taken at `at` seconds."""
    return next(a for a, b in pairwise(turns(truth)) if b["start_s"] == pytest.approx(at, abs=NEAR))


def other(truth: dict[str, Any], who: str) -> str:
    return next(name for name in truth["people"] if name != who)


def test_the_sample_is_one_microphone_and_about_four_minutes() -> None:
    info = sf.info(asset("sample.flac"))
    assert (info.samplerate, info.channels, info.subtype) == (RATE, 1, "PCM_16")
    assert 180 <= info.duration <= 270
    assert asset("sample.flac").stat().st_size < 5_000_000


def test_both_voices_are_equally_loud_and_well_above_the_room_noise(truth: dict[str, Any], sound: np.ndarray) -> None:
    def level(spans: list[tuple[float, float]]) -> float:
        heard = np.concatenate([sound[round(a * RATE) : round(b * RATE)] for a, b in spans])
        return float(10 * np.log10((heard**2).mean()))

    units = {who: [] for who in truth["people"]}
    for row in truth["speech"]:
        if row["end_s"] - row["start_s"] > 1:  # a backchannel is softer
            units[row["speaker"]].append((row["start_s"], row["end_s"]))
    loud = [level(spans) for spans in units.values()]
    assert abs(loud[0] - loud[1]) < 3
    assert all(-29 < each < -23 for each in loud)
    quiet = level([(0.0, 0.5)])
    assert -62 < quiet < -54


def test_no_sample_is_clipped(sound: np.ndarray) -> None:
    assert np.abs(sound).max() < 0.99


def test_one_persons_units_are_at_least_the_join_apart(truth: dict[str, Any]) -> None:
    for who in truth["people"]:
        units = [row for row in truth["speech"] if row["speaker"] == who]
        assert all(row["end_s"] > row["start_s"] for row in units)
        assert all(b["start_s"] - a["end_s"] >= 0.18 - NEAR for a, b in pairwise(units))


def test_there_is_speech_where_the_truth_says(truth: dict[str, Any], sound: np.ndarray) -> None:
    for row in truth["speech"]:
        unit = sound[round(row["start_s"] * RATE) : round(row["end_s"] * RATE)]
        assert 10 * np.log10((unit**2).mean()) > -45, row
    ends = sorted(row["end_s"] for row in truth["speech"])
    starts = sorted(row["start_s"] for row in truth["speech"])
    pauses = [(max(e for e in ends if e <= s), s) for s in starts if any(e <= s for e in ends)]
    still = [
        (a + 0.4, b)
        for a, b in pauses
        if b - a > 0.6 and not any(row["start_s"] < b and a < row["end_s"] for row in truth["speech"])
    ]
    assert len(still) > 10
    for a, b in still:
        silence = sound[round(a * RATE) : round((b - 0.02) * RATE)]
        assert 10 * np.log10((silence**2).mean()) < -48, (a, b)


def test_turns_begin_and_end_with_speech_and_contain_all_of_it(truth: dict[str, Any]) -> None:
    for row in truth["turns"]:
        spoken = speech_in(truth, row["speaker"], row["start_s"], row["end_s"])
        assert spoken == pytest.approx(row["speech_s"], abs=0.2), row["text"]
        assert any(abs(unit["start_s"] - row["start_s"]) < NEAR for unit in truth["speech"])
        assert any(abs(unit["end_s"] - row["end_s"]) < NEAR for unit in truth["speech"])


def test_the_two_people_alternate(truth: dict[str, Any]) -> None:
    assert all(a["speaker"] != b["speaker"] for a, b in pairwise(turns(truth)))
    assert len(truth["transfers"]) == len(turns(truth)) - 1


def test_every_line_of_the_script_is_in_the_truth_once(truth: dict[str, Any], script: dict[str, Any]) -> None:
    told = " ".join(row["text"] for row in truth["turns"])
    assert all(line["text"] in told for line in script["line"])
    assert sum(len(line["text"].split()) for line in script["line"]) == len(told.split())


def test_the_gaps_are_those_of_the_script(truth: dict[str, Any], script: dict[str, Any]) -> None:
    floor = [line for line in script["line"] if line.get("kind", "turn") == "turn"]
    gaps = [b["gap"] for a, b in pairwise(floor) if a["who"] != b["who"]]
    assert [row["fto_s"] for row in truth["transfers"]] == pytest.approx(gaps, abs=0.0051)


def test_offsets_shares_too_soon_and_over_follow_the_definitions(truth: dict[str, Any]) -> None:
    for (told, answer), row in zip(pairwise(turns(truth)), truth["transfers"], strict=True):
        fto = answer["start_s"] - told["end_s"]
        long = speech_in(truth, told["speaker"], told["start_s"], told["end_s"]) >= 5.0
        share = long and not told["logistics"]
        early = share and not told["text"].endswith("?")
        assert row["fto_s"] == pytest.approx(fto, abs=NEAR)
        assert row["at_s"] == answer["start_s"]
        assert (row["from"], row["to"]) == (told["speaker"], answer["speaker"])
        assert told["share"] == row["after_share"] == share
        assert row["too_soon"] == (early and fto < 2.0)
        assert row["over"] == (early and fto < -0.2)


def test_no_turn_is_so_close_to_the_length_of_a_share_that_an_edge_decides(truth: dict[str, Any]) -> None:
    for row in turns(truth):
        assert not 4.2 < row["speech_s"] < 5.1, row["text"]


def test_no_telling_is_so_close_to_a_long_one_that_an_edge_decides(truth: dict[str, Any]) -> None:
    for row in turns(truth):
        assert not 18.0 < row["speech_s"] < 22.0, row["text"]


def test_check_in_sentences_are_long_enough_to_learn_a_voice(truth: dict[str, Any]) -> None:
    assert list(truth["enrolment"]) == ["Ana", "Ben"]
    for who, (start, end) in truth["enrolment"].items():
        assert 5.5 <= speech_in(truth, who, start, end) <= end - start <= 7.0
        assert speech_in(truth, other(truth, who), start - 1, end + 1) == 0
    (_, ana), (ben, after) = truth["enrolment"].values()
    assert 2.3 < ben - ana < 2.7
    assert 2.8 < turns(truth)[2]["start_s"] - after < 3.2


def test_the_long_share_is_a_minute_of_events_and_then_a_silence(truth: dict[str, Any]) -> None:
    share, answer = next((a, b) for a, b in pairwise(turns(truth)) if a["speaker"] == "Ana" and a["speech_s"] > 45)
    assert share["speech_s"] >= 60
    assert share["text"].count(".") >= 9
    assert 4.5 <= answer["start_s"] - share["end_s"] <= 5.0
    inner = {"feel", "felt", "sad", "afraid", "glad", "hope", "wish", "miss", "need", "want", "dream", "body", "heart"}
    assert not inner & set(share["text"].lower().replace(".", "").replace(",", "").split())
    units = units_of(truth, share)
    pauses = [b["start_s"] - a["end_s"] for a, b in pairwise(units)]
    assert len([p for p in pauses if 0.5 <= p <= 2.0]) >= 9
    assert max(pauses) <= 2.01


def test_once_the_run_is_long_no_thinking_pause_looks_like_its_end(truth: dict[str, Any]) -> None:
    """After 45 s of speech, a second of silence brings an invitation, so only the end may have one."""
    for share in (row for row in turns(truth) if row["speech_s"] >= 45):
        units = units_of(truth, share)
        spoken = 0.0
        for a, b in pairwise(units):
            spoken += a["end_s"] - a["start_s"]
            assert spoken < 43 or b["start_s"] - a["end_s"] < 0.9


def test_the_inward_share_is_long_enough_that_only_its_words_spare_it_a_cue(truth: dict[str, Any]) -> None:
    share = next(row for row in turns(truth) if row["speaker"] == "Ben" and row["speech_s"] > 45)
    assert share["end_s"] - share["start_s"] >= 50
    assert share["text"].count(".") >= 9
    for word in ("sad", "miss", "body", "need", "longing", "hope", "dream", "telling myself", "run away"):
        assert word in share["text"]
    assert not any(cue["kind"] == "inward" and cue["to"] == "Ben" for cue in truth["cues"])


def test_backchannels_are_short_and_do_not_take_the_floor(truth: dict[str, Any]) -> None:
    heard = [row for row in truth["turns"] if row["kind"] == "backchannel"]
    assert len(heard) >= 6
    under = []
    for row in heard:
        assert row["end_s"] - row["start_s"] <= 1.2
        assert len(row["text"].split()) <= 4
        holder = other(truth, row["speaker"])
        assert speech_in(truth, holder, row["end_s"], row["end_s"] + 2.0) > 0.5
        under.append(speech_in(truth, holder, row["start_s"], row["end_s"]) > 0)
    assert under.count(True) >= 2
    assert under.count(False) >= 2


def test_the_incursion_is_inside_the_other_persons_continuing_turn(truth: dict[str, Any]) -> None:
    row = next(row for row in truth["turns"] if row["kind"] == "incursion")
    holder = other(truth, row["speaker"])
    assert 1.2 < row["end_s"] - row["start_s"] < 3.0
    assert speech_in(truth, holder, row["start_s"], row["end_s"]) > 0.5 * (row["end_s"] - row["start_s"])
    assert speech_in(truth, holder, row["end_s"], row["end_s"] + 1.0) > 0.8


def test_the_first_minute_has_one_early_answer_whose_cue_is_held_back(truth: dict[str, Any]) -> None:
    begins = truth["enrolment"]["Ben"][1]
    early = [row for row in truth["transfers"] if row["too_soon"] and row["at_s"] < 60]
    assert len(early) == 1
    assert early[0]["at_s"] > begins
    held = [cue for cue in truth["cues"] if not cue["given"] and cue["near_s"] < 60]
    assert [(cue["kind"], cue["held_back"]) for cue in held] == [("too_soon", "quiet-first")]
    assert held[0]["near_s"] == pytest.approx(early[0]["at_s"] + 1.2, abs=NEAR)


def test_later_early_answers_are_long_turns_far_apart_from_each_other(truth: dict[str, Any]) -> None:
    late = [row for row in truth["transfers"] if row["too_soon"] and row["at_s"] > 80 and not row["haste"]]
    assert [row["over"] for row in late].count(True) == 1
    assert [row["over"] for row in late].count(False) >= 2
    tones = [cue["near_s"] for cue in truth["cues"] if cue["given"] and cue["kind"] in {"too_soon", "over"}]
    assert tones == pytest.approx([row["at_s"] + 1.2 for row in late], abs=NEAR)
    assert all(b - a >= 25 for a, b in pairwise(tones))
    for row in late:
        turn = next(t for t in turns(truth) if t["start_s"] == row["at_s"])
        assert turn["speech_s"] >= 3.0
        assert -0.75 <= row["fto_s"] <= 0.4


def test_there_are_quick_answers_to_questions_and_long_breaths(truth: dict[str, Any]) -> None:
    quick = [row for row in truth["transfers"] if row["after_question"] and 0.2 <= row["fto_s"] <= 0.3]
    assert len(quick) >= 3
    assert not any(row["too_soon"] for row in truth["transfers"] if row["after_question"])
    breaths = [row for row in truth["transfers"] if row["after_share"] and not row["check_in"] and row["fto_s"] >= 2.5]
    assert len(breaths) >= 2


def test_each_thing_that_may_be_lost_is_lost_once(truth: dict[str, Any]) -> None:
    tones = [cue for cue in truth["cues"] if cue["given"] and cue["kind"] in {"too_soon", "over"}]
    lost = {cue["lost"]: cue["near_s"] - 1.2 for cue in tones}
    assert len(lost) == len(tones) == 3
    held = {each: turn_before(truth, at) for each, at in lost.items()}
    told = {each: speech_in(truth, row["speaker"], row["start_s"], row["end_s"]) for each, row in held.items()}
    over = {each: speech_in(truth, held[each]["speaker"], at, held[each]["end_s"]) for each, at in lost.items()}
    assert [each for each, row in held.items() if "I feel" in row["text"]] == ["inner"]
    assert [each for each, seconds in over.items() if seconds >= 0.4] == ["mid-thought"]
    assert [each for each, seconds in told.items() if seconds >= 20 and each != "inner"] == ["long"]


def test_one_quick_answer_is_excused_since_it_answers_thanks(truth: dict[str, Any]) -> None:
    (answer,) = [row for row in truth["transfers"] if row["haste"]]
    assert answer["too_soon"]
    assert turn_before(truth, answer["at_s"])["text"].split(". ")[-1].startswith("Thank you")
    (cue,) = [cue for cue in truth["cues"] if cue["held_back"] == "haste-excused"]
    assert not cue["given"]
    assert cue["to"] == answer["to"]
    assert cue["near_s"] == pytest.approx(answer["at_s"] + 1.2, abs=NEAR)


def test_one_invitation_is_due_in_the_silence_after_the_long_share(truth: dict[str, Any]) -> None:
    (cue,) = [cue for cue in truth["cues"] if cue["kind"] == "inward"]
    share, answer = next((a, b) for a, b in pairwise(turns(truth)) if a["speech_s"] > 45)
    assert cue["given"]
    assert cue["to"] == share["speaker"]
    assert share["end_s"] + 0.9 < cue["near_s"] < answer["start_s"] - 2.0


def test_making_the_sample_again_gives_the_same_truth(made_again: Path, truth: dict[str, Any]) -> None:
    assert json.loads((made_again / "sample.truth.json").read_text(encoding="utf-8")) == truth


def test_making_the_sample_again_gives_the_same_sound(made_again: Path) -> None:
    shipped = sf.read(asset("sample.flac"), dtype="int16")[0].astype(int)
    again = sf.read(made_again / "sample.flac", dtype="int16")[0].astype(int)
    assert len(again) == len(shipped)
    assert np.abs(again - shipped).max() <= 1


def test_the_stems_hold_one_voice_each(made_again: Path, truth: dict[str, Any]) -> None:
    for who in truth["people"]:
        clean, rate = sf.read(made_again / "stems" / f"{who.lower()}.wav")
        assert rate == RATE
        told = next(row for row in turns(truth) if row["speaker"] == other(truth, who))
        assert np.abs(clean[round(told["start_s"] * RATE) : round(told["end_s"] * RATE)]).max() < 0.001


def test_with_one_microphone_per_person_the_other_voice_is_18_db_lower(made_again: Path, truth: dict[str, Any]) -> None:
    both = sf.read(made_again / "stems" / "two_channels.wav", dtype="float64")[0]
    for channel, who in enumerate(truth["people"]):
        told = next(row for row in turns(truth) if row["speaker"] == who)
        level = 10 * np.log10((both[round(told["start_s"] * RATE) : round(told["end_s"] * RATE)] ** 2).mean(0))
        assert level[channel] - level[1 - channel] == pytest.approx(18, abs=0.7)


def test_the_reverberation_decays_in_a_third_of_a_second_and_the_direct_sound_is_strongest(
    script: dict[str, Any],
) -> None:
    for person in script["people"].values():
        echoes = make_assets.room_response(script["room"], person["place_m"])
        response = make_assets.heard(
            np.append(echoes, np.zeros(RATE // 2)), np.ones(1)
        )  # as filtered by the microphone
        left = 10 * np.log10(np.cumsum((response**2)[::-1])[::-1] / (response**2).sum())  # Schroeder's decay
        tail = np.flatnonzero((left < -10) & (left > -30))
        slope = np.polyfit(tail / RATE, left[tail], 1)[0]
        assert -60 / slope == pytest.approx(script["room"]["t60_s"], abs=0.03)
        assert response[0] ** 2 > 0.5 * (response**2).sum()
        assert response[0] == np.abs(response).max()
