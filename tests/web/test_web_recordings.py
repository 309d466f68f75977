"""Recordings that are dropped on the page, one after another or at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from types import FrameType
from typing import Any

from coach.core.settings import Settings
from coach.sessions import Store
from coach.web import recordings
from coach.web.recordings import Job, Shelf
from tests.waiting import wait

MANY = 40


def taken(shelf: Shelf, name: str) -> Job:
    """A recording that cannot be read, so that its analysis ends soon."""

    async def body() -> AsyncIterator[bytes]:
        yield b"no sound"

    return asyncio.run(shelf.take(name, Settings(), words=False, body=body()))


def test_a_recording_that_arrives_at_any_moment_of_the_work_on_another_is_analysed_as_well(tmp_path: Path) -> None:
    """Whatever the shelf's thread does just now: at each of its first steps there is one recording more."""
    jobs: list[Job] = []

    def step(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != recordings.__file__:
            return None
        if event == "line" and len(jobs) < MANY:
            jobs.append(taken(shelf, f"{len(jobs)}.wav"))
        return step

    with Store(tmp_path / "coach.db") as store:
        shelf = Shelf(store, lambda: False)
        threading.settrace(step)  # of threads that begin from now on
        try:
            first = taken(shelf, "first.wav")
        finally:
            threading.settrace(None)
        try:
            wait("the last one", lambda: len(jobs) == MANY and jobs[-1].stage != "waiting")
        finally:
            shelf.close()
    assert {job.stage for job in [first, *jobs]} == {"unreadable"}


def test_closing_the_shelf_leaves_no_file_of_those_that_wait(tmp_path: Path) -> None:
    with Store(tmp_path / "coach.db") as store:
        shelf = Shelf(store, lambda: True)
        jobs = [taken(shelf, "one.wav"), taken(shelf, "two.wav")]
        shelf.close()
    assert {job.stage for job in jobs} == {"cancelled"}
    assert not any(job.folder.exists() for job in jobs)
