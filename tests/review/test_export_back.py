"""Exports read back exactly: people, turns, transfers, pauses and statistics."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from pympi import Eaf

from coach.core.errors import BadInput
from coach.core.events import AudioGap, Words
from coach.core.settings import Settings
from coach.core.span import RATE, Span
from coach.review import analyse_events
from coach.review.exports import Exported, as_eaf, as_rttm, as_textgrid
from coach.runtime.segments import segment_events as read_back
from tests.review.made_talk import STEP, ended, long_export, long_talk, said, speech, talks, told
from tests.review.read_segments import segments

TIERED = pytest.mark.parametrize(("written", "name"), [(as_textgrid, "talk.TextGrid"), (as_eaf, "talk.eaf")])
NOT_THERE = ("recording", "settings", "marks", "cues")  # a file of segments has another name, and none of the rest


def back(data: bytes, name: str, people: tuple[str, ...] = ()) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        (found,) = read_back(path, Settings(), people)
    return analyse_events(
        found.events, name=found.name, duration=found.duration, channels=0, settings=Settings().as_dict(),
        people=found.people, words=True,
    )  # fmt: skip


def with_tier(data: bytes, name: str, tier: str, *intervals: tuple[int, int, str], first: bool = False) -> bytes:
    """An export to which somebody added a tier by hand, before or behind all others."""
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        if path.suffix == ".eaf":
            eaf = Eaf(str(path), suppress_version_warning=True)
            eaf.add_tier(tier)
            for start, end, label in intervals:
                eaf.add_annotation(tier, start * 1000, end * 1000, label)
            eaf.to_file(str(path))
            return path.read_bytes()
    head, tiers = data.decode().split("item []: \n")
    size = re.search(r"size = (\d+) ", head)
    assert size
    head = head.replace(size[0], f"size = {int(size[1]) + 1} ")
    own = f'"IntervalTier" "{tier}" 0 99 {len(intervals)}\n'
    own += "".join(f'{start} {end} "{label}"\n' for start, end, label in intervals)
    return f"{head}{own if first else ''}{tiers}{'' if first else own}".encode()


def notices(data: bytes, name: str) -> tuple[str, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        (found,) = segments(path)
    return found.notices


def compared(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key not in NOT_THERE}


@TIERED
@pytest.mark.parametrize("turns", [5, 1000])
def test_a_conversation_comes_back_complete(written: Callable[[Exported], bytes], name: str, turns: int):
    exported = long_export(turns)
    found = back(written(exported), name)
    assert compared(found) == compared(exported.analysis)
    assert found["recording"]["duration_s"] == exported.analysis["recording"]["duration_s"]
    statistics = found["statistics"]
    assert statistics["transfers"]["value"] > 0
    assert statistics["words.Ana"]["value"] > 0
    assert found["turns"][0]["text"]


@TIERED
@given(talk=talks())
@settings(max_examples=60)
def test_any_conversation_comes_back_with_its_odd_names_unknown_voices_and_lost_sound(written, name, talk):
    people, events = talk
    exported = told(events, people)
    assert compared(back(written(exported), name)) == compared(exported.analysis)


@TIERED
def test_the_statistics_do_not_need_the_text(written, name):
    events = [
        speech("Ana", 0, 6 * RATE),
        said("Ana", 0, 6 * RATE, "so what would you do", question=True),
        speech("Ben", 7 * RATE, 8 * RATE + RATE // 2),
        said("Ben", 7 * RATE, 8 * RATE + RATE // 2, "oh dear oh dear oh", acknowledgement=True),
        speech("Ana", 9 * RATE, 10 * RATE),
    ]
    wordless = told(ended(events), words=False)
    assert [each["kind"] for each in wordless.analysis["turns"]] == ["turn", "backchannel"]
    assert compared(back(written(wordless), name)) == compared(wordless.analysis)


@TIERED
def test_pauses_with_lost_sound_are_not_measured_after_the_round_trip_either(written, name):
    lost = AudioGap(at=7 * RATE, span=Span(6 * RATE + STEP, 7 * RATE), reason="lost")
    exported = told(ended([speech("Ana", 0, 6 * RATE), lost, speech("Ben", 8 * RATE, 11 * RATE)]))
    found = back(written(exported), name)
    assert found["transfers"][0]["fto_s"] is None
    assert found["statistics"]["unheard_s"]["value"] == 0.99


@pytest.mark.parametrize("turns", [5, 1000])
def test_without_words_the_speech_tiers_alone_are_enough(turns: int):
    events = [event for event in long_talk(turns) if not isinstance(event, Words)]
    exported = told(events)
    assert compared(back(as_rttm(exported), "talk.rttm")) == compared(exported.analysis)


def test_with_words_the_speech_tiers_alone_give_back_the_speech_and_its_amount_per_person():
    exported = long_export(5)
    found = back(as_rttm(exported), "talk.rttm")
    assert found["speech"] == exported.analysis["speech"]
    for name, figure in exported.analysis["statistics"].items():
        if name.startswith(("talk_s", "talk_share")):
            assert found["statistics"][name] == figure


@TIERED
def test_selected_people_keep_their_words_and_the_others_are_left_out(written, name, tmp_path: Path):
    (tmp_path / name).write_bytes(written(long_export(5)))
    (chosen,) = segments(tmp_path / name, ("Ben",))
    assert {each.who for each in chosen.words} == {each.who for each in chosen.segments} == {"Ben"}
    found = back(written(long_export(5)), name, ("Ben",))
    assert found["people"] == ["Ben"]
    assert found["statistics"]["words.Ben"] == long_export(5).analysis["statistics"]["words.Ben"]
    assert {each["who"] for each in found["turns"]} == {"Ben"}


@TIERED
def test_words_written_on_a_persons_tier_do_not_count_if_there_are_readings(written, name):
    exported = told(ended([speech("Ana", 0, 2 * RATE), said("Ana", 0, 2 * RATE, "hm")]), words=False)
    data = written(exported).replace(b"speech", b"do you want tea?")
    assert compared(back(data, name)) == compared(exported.analysis)


@TIERED
def test_without_readings_the_labels_on_a_persons_tier_are_read_again(written, name):
    exported = told(ended([speech("Ana", 0, 2 * RATE), said("Ana", 0, 2 * RATE, "hm", acknowledgement=True)]))
    text = written(exported).decode().replace("Ana, reading", "Ana, other").replace("speech", "do you want tea?")
    found = back(text.replace("Ana, other", "other").encode(), name, ("Ana",))
    assert found["statistics"]["words.Ana"]["value"] == 4


@pytest.mark.parametrize("label", ["many words", "3 words; shouted", "3 words; level", ""])
def test_a_reading_that_was_edited_wrongly_is_reported(label: str, tmp_path: Path):
    exported = told(ended([speech("Ana", 0, RATE), said("Ana", 0, RATE)]))
    path = tmp_path / "talk.eaf"
    path.write_bytes(as_eaf(exported).replace(b"3 words", label.encode()))
    with pytest.raises(BadInput, match='tier "Ana, reading" holds') as caught:
        segments(path)
    assert "\n" not in str(caught.value)


def test_a_tier_with_a_describing_name_is_a_persons_if_there_is_nobody_to_describe(tmp_path: Path):
    exported = told(ended([speech("Ana", 0, RATE)]))
    path = tmp_path / "talk.TextGrid"
    path.write_bytes(as_textgrid(exported).replace(b'name = "Ana" ', b'name = "Eve" '))
    (found,) = segments(path)
    assert found.people == ("Eve", "Ana, turns", "Ben")


@TIERED
@pytest.mark.parametrize("people", [("Ana", "Ben"), ("Head", "Silva - notes"), ("speech", "Ana words")])
@pytest.mark.parametrize("tier", ["notes", "words of {}", "{}: words"])
def test_a_tier_that_somebody_added_to_an_export_is_not_taken_for_a_person(written, name, people, tier):
    first, other = people
    talk = [speech(first, 0, 4 * RATE), speech(other, 5 * RATE, 8 * RATE), speech(first, 9 * RATE, 12 * RATE)]
    exported = told(ended(talk), people)
    added = [(0, 2, "so"), (2, 4, "I"), (9, 12, "left")] if "words" in tier else [(8, 14, "lovely moment")]
    data = with_tier(written(exported), name, tier.format(first), *added)
    found = back(data, name)
    for key in ("people", "speech", "turns", "transfers"):
        assert found[key] == exported.analysis[key]
    (notice,) = [each for each in notices(data, name) if "times are read as written" not in each]
    assert f"left out {tier.format(first)} (" in notice


@TIERED
def test_an_added_tier_that_may_be_speech_is_named(written, name):
    exported = told(ended([speech("Ana", 0, 4 * RATE)]))
    assert notices(written(exported), name) == ()
    data = with_tier(written(exported), name, "Cleo", (4, 5, "[laughs]"))
    sounds, taken = sorted(notices(data, name), key=lambda each: "took Cleo" in each)
    assert back(data, name)["people"] == ["Ana", "Ben", "Cleo"]
    assert "took Cleo for speech too, although the coach wrote no turns beside it" in taken
    assert taken.endswith("--people Ana,Ben")
    assert '"[laughs]" (1)' in sounds


def test_a_tier_of_the_coach_is_never_left_out_as_a_part_of_one_that_somebody_added():
    exported = told(ended([speech("Ana", 0, 2 * RATE), speech("Ana", 3 * RATE, 4 * RATE)]))
    data = with_tier(as_textgrid(exported), "talk.TextGrid", "x", (0, 2, "a"), (3, 4, "b"), first=True)
    assert back(data, "talk.TextGrid")["people"] == ["Ana", "Ben"]


@TIERED
def test_notes_on_an_export_in_which_nobody_spoke_are_no_person(written, name):
    data = with_tier(written(told(ended([], after=2000))), name, "notes", (1, 2, "quiet"))
    assert back(data, name)["people"] == ["Ana", "Ben"]


def test_an_exported_conversation_is_read_without_classifying_words_again():
    """The readings are those of the coach that listened, even if a later version would classify differently."""
    exported = told(ended([speech("Ana", 0, RATE), said("Ana", 0, RATE, "no question here", question=True, level="3")]))
    (turn,) = back(as_textgrid(exported), "talk.TextGrid")["turns"]
    assert (turn["level"], turn["text"]) == ("3", "no question here")
