"""The analysis object that every review is built from."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from coach.core.events import UNKNOWN, AudioGap, Cue, CueFailed, Ended, HeardLess, Notice, Speech, Words
from coach.core.settings import Settings
from coach.core.span import Span, as_samples
from coach.review import analyse_events, session_analysis
from coach.review.analysis import last_breath
from coach.review.readings import combined_level
from coach.sessions import SessionHeader, Store


def speech(who: str, start: float, end: float) -> Speech:
    return Speech(at=as_samples(end + 0.2), who=who, span=Span.seconds(start, end), confidence=1.0)


def said(who: str, start: float, end: float, text: str, level: str = "1", *, kinds=(), **flags) -> Words:
    return Words(
        at=as_samples(end + 0.5), who=who, span=Span.seconds(start, end), count=len(text.split()), text=text,
        sentences=1, level=level, kinds=kinds, **flags,
    )  # fmt: skip


CUE = Cue(
    at=as_samples(9.6), kind="too_soon", form="tone", text="", to="Ben", given=False, held_back="budget",
    because={"fto_s": 0.30004, "left_s": float("nan"), "story": 2},
)  # fmt: skip

WALK = [
    speech("Ana", 0.5, 4.0),
    speech("Ana", 4.6, 8.0),
    said("Ana", 0.5, 4.0, "then we took the late bus home", "1", kinds=("feelings",)),
    said("Ana", 4.6, 8.0, "and I felt quite lost in there", "3", kinds=("feelings", "needs")),
    speech("Ben", 8.3, 11.0),
    said("Ben", 8.3, 11.0, "once I missed that bus as well", "1", kinds=("feelings",)),
    CUE,
    Notice(at=as_samples(12), text="a line for the people"),
    Ended(at=as_samples(12), reason="stopped"),
]


def looked_at(events, *, words=False, people=("Ana", "Ben"), counted_from=0, **settings):
    return analyse_events(
        events, name="walk", duration=as_samples(12.3456), channels=2, people=people, words=words,
        counted_from=counted_from, settings=Settings(**settings).as_dict(),
    )  # fmt: skip


def test_the_object_has_the_promised_fields_in_the_promised_order():
    found = looked_at(WALK)
    fields = "schema recording settings people breaths speech turns transfers pauses marks cues statistics"
    assert list(found) == fields.split()
    assert found["schema"] == "coach.analysis/1"
    assert found["recording"] == {"name": "walk", "duration_s": 12.346, "channels": 2, "counted_from_s": 0.0}
    assert found["settings"]["pause"] == 2.0
    assert found["people"] == ["Ana", "Ben"]
    assert [list(found[part][0]) for part in ("speech", "turns", "transfers", "pauses", "cues")] == [
        ["who", "start_s", "end_s"],
        ["who", "start_s", "end_s", "kind", "share", "text", "level", "kinds", "response"],
        ["from", "to", "at_s", "fto_s", "after_share", "too_soon", "over", "answer", "silence_at_s", "silence_s"],
        ["who", "start_s", "end_s"],
        ["at_s", "kind", "form", "text", "given", "held_back", "because", "to", "failed"],
    ]
    keys = {tuple(figure) for figure in found["statistics"].values()}
    assert keys == {("value", "n", "unit"), ("value", "n", "unit", "low", "high")}


def test_a_short_conversation_is_written_exactly_like_this():
    found = looked_at(WALK)
    assert found["speech"] == [
        {"who": "Ana", "start_s": 0.5, "end_s": 4.0},
        {"who": "Ana", "start_s": 4.6, "end_s": 8.0},
        {"who": "Ben", "start_s": 8.3, "end_s": 11.0},
    ]
    told = {"who": "Ana", "start_s": 0.5, "end_s": 8.0, "kind": "turn", "share": True, "text": None}
    assert found["turns"][0] == told | {"level": "2", "kinds": ["feelings", "needs"], "response": None}
    assert found["transfers"] == [
        {
            "from": "Ana",
            "to": "Ben",
            "at_s": 8.3,
            "fto_s": 0.3,
            "after_share": True,
            "too_soon": True,
            "over": False,
            "answer": True,
            "silence_at_s": 8.0,
            "silence_s": 0.3,
        }
    ]
    assert found["pauses"] == [{"who": "Ana", "start_s": 4.0, "end_s": 4.6}]
    assert found["cues"] == [
        {
            "at_s": 9.6, "kind": "too_soon", "form": "tone", "text": "", "given": False, "held_back": "budget",
            "because": {"fto_s": 0.3, "left_s": None, "story": 2}, "to": "Ben",
            "failed": False,
        }
    ]  # fmt: skip


def test_text_is_included_only_on_request_and_only_if_it_was_kept():
    assert {turn["text"] for turn in looked_at(WALK)["turns"]} == {None}
    assert [turn["text"] for turn in looked_at(WALK, words=True)["turns"]] == [
        "then we took the late bus home and I felt quite lost in there",
        "once I missed that bus as well",
    ]
    dropped = [speech("Ana", 0, 8), Words(at=1, who="Ana", span=Span.seconds(0, 8), count=9, text=None, level="1")]
    (turn,) = looked_at(dropped, words=True)["turns"]
    assert (turn["text"], turn["level"]) == (None, "1")


def test_without_words_there_is_no_level():
    found = looked_at([event for event in WALK if not isinstance(event, Words)])
    assert [(turn["level"], turn["kinds"]) for turn in found["turns"]] == [(None, []), (None, [])]
    assert found["transfers"][0]["too_soon"]


@pytest.mark.parametrize(
    ("levels", "level"),
    [
        ([], None),
        ([("N", 4)], "N"),
        ([("N", 40), ("1", 3)], "1"),
        ([("1", 80), ("2", 3)], "2"),
        ([("1", 80), ("3", 3)], "2"),
        ([("1", 10), ("3", 10)], "2"),
        ([("1", 10), ("3", 11)], "3"),
        ([("N", 90), ("3", 11)], "3"),
        ([("3", 0)], "3"),
    ],
)
def test_a_turn_is_experience_only_when_most_of_what_it_shares_is(levels, level):
    assert combined_level(levels) == level


def test_the_breath_of_the_session_decides_what_is_too_soon():
    shares = [speech("Ana", 0, 8), speech("Ben", 9, 12)]
    assert looked_at(shares, pause=2.0)["transfers"][0]["too_soon"]
    assert not looked_at(shares, pause=0.9)["transfers"][0]["too_soon"]


def test_a_growing_breath_is_told_step_by_step_and_a_fixed_one_once():
    shares = [speech(("Ana", "Ben")[n % 2], 7 * n, 7 * n + 6) for n in range(7)]
    assert looked_at(shares)["breaths"] == [{"from_s": 0.0, "breath_s": 2.0}]
    grown = looked_at(shares, pause_grows=True)
    assert grown["breaths"] == [{"from_s": 0.0, "breath_s": 0.5}, {"from_s": 35.0, "breath_s": 1.1}]
    assert [each["too_soon"] for each in grown["transfers"]] == [False] * 4 + [True] * 2
    assert last_breath(grown) == 1.1
    assert last_breath({"settings": {"pause": 2.5}}) == 2.5  # a file from before it could grow


def test_after_a_question_in_the_words_the_next_turn_is_an_answer():
    asked = [*WALK[:3], said("Ana", 4.6, 8.0, "and what would you have done there", question=True), WALK[4]]
    assert not looked_at(asked)["transfers"][0]["too_soon"]


def test_what_a_busy_machine_heard_less_closely_is_counted_until_it_has_time_again_or_until_the_end():
    busy = [
        HeardLess(at=as_samples(2), without=("windows",)),
        HeardLess(at=as_samples(3), without=("windows", "overlap")),
    ]
    very = HeardLess(at=as_samples(4), without=("windows", "overlap", "words"))
    again = HeardLess(at=as_samples(6), without=())
    figures = looked_at([*WALK, *busy, very, again])["statistics"]
    assert figures["heard_less_s"] == {"value": 4.0, "n": 1, "unit": "s"}
    assert figures["words_late_s"] == {"value": 2.0, "n": 1, "unit": "s"}
    assert (
        looked_at([*WALK, *busy, very, again], counted_from=as_samples(3.5))["statistics"]["heard_less_s"]["value"]
        == 2.5
    )
    to_the_end = looked_at([*WALK, again, replace(busy[0], at=as_samples(10))])
    assert to_the_end["statistics"]["heard_less_s"]["value"] == pytest.approx(
        to_the_end["recording"]["duration_s"] - 10
    )
    assert looked_at(WALK)["statistics"]["heard_less_s"] == {"value": 0.0, "n": 0, "unit": "s"}


def test_a_silence_with_lost_sound_has_no_figure():
    gap = AudioGap(at=as_samples(8.2), span=Span.seconds(8.1, 8.2), reason="unplugged")
    inside = AudioGap(at=as_samples(4.5), span=Span.seconds(4.2, 4.4), reason="unplugged")
    found = looked_at([*WALK, gap, inside])
    (transfer,) = found["transfers"]
    assert (transfer["fto_s"], transfer["too_soon"]) == (None, False)
    assert found["pauses"] == []
    assert found["statistics"]["unheard_s"] == {"value": 0.3, "n": 2, "unit": "s"}
    assert found["statistics"]["unmeasured_transfers"]["value"] == 1
    assert looked_at(WALK)["statistics"]["unheard_s"] == {"value": 0.0, "n": 0, "unit": "s"}


def test_people_keep_their_order_and_unknown_voices_are_not_people():
    events = [speech("Cem", 0, 2), speech("?", 3, 5), speech("Ana", 6, 8)]
    assert looked_at(events, people=("Ben", "Ana"))["people"] == ["Ben", "Ana", "Cem"]
    assert looked_at(events, people=())["people"] == ["Cem", "Ana"]


def test_the_statistics_have_three_decimals_and_survive_json():
    found = looked_at([speech("Ana", 0, 7.7777), speech("Ben", 8.3333, 11)])
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["statistics"]["talk_s.Ana"]["value"] == 7.778


def test_a_conversation_without_speech_is_a_valid_object():
    found = looked_at([], people=())
    assert (found["speech"], found["turns"], found["people"]) == ([], [], [])
    json.dumps(found, allow_nan=False)


def test_a_stored_session_gives_the_same_object_as_the_live_one(tmp_path):
    with Store(tmp_path / "coach.db", now=lambda: datetime(2024, 5, 3, 12, tzinfo=UTC)) as store:
        number = store.begin(
            SessionHeader(people=("Ana", "Ben"), keep="words", channels=2, settings=Settings().as_dict())
        )
        store.write(number, WALK)
        stored = session_analysis(store.session(number), store.events(number), words=True)
    live = looked_at(WALK, words=True)
    assert stored["recording"] == {
        "name": f"session {number}",
        "duration_s": 12.0,
        "channels": 2,
        "counted_from_s": 0.0,
    }
    assert {**stored, "recording": None} == {**live, "recording": None}


def test_a_session_of_an_older_coach_lacks_settings_and_gets_their_defaults(tmp_path):
    with Store(tmp_path / "coach.db") as store:
        number = store.begin(SessionHeader(people=("Ana",), settings={"pause": 1.0}))
        found = session_analysis(store.session(number), store.events(number))
    assert found["settings"] == Settings(pause=1.0).as_dict()


def test_a_failure_to_play_belongs_to_the_latest_given_cue_of_its_kind():
    given = replace(CUE, given=True, held_back=None)
    spoken = replace(given, kind="inward", form="spoken")
    failure = CueFailed(at=given.at, kind="too_soon", reason="there is no speaker")
    found = looked_at([failure, given, given, spoken, CUE, failure])["cues"]
    assert [cue["failed"] for cue in found] == [False, True, False, False]


@pytest.mark.parametrize(("to", "shown"), [("Ben", "Ben"), (None, None), (UNKNOWN, None)])
def test_a_cue_says_whom_it_is_for_and_nobody_if_it_is_for_everybody(to, shown):
    (found,) = looked_at([replace(CUE, to=to)])["cues"]
    assert found["to"] == shown
