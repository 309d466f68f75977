"""The page of figures and the page of trends are whole in each language: no text of the first one is left."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from coach.core.events import UNKNOWN
from coach.core.languages import FIRST
from coach.review.figures import definitions
from coach.review.page import Page, html, session_page, write_page
from coach.review.page.limits import SOURCES
from coach.review.trends_page import MOST, trends_page
from tests.made_language import SHIPPING
from tests.page.page_talk import ANA, BEN, CODE, bowl, session, speech, told
from tests.page.test_page_course import course

OTHERS = [each for each in SHIPPING if each != FIRST]
EVENTS = [*told(), bowl(30, 20.0), bowl(50, 40.0), speech(UNKNOWN, 90, 92)]
AS_IT_IS = {*SOURCES, *definitions(), "count", "share", "per minute", "transfers", "null", "coach export"}


class Shown(HTMLParser):
    """The texts and labels that people read or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code = tag in ("script", "style")
        self.texts += [value for name, value in attrs if value and name in ("aria-label", "data-dark", "data-light")]

    def handle_endtag(self, tag: str) -> None:
        self._code = False

    def handle_data(self, data: str) -> None:
        if not self._code and data.strip():
            self.texts.append(data.strip())


def on_the_page(page: Page) -> list[str]:
    shown = Shown()
    shown.feed(html(page))
    return shown.texts


def in_the_charts(page: Page) -> list[str]:
    """What the charts say: all values under the keys that people read."""

    def read(value: Any, key: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            for name, each in value.items():
                yield from read(each, name)
        elif isinstance(value, list):
            for each in value:
                yield from read(each, key)
        elif isinstance(value, str) and key in ("says", "title", "text", "description", "lane"):
            yield value

    figures = [dataclasses.asdict(figure)["spec"] for section in page.sections for figure in section.figures]
    return [text for text in read(figures) if not text.startswith("datum")]


def untranslated(ours: list[str], theirs: list[str]) -> set[str]:
    """The texts with a word in them that are the same in both languages, but for names and what was said."""
    given = (ANA, BEN, CODE, "?")
    same = {text for text in theirs if text in set(ours)}
    plain = {text: re.sub("|".join(map(re.escape, given)), "", text) for text in same}
    names = {text for text in same if text.partition(".")[0] in definitions()}
    return {text for text in same - AS_IT_IS - names if re.search(r"[A-Za-z]{3}", plain[text])}


@pytest.mark.parametrize("language", OTHERS)
def test_the_page_of_a_session_is_whole_in_each_language(language: str):
    pages = [session_page(session(), EVENTS, each) for each in (FIRST, language)]
    ours, theirs = map(on_the_page, pages)
    assert len(theirs) == len(ours)
    quoted = {text for text in theirs if "I feel sad." in text or "That sounds heavy." in text}
    assert untranslated(ours, theirs) - quoted == set()
    assert untranslated(*map(in_the_charts, pages)) == set()
    assert f'<html lang="{language}">' in html(pages[1])


@pytest.mark.parametrize("language", OTHERS)
def test_the_page_of_trends_is_whole_in_each_language(language: str):
    pages = [trends_page(course(MOST + 1), each) for each in (FIRST, language)]
    ours, theirs = map(on_the_page, pages)
    known = {"Ana <script>document.title = 'taken over'</script>", "Ben"}
    months = {text for text in theirs if re.fullmatch(r"\d+\. \w+ \d+", text)}
    assert untranslated(ours, theirs) - known - months == set()
    assert {"April", "August", "September", "November"} >= untranslated(*map(in_the_charts, pages))


@pytest.mark.parametrize("language", OTHERS)
def test_a_page_with_nothing_in_it_is_whole_as_well(language: str):
    pages = [session_page(session(last=0), [], each) for each in (FIRST, language)]
    assert untranslated(*map(on_the_page, pages)) == set()


def test_german_numbers_have_a_comma_and_stay_exact_in_the_data():
    page = session_page(session(), EVENTS, "de")
    waited = next(number for section in page.sections for number in section.numbers if number.name == "unheard_s")
    assert (waited.shown, waited.value) == ("2,0 s", 2.0)


def test_the_charts_of_a_german_page_count_in_german(browser: Browser, tmp_path: Path):
    file = tmp_path / "course.html"
    write_page(file, html(trends_page(course(3), "de")))
    page = browser.new_page(offline=True, color_scheme="light", viewport={"width": 900, "height": 800})
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-drawn]", timeout=60_000)
    axes = [
        page.locator(f"#{name} svg text").all_text_contents() for name in ("answering_pause_median_s", "too_soon_share")
    ]
    expect(page.locator("#theme")).to_have_text("Dunkel")
    page.close()
    assert "0,5" in axes[0]
    assert [text for text in axes[0] if text in "123"] == ["1", "2", "3"]  # one tick for each session
    assert "100\u00a0%" in axes[1]
