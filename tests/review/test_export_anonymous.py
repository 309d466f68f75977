"""An anonymous export contains no identifying bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings

from coach.core.events import (
    UNKNOWN,
    AudioGap,
    Cue,
    CueFailed,
    DeviceLost,
    DeviceOpened,
    Enrolled,
    Event,
    HeardLess,
    Hushed,
    Marked,
    Notice,
)
from coach.core.span import RATE, Span
from coach.review.exports import TABLES, Exported, anonymous, as_csv, as_eaf, as_json, as_rttm, as_textgrid, as_vtt
from coach.sessions import StoredSession
from tests.review.made_talk import cue, ended, said, session, speech, talks

PEOPLE = ("Benedikt", "Anastasia")
TOLD = ("benedikt", "anastasia", "elspeth", "grandmother", "cellar", "yeti", "steinway", "/home")
SECRETS = (*TOLD, "2026", "03-04", "plugged")
FORMS: dict[str, Callable[[Exported], bytes]] = {
    "json": as_json,
    "textgrid": as_textgrid,
    "eaf": as_eaf,
    "rttm": as_rttm,
    "vtt": as_vtt,
    **{f"csv {table}": lambda told, table=table: as_csv(told, table) for table in TABLES},
}


def evening() -> tuple[StoredSession, list[Event]]:
    """Everything that a session can contain, with something private in each text field."""
    text = "my grandmother hid it in the cellar"
    addressed = Cue(
        at=9 * RATE, kind="inward", form="spoken", text="benedikt, and how is that in you, Anastasia?", to="Benedikt",
        given=False, held_back="floor-taken",
        because={"floor": "Anastasia", "waited_s": 1.5, "note": "grandmother", "lost": "inner"},
    )  # fmt: skip
    events: list[Event] = [
        DeviceOpened(at=0, device="Yeti of Elspeth", rate=48_000, channels=1),
        Enrolled(at=0, who="Elspeth", span=Span(0, RATE)),
        speech("Anastasia", RATE, 7 * RATE),
        said("Anastasia", RATE, 7 * RATE, text, level="2", kinds=("feelings",)),
        addressed,
        speech("Benedikt", 8 * RATE, 14 * RATE),
        said("Benedikt", 8 * RATE, 14 * RATE, "in the cellar?", question=True, response="detail question"),
        speech(UNKNOWN, 15 * RATE, 16 * RATE),
        AudioGap(at=18 * RATE, span=Span(17 * RATE, 18 * RATE), reason="the Yeti was plugged out"),
        Marked(at=12 * RATE, note="what Elspeth said of her grandmother"),
        Notice(at=13 * RATE, text="the Steinway is heard on Yeti"),
        DeviceLost(at=13 * RATE, device="Yeti", reason="Yeti plugged out"),
        CueFailed(at=13 * RATE, kind="inward", reason="Steinway speaker"),
        Hushed(at=14 * RATE, on=True),
    ]
    found = session(
        ended(events), PEOPLE, input="Yeti", output="Steinway", whisper_model="/home/benedikt/models", keep="words",
        cues_off=("over",),
    )  # fmt: skip
    return replace(found, source="Yeti of Elspeth", attribution="voices", transcriber="whisper"), ended(events)


def nameless(words: bool = False) -> Exported:
    return Exported.of(*anonymous(*evening()), words=words)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("words", [False, True])
def test_the_bytes_contain_no_name_word_device_place_or_date(form: str, words: bool):
    data = FORMS[form](nameless(words)).decode().casefold()
    assert not [secret for secret in SECRETS if secret in data]


def test_no_event_and_no_field_of_the_session_identifies_anybody():
    assert not [secret for secret in SECRETS if secret in repr(anonymous(*evening())).casefold()]


def test_without_anonymity_the_same_fields_contain_them():
    data = "".join(form(Exported.of(*evening(), words=True)).decode().casefold() for form in FORMS.values())
    assert all(secret in data for secret in TOLD)


def test_people_become_letters_in_the_order_of_first_speech():
    found = nameless().analysis
    assert found["people"] == found["settings"]["people"] == ["A", "B"]
    assert [each["who"] for each in found["speech"]] == ["A", "B", UNKNOWN]
    assert (found["transfers"][0]["from"], found["transfers"][0]["to"]) == ("A", "B")
    assert "talk_s.A" in found["statistics"]


def test_what_a_busy_machine_heard_less_closely_is_said():
    told, events = evening()
    busy = [HeardLess(at=2 * RATE, without=("windows",)), HeardLess(at=5 * RATE, without=())]
    found = Exported.of(*anonymous(told, [*events, *busy]), words=False).analysis["statistics"]
    assert found["heard_less_s"]["value"] == 3.0


def test_a_cue_keeps_its_figures_and_addresses_letters():
    (found,) = nameless().analysis["cues"]
    assert found["to"] == "B"
    assert found["text"] == "B, and how is that in you, A?"
    assert found["because"] == {"floor": "A", "waited_s": 1.5, "note": UNKNOWN, "lost": "inner"}


def test_a_name_within_another_name_leaves_nothing_of_it():
    asked = cue(2 * RATE, "An", text="Anabel, let it sink in")
    events = ended([speech("An", 0, RATE), speech("Anabel", RATE, 2 * RATE), asked])
    (found,) = Exported.of(*anonymous(session(events, ("An", "Anabel")), events)).analysis["cues"]
    assert found["text"] == "B, let it sink in"


def test_settings_that_identify_nobody_are_kept():
    found, before = nameless().analysis["settings"], Exported.of(*evening()).analysis["settings"]
    changed = {name for name in before if found[name] != before[name]}
    assert changed == {"people", "input", "output", "whisper_model"}
    assert list(found) == list(before)


def test_the_twenty_seventh_person_is_called_aa():
    names = tuple(f"Person {n}" for n in range(28))
    events = ended([speech(who, n * RATE, (n + 1) * RATE) for n, who in enumerate(names)])
    found, _ = anonymous(session(events, names), events)
    assert found.people[24:] == ("Y", "Z", "AA", "AB")


def test_people_who_never_spoke_have_letters_after_those_who_did():
    events = ended([speech("Ben", 0, RATE)])
    found = Exported.of(*anonymous(session(events, ("Ana", "Ben")), events)).analysis
    assert found["people"] == ["A", "B"]
    assert found["statistics"]["talk_s.A"]["value"] == 1.0
    assert found["statistics"]["talk_s.B"]["value"] == 0.0


def test_a_person_named_only_in_words_or_a_cue_has_a_letter_too():
    events = ended([speech("Ben", 0, RATE), said("Cleo", RATE, 2 * RATE), cue(3 * RATE, "Dan", text="Dan, and you?")])
    _, found = anonymous(session(events, ("Ben",)), events)
    assert [event.who for event in found if hasattr(event, "who")] == ["A", "B"]
    assert [event.text for event in found if isinstance(event, Cue)] == ["C, and you?"]


@given(talks())
@settings(max_examples=60)
def test_times_and_statistics_are_unchanged(talk):
    people, events = talk
    events = _one_begins(events)
    found = Exported.of(*anonymous(session(events, people), events)).analysis
    true = Exported.of(session(events, people), events).analysis
    assert [(t["start_s"], t["end_s"], t["kind"], t["share"]) for t in found["turns"]] == [
        (t["start_s"], t["end_s"], t["kind"], t["share"]) for t in true["turns"]
    ]
    overall = {name for name in true["statistics"] if "." not in name}
    assert {name: found["statistics"][name] for name in overall} == {name: true["statistics"][name] for name in overall}
    assert json.dumps(found).isascii()


def _one_begins(events: list[Event]) -> list[Event]:
    """The events without speech that begins together with somebody else's, because the names decide their order."""
    seen: set[int] = set()
    return [e for e in events if not hasattr(e, "confidence") or not (e.span.start in seen or seen.add(e.span.start))]
