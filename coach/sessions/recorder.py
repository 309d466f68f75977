"""The store thread: everything else puts events and goes on at once.

    ear, coaching, words ── put(event) ──► queue ──► this thread ── every half second ──► SQLite
                         └─ sound(at, block) ┘                  └─ block by block ──────► FLAC

A batch is committed half a second after its first event, so that a killed process loses less than a second. When the
disk is full, or the file is locked for long, the session goes on: what could not be written waits in memory, one line
tells the people, and the batch is tried again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import numpy as np
import soundfile

from coach.core.errors import CoachError
from coach.core.events import Event
from coach.sessions.database import DiskFull, Forgotten
from coach.sessions.locks import Running
from coach.sessions.sound import Sound
from coach.sessions.store import SessionHeader, Store

COMMIT = 0.5  # seconds from the first event of a batch to its commit
RETRY = 10.0  # seconds until a failed batch is tried again
WAITING = 100_000  # events held while nothing can be stored: an evening of talk, some 50 MB


@dataclass(frozen=True, slots=True)
class _Block:
    at: int
    samples: np.ndarray


class _Close:
    """The last thing in the queue."""


class Recorder:
    """Stores one session from its own thread, from construction until `close`.
    `notice` is called with one line for the people, once for each thing that goes wrong: from that thread, or, when
    the disk is full at the very beginning, from the caller's. Sessions older than `keep_days` are forgotten first (0
    forgets none). `commit` and `retry` are in seconds.
    Raises CoachError at once when the store cannot be used at all; a full disk is no such reason.
    """

    def __init__(
        self,
        store: Store,
        beginning: SessionHeader,
        notice: Callable[[str], None],
        *,
        keep_days: int = 0,
        commit: float = COMMIT,
        retry: float = RETRY,
    ) -> None:
        self.session: int | None = (
            None  # None until the session has its row: soon after the start, if the disk has room
        )
        self._store, self._beginning, self._notice = store, beginning, notice
        self._keep_days, self._commit, self._retry = keep_days, commit, retry
        self._queue: SimpleQueue[Event | _Block | _Close] = SimpleQueue()
        self._waiting: list[Event] = []
        self._dropped = 0
        self._failing = self._forgotten = False
        self._due: float | None = None  # when to try the next commit, on the monotonic clock
        self._keeps_sound = beginning.keep == "audio"
        self._sound: Sound | None = None
        self._running: Running | None = None
        self._begin()
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    def put(self, event: Event) -> None:
        """Store `event` soon. Never waits; may be called from any thread."""
        if event.stored:
            self._queue.put(event)

    def sound(self, at: int, block: np.ndarray) -> None:
        """Keep `block` (float, shape (n,) or (n, channels)) at sample `at`, if this session keeps sound. Never waits.

        The block is not copied: the caller does not change it afterwards.
        """
        if self._keeps_sound:
            self._queue.put(_Block(at, block))

    def close(self, timeout: float = 30.0) -> None:
        """Write what is left, and end the thread. What is put afterwards is not stored."""
        self._queue.put(_Close())
        self._thread.join(timeout)

    # --------------------------------------------------------------------------------------- in the store thread

    def _run(self) -> None:
        self._forget_older()
        while not isinstance(thing := self._next(), _Close):
            if isinstance(thing, _Block):
                self._write_sound(thing)
            elif thing is not None:
                self._hold(thing)
            if self._due is not None and time.monotonic() >= self._due:
                self._write()
        self._write()
        self._end_sound()
        if self._running is not None:
            self._running.end()
        if self._waiting or self._dropped:
            self._notice(f"{len(self._waiting) + self._dropped} events of this session could not be stored")

    def _next(self) -> Event | _Block | _Close | None:
        """What was put next; None when it is time to commit."""
        patience = None if self._due is None else max(0.0, self._due - time.monotonic())
        try:
            return self._queue.get(timeout=patience)
        except Empty:
            return None

    def _hold(self, event: Event) -> None:
        if self._forgotten:
            return
        if len(self._waiting) >= WAITING:
            self._dropped += 1
            return
        self._waiting.append(event)
        if self._due is None:
            self._due = time.monotonic() + self._commit

    def _begin(self) -> None:
        """Give the session its row. Raises CoachError, but not for a full disk: that is told, and tried again."""
        try:
            self._give_row()
        except DiskFull:
            self._fail("the disk is full")

    def _give_row(self) -> int:
        self.session = self._store.begin(self._beginning)
        self._running = Running(self._store.path.parent, self.session)
        return self.session

    def _write(self) -> None:
        """Commit what waits; on failure, keep it and say so once."""
        self._due = None
        if not self._waiting and self.session is not None:
            return
        try:
            session = self._give_row() if self.session is None else self.session
            self._store.write(session, self._waiting)
        except Forgotten as error:
            self._forgotten, self._waiting, self._keeps_sound = True, [], False
            self._end_sound()
            self._forget_sound()
            self._notice(str(error))
        except DiskFull:
            self._fail("the disk is full")
        except CoachError as error:
            self._fail(str(error))
        else:
            self._waiting = []
            if self._failing:
                self._failing = False
                self._notice("the session is stored again, with all that was waiting")

    def _fail(self, reason: str) -> None:
        self._due = time.monotonic() + self._retry
        if not self._failing:
            self._failing = True
            self._notice(f"{reason}: the session goes on, but from here nothing is stored until that is mended")

    def _forget_older(self) -> None:
        try:
            count = self._store.forget_older(self._keep_days)
        except CoachError as error:
            self._notice(f"sessions older than {self._keep_days} days were not cleared: {error}")
        else:
            if count:
                self._notice(f"sessions older than {self._keep_days} days were forgotten: {count}")

    def _forget_sound(self) -> None:
        """Sound that was begun while the session was being forgotten is nobody's."""
        if self.session is not None:
            with suppress(OSError):
                self._store.sound_file(self.session).unlink(missing_ok=True)

    def _write_sound(self, block: _Block) -> None:
        if not self._keeps_sound or self.session is None:
            return
        try:
            if self._sound is None:
                self._sound = Sound(self._store.sound_file(self.session), self._beginning.channels)
            self._sound.write(block.at, block.samples)
        except (OSError, CoachError, soundfile.SoundFileError) as error:
            self._stop_sound(error)

    def _stop_sound(self, error: Exception) -> None:
        if not self._keeps_sound:
            return  # told already
        self._keeps_sound = False
        reason = str(error) if isinstance(error, CoachError) else "the disk is full, or does not take it"
        self._notice(f"the sound is kept no longer ({reason}): the session goes on, and its timings are stored")
        self._end_sound()

    def _end_sound(self) -> None:
        if self._sound is not None:
            sound, self._sound = self._sound, None
            try:
                sound.close()
            except (OSError, soundfile.SoundFileError) as error:
                self._stop_sound(error)
