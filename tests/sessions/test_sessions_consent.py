"""What people agreed to: who may begin, what is erased when a yes is taken back, and what a quiet session leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.core.errors import BadInput
from coach.core.events import Consented, Ended, Marked, Speech, Words
from coach.core.span import RATE, Span
from coach.sessions import (
    BEFOREHAND,
    Answers,
    Relabelling,
    SessionHeader,
    Store,
    agreed_earlier,
    answer,
    answer_again,
    erase_words_and_sound,
    forget_if_nobody_spoke,
    may_answer_aloud,
    objection,
    relabel,
)

PEOPLE = ("Ana", "Ben")
SECRET = {"Ana": "the lighthouse", "Ben": "the orchard"}


def yes(who: str, keep: str = "stats") -> tuple[Consented, ...]:
    return answer(who, keep, yes=True, how="tap")


def no(who: str, keep: str = "stats") -> tuple[Consented, ...]:
    return answer(who, keep, yes=False, how="key")


@pytest.mark.parametrize("keep", ["stats", "words", "audio"])
def test_the_session_begins_when_everybody_has_said_yes(keep):
    assert objection([*yes("Ana", keep), *yes("Ben", keep)], PEOPLE, keep) is None


@pytest.mark.parametrize("keep", ["stats", "words", "audio"])
def test_one_no_means_no_session(keep):
    assert str(objection([*yes("Ana", keep), *no("Ben", keep)], PEOPLE, keep)).startswith("Ben said no")


def test_each_is_asked_until_they_answer_and_all_until_somebody_says_no():
    answers = Answers(PEOPLE)
    assert (answers.waiting(), answers.complete, answers.consents) == (["Ana", "Ben"], False, ())
    answers.take("Ben", yes("Ben"))
    assert (answers.waiting(), answers.complete) == (["Ana"], False)
    answers.take("Ana", answer("Ana", "stats", yes=True, how="tap", aloud=False))
    assert (answers.waiting(), answers.complete, answers.over) == ([], True, False)
    assert [each.who for each in answers.consents] == ["Ana", "Ana", "Ben"]
    answers = Answers(PEOPLE)
    answers.take("Ben", no("Ben"))
    assert (answers.waiting(), answers.complete, answers.over) == ([], False, True)


def test_listening_alone_may_begin_with_a_line_aloud_and_no_answers():
    assert objection([], PEOPLE, "stats") is None


@pytest.mark.parametrize("keep", ["words", "audio"])
def test_keeping_words_or_sound_needs_everybodys_yes_to_just_that(keep):
    assert "Ben has not" in str(objection([*yes("Ana", keep), *yes("Ben")], PEOPLE, keep))
    assert "Ana has not" in str(objection([], PEOPLE, keep))
    other = "audio" if keep == "words" else "words"
    assert objection([*yes("Ana", other), *yes("Ben", other)], PEOPLE, keep) is not None


def test_the_last_answer_counts():
    assert objection([*yes("Ana"), *yes("Ben"), *no("Ana")], PEOPLE, "stats") is not None


def aloud(who: str, *, yes: bool = True) -> tuple[Consented, ...]:
    return answer(who, "stats", yes=True, how="tap", aloud=yes)


def test_answers_may_be_said_aloud_once_everybody_has_agreed_to_that():
    assert may_answer_aloud([*aloud("Ana"), *aloud("Ben")], PEOPLE)
    assert not may_answer_aloud([*aloud("Ana"), *yes("Ben")], PEOPLE)
    assert not may_answer_aloud([*aloud("Ana"), *aloud("Ben"), *aloud("Ben", yes=False)], PEOPLE)
    assert not may_answer_aloud([], ())


def test_somebody_who_would_rather_not_answer_aloud_may_still_be_listened_to():
    assert objection([*aloud("Ana"), *aloud("Ben", yes=False)], PEOPLE, "stats") is None


def test_whoever_says_no_has_not_agreed_to_answer_aloud():
    assert [each.to for each in answer("Ana", "stats", yes=False, how="tap", aloud=True)] == ["listen"]


# ------------------------------------------------------------------------------------------- from an earlier session


def earlier(tmp_path: Path, *sessions: tuple[tuple[str, ...], tuple[Consented, ...]]) -> Store:
    """A store with these sessions, each with its people and what they said."""
    store = Store(tmp_path / "earlier.db")
    for people, said in sessions:
        store.write(store.begin(SessionHeader(people=people)), said)
    return store


BOTH = (PEOPLE, (*aloud("Ana"), *aloud("Ben")))


def no_of(who: str, how: str = "voice", to: str = "listen") -> Consented:
    return Consented(at=RATE, who=who, to=to, yes=False, how=how)


def test_whoever_agreed_to_answer_aloud_once_may_be_asked_aloud_the_next_time(tmp_path):
    assert agreed_earlier(earlier(tmp_path, BOTH), PEOPLE)
    assert agreed_earlier(earlier(tmp_path, BOTH, (PEOPLE, (*yes("Ana"), *yes("Ben")))), ("Ben", "Ana"))


@pytest.mark.parametrize(
    "sessions",
    [
        [],
        [(PEOPLE, (*yes("Ana"), *yes("Ben")))],
        [(PEOPLE, (*aloud("Ana"), *yes("Ben")))],
        [(("Ana", "Ben", "Cleo"), (*aloud("Ana"), *aloud("Ben"), *aloud("Cleo")))],
        [(("Ana",), aloud("Ana")), (("Ben",), aloud("Ben"))],
    ],
    ids=["nobody", "not to that", "only one", "with somebody else", "not together"],
)
def test_without_everybodys_agreement_in_a_session_of_theirs_nobody_is_asked_aloud(tmp_path, sessions):
    assert not agreed_earlier(earlier(tmp_path, *sessions), PEOPLE)
    assert not agreed_earlier(earlier(tmp_path, *sessions), ())


@pytest.mark.parametrize(
    "later",
    [
        (PEOPLE, (*aloud("Ana"), *aloud("Ben", yes=False))),
        (PEOPLE, (*yes("Ana"), *yes("Ben"), no_of("Ben", "tap"))),
        (("Ben", "Cleo"), (*aloud("Ben"), no_of("Ben"))),
        (PEOPLE, (*aloud("Ana"), *aloud("Ben"), no_of("?"))),
    ],
    ids=["to that", "to listening", "with somebody else", "by somebody who is not known"],
)
def test_a_later_no_takes_it_back(tmp_path, later):
    assert not agreed_earlier(earlier(tmp_path, BOTH, later), PEOPLE)
    assert agreed_earlier(earlier(tmp_path, BOTH, later, BOTH), PEOPLE)


def test_what_somebody_else_said_beforehand_is_no_agreement_for_later(tmp_path):
    said = [each for who in PEOPLE for each in answer(who, "stats", yes=True, how=BEFOREHAND, aloud=True)]
    assert may_answer_aloud(said, PEOPLE)  # in this session
    assert not agreed_earlier(earlier(tmp_path, (PEOPLE, tuple(said))), PEOPLE)


def test_a_no_is_remembered_under_the_name_that_was_put_right_afterwards(tmp_path):
    store = earlier(tmp_path, BOTH, (("Ana", "Bob"), (*yes("Ana"), *yes("Bob"), no_of("Bob"))))
    assert agreed_earlier(store, PEOPLE)
    relabel(store, store.session().id, Relabelling(renamed=(("Bob", "Ben"),)))
    assert [each.who for each in store.consents(store.session().id) if not each.yes] == ["Ben"]
    assert not agreed_earlier(store, PEOPLE)


def test_whoever_answers_aloud_may_still_do_so_later_in_that_session():
    said = [*answer_again("Ana", "words", yes=True, how="voice"), *answer_again("Ben", "words", yes=True, how="voice")]
    assert [(each.to, each.how) for each in said[:3]] == [("listen", "voice"), ("words", "voice"), ("aloud", "earlier")]
    assert objection(said, PEOPLE, "words") is None
    assert may_answer_aloud(said, PEOPLE)
    assert [each.to for each in answer_again("Ana", "stats", yes=False, how="voice")] == ["listen"]


@pytest.fixture
def stored(tmp_path: Path) -> tuple[Store, int]:
    store = Store(tmp_path / "coach.db")
    session = store.begin(SessionHeader(people=PEOPLE, keep="audio"))
    said = [
        Words(at=n * RATE, who=who, span=Span(0, RATE), count=2, text=text)
        for n, (who, text) in enumerate(SECRET.items(), 1)
    ]
    speech = Speech(at=RATE, who="Ana", span=Span(0, RATE), confidence=1.0)
    store.write(session, [*yes("Ana", "audio"), speech, *said, Marked(at=3 * RATE), Ended(at=4 * RATE, reason="ended")])
    sound = store.sound_file(session)
    sound.parent.mkdir()
    sound.write_bytes(b"sound")
    return store, session


def texts(store: Store, session: int) -> dict[str, str | None]:
    return {event.who: event.text for event in store.events(session) if isinstance(event, Words)}


def test_a_person_who_takes_their_yes_back_leaves_no_words_and_no_sound(stored):
    store, session = stored
    erase_words_and_sound(store, session, "Ben")
    assert texts(store, session) == {"Ana": SECRET["Ana"], "Ben": None}
    assert not store.sound_file(session).exists()
    store.close()
    held = b"".join(file.read_bytes() for file in store.path.parent.glob("coach.db*"))
    assert SECRET["Ben"].encode() not in held
    assert SECRET["Ana"].encode() in held


def test_with_one_microphone_the_words_of_all_are_erased(stored):
    store, session = stored
    erase_words_and_sound(store, session, None)
    assert texts(store, session) == {"Ana": None, "Ben": None}


def test_consent_is_stored_with_the_session(stored):
    store, session = stored
    said = [(e.who, e.to, e.yes) for e in store.events(session) if isinstance(e, Consented)]
    assert said == [("Ana", "listen", True), ("Ana", "audio", True)]


def test_a_mark_can_carry_a_note_afterwards(stored):
    store, session = stored
    store.note_mark(session, 3 * RATE, "the boat")
    (mark,) = [event for event in store.events(session) if isinstance(event, Marked)]
    assert (mark.at, mark.note) == (3 * RATE, "the boat")
    with pytest.raises(BadInput):
        store.note_mark(session, 2 * RATE, "nothing there")


def test_a_session_in_which_nobody_spoke_is_forgotten_and_another_is_not(stored):
    store, session = stored
    quiet = store.begin(SessionHeader(people=PEOPLE))
    store.write(quiet, [Marked(at=RATE), Ended(at=RATE, reason="ended")])
    assert forget_if_nobody_spoke(store, quiet)
    assert not forget_if_nobody_spoke(store, session)
    assert [each.id for each in store.sessions()] == [session]
