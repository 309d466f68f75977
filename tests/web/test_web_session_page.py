"""The page of a talk in Chromium, as people use it: notes, moments to hear, a word; and recordings that wait."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from coach.core.events import Marked
from coach.core.settings import Settings
from coach.core.span import RATE
from coach.core.texts import texts
from coach.sessions import SessionHeader, Sound, Store
from tests.page.conftest import PATIENCE
from tests.page.page_talk import ANA, BEN, CODE, ENDS, told
from tests.waiting import wait
from tests.web.opened import Watch
from tests.web.serving import AtHome, at_home

EN = texts("en")
MARKS = (15, 40, 60)  # seconds; the first is that of the talk


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AtHome]:
    """One talk with words, sound and three marks."""
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    with Store(tmp_path / "coach.db") as store, at_home(store) as home:
        settings = Settings(keep="audio").as_dict()
        number = store.begin(SessionHeader(people=(ANA, BEN), keep="audio", settings=settings))
        store.write(number, [*told(), *(Marked(at=at * RATE) for at in MARKS[1:])])
        with Sound(store.sound_file(number)) as sound:
            sound.write(0, np.zeros(int(ENDS) * RATE, np.float32))
        yield home


@pytest.fixture
def page(browser: Browser, home: AtHome) -> Iterator[Page]:
    """The page of that talk; nothing on it may complain."""
    with browser.new_context(locale="en-GB", viewport={"width": 1000, "height": 800}) as context:
        context.set_default_timeout(PATIENCE)
        watch = Watch(context, home.origin)
        page = context.new_page()
        page.goto(home.link)
        page.goto(f"{home.origin}/session/1")
        yield page
        assert watch.faults == []


def notes(home: AtHome) -> list[str]:
    marks = [event for event in home.store.events(1) if isinstance(event, Marked)]
    return [each.note for each in sorted(marks, key=lambda mark: mark.at)]


def test_saving_one_note_says_so_and_touches_nothing_else(page, home):
    fields = page.locator("textarea[name=note]")
    page.get_by_text(EN["session.transcript"]).click()
    page.evaluate("window.same = true")
    fields.nth(1).fill("the second")
    fields.nth(2).fill("the third")
    fields.nth(0).fill("the first")
    page.get_by_role("button", name="Save the note").nth(0).click()
    expect(page.get_by_text(EN["session.saved"])).to_have_count(3)  # those that were left are saved as well
    assert page.evaluate("window.same") is True
    expect(page.locator("#transcript")).to_have_attribute("open", "")
    wait("the notes", lambda: notes(home) == ["the first", "the second", "the third"])
    fields.nth(0).press_sequentially(" and more")
    expect(page.get_by_text(EN["session.saved"])).to_have_count(2)


def test_a_long_note_is_shown_to_its_end(page):
    field = page.locator("textarea[name=note]").first
    field.fill("a note that goes on " * 14)
    assert field.evaluate("each => each.scrollHeight <= each.clientHeight + 1")


@pytest.mark.parametrize(("mark", "start"), [(1, 25.0), (2, 45.0)])
def test_a_marked_moment_can_be_heard(page, mark, start):
    page.locator("form .hear").nth(mark).click()
    page.wait_for_function(f"document.querySelector('audio').currentTime >= {start}")
    assert page.evaluate("document.querySelector('audio').currentTime") < start + 20


def test_a_word_that_is_found_is_shown_in_colour_and_what_was_said_stays_text(page):
    page.get_by_text(EN["session.transcript"]).click()
    lines = page.locator("#transcript li:visible")
    whole = lines.first.inner_text()
    page.get_by_label("Find a word").fill("SAD")
    expect(lines).to_have_count(1)
    expect(page.locator("#transcript mark")).to_have_text(["sad"])
    assert lines.first.inner_text() == whole
    assert CODE in whole
    page.get_by_label("Find a word").fill("")
    expect(page.locator("#transcript mark")).to_have_count(0)


def test_two_voices_are_made_one_only_once_both_are_chosen(page):
    page.get_by_text(EN["relabel.title"]).click()
    page.get_by_role("button", name=EN["relabel.merge"]).click()
    expect(page.locator("select[name=gone]:invalid")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ben")
    page.get_by_label(EN["relabel.gone"]).select_option(BEN)
    page.get_by_label(EN["relabel.stays"]).select_option(ANA)
    page.get_by_role("button", name=EN["relabel.merge"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ANA)


def test_the_lines_of_what_was_said_stand_evenly(page):
    page.get_by_text(EN["session.transcript"]).click()
    line = page.locator("#transcript li").nth(1)
    assert line.evaluate("each => each.getBoundingClientRect().height") < 40


def test_after_forgetting_it_says_so_and_the_old_address_says_that_the_talk_is_gone(page):
    address = page.url
    page.get_by_text(EN["session.forget"]).click()
    page.get_by_role("button", name=EN["session.forget.yes"]).click()
    expect(page.get_by_role("status")).to_have_text(EN["sessions.forgotten"])
    assert page.request.get(address).status == 404
    assert EN["missing.talk"] in page.request.get(address).text()
    assert "coach sessions" not in page.request.get(address).text()


@pytest.mark.parametrize(("width", "height"), [(1366, 650), (360, 640)])
def test_what_forgets_a_talk_is_in_the_window_once_it_is_unfolded(page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.get_by_text(EN["session.forget"]).click()
    expect(page.get_by_role("button", name=EN["session.forget.yes"])).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(("width", "height"), [(1366, 650), (360, 640), (1400, 900)])
def test_begin_is_in_the_window_and_hides_nothing_that_is_chosen(page, home, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{home.origin}/")
    expect(page.locator("#begin")).to_be_in_viewport(ratio=1)
    page.get_by_text(EN["begin.more_options"], exact=True).click()
    hidden = page.evaluate(
        """() => [...document.querySelectorAll("form :is(input, select, summary, button):enabled:not(#begin), summary")]
            .filter((each) => {
                each.focus();
                return each.getBoundingClientRect().bottom > document.querySelector(".go").getBoundingClientRect().top;
            })
            .map((each) => each.outerHTML)"""
    )
    assert hidden == []
    expect(page.locator("#begin")).to_be_in_viewport(ratio=1)


# --------------------------------------------------------------------------------------------------------- recordings


def test_recordings_wait_for_names_and_choices_until_somebody_says_so(page, home):
    asked: list[str] = []

    def taken(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(json={})

    page.route(re.compile(r"/recordings\?"), taken)
    page.goto(f"{home.origin}/recordings")
    begin = page.get_by_role("button", name=EN["recordings.begin"])
    expect(begin).to_be_disabled()
    files = [{"name": name, "mimeType": "audio/wav", "buffer": b"sound"} for name in ("one.wav", "two $& .wav")]
    page.locator("#files").set_input_files(files[:1])
    page.locator("#files").set_input_files(files[1:])
    expect(page.locator("#chosen")).to_have_text("Chosen: one.wav, two $& .wav")
    page.get_by_label("Who talks").fill("Ana, Ben")
    page.get_by_label(EN["recordings.words"]).check()
    assert asked == []
    begin.click()
    expect(begin).to_be_disabled()
    wait("both recordings", lambda: page.evaluate("1") and len(asked) == 2)  # only then are routes answered
    assert [parse_qs(urlsplit(each).query) for each in asked] == [
        {"people": ["Ana, Ben"], "words": ["1"], "name": [each["name"]]} for each in files
    ]


def test_the_place_for_recordings_shows_that_it_takes_what_is_dragged_over_it(page, home):
    page.goto(f"{home.origin}/recordings")
    drop = page.locator("#drop")
    drag = page.evaluate_handle(
        "() => { const drag = new DataTransfer(); drag.items.add(new File(['sound'], 'talk.wav')); return drag; }"
    )
    drop.dispatch_event("dragover", {"dataTransfer": drag})
    expect(drop).to_have_class(re.compile(r"\bover\b"))
    drop.dispatch_event("dragleave", {"dataTransfer": drag})
    expect(drop).not_to_have_class(re.compile(r"\bover\b"))
    drop.dispatch_event("dragover", {"dataTransfer": drag})
    drop.dispatch_event("drop", {"dataTransfer": drag})
    expect(drop).not_to_have_class(re.compile(r"\bover\b"))
    expect(page.locator("#chosen")).to_have_text("Chosen: talk.wav")


def test_a_file_without_sound_says_what_is_taken(page, home):
    page.goto(f"{home.origin}/recordings")
    text = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no sound"}
    page.locator("#files").set_input_files([text])
    page.get_by_role("button", name=EN["recordings.begin"]).click()
    expect(page.locator("#jobs li")).to_contain_text(EN["recordings.unreadable"])
    assert "coach read" not in page.locator("#jobs").inner_text()
