"""Looking back and settings in Chromium, on stored sessions whose names and words look like code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from coach.core.settings import Settings
from coach.sessions import SessionHeader, Store
from tests.page.page_talk import ANA, BEN, bowl, told
from tests.web.opened import Watch, looked_at
from tests.web.serving import AtHome, at_home

LONG = 60_000  # milliseconds, on a busy machine: the first page with charts loads the charting library


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AtHome]:
    """Three sessions of Ana and of Ben, whose name looks like code; in the third they took turns by the clock."""
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    with Store(tmp_path / "coach.db") as store:
        header = SessionHeader(people=(ANA, BEN), keep="words", settings=Settings().as_dict())
        for _ in range(2):
            store.write(store.begin(header), told())
        store.write(store.begin(header), [*told(), bowl(30.0, 20.0), bowl(50.0, 40.0)])
        with at_home(store) as home:
            yield home


@pytest.mark.timeout(400)
def test_looking_back_and_settings_without_a_microphone(browser: Browser, home: AtHome, tmp_path: Path) -> None:
    pictures = Path(os.environ.get("COACH_PICTURES", tmp_path / "pictures"))
    with browser.new_context(locale="en-GB") as context:
        context.set_default_timeout(LONG)
        watch = Watch(context, home.origin)
        page = context.new_page()
        page.goto(home.link)
        page.goto(f"{home.origin}/session/1")
        who_spoke_is_put_right(page, pictures)
        on_paper_it_is_one_page(page)
        all_talks_stand_side_by_side(page, home.origin)
        settings_are_changed(page, pictures)
        assert watch.faults == 2 * ["Failed to load resource: the server responded with a status of 400 (Bad Request)"]


def who_spoke_is_put_right(page: Page, pictures: Path) -> None:
    """Names, a stretch, one person for two, and back; the part stays unfolded, and errors are told."""
    page.get_by_text("Put right who spoke").click()
    page.get_by_label(f"Name of {BEN}").fill(ANA)
    page.get_by_role("button", name="Save the names").click()
    expect(page.get_by_role("alert")).to_contain_text("Two people cannot have the same name.")
    page.get_by_label(f"Name of {BEN}").fill("Bo")
    page.get_by_role("button", name="Save the names").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ana and Bo")
    page.get_by_label("From").fill("0:00")
    page.get_by_label("to", exact=True).fill("0:15")
    page.get_by_label("What is right").select_option("Ana and Bo were mixed up")
    page.get_by_role("button", name="Put it right").click()
    expect(page.locator("#relabel li")).to_have_count(2)
    expect(page.locator("#transcript li").first).to_contain_text("Bo I feel sad.")
    looked_at(page, "relabel", pictures)
    page.get_by_label("This voice").select_option("Bo")
    page.get_by_label("is really").select_option("Ana")
    page.get_by_role("button", name="Make them one").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ana")
    for left in (2, 1, 0):
        page.get_by_role("button", name="Take the last change back").click()
        expect(page.locator("#relabel li.quiet")).to_have_count(3 - left)
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Ana und {BEN}")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Ana and {BEN}")


def on_paper_it_is_one_page(page: Page) -> None:
    """The three sentences, the moment, what to try, marks, and lines to write on; no button, no form, no figure."""
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
    page.emulate_media(media="print")
    expect(page.get_by_text("What I want to remember")).to_be_visible()
    expect(page.locator(".sentences p").first).to_be_visible()
    assert page.locator("button:visible, nav:visible, select:visible, a:visible").count() == 0
    page.emulate_media(media="screen")
    expect(page.get_by_text("What I want to remember")).to_be_hidden()


def all_talks_stand_side_by_side(page: Page, origin: str) -> None:
    """The trends of the same people; after turns by the clock, a question for each and the blocks in the timeline."""
    page.goto(f"{origin}/session/3")
    expect(page.get_by_role("heading", name="A question for each of you")).to_be_visible()
    page.get_by_role("link", name="Your 3 talks side by side").click()
    page.wait_for_selector("html[data-drawn]", timeout=LONG)
    assert page.locator("#answering_pause_median_s svg [aria-roledescription='point']").count() == 3
    page.go_back()
    page.get_by_role("link", name="All pauses and figures").click()
    page.wait_for_selector("html[data-drawn]", timeout=LONG)
    expect(page.get_by_label("by the clock, 0:10 to 0:30, 20.0 s: Ana shared, the other listened")).to_have_count(1)
    page.go_back()
    page.get_by_role("button", name="Deutsch").click()
    for link in ("Alle Pausen und Zahlen", "Eure 3 Gespräche nebeneinander"):
        page.get_by_role("link", name=link).click()
        expect(page.locator("html")).to_have_attribute("lang", "de")
        expect(page.get_by_role("heading", name="Was diese Zahlen sagen können und was nicht")).to_be_visible()
        page.go_back()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="All pauses and figures")).to_be_visible()


def settings_are_changed(page: Page, pictures: Path) -> None:
    """A number that is not allowed is told; the rest is written, and Begin begins with it."""
    page.get_by_role("link", name="Voices and settings").click()
    page.get_by_label("Your breath before answering").fill("9")
    page.get_by_role("button", name="Save", exact=True).click()
    said = "Your breath before answering, in seconds: please a number from 0.5 to 5."
    expect(page.get_by_role("alert")).to_have_text(said)
    page.get_by_label("Your breath before answering").fill("1.2")
    page.get_by_label("Names, with commas").fill("Ana, Zoë")
    page.get_by_label("Your words, too").check()
    page.get_by_label("Soft tones only").check()
    page.get_by_label("Quiet at the beginning").fill("90")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Saved. It holds from the next talk on.")
    looked_at(page, "settings", pictures)
    page.get_by_role("link", name="Begin").click()
    assert page.get_by_label("Name 2").input_value() == "Zoë"
    expect(page.get_by_label("Your words, too")).to_be_checked()
    page.get_by_text("More", exact=True).click()
    expect(page.get_by_label("Soft tones only")).to_be_checked()
    expect(page.get_by_label("Your breath before answering")).to_have_value("1.2")
    page.get_by_label("Take turns").select_option("20 minutes, 10 for each")
    looked_at(page, "begin", pictures)
