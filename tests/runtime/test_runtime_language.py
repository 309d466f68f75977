"""In a language without depth, the coach says so once, gives no invitations, and works as usual otherwise."""

from __future__ import annotations

from pathlib import Path

from coach.core.events import Notice, Speech, Words
from coach.core.settings import Settings
from coach.runtime.offline import Who, analyse
from tests.runtime.staged import PEOPLE, Script, excerpt

SAID = ("Ich war so traurig, das tat weh.", "Dann fuhren wir heim.")


def test_in_another_language_one_notice_says_that_depth_is_not_classified(tmp_path: Path) -> None:
    file = excerpt(tmp_path, 0.0, 20.0)
    german = analyse(file, Who(people=PEOPLE), Settings(language="de"), Script(*SAID))
    words = [event for event in german.events if isinstance(event, Words)]
    assert words
    assert all((event.level, event.p_experience, event.kinds) == (None, None, ()) for event in words)
    assert len([text for text in german.notices if "English only" in text]) == 1
    assert [event.at for event in german.events] == sorted(event.at for event in german.events)
    english = analyse(file, Who(people=PEOPLE), Settings(), Script(*SAID))
    assert not [event for event in english.events if isinstance(event, Notice)]
    heard = [[event for event in found.events if isinstance(event, Speech)] for found in (german, english)]
    assert heard[0] == heard[1]


def test_without_a_recogniser_there_is_no_notice_about_depth(tmp_path: Path) -> None:
    silent = analyse(excerpt(tmp_path, 0.0, 5.0), Who(people=PEOPLE), Settings(language="de"), None)
    assert not [text for text in silent.notices if "English only" in text]
