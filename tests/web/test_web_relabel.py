"""Who spoke is put right on the page of a session: what each form does, and what it says when it cannot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.core.events import UNKNOWN, Ended, Speech
from coach.core.span import RATE, Span
from coach.core.texts import texts
from coach.sessions import SessionHeader, Store
from tests.web.serving import Answer, AtHome, at_home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[AtHome]:
    """Session 1: A, B and an unknown voice speak for nine seconds each."""
    with Store(tmp_path / "coach.db") as store:
        number = store.begin(SessionHeader(people=("A", "B")))
        spans = {who: Span(n * 10 * RATE, (n * 10 + 9) * RATE) for n, who in enumerate(("A", "B", UNKNOWN))}
        speech = [Speech(at=span.end, who=who, span=span, confidence=0.9) for who, span in spans.items()]
        store.write(number, [*speech, Ended(at=30 * RATE, reason="key")])
        with at_home(store) as home:
            yield home


def spoke(home: AtHome) -> list[str]:
    return [event.who for event in home.store.events(1) if isinstance(event, Speech)]


def says(answer: Answer) -> str:
    assert answer.status == 400
    return json.loads(answer.body)["says"]


def names(*was: str) -> str:
    return json.dumps(was)


def test_people_are_renamed_made_one_and_exchanged_and_all_of_it_is_taken_back(home):
    renamed = home.sent("/relabel/names", session=1, was=names("A", "B"), people=["Ana", "Ben"])
    assert json.loads(renamed.body) == {"to": "/session/1"}
    assert home.sent("/relabel/merge", session=1, gone=UNKNOWN, stays="Ana").status == 200
    assert spoke(home) == ["Ana", "Ben", "Ana"]
    assert (
        home.sent("/relabel/stretch", session=1, **{"from": "0:00", "to": "0:20"}, then=names("Ana", "Ben")).status
        == 200
    )
    assert spoke(home) == ["Ben", "Ana", "Ana"]
    assert home.sent("/relabel/stretch", session=1, **{"from": "0", "to": "30"}, then=names("Ben")).status == 200
    assert spoke(home) == ["Ben"] * 3
    page = home.got("/session/1").body.decode()
    assert "A is called Ana; B is called Ben" in page
    assert "unknown voices are Ana" in page
    assert "Ana and Ben were mixed up from 0:00 to 0:20" in page
    assert "Ben spoke from 0:00 to 0:30" in page
    for _ in range(4):
        assert home.sent("/relabel/undo", session=1).status == 200
    assert spoke(home) == ["A", "B", UNKNOWN]
    assert "nothing to undo" in says(home.sent("/relabel/undo", session=1))


@pytest.mark.parametrize(
    ("path", "form", "key"),
    [
        ("names", {"was": '["A","B"]', "people": ["A", "B"]}, "relabel.no_change"),
        ("names", {"was": '["A","B"]', "people": ["Ana", " Ana "]}, "relabel.twice"),
        ("merge", {"gone": "A", "stays": "A"}, "relabel.same"),
        ("stretch", {"from": "soon", "to": "14:00", "then": '["A"]'}, "relabel.times"),
        ("stretch", {"from": "0:20", "to": "0:10", "then": '["A"]'}, "relabel.times"),
    ],
)
def test_what_cannot_be_is_said_in_the_words_of_the_page_and_changes_nothing(home, path, form, key):
    assert says(home.sent(f"/relabel/{path}", session=1, **form)) == texts("en")[key]
    assert spoke(home) == ["A", "B", UNKNOWN]
    assert home.store.session(1).people == ("A", "B")


@pytest.mark.parametrize(
    ("path", "form", "part"),
    [
        ("names", {"was": "no list", "people": ["A", "C"]}, "not complete"),
        ("names", {"was": '["A"]', "people": ["A", "C"]}, "not complete"),
        ("names", {"was": '["Z","B"]', "people": ["Ana", "B"]}, "Z is not in this session"),
        ("names", {"was": '["A","B"]', "people": ["A,B", "B"]}, "cannot be a name"),
        ("stretch", {"from": "0", "to": "9", "then": '["A","B","C"]'}, "not complete"),
        ("undo", {"session": "1"}, "no session was named"),
    ],
)
def test_a_form_that_no_page_sends_is_refused(home, path, form, part):
    assert part in says(home.sent(f"/relabel/{path}", **{"session": 1, **form}))
    assert spoke(home) == ["A", "B", UNKNOWN]


def test_asking_with_get_changes_nothing(home):
    assert home.got("/relabel/undo").status == 405
