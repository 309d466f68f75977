"""Who spoke is put right afterwards: everything follows, nothing is lost, and it can be undone."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.core.errors import BadInput
from coach.core.events import UNKNOWN, Cue, Ended, Enrolled, Speech, Words
from coach.core.span import RATE, Span
from coach.review import figures_of, remembered, session_analysis
from coach.sessions import (
    Noted,
    Relabelling,
    SessionHeader,
    Store,
    back_up,
    note_afterwards,
    noted_afterwards,
    relabel,
    relabellings,
    restore,
    undo_relabelling,
)
from coach.sessions.relabel import relabelled

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=timezone(timedelta(hours=2)))
PEOPLE = ("A", "B", "C")


def spoken(who: str, start: float, end: float, confidence: float = 0.9) -> Speech:
    span = Span.seconds(start, end)
    return Speech(at=span.end, who=who, span=span, confidence=confidence)


def cue(at: float, to: str | None, **because) -> Cue:
    return Cue(
        at=round(at * RATE), kind="over", form="tone", text="", to=to, given=True, held_back=None, because=because
    )


EVENTS = [
    Enrolled(at=RATE // 2, who="A", span=Span(0, RATE // 2)),
    spoken("A", 1, 8),
    Words(at=9 * RATE, who="A", span=Span.seconds(1, 8), count=3, text="so I left"),
    spoken("B", 9, 15),
    cue(15.5, "B", after="A", fto=0.5, lost="inner"),
    spoken("C", 16, 20),
    spoken(UNKNOWN, 21, 23, 0.3),
    Ended(at=25 * RATE, reason="key"),
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    found = Store(tmp_path / "coach.db", now=lambda: NOON)
    number = found.begin(SessionHeader(people=PEOPLE, keep="words", settings={"people": list(PEOPLE), "pause": 2.0}))
    found.write(number, EVENTS)
    return found


def who_spoke(store: Store) -> list[str]:
    return [event.who for event in store.events(1) if isinstance(event, Speech)]


def test_somebody_renamed_is_called_so_everywhere(store):
    found = relabel(store, 1, Relabelling(renamed=(("A", "Ana"), ("B", "Ben"))))
    assert found.people == ("Ana", "Ben", "C")
    assert found.settings["people"] == ["Ana", "Ben", "C"]
    assert who_spoke(store) == ["Ana", "Ben", "C", UNKNOWN]
    events = list(store.events(1))
    assert [event.who for event in events if isinstance(event, Words | Enrolled)] == ["Ana", "Ana"]
    (given_cue,) = (event for event in events if isinstance(event, Cue))
    assert (given_cue.to, given_cue.because) == ("Ben", {"after": "Ana", "fto": 0.5, "lost": "inner"})


def test_two_may_exchange_their_names(store):
    relabel(store, 1, Relabelling(renamed=(("A", "B"), ("B", "A"))))
    assert who_spoke(store) == ["B", "A", "C", UNKNOWN]
    assert store.session(1).people == ("B", "A", "C")


def test_who_was_taken_for_two_people_becomes_one(store):
    found = relabel(store, 1, Relabelling(merged=(("A", "C"), ("B", UNKNOWN))))
    assert found.people == ("A", "B")
    assert who_spoke(store) == ["A", "B", "A", "B"]


def test_all_figures_are_computed_anew_from_the_events(store):
    before = session_analysis(store.session(1), store.events(1))
    remembered(store, store.session(1))  # caches figures with the old labels
    relabel(store, 1, Relabelling(merged=(("B", "C"),)))
    after = session_analysis(store.session(1), store.events(1))
    assert [(each["from"], each["to"]) for each in before["transfers"]][:2] == [("A", "B"), ("B", "C")]
    assert [(each["from"], each["to"]) for each in after["transfers"]][:1] == [("A", "B")]
    assert after["statistics"]["talk_s.B"]["value"] == 10.0
    assert "holding_s.C" not in figures_of(store, store.sessions())[1]["figures"]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ((8.5, 15.2), ["A", "A", "C"]),
        ((0, 15.2), ["B", "A", "C"]),
        ((5, 7), ["A", "B", "C"]),
        ((0, 4.6), ["B", "B", "C"]),
        ((0, 4.4), ["A", "B", "C"]),
        ((4, 6), ["B", "B", "C"]),
    ],
)
def test_two_who_were_taken_for_each_other_change_places_for_that_time(store, span, expected):
    """A unit across a border belongs to the side of its middle: that of A's is second 4.5."""
    times = Span.seconds(*span)
    relabel(store, 1, Relabelling(swapped=((times.start, times.end, "A", "B"),)))
    assert who_spoke(store)[:3] == expected


def test_speech_that_somebody_gives_to_a_person_is_sure(store):
    relabel(store, 1, Relabelling(given=((20 * RATE, 24 * RATE, "Dora"),)))
    last = [event for event in store.events(1) if isinstance(event, Speech)][-1]
    assert (last.who, last.confidence) == ("Dora", 1.0)
    assert store.session(1).people == (*PEOPLE, "Dora")


def test_whom_a_cue_was_for_does_not_follow_from_whose_the_words_were(store):
    relabel(store, 1, Relabelling(given=((15 * RATE, 16 * RATE, "C"),)))
    (given_cue,) = (event for event in store.events(1) if isinstance(event, Cue))
    assert (given_cue.to, given_cue.because["after"], given_cue.because["lost"]) == ("B", "A", "inner")


def test_a_swap_uses_the_names_after_renaming(store):
    relabel(store, 1, Relabelling(renamed=(("A", "Ana"),), swapped=((8 * RATE, 16 * RATE, "Ana", "B"),)))
    assert who_spoke(store) == ["Ana", "Ana", "C", UNKNOWN]


def test_changes_follow_each_other_and_are_undone_one_by_one(store):
    original = list(store.events(1))
    relabel(store, 1, Relabelling(renamed=(("A", "Ana"),)))
    relabel(store, 1, Relabelling(merged=(("Ana", "C"),)))
    assert who_spoke(store) == ["Ana", "B", "Ana", UNKNOWN]
    assert undo_relabelling(store, 1) == Relabelling(merged=(("Ana", "C"),))
    assert who_spoke(store) == ["Ana", "B", "C", UNKNOWN]
    assert undo_relabelling(store, 1).renamed == (("A", "Ana"),)
    assert list(store.events(1)) == original
    assert store.session(1).people == PEOPLE
    with pytest.raises(BadInput, match="nothing to undo"):
        undo_relabelling(store, 1)


def test_the_history_keeps_what_was_undone_and_the_events_keep_the_labels_that_were_heard(store):
    relabel(store, 1, Relabelling(renamed=(("A", "Ana"),)))
    undo_relabelling(store, 1)
    relabel(store, 1, Relabelling(renamed=(("A", "Anna"),)))
    assert [(each.relabelling.renamed[0][1], each.undone) for each in relabellings(store, 1)] == [
        ("Ana", NOON),
        ("Anna", None),
    ]
    bodies = sqlite3.connect(store.path).execute("SELECT body FROM event WHERE kind = 'Speech' ORDER BY n").fetchall()
    assert ['"who":"A"' in body for (body,) in bodies] == [True, False, False, False]


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Relabelling(), "nothing to put right"),
        (Relabelling(renamed=(("Z", "Ana"),)), "Z is not in this session; in it are A, B, C"),
        (Relabelling(renamed=(("A", "B"),)), "B would be two people.*--merge"),
        (Relabelling(renamed=(("A", "Ana"), ("B", "Ana"))), "Ana would be two people"),
        (Relabelling(renamed=(("A", "Ana"), ("A", "Anna"))), "one person is given two names"),
        (Relabelling(renamed=(("A", "a=b"),)), "neither a comma nor an equals sign"),
        (Relabelling(renamed=(("A", UNKNOWN),)), "unknown voice"),
        (Relabelling(merged=(("A", "A"),)), "into themselves"),
        (Relabelling(merged=(("A", "B"), ("B", "C"))), "who is gone then"),
        (Relabelling(merged=(("A", "B"),), swapped=((0, RATE, "A", "B"),)), "B is not in this session"),
        (Relabelling(swapped=((0, RATE, "A", "A"),)), "name two"),
        (Relabelling(swapped=((900 * RATE, 901 * RATE, "A", "B"),)), r"the session ends at \d+:\d\d"),
        (Relabelling(given=((900 * RATE, 901 * RATE, "A"),)), r"the session ends at \d+:\d\d"),
        (Relabelling(given=((RATE, RATE, "A"),)), "ends before it begins"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(store, wanted, says):
    with pytest.raises(BadInput, match=says):
        relabel(store, 1, wanted)
    assert relabellings(store, 1) == []


def test_a_session_that_is_still_running_is_refused(store, monkeypatch):
    monkeypatch.setattr(store, "running", lambda session: True)
    with pytest.raises(BadInput, match="still running"):
        relabel(store, 1, Relabelling(renamed=(("A", "Ana"),)))


def test_names_are_found_in_either_form_of_unicode(tmp_path):
    store = Store(tmp_path / "coach.db")
    store.begin(SessionHeader(people=("Zo\u00eb",)))
    assert relabel(store, 1, Relabelling(renamed=(("Zoe\u0308", "Lu"),))).people == ("Lu",)


def test_a_person_s_own_note_goes_with_them_and_comes_back(store):
    note_afterwards(store, 1, Noted("A", NOON, {}, "it was good"))
    relabel(store, 1, Relabelling(renamed=(("A", "B"), ("B", "A"))))
    assert noted_afterwards(store, 1, "A") is None
    found = noted_afterwards(store, 1, "B")
    assert found is not None
    note_afterwards(store, 1, Noted("B", NOON, {}, "very good"))
    undo_relabelling(store, 1)
    again = noted_afterwards(store, 1, "A")
    assert again is not None
    assert again.note == "very good"
    assert noted_afterwards(store, 1, "B") is None


@pytest.mark.parametrize("who", ["Ana", "A"])
def test_who_takes_their_yes_back_is_known_by_either_name(store, who):
    relabel(store, 1, Relabelling(renamed=(("A", "Ana"),)))
    store.erase_words(1, "B")
    assert [event.text for event in store.events(1) if isinstance(event, Words)] == ["so I left"]
    store.erase_words(1, who)
    assert [event.text for event in store.events(1) if isinstance(event, Words)] == [None]


def test_a_backup_holds_what_was_put_right(store, tmp_path):
    relabel(store, 1, Relabelling(renamed=(("A", "Ana"),)))
    back_up(store, tmp_path / "backup")
    other = Store(tmp_path / "elsewhere" / "coach.db")
    restore(other, tmp_path / "backup")
    assert other.session(1).people == ("Ana", "B", "C")
    assert who_spoke(other) == ["Ana", "B", "C", UNKNOWN]


@given(
    st.lists(
        st.tuples(st.sampled_from(PEOPLE), st.integers(0, 20 * RATE), st.integers(1, 5 * RATE)), min_size=1, max_size=9
    ),
    st.integers(0, 20 * RATE),
    st.integers(1, 10 * RATE),
)
def test_exchanging_twice_changes_nothing_but_how_sure_it_is(units, start, length):
    swap = Relabelling(swapped=((start, start + length, "A", "B"),))
    for who, begin, duration in units:
        event = Speech(at=begin + duration, who=who, span=Span(begin, begin + duration), confidence=1.0)
        assert relabelled(event, [swap, swap]) == event
