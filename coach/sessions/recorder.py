"""The store thread: it writes events to disk, so that no other thread waits for the disk.

    ear, coaching, words ── put(event) ──► queue ──► this thread ── every half second ──► SQLite
                         └─ sound(at, block) ┘                  └─ block by block ──────► FLAC

A batch is committed half a second after its first event, so that a killed process loses less than a second. If the
disk is full, or the file stays locked, the session goes on: the batch waits in memory and is tried again, and a notice
tells the people once. Where nothing can be written from the start, the session goes on and is not kept, unless the
people asked for words or sound.
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

from coach.core.errors import CoachError, NotWritable
from coach.core.events import Event
from coach.core.messages import Message, message_of
from coach.sessions.database import DiskFull, Forgotten
from coach.sessions.forget import forget_old_sessions, forget_sessions
from coach.sessions.locks import SessionLock
from coach.sessions.sound import Sound
from coach.sessions.store import SessionHeader, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderConfig:
    """When a `Recorder` writes, and how much it holds while it cannot. Times are in seconds."""

    commit: float = 0.5  # from the first event of a batch to its commit
    retry: float = 10.0  # until a failed batch is tried again
    most_waiting: int = 100_000  # events held while nothing can be stored: an evening of talk, about 50 MB
    closing: float = 30.0  # that `close` waits for the last batch


@dataclass(frozen=True, slots=True)
class _Block:
    at: int
    samples: np.ndarray


class _Close:
    """The last item in the queue."""


class Recorder:
    """Stores one session on a separate thread, from construction until `close`.

    The thread first forgets sessions older than `keep_days` (0 forgets none). It calls `notice` once per failure with
    one line for the people; if the disk is full or cannot be written at the start, the constructor calls it. The
    constructor raises CoachError if the store cannot be used at all, but not for a full disk; it raises NotWritable
    only if the session is to keep words or sound.
    """

    def __init__(
        self,
        store: Store,
        header: SessionHeader,
        notice: Callable[[str], None],
        *,
        keep_days: int = 0,
        config: RecorderConfig = RecorderConfig(),
    ) -> None:
        self.session: int | None = None  # None while the disk has not taken the session's row
        self.header = header
        self._store, self._notice = store, notice
        self._keep_days, self._config = keep_days, config
        self._queue: SimpleQueue[Event | _Block | _Close] = SimpleQueue()
        self._waiting: list[Event] = []
        self.dropped = 0
        self._failing = self._forgotten = self._refused = False
        self._due: float | None = None  # when to try the next commit, on the monotonic clock
        self._keeps_sound = header.keep == "audio"
        self._sound: Sound | None = None
        self._session_lock: SessionLock | None = None
        self._begin()
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        try:
            self._thread.start()
        except BaseException:
            self._leave_nothing()
            raise

    def put(self, event: Event) -> None:
        """Queue `event` for storing. Never waits; any thread may call it."""
        if event.stored:
            self._queue.put(event)

    def sound(self, at: int, block: np.ndarray) -> None:
        """Queue `block` (float, shape (n,) or (n, channels)) at sample `at`, if this session keeps sound. Never waits.

        The block is not copied, so the caller must not change it afterwards.
        """
        if self._keeps_sound:
            self._queue.put(_Block(at, block))

    def close(self) -> None:
        """Write what is left and end the thread. Later events are not stored."""
        self._queue.put(_Close())
        self._thread.join(self._config.closing)

    @property
    def unstored(self) -> tuple[Event, ...]:
        """The last events, which the disk has not taken; complete after `close`, except for those `dropped`."""
        return tuple(self._waiting)

    def abandon(self) -> None:
        """Close, and leave nothing of this session in the store: it never came about."""
        self.close()
        self._leave_nothing()

    def _leave_nothing(self) -> None:
        if self._session_lock is not None:
            self._session_lock.release()
        if self.session is not None:
            with suppress(CoachError):  # the row stays, as that of a session that was cut short
                forget_sessions(self._store, self.session)

    # --------------------------------------------------------------------------------------- in the store thread

    def _run(self) -> None:
        if not self._refused:
            self._forget_old_sessions()
        while not isinstance(item := self._next(), _Close):
            if isinstance(item, _Block):
                self._write_sound(item)
            elif item is not None:
                self._hold(item)
            if self._due is not None and time.monotonic() >= self._due:
                self._write()
        self._write()
        self._end_sound()
        if self._session_lock is not None:
            self._session_lock.release()
        if (self._waiting or self.dropped) and not self._refused:
            self._notice(Message("notice.unstored", n=len(self._waiting) + self.dropped))

    def _next(self) -> Event | _Block | _Close | None:
        """The next item of the queue, or None when it is time to commit."""
        timeout = None if self._due is None else max(0.0, self._due - time.monotonic())
        try:
            return self._queue.get(timeout=timeout)
        except Empty:
            return None

    def _hold(self, event: Event) -> None:
        if self._forgotten:
            return
        if len(self._waiting) >= self._config.most_waiting:
            self.dropped += 1
            return
        self._waiting.append(event)
        if self._due is None and not self._refused:
            self._due = time.monotonic() + self._config.commit

    def _begin(self) -> None:
        """Add the session's row. Raises CoachError, except for a full disk: then the thread tries again later.

        Where nothing can be written, the session is not kept, and there is no other try.
        """
        try:
            self._add_row()
        except DiskFull:
            self._fail(Message("disk.full"))
        except NotWritable as error:
            if self.header.keep != "stats":
                raise NotWritable(
                    f"{error}, so words and sound cannot be kept; with `--keep stats` the coach listens all the same"
                ) from error
            self._refused = True
            self._notice(Message("notice.not_kept", reason=message_of(error)))

    def _add_row(self) -> int:
        self.session = self._store.begin(self.header)
        self._session_lock = SessionLock(self._store.path.parent, self.session)
        return self.session

    def _write(self) -> None:
        """Commit the waiting events; if that fails, keep them and give one notice."""
        self._due = None
        if self._refused or (not self._waiting and self.session is not None):
            return
        try:
            session = self._add_row() if self.session is None else self.session
            self._store.write(session, self._waiting)
        except Forgotten as error:
            self._forgotten, self._waiting, self._keeps_sound = True, [], False
            self._end_sound()
            self._delete_sound()
            self._notice(message_of(error))
        except DiskFull:
            self._fail(Message("disk.full"))
        except CoachError as error:
            self._fail(message_of(error))
        else:
            self._waiting = []
            if self._failing:
                self._failing = False
                self._notice(Message("notice.stored_again"))

    def _fail(self, reason: str) -> None:
        self._due = time.monotonic() + self._config.retry
        if not self._failing:
            self._failing = True
            self._notice(Message("notice.nothing_stored", reason=reason))

    def _forget_old_sessions(self) -> None:
        try:
            count = forget_old_sessions(self._store, self._keep_days)
        except CoachError as error:
            self._notice(Message("notice.old_not_deleted", days=self._keep_days, reason=message_of(error)))
        else:
            if count:
                self._notice(Message("notice.old_deleted", days=self._keep_days, n=count))

    def _delete_sound(self) -> None:
        """Delete sound that this thread began to write while another process was deleting the session."""
        if self.session is not None:
            with suppress(OSError):
                self._store.sound_file(self.session).unlink(missing_ok=True)

    def _write_sound(self, block: _Block) -> None:
        if not self._keeps_sound or self.session is None:
            return
        try:
            if self._sound is None:
                self._sound = Sound(self._store.sound_file(self.session), self.header.channels)
            self._sound.write(block.at, block.samples)
        except (OSError, CoachError, soundfile.SoundFileError) as error:
            self._stop_sound(error)

    def _stop_sound(self, error: Exception) -> None:
        if not self._keeps_sound:
            return  # the people know already
        self._keeps_sound = False
        reason = message_of(error) if isinstance(error, CoachError) else Message("disk.full_or_closed")
        self._notice(Message("notice.sound_not_kept", reason=reason))
        self._end_sound()

    def _end_sound(self) -> None:
        if self._sound is not None:
            sound, self._sound = self._sound, None
            try:
                sound.close()
            except (OSError, soundfile.SoundFileError) as error:
                self._stop_sound(error)
