"""Everything that the pages say exists in each language, with the same blanks; nothing is said that is not there."""

from __future__ import annotations

import re
from importlib.resources import files
from string import Formatter

import pytest

from coach.core.texts import FIRST, LANGUAGES, language_for, texts

TEMPLATES = files("coach.web") / "templates"
OTHERS = [each for each in LANGUAGES if each != FIRST]


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_each_language_says_the_same_things_with_the_same_blanks(language):
    ours, theirs = texts(FIRST), texts(language)
    assert list(theirs) == list(ours)
    assert {key: blanks(text) for key, text in theirs.items()} == {key: blanks(text) for key, text in ours.items()}
    assert len(theirs["months"].split()) == 12


def test_what_the_templates_say_is_there_and_nothing_else():
    code = "".join(file.read_text() for file in TEMPLATES.iterdir())
    code += "".join(
        (files("coach.web") / name).read_text() for name in ("pages.py", "buttons.py", "relabel.py", "own_settings.py")
    )
    code += "".join((files("coach.review") / name).read_text() for name in ("looking_back.py", "relabelling.py"))
    code += (files("coach.review.page") / "session.py").read_text()
    exact = set(re.findall(r'"([a-z]+(?:\.[a-z_]+)+)"', code))
    prefixes = {each.rpartition(".")[0] + "." for each in re.findall(r'"([a-z]+(?:\.[a-z]+)*\.)" ~', code)}
    prefixes |= {"kind.", "said.", "begin.keep."}
    keys = set(texts(FIRST)) - {"and", "date", "months"}
    unused = {key for key in keys if key not in exact and not key.startswith(tuple(prefixes))}
    assert unused == set()
    said = set(re.findall(r'\bt\("([a-z._]+[a-z])"[,)]', code)) | set(re.findall(r'says\["([a-z._]+)"\]', code))
    assert said <= set(texts(FIRST))


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [("", "", "en"), ("", "de-DE,de;q=0.9,en;q=0.8", "de"), ("en", "de", "en"), ("xx", "fr", "en"), ("de", "en", "de")],
)
def test_a_page_is_in_the_language_that_was_chosen_or_that_the_browser_asks_for(chosen, accepted, language):
    assert language_for(chosen, accepted) == language
