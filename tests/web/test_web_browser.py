"""The sample in Chromium, from the first page to forgetting it: keys, two tabs, notes, German, no other request."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from coach.core.events import Speech
from coach.sessions import Store
from tests.runtime.staged import excerpt
from tests.waiting import wait
from tests.web.opened import Watch, looked_at, opened

LONG = 60_000  # milliseconds, on a busy machine
SPOKEN = 120_000  # milliseconds until somebody has spoken after the check-in of the sample


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures of the pages go; with COACH_PICTURES they stay."""
    kept = os.environ.get("COACH_PICTURES")
    return Path(kept) if kept else tmp_path_factory.mktemp("pictures")


@pytest.mark.timeout(400)
def test_the_sample_from_the_first_page_to_forgetting_it(browser: Browser, tmp_path: Path, pictures: Path) -> None:
    with opened(tmp_path, "--lan") as coach, browser.new_context(locale="en-GB") as context:
        watch = Watch(context, coach.origin)
        page = context.new_page()
        page.goto(coach.link)
        expect(page).to_have_url(f"{coach.origin}/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Two people, one table")
        looked_at(page, "begin", pictures)
        page.get_by_role("button", name="Deutsch").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Zwei Menschen, ein Tisch")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Two people, one table")

        page.get_by_role("button", name="Listen to the sample first").click()
        expect(page).to_have_url(f"{coach.origin}/live", timeout=LONG)
        expect(page.locator(".badge")).to_have_text("sample · keeps times and counts only")
        expect(page.locator("#who .speaks")).not_to_have_count(0, timeout=SPOKEN)
        looked_at(page, "live", pictures)
        both_tabs_show_the_same(page, context.new_page(), coach.origin)
        a_question_has_a_button_and_a_key(context.new_page(), coach.origin, pictures)
        a_phone_sees_no_words(browser, page, pictures)
        page.keyboard.press("m")
        expect(page.locator("#notices")).to_contain_text("marked")
        expect(page.locator("#phase")).to_be_empty(timeout=SPOKEN)
        expect(page.locator("#who .speaks")).not_to_have_count(0, timeout=SPOKEN)
        wait_for_speech(tmp_path)
        page.get_by_role("button", name="End").click()

        expect(page).to_have_url(re.compile(r"/session/\d+$"), timeout=LONG)
        expect(page.locator(".sentences p")).to_have_count(3)
        expect(page.get_by_text("sample ·")).to_be_visible()
        page.get_by_label("Note for").fill("the boat")
        page.get_by_role("button", name="Save the note").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        page.reload()
        expect(page.get_by_label("Note for")).to_have_value("the boat")
        looked_at(page, "session", pictures)
        page.get_by_role("link", name="All pauses and figures").click()
        page.wait_for_selector("html[data-drawn]", timeout=LONG)
        page.go_back()
        page.get_by_role("link", name="Talks").click()
        looked_at(page, "sessions", pictures)
        page.get_by_role("link", name="Ana and Ben").click()
        page.get_by_text("Forget this talk").click()
        page.get_by_role("button", name="Yes, forget it").click()
        expect(page.get_by_text("Forgotten. Nothing of that talk is left.")).to_be_visible()
        expect(page.get_by_text("There is no talk yet.")).to_be_visible()
        page.get_by_role("link", name="Voices and settings").click()
        a_recording_is_looked_back_at(page, tmp_path, pictures)
        assert watch.faults == []


def a_recording_is_looked_back_at(page: Page, home: Path, pictures: Path) -> None:
    """One that is no sound says so, and the next one becomes a session."""
    page.get_by_role("link", name="Recordings").click()
    (home / "notes.wav").write_text("no sound")
    page.locator("#files").set_input_files([home / "notes.wav", excerpt(home, 0.0, 17.0)])
    page.get_by_role("button", name="Listen to them").click()
    page.get_by_role("link", name="Look back").wait_for(timeout=3 * LONG)
    expect(page.locator("#jobs li")).to_have_count(2)
    expect(page.locator("#jobs li").filter(has_text="notes.wav")).to_contain_text("finds no sound that it can read")
    looked_at(page, "recordings", pictures)
    page.get_by_role("link", name="Look back").click()
    expect(page.locator(".sentences p")).to_have_count(3)
    page.get_by_text("Forget this talk").click()
    page.get_by_role("button", name="Yes, forget it").click()
    expect(page.get_by_text("Forgotten. Nothing of that talk is left.")).to_be_visible()
    page.get_by_role("link", name="Recordings").click()
    expect(page.locator("#jobs li").filter(has_text="forgotten")).to_have_count(1)
    expect(page.get_by_role("link", name="Look back")).to_have_count(0)


def wait_for_speech(home: Path) -> None:
    """Returns once something is stored that somebody said."""
    with Store(home / "XDG_DATA_HOME" / "coach" / "coach.db") as store:
        number = store.session().id
        wait("speech", lambda: any(isinstance(event, Speech) for event in store.events(number)), 40)


def both_tabs_show_the_same(page: Page, other: Page, origin: str) -> None:
    other.goto(f"{origin}/")
    expect(other).to_have_url(f"{origin}/live")
    other.get_by_role("button", name="Hush").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    page.keyboard.press("h")
    expect(other.get_by_role("button", name="Hush")).to_be_visible()
    other.close()


def a_question_has_a_button_and_a_key(page: Page, origin: str, pictures: Path) -> None:
    """The sample asks nothing, so this page gets made states, and its buttons lead nowhere."""
    yes = page.get_by_role("button", name="Yes, please")
    state = {"stage": "live", "phase": "listening", "saying": "", "at": 61, "people": [], "room": 0, "silence": 2.0}
    state |= {"breath": 2.0, "cue": {"at": 61, "text": ""}, "notices": [], "late": False}
    sent: list[object] = []
    asking = [True]

    def stream(route: Route) -> None:
        body = f"retry: 100\ndata: {json.dumps(state | {'asking': asking[0]})}\n\n"
        route.fulfill(content_type="text/event-stream", body=body)

    def command(route: Route) -> None:
        sent.append(route.request.post_data_json)
        route.fulfill(json={})

    page.route("**/stream", stream)
    page.route("**/command", command)
    page.goto(f"{origin}/live")
    expect(yes).to_be_visible()
    expect(page.locator("#asking")).to_have_text("A rising tone: may the coach say a few words?")
    looked_at(page, "asked", pictures)
    yes.click()
    page.keyboard.press("y")
    asking[0] = False
    expect(yes).to_be_hidden()
    assert sent == [{"command": "yes"}] * 2
    page.close()


def a_phone_sees_no_words(browser: Browser, page: Page, pictures: Path) -> None:
    page.reload()
    page.get_by_text("On a phone or tablet").click()
    link = page.locator("code").inner_text()
    with browser.new_context(viewport={"width": 390, "height": 800}) as phone:
        watch = Watch(phone, link.rpartition("/")[0])
        shown = phone.new_page()
        shown.goto(link)
        expect(shown.locator("#who")).to_contain_text("Ana")
        assert shown.get_by_role("button").count() == 0
        shown.screenshot(path=pictures / "phone.png")
        assert watch.faults == []
        answer = shown.request.get(link[:-1] + ("a" if link[-1] != "a" else "b"))
        assert answer.status == 403
        assert shown.request.post(link).status == 403
