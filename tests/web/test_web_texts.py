"""Everything that the pages say exists in each language, with the same blanks; nothing is said that is not there."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

import coach
from coach.core.languages import FIRST
from coach.core.texts import language_for, texts
from coach.review.figures import definitions
from coach.review.titles import OBSERVED
from tests.made_language import SHIPPING

HOME = Path(coach.__file__).parent
TEMPLATES = files("coach.web") / "templates"
DEFINED = "definition."  # in the first language, the docstring of each measure is its definition
REVIEW = (
    "looking_back.py",
    "relabelling.py",
    "sounded.py",
    "terminal.py",
    "titles.py",
    "trends.py",
    "trends_page.py",
    "wording.py",
)
FAMILIES = {"answer.", "meant.", "lost."}  # of which one key at a time is put together in the code
OTHERS = [each for each in SHIPPING if each != FIRST]


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_each_language_says_the_same_things_with_the_same_blanks(language):
    ours, theirs = texts(FIRST), texts(language)
    said = [key for key in theirs if not key.startswith(DEFINED)]
    assert said == list(ours)
    assert {key: blanks(theirs[key]) for key in said} == {key: blanks(text) for key, text in ours.items()}
    assert len(theirs["months"].split()) == 12


@pytest.mark.parametrize("language", SHIPPING)
def test_every_figure_has_a_title_and_what_it_was_observed_in_in_each_language(language):
    says = texts(language)
    assert {key.partition(".")[2] for key in says if key.startswith("title.")} == set(OBSERVED) == set(definitions())
    nouns = {each.noun for each in OBSERVED.values()}
    assert {key.partition(".")[2] for key in says if key.startswith("noun.")} == nouns
    assert all(len(says[f"noun.{noun}"].split("|")) == 3 for noun in nouns)


@pytest.mark.parametrize("language", OTHERS)
def test_every_figure_is_defined_in_each_language(language):
    said = {key.removeprefix(DEFINED): text for key, text in texts(language).items() if key.startswith(DEFINED)}
    assert set(said) == set(definitions())
    assert not set(said.values()) & set(definitions().values())


def test_what_the_templates_say_is_there_and_nothing_else():
    code = "".join(file.read_text() for file in TEMPLATES.iterdir())
    code += "".join(
        (files("coach.web") / name).read_text()
        for name in ("pages.py", "buttons.py", "relabel.py", "rendering.py", "own_settings.py")
    )
    review = [files("coach.review") / name for name in REVIEW]
    page = [file for file in (files("coach.review") / "page").iterdir() if file.name.endswith((".py", ".jinja"))]
    says_messages = [file for file in HOME.rglob("*.py") if "coach.core.messages import" in file.read_text()]
    code += "".join(file.read_text() for file in [*review, *page, *says_messages, HOME / "cli" / "lookback.py"])
    exact = set(re.findall(r'"([a-z]+(?:\.[a-z_]+)+)"', code))
    prefixes = {each.rpartition(".")[0] + "." for each in re.findall(r'"([a-z]+(?:\.[a-z]+)*\.)" ~', code)}
    prefixes |= {"kind.", "said.", "begin.keep."} | set(re.findall(r'f"([a-z]+\.(?:[a-z]+[._])?)\{', code))
    keys = set(texts(FIRST)) - {"and", "date", "months", "range", "unknown", "nobody", "decimal"}
    unused = {key for key in keys if key not in exact and not key.startswith(tuple(prefixes | FAMILIES))}
    assert unused == set()
    said = set(re.findall(r'\bt\("([a-z._]+[a-z])"[,)]', code)) | set(re.findall(r'says\["([a-z._]+)"\]', code))
    assert said <= set(texts(FIRST))


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [("", "", "en"), ("", "de-DE,de;q=0.9,en;q=0.8", "de"), ("en", "de", "en"), ("xx", "fr", "en"), ("de", "en", "de")],
)
def test_a_page_is_in_the_language_that_was_chosen_or_that_the_browser_asks_for(chosen, accepted, language):
    assert language_for(chosen, accepted) == language
