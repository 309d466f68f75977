"""Recordings that were dropped on the page: analysed one after another, each kept as a session.

    POST /recordings ─► a private temporary file ─► waiting ─► analysed ─► a session; the file is deleted in any case

They are analysed on one thread of their own, and only while no session listens: the ear comes first.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal

from coach.asr import choose_for
from coach.audio import Recording
from coach.core.errors import BadInput, CoachError, reason_of
from coach.core.names import one_line
from coach.core.settings import Settings
from coach.runtime import Who, analyse, save_analysed
from coach.sessions import Store
from coach.vad import choose_detector

Stage = Literal["waiting", "running", "done", "forgotten", "unreadable", "failed", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfConfig:
    """How recordings wait."""

    look: float = 0.2  # seconds between two looks at whether the ear is free
    most: int = 100  # recordings that wait or are remembered


CONFIG = ShelfConfig()


class Cancelled(Exception):
    """Somebody asked for the analysis to end."""


@dataclass(slots=True)
class Job:
    """One recording. `done` is the part of it that was heard, 0 to 1; `session` is its number once it is kept."""

    number: int
    name: str
    folder: Path
    file: Path
    settings: Settings
    words: bool
    stage: Stage = "waiting"
    done: float = 0.0
    session: int | None = None
    says: str = ""
    cancelled: threading.Event = field(default_factory=threading.Event)

    def told(self) -> dict[str, Any]:
        """The job as JSON values, for the page."""
        shown = ("number", "name", "stage", "session", "says")
        return {name: getattr(self, name) for name in shown} | {"done": round(self.done, 2)}


class Shelf:
    """The recordings of this run of the server. `busy` says whether a session listens just now."""

    def __init__(self, store: Store, busy: Callable[[], bool]) -> None:
        self._store, self._busy = store, busy
        self._jobs: dict[int, Job] = {}
        self._numbers = count(1)
        self._waiting: SimpleQueue[Job | None] = SimpleQueue()  # None is the last
        self._thread: threading.Thread | None = None

    async def take(self, name: str, settings: Settings, *, words: bool, body: AsyncIterator[bytes]) -> Job:
        """Writes `body` to a file that only its owner can read, and queues it. Raises BadInput."""
        if len(self._jobs) >= CONFIG.most:
            raise BadInput("that is enough for one evening: close the coach and open it again for more")
        folder = Path(tempfile.mkdtemp(prefix="coach-"))
        suffix = Path(name).suffix if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", Path(name).suffix) else ""
        file = folder / f"recording{suffix}"
        try:
            with file.open("wb") as out:
                async for piece in body:
                    out.write(piece)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise BadInput(f"{one_line(name)} cannot be taken: {reason_of(error)}") from error
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        job = Job(next(self._numbers), one_line(name) or "recording", folder, file, settings, words)
        self._jobs[job.number] = job
        self._waiting.put(job)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="recordings")
            self._thread.start()
        return job

    def cancel(self, number: int) -> None:
        """Ends the analysis of a recording, or takes it out of the queue."""
        if number in self._jobs:
            self._jobs[number].cancelled.set()

    def forgotten(self, session: int) -> None:
        """The session of a recording was forgotten, so nobody can look back at it."""
        for job in self._jobs.values():
            if job.session == session:
                job.session, job.stage = None, "forgotten"

    def told(self) -> list[dict[str, Any]]:
        """All recordings, the latest first."""
        return [job.told() for job in reversed(self._jobs.values())]

    def close(self) -> None:
        """Cancels what has not ended, and waits for the thread."""
        for job in self._jobs.values():
            job.cancelled.set()
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()

    # ---------------------------------------------------------------------------------------------- on its thread

    def _run(self) -> None:
        while (job := self._waiting.get()) is not None:
            self._analyse(job)

    def _analyse(self, job: Job) -> None:
        try:
            self._wait_for_the_ear(job)
            job.stage = "running"
            if not _readable(job.file):
                job.stage = "unreadable"
                return
            job.session = self._kept(job)
            job.stage, job.done = "done", 1.0
        except Cancelled:
            job.stage = "cancelled"
        except CoachError as error:
            job.stage, job.says = "failed", _about(job, error)
        except Exception as fault:  # the page says so, and the next one is tried
            job.stage, job.says = "failed", f"{type(fault).__name__}: {fault}"
        finally:
            shutil.rmtree(job.folder, ignore_errors=True)

    def _wait_for_the_ear(self, job: Job) -> None:
        while self._busy() and not job.cancelled.is_set():
            job.cancelled.wait(CONFIG.look)
        if job.cancelled.is_set():
            raise Cancelled

    def _kept(self, job: Job) -> int:
        begun = time.monotonic()

        def progress(done: int, of: int | None) -> None:
            self._wait_for_the_ear(job)
            job.done = done / of if of else min(0.95, (time.monotonic() - begun) / 120)

        settings = job.settings
        engine, _ = choose_for(settings)
        try:
            who = Who(settings.people, {}, (), None)
            found = analyse(job.file, who, settings, engine, progress=progress, detector=choose_detector())
        finally:
            if engine is not None:
                with suppress(CoachError):
                    engine.close()
        return save_analysed(self._store, replace(found, name=job.name), settings, words=job.words)


def _readable(file: Path) -> bool:
    """Whether there is sound in the file."""
    try:
        Recording(file).close()
    except BadInput:
        return False
    return True


def _about(job: Job, error: CoachError) -> str:
    """The error with the name that people know instead of that of the temporary file."""
    return str(error).replace(str(job.file), job.name).replace(job.file.name, job.name)
