"""What the form of the first page chooses: turns by the clock, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.core.texts import texts
from coach.sessions import Store
from tests.web.serving import AtHome, at_home

FORM = {"pause": "2.0", "keep": "stats", "cues": "full", "language": "en", "microphone": ""}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AtHome]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with Store(tmp_path / "coach.db") as store, at_home(store) as home:
        yield home


def test_two_people_may_take_turns_by_the_clock(home):
    assert json.loads(home.sent("/ask", people=["Ana", "Ben"], turns=20, **FORM).body) == {"to": "/agree"}
    assert home.table.asking is not None
    assert (home.table.asking.options.turns, home.table.asking.people) == (20.0, ("Ana", "Ben"))


def test_a_talk_is_free_unless_somebody_chose_otherwise(home):
    home.sent("/ask", people=["Ana", "Ben"], turns=0, **FORM)
    assert home.table.asking is not None
    assert home.table.asking.options.turns == 0.0


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_talk_knows_in_which_language_it_was_begun(home, language):
    home.cookie += f"; coach-language={language}"
    home.sent("/ask", people=["Ana", "Ben"], turns=0, **{**FORM, "language": "auto"})
    assert home.table.asking is not None
    assert home.table.asking.options.shown_in == language


@pytest.mark.parametrize(
    ("people", "turns", "says"),
    [
        (["Ana", "Ben", "Cleo"], 20, texts("en")["begin.turns.two"]),
        (["Ana", "Ben"], -1, "not complete"),
        (["Ana", "Ben"], "soon", "not complete"),
        (["Ana", "Ben"], 100_000, "not complete"),
    ],
)
def test_turns_that_cannot_be_are_refused_before_anybody_is_asked(home, people, turns, says):
    answer = home.sent("/ask", people=people, turns=turns, **FORM)
    assert answer.status == 400
    assert says in json.loads(answer.body)["says"]
    assert home.table.asking is None


def test_each_person_is_offered_to_answer_aloud_beside_answering_with_a_tap(home):
    home.sent("/ask", people=["Ana", "Ben"], turns=0, spoken_consent=True, **FORM)
    page = home.got("/agree").body.decode()
    assert page.count(texts("en")["agree.yes_aloud"]) == page.count(texts("en")["agree.yes_tap"]) == 2
    home.sent("/agree", who="Ana", yes=True, aloud=True)
    assert {each.to: each.yes for each in home.table.asking.answers.said["Ana"]} == {"listen": True, "aloud": True}
    home.sent("/agree", back=True)
    home.sent("/ask", people=["Ana", "Ben"], turns=0, **FORM)
    page = home.got("/agree").body.decode()
    assert texts("en")["agree.yes_aloud"] not in page
    assert page.count(texts("en")["agree.yes"]) == 2
