"""What the form of the first page chooses and refuses, what stays chosen, and what each person is told before a yes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coach.core.events import Ended
from coach.core.texts import texts
from coach.sessions import SessionHeader, Store
from coach.sessions.locks import SessionLock
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


@pytest.mark.parametrize(
    ("people", "says", "place"),
    [
        (["", " "], "at least two names", 0),
        (["Ana", ""], "at least two names", 1),
        (["Ana", "Ben", "Ana"], "“Ana” stands here twice", 2),
        (["Ana", "ana"], "“ana” stands here twice", 1),
        (["Ana, Ben", ""], "without a comma", 0),
        (["Ana", "a=b"], "without a comma", 1),
        (["Ana", "b" * 41], "has 41 letters. Please write one of at most 40", 1),
        (["Ana", "?"], "“?” cannot be used as a name", 1),
        (["Ana", "\u200bBen"], "“Ben” cannot be used as a name", 1),
    ],
)
def test_a_name_that_cannot_be_is_told_in_plain_words_with_its_place(home, people, says, place):
    answer = home.sent("/ask", people=people, turns=0, **FORM)
    told = json.loads(answer.body)
    assert (answer.status, told["place"]) == (400, place)
    assert says in told["says"]
    assert home.table.asking is None


def test_a_name_of_forty_letters_is_taken_whole(home):
    home.sent("/ask", people=["Ana", "b" * 40], turns=0, **FORM)
    assert home.table.asking is not None
    assert home.table.asking.people == ("Ana", "b" * 40)
    assert "maxlength" not in home.got("/").body.decode()


@pytest.mark.parametrize("button", [{"back": True}, {"who": "Zoë", "yes": False}])
def test_what_was_chosen_stays_after_back_and_after_no_until_the_settings_change(home, button):
    chosen = {**FORM, "keep": "words", "pause": "3.0", "practice": True}
    home.sent("/ask", people=["Zoë", "Bo"], turns=20, **chosen)
    home.sent("/agree", **button)
    page = home.got("/").body.decode()
    for told in (
        'value="Zoë"',
        'value="Bo"',
        'value="words" checked',
        '"3.0" selected',
        '"20" selected',
        'name="practice" checked',
    ):
        assert told in page
    home.sent("/settings", names="Ana, Cleo")
    page = home.got("/").body.decode()
    assert 'value="Cleo"' in page
    assert 'value="Zoë"' not in page


def test_begin_in_the_menu_leads_to_begin_while_somebody_is_being_asked(home):
    home.sent("/ask", people=["Zoë", "Bo"], turns=0, **FORM)
    page = home.got("/")
    assert page.status == 200
    assert 'value="Zoë"' in page.body.decode()


@pytest.mark.parametrize(
    ("keep", "said", "never"),
    [
        ("stats", "stops it at once.", "erased"),
        ("words", "the words are erased. “End” ends the talk and keeps them.", "the recording"),
        ("audio", "the words and the recording are erased. “End” ends the talk and keeps them.", "counts only"),
    ],
)
def test_the_consent_page_says_what_each_button_does_to_what_is_kept(home, keep, said, never):
    home.sent("/ask", people=["Ana", "Ben"], turns=0, **{**FORM, "keep": keep})
    page = home.got("/agree").body.decode()
    assert f"“{texts('en')['live.withdraw']}” stops it at once" in page
    assert said in page
    assert never not in page


def test_the_page_is_told_when_the_session_of_another_window_has_ended(home, tmp_path):
    assert json.loads(home.got("/elsewhere").body) == {"session": None}
    with Store(tmp_path / "coach.db") as other:
        number = other.begin(SessionHeader(people=("Ana", "Ben")))
        lock = SessionLock(tmp_path, number)
        assert json.loads(home.got("/elsewhere").body) == {"session": number}
        other.write(number, [Ended(at=1, reason="ended by hand")])
        lock.release()
    assert json.loads(home.got("/elsewhere").body) == {"session": None}


def test_no_page_waits_while_another_reads_the_store(tmp_path, monkeypatch):
    """Whoever reads the store may have to wait for whoever writes: not on the thread that serves all pages."""
    readers = set[str]()

    class Watched(Store):
        def connection(self) -> Any:
            readers.add(threading.current_thread().name)
            return super().connection()

    for name in ("CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path))
    with Watched(tmp_path / "coach.db") as store, at_home(store) as home:
        readers.clear()
        form = {**FORM, "microphone": "nosuch", "spoken_consent": True}
        assert home.sent("/ask", people=["Ana", "Ben"], turns=0, **form).status == 200
        home.sent("/forget", session=7)
        for who in ("Ana", "Ben"):
            home.sent("/agree", who=who, yes=True)
        for path in ("/", "/elsewhere", "/sessions"):
            assert home.got(path).status == 200
    assert readers
    assert "server" not in readers


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
