"""Makes the README's pictures from the sample conversation: the live screen, the live page and the session's page.

    python -m scripts.make_pictures [--out DIR]

`screen.png` shows the screen during Ana's pause after a question, and `live.png` the page of `coach open` then, which
plays the sample for two minutes. `page.png` shows the top of the page from
`coach review --page`: `coach listen` hears the sample once, in real time, with words kept, so the page has the figures
that the README's own example has. Neither counts the check-in. Chromium renders both; it must be installed, with
Playwright's Python package.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from coach.asr import Immediate, choose
from coach.audio.recording import Recording
from coach.audio.source import Block
from coach.cli.screen import Commands, ListenScreen
from coach.coaching import Catalogue
from coach.core.events import Cue, DeviceOpened, Event, FloorTaken, Speech, SpeechOn, Words
from coach.core.resources import asset
from coach.core.settings import Settings
from coach.core.span import RATE, Span, as_samples
from coach.review.page import html, session_page
from coach.runtime.pipeline import Pipeline
from coach.runtime.speaker_setup import Enrolment, Hearings, Who, planned, settle
from coach.sessions import DATABASE_FILE, Store
from scripts.paths import ROOT

CHROMIUM = "/usr/bin/chromium"
PEOPLE = ("Ana", "Ben")
AFTER_CUE = as_samples(3.0)  # samples from the spoken cue to the picture: long enough to show a silence
CELLS = (80, 20)  # terminal columns and rows
WIDTH = 1000  # CSS pixels of the page
TABLET: ViewportSize = {"width": 820, "height": 1000}  # of the live page, in CSS pixels
UNTIL_CUE = 240_000  # milliseconds; the first spoken cue comes after two minutes
SECTIONS = 2  # of the page: the timeline, and the pauses after a share
DAY = datetime(2026, 11, 22, 20, 0).astimezone()  # as if it had been held then, so that the picture stays the same
MARGIN = 12  # CSS pixels under them
SHARP = 1.5  # device pixels per CSS pixel


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures", metavar="DIR")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    events = after_the_check_in(heard())
    screen = asyncio.run(screen_after(events))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        take_screen(browser, screen, out / "screen.png")
        take_live(browser, out / "live.png")
        take_page(browser, out / "page.png")
        browser.close()
    for path in sorted(out.glob("*.png")):
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


def heard() -> list[Event]:
    """All events of the sample, including those only for the screen."""
    enrolments = tuple(Enrolment(who, spans=(Span.seconds(*truth()["enrolment"][who]),)) for who in PEOPLE)
    who = Who(PEOPLE, enrolments=enrolments)
    recording = Recording(asset("sample.flac"))
    hearings = Hearings(recording, planned(recording, who), None)
    ear, people = settle(hearings, who)
    engine, _ = choose("auto", language="en", model=None)
    assert ear is not None
    assert engine is not None
    table = Pipeline(ear, Settings(), people, catalogue=Catalogue.load(), recogniser=Immediate(engine))
    events: list[Event] = [DeviceOpened(at=0, device="the sample conversation", rate=RATE, channels=1)]
    for item in hearings.next(0):
        events += table.hop(item) if isinstance(item, Block) else table.outside(item)
    return [*events, *table.finish("the recording ended")]


def after_the_check_in(events: list[Event]) -> list[Event]:
    """The events as a live session has them, where the sentences of the check-in are no speech and no turn."""
    begins = max(as_samples(end) for _, end in truth()["enrolment"].values())
    counted = (Speech, SpeechOn, Words, Cue, FloorTaken)

    def since(event: Event) -> int:
        """When the speech began, or for a change of speaker ended, that the event is about."""
        return event.onset - event.fto if isinstance(event, FloorTaken) else event.at

    return [event for event in events if not isinstance(event, counted) or since(event) > begins]


def truth() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(asset("sample.truth.json").read_text(encoding="utf-8"))
    return found


# ------------------------------------------------------------------------------------------------------ the screen


async def screen_after(events: list[Event]) -> str:
    """The screen some seconds after the first spoken cue, as SVG."""
    cue = next(each for each in events if isinstance(each, Cue) and each.form == "spoken" and each.given)
    screen = ListenScreen(PEOPLE, as_samples(Settings().pause), Commands(*(lambda: None for _ in fields(Commands))))
    async with screen.run_test(size=CELLS) as pilot:
        for event in events:
            if event.at <= cue.at + AFTER_CUE:
                screen.post(event)
        await pilot.pause(1.0)  # the screen updates ten times a second
        return screen.export_screenshot(title="coach listen --people Ana,Ben")


def take_screen(browser: Browser, svg: str, path: Path) -> None:
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # would be fetched from the network
    page = browser.new_page(device_scale_factor=SHARP)
    page.set_content(f"<body style='margin:0'>{svg.replace('Fira Code', 'DejaVu Sans Mono')}</body>")
    page.locator("svg").first.screenshot(path=path, omit_background=True)
    page.close()


# --------------------------------------------------------------------------------------------------------- the pages


def take_live(browser: Browser, path: Path) -> None:
    """The page of `coach open` while it plays the sample, just after the first spoken cue."""
    with tempfile.TemporaryDirectory() as folder:
        folders = {f"XDG_{name}_HOME": str(Path(folder, name)) for name in ("DATA", "CONFIG", "CACHE")}
        command = [sys.executable, "-m", "coach", "open", "--no-browser"]
        program = subprocess.Popen(command, env=os.environ | folders, stderr=subprocess.PIPE, text=True)
        assert program.stderr is not None
        try:
            link = next(found[0] for line in program.stderr if (found := re.search(r"http://\S+", line)))
            page = browser.new_page(viewport=TABLET, locale="en-GB", color_scheme="light")
            page.goto(link)
            page.get_by_role("button", name="Listen to the sample first").click()
            page.locator("#cue", has_text="“").wait_for(state="visible", timeout=UNTIL_CUE)
            page.screenshot(path=path, full_page=True)
            page.get_by_role("button", name="End").click()
            page.wait_for_url("**/session/*")
            page.close()
        finally:
            program.send_signal(signal.SIGINT)
            program.communicate()


def take_page(browser: Browser, path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        folders = {f"XDG_{name}_HOME": str(Path(folder, name)) for name in ("DATA", "CONFIG", "CACHE")}
        command = [sys.executable, "-m", "coach", "analyze", str(asset("sample.flac")), "--save", "--words"]
        command += ["--people", ",".join(PEOPLE)]
        subprocess.run(command, env=os.environ | folders, check=True, stdout=subprocess.DEVNULL)
        with Store(Path(folder, "DATA", "coach", DATABASE_FILE)) as store:
            session = replace(store.session(None), started=DAY)
            made = html(session_page(session, store.events(session.id)))
        file = Path(folder, "page.html")
        file.write_text(made, encoding="utf-8")
        page = browser.new_page(viewport={"width": WIDTH, "height": WIDTH}, device_scale_factor=SHARP)
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-drawn]")
        last = page.locator("section").nth(SECTIONS - 1).bounding_box()
        assert last is not None
        height = last["y"] + last["height"] + MARGIN
        page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
        page.close()


if __name__ == "__main__":
    main()
