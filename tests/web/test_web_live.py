"""The live view in Chromium in made states: all buttons are in the window, and it says what it knows of who speaks."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from coach.core.messages import Message, in_page_languages
from tests.runtime.staged import excerpt
from tests.web.opened import Opened, Watch, looked_at, opened

WINDOWS = ((1366, 650), (1280, 713), (360, 640), (1400, 900))  # what two laptops, a phone and a screen show of a page
PEOPLE = [{"name": name, "level": 0.0, "heard": False, "learnt": False} for name in ("Ana", "Ben")]
TALK: dict[str, Any] = {
    "stage": "live", "phase": "listening", "saying": "", "at": 61, "people": PEOPLE, "room": 0, "silence": 1.0,
    "breath": 2.0, "somebody": False, "unanswered": False, "cue": None, "asking": False, "notices": [], "late": False,
}  # fmt: skip
MARKED = in_page_languages(Message("notice.marked"))
CUE = TALK | {"cue": {"at": 61, "text": "…and how is that in you?"}, "notices": [MARKED]}
HUSHED = TALK | {"phase": "hushed"}
ASKING = TALK | {"asking": True}
PROMPT = "Ana, please say a sentence or two about your day."
CHECK_IN = TALK | {"phase": "check-in", "silence": None, "saying": PROMPT}
UNANSWERED = CHECK_IN | {"unanswered": True}
SOMEBODY = TALK | {"silence": None, "somebody": True}
FORM = {"people": ["Ana", "Ben"], "pause": "2", "keep": "audio", "cues": "none", "language": "en"}


class Live:
    """The live page of a session, which is sent made states; its buttons lead nowhere."""

    def __init__(self, context: BrowserContext, coach: Opened) -> None:
        self.page = context.new_page()
        self._sent = json.dumps(TALK)
        self.page.route("**/stream", self._stream)
        self.page.goto(f"{coach.origin}/live")

    def _stream(self, route: Route) -> None:
        route.fulfill(content_type="text/event-stream", body=f"retry: 100\ndata: {self._sent}\n\n")

    def shows(self, state: dict[str, Any]) -> None:
        """Returns once the page has drawn `state`, which it tells by a notice of its own."""
        told = f"state {len(state['notices'])} {hash(json.dumps(state))}"
        self._sent = json.dumps(state | {"notices": [*state["notices"], told]})
        expect(self.page.locator("#notices")).to_contain_text(told)

    def under_the_edge(self) -> list[str]:
        """What is to be pressed or read and is not wholly in the window."""
        told: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll(".keys button, summary, .badge, #who")]
                .filter((each) => each.checkVisibility() && each.getBoundingClientRect().bottom > innerHeight)
                .map((each) => each.textContent.trim())"""
        )
        return told


def begun(page: Page, sound: Path) -> None:
    """Ana and Ben have said yes, and the coach listens to a recording as if it were a microphone."""
    for path, form in (
        ("/ask", FORM | {"microphone": str(sound)}),
        ("/agree", {"who": "Ana", "yes": True}),
        ("/agree", {"who": "Ben", "yes": True}),
    ):
        answer = page.request.post(path, data=form, headers={"origin": page.url.rstrip("/")})
        assert answer.ok, answer.text()


@pytest.mark.timeout(300)
def test_what_the_live_view_says_and_that_its_buttons_are_in_the_window(browser: Browser, tmp_path: Path) -> None:
    pictures = Path(os.environ.get("COACH_PICTURES", tmp_path / "pictures"))
    with opened(tmp_path) as coach, browser.new_context(locale="en-GB", base_url=coach.origin) as context:
        watch = Watch(context, coach.origin)
        page = context.new_page()
        page.goto(coach.link)
        begun(page, excerpt(tmp_path, 0.0, 200.0))
        live = Live(context, coach)
        everything_is_in_the_window(live)
        the_circle_is_on_its_way_to_where_it_will_be(live)
        skipping_says_what_it_costs(live)
        silence_in_the_check_in_brings_a_hint(live)
        somebody_without_a_name_is_told_of(live)
        messages_are_in_the_language_of_the_page(live, "marked", "no sound arrives")
        looked_at(live.page, "somebody", pictures)
        live.page.close()
        with browser.new_context(locale="de-DE", storage_state=context.storage_state()) as german:
            in_german = Live(german, coach)
            everything_is_in_the_window(in_german)
            messages_are_in_the_language_of_the_page(in_german, "gemerkt", "es kommt kein Ton an")
        assert watch.faults == []


def everything_is_in_the_window(live: Live) -> None:
    for width, height in WINDOWS:
        live.page.set_viewport_size({"width": width, "height": height})
        for state in (TALK, CUE, HUSHED, ASKING, SOMEBODY, CHECK_IN, UNANSWERED):
            live.shows(state)
            assert live.under_the_edge() == [], (width, height, state)
            grown = live.page.locator(".goal").bounding_box()
            assert grown is not None
            assert grown["width"] == pytest.approx(grown["height"], abs=1), "the breath is a circle"


def the_circle_is_on_its_way_to_where_it_will_be(live: Live) -> None:
    """So it grows on evenly, however unevenly states come; without movement it shows what is."""

    def grown(silence: float | None) -> list[str]:
        live.shows(TALK | {"silence": silence})
        told: list[str] = live.page.evaluate(
            "['--grown', '--takes'].map((name) => document.body.style.getPropertyValue(name))"
        )
        return told

    def eased() -> list[str]:
        told: list[str] = live.page.evaluate(
            "['.goal', '.grown'].map((each) => getComputedStyle(document.querySelector(each)).transitionProperty)"
        )
        return told

    assert grown(0.5) == ["0.750", "1.00s"]
    assert grown(1.5) == ["1.000", "0.50s"], "full when the breath is over"
    assert grown(None)[0] == "0.000"
    assert all("width" in each for each in eased()), "lines beside it come and go"
    live.page.emulate_media(reduced_motion="reduce")
    assert grown(0.5)[0] == "0.250"
    assert eased() == ["none", "none"]
    live.page.emulate_media(reduced_motion="no-preference")


def skipping_says_what_it_costs(live: Live) -> None:
    costs = live.page.get_by_text("Without a sentence from each of you the coach cannot tell who speaks")
    live.shows(CHECK_IN)
    expect(costs).to_be_visible()
    expect(live.page.get_by_role("button", name="Skip the beginning")).to_be_visible()
    live.shows(TALK)
    expect(costs).to_be_hidden()


def silence_in_the_check_in_brings_a_hint(live: Live) -> None:
    hint = live.page.get_by_text("For half a minute nobody has spoken.")
    live.shows(UNANSWERED)
    expect(hint).to_be_visible()
    expect(live.page.get_by_text(PROMPT)).to_be_visible()
    live.shows(CHECK_IN)
    expect(hint).to_be_hidden()


def messages_are_in_the_language_of_the_page(live: Live, marked: str, lost: str) -> None:
    """What comes from elsewhere is shown as it is."""
    saying = in_page_languages(Message("gone.silent"))
    live.shows(TALK | {"phase": "lost", "silence": None, "saying": saying, "notices": [MARKED, "<b>&amp;"]})
    told = live.page.locator("#notices li")
    expect(told.nth(0)).to_have_text(marked)
    expect(told.nth(1)).to_have_text("<b>&amp;")
    expect(live.page.locator("#saying")).to_have_text(lost)


def somebody_without_a_name_is_told_of(live: Live) -> None:
    quiet = live.page.locator("#who").get_by_text("quiet")
    live.shows(TALK)
    expect(quiet.first).to_be_visible()
    live.shows(SOMEBODY)
    expect(live.page.get_by_text("somebody speaks")).to_be_visible()
    expect(quiet.first).to_be_hidden()
