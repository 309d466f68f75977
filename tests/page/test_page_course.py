"""The trends page in Chromium: what it draws, shows and requests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from coach.review.page import html, write_page
from coach.review.trends import trends
from coach.review.trends_page import MOST, trends_page
from coach.sessions import StoredSession

ANA = "Ana <script>document.title = 'taken over'</script>"
PAUSES = "#answering_pause_median_s"


def figure(value, unit="s", low=None, high=None):
    return {"value": value, "n": 14, "unit": unit} | ({} if low is None else {"low": low, "high": high})


def course(count: int):
    began = datetime(2024, 5, 3, 19, 30, tzinfo=UTC)
    sessions = [
        StoredSession(id=n + 1, people=(ANA, "Ben"), started=began + timedelta(days=n), ended="key", last=0)
        for n in range(count)
    ]
    figures = {
        "answering_pause_median_s": figure(1.4, low=0.9, high=2.0),
        "too_soon_share": figure(0.6, "share", 0.3, 0.8),
        "inner_share": figure(0.2, "share", 0.1, 0.4),
        f"holding_s.{ANA}": figure(4.25),
        "holding_s.Ben": figure(3.5),
    }
    return trends(sessions, {each.id: {"breath_s": 2.0, "figures": figures} for each in sessions})


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("course") / "course.html"
    write_page(path, html(trends_page(course(MOST + 1))))
    return path


@pytest.fixture(scope="module")
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """The page, drawn without errors and without requests for anything but the file."""
    with browser.new_context(viewport={"width": 1000, "height": 800}, offline=True) as context:
        page = context.new_page()
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-drawn]", timeout=60_000)
        yield page
        assert said == []
        assert asked == [file.as_uri()]


def test_every_trend_is_a_chart_with_a_dot_for_each_of_the_latest_sessions(page):
    assert page.locator(".chart svg").count() == 5 + 3  # of all sessions, what is not of one person
    assert page.locator(f"{PAUSES} svg [aria-roledescription='point']").count() == MOST
    assert page.title().startswith("Ana <script>")


def test_a_dot_shows_its_session_on_hover_and_focus(page):
    dot = page.locator(f"{PAUSES} svg [aria-roledescription='point']").first
    dot.hover(force=True)
    expect(page.locator("#tip")).to_have_text("4 May 2024, session 2: 1.4 s (0.90 to 2.0 s, n 14)")
    page.locator(f"{PAUSES} .chart").focus()
    page.keyboard.press("End")
    expect(page.locator("#tip")).to_contain_text(f"session {MOST + 1}: 1.4 s")
    page.keyboard.press("Escape")


def test_a_narrow_screen_does_not_scroll_sideways(page):
    page.set_viewport_size({"width": 360, "height": 800})
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1000, "height": 800})


def test_axe_finds_nothing_serious(page):
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
