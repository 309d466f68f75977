"""The first page in Chromium: a wrong name is pointed at, what was written stays, Begin waits for another session."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from coach.core.events import Ended
from coach.sessions import DATABASE_FILE, SessionHeader, Store
from coach.sessions.locks import SessionLock
from tests.web.made_microphones import MadeMicrophones
from tests.web.opened import Watch, looked_at, opened

REFUSED = "Failed to load resource: the server responded with a status of 400 (Bad Request)"


@pytest.mark.timeout(300)
def test_the_first_page_up_to_the_question_whether_it_is_all_right(browser: Browser, tmp_path: Path) -> None:
    pictures = Path(os.environ.get("COACH_PICTURES", tmp_path / "pictures"))
    made = MadeMicrophones(tmp_path)
    with opened(tmp_path, env=made.env) as coach, browser.new_context(locale="en-GB") as context:
        watch = Watch(context, coach.origin)
        page = context.new_page()
        page.goto(coach.link)
        a_microphone_is_looked_for_again(page, made, pictures)
        a_wrong_name_is_pointed_at(page, pictures)
        what_was_written_stays(page, pictures)
        begin_waits_for_the_session_of_another_window(page, tmp_path)
        page.goto(coach.link)
        expect(page.get_by_role("heading", level=1)).to_have_text("Two people, one table")
        context.clear_cookies()
        page.goto(coach.link)
        expect(page.get_by_role("heading", level=1)).to_have_text("This link was used already")
        looked_at(page, "door", pictures)
        page.goto(coach.said[-1].split()[-1])
        expect(page.get_by_role("heading", level=1)).to_have_text("Two people, one table")
        refused = "Failed to load resource: the server responded with a status of 403 (Forbidden)"
        assert sorted(watch.faults) == [REFUSED, REFUSED, refused]


def a_microphone_is_looked_for_again(page: Page, made: MadeMicrophones, pictures: Path) -> None:
    begin = page.get_by_role("button", name="Begin", exact=True)
    expect(page.get_by_text("No microphone was found.")).to_be_visible()
    expect(begin).to_be_disabled()
    looked_at(page, "no-microphone", pictures)
    made.plug("Desk microphone")
    page.get_by_role("link", name="Look again").click()
    expect(begin).to_be_enabled()
    expect(page.get_by_text("No microphone was found.")).to_have_count(0)


def a_wrong_name_is_pointed_at(page: Page, pictures: Path) -> None:
    page.get_by_role("button", name="Begin", exact=True).click()
    first, second = page.get_by_label("Name 1"), page.get_by_label("Name 2")
    expect(page.get_by_role("alert")).to_have_text("Please write the name of each of you here: at least two names.")
    expect(first).to_be_focused()
    first.fill("Ana")
    second.fill("ana")
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.locator("#wrong-name")).to_contain_text("“ana” stands here twice.")
    expect(second).to_be_focused()
    expect(second).to_be_in_viewport()
    assert [each.get_attribute("aria-invalid") for each in (first, second)] == ["false", "true"]
    expect(page.locator("#says")).to_be_hidden()
    looked_at(page, "wrong-name", pictures)


def what_was_written_stays(page: Page, pictures: Path) -> None:
    page.get_by_label("Name 2").fill("Ben")
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this all right for each of you?")
    looked_at(page, "agree", pictures)
    page.get_by_role("button", name="No").first.click()
    expect(page.get_by_text("Somebody said no")).to_be_visible()
    expect(page.get_by_label("Name 2")).to_have_value("Ben")


def begin_waits_for_the_session_of_another_window(page: Page, home: Path) -> None:
    begin, told = (
        page.get_by_role("button", name="Begin", exact=True),
        page.get_by_text("it ends by itself within a minute"),
    )
    data = home / "XDG_DATA_HOME" / "coach"
    with Store(data / DATABASE_FILE) as other:
        number = other.begin(SessionHeader(people=("Ana", "Ben")))
        lock = SessionLock(data, number)
        page.reload()
        expect(told).to_be_visible()
        expect(begin).to_be_disabled()
        other.write(number, [Ended(at=1, reason="ended by hand")])
        lock.release()
    expect(begin).to_be_enabled(timeout=30_000)
    expect(told).to_be_hidden()
