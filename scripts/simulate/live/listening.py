"""Runs `coach listen --plain` or another session as a user does, and reads its output line by line."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from coach.core.messages import Message
from coach.runtime.relief import TOLD
from coach.runtime.session import LEFT_OUT

Found = TypeVar("Found")
WORDS_LATE = "(words-late:"  # how a cue says that it was held back because the recogniser was late
COACH = Path(sys.executable).with_name("coach")


@dataclass(frozen=True)
class Line:
    """One line of stdout: sample-clock time in seconds, kind, details, and arrival time."""

    came: float
    at: float
    kind: str
    details: str

    @classmethod
    def of(cls, text: str) -> Line:
        stamp, kind, details = (*text.split(maxsplit=2), "")[:3]
        at = 0.0
        for part in stamp.split(":"):
            at = 60 * at + float(part)
        return cls(time.monotonic(), at, kind, details)


class NotInTime(AssertionError):
    """The coach reports that the machine was too busy to hear everything in time, so what it did shows nothing."""


class Listening:
    """A running `coach listen`, or another `session`. `lines` grows as output arrives.

    Use it as a context manager, so that the process ends even if a test fails. A test that fails fails with `NotInTime`
    if the machine was too busy.
    """

    def __init__(
        self, env: Mapping[str, str], *options: str, before: tuple[str, ...] = (), session: str = "listen"
    ) -> None:
        command = [*before, str(COACH), session, "--plain", *options]
        self.child = subprocess.Popen(
            command, env=dict(env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.lines: list[Line] = []
        self.errors: list[str] = []
        self._readers = [threading.Thread(target=read, daemon=True) for read in (self._read, self._read_errors)]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Listening:
        return self

    def __exit__(self, _: object, error: BaseException | None, *__: object) -> None:
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()
        if isinstance(error, AssertionError) and busy(self.lines):
            raise NotInTime(self.said()) from error

    def _read(self) -> None:
        assert self.child.stdout is not None
        for text in self.child.stdout:
            if re.match(r"[\d:]+\.\d{3}  [a-z]", text):  # the final summary is not an event
                self.lines.append(Line.of(text.rstrip("\n")))

    def _read_errors(self) -> None:
        assert self.child.stderr is not None
        for text in self.child.stderr:
            self.errors.append(text.rstrip("\n"))

    def of_kind(self, kind: str) -> list[Line]:
        return [line for line in list(self.lines) if line.kind == kind]

    def wait_for_line(self, what: str, fits: Callable[[Line], bool], seconds: float) -> Line:
        """The first line that matches; fails with the whole output if none comes in time."""
        return self._wait(what, lambda: next((line for line in list(self.lines) if fits(line)), None), seconds)

    def wait_for_prompt(self, words: str, seconds: float) -> str:
        """The first prompt on stderr that contains these words."""
        return self._wait(words, lambda: next((text for text in list(self.errors) if words in text), None), seconds)

    def _wait(self, what: str, look: Callable[[], Found | None], seconds: float) -> Found:
        until = time.monotonic() + seconds
        while (found := look()) is None:
            if time.monotonic() > until or self.child.poll() is not None:
                raise AssertionError(f"the coach did not say: {what}\n{self.said()}")
            time.sleep(0.05)
        return found

    def said(self) -> str:
        return "\n".join([*(f"{x.at:8.3f} {x.kind} {x.details}" for x in self.lines), *self.errors])

    def interrupt(self, patience_s: float = 20.0) -> int:
        """Sends Ctrl-C, waits for the final output and returns the exit status."""
        self.child.send_signal(signal.SIGINT)
        return self._finished(patience_s)

    def kill(self) -> float:
        """Sends SIGKILL; returns the time."""
        self.child.kill()
        moment = time.monotonic()
        self._finished()
        return moment

    def _finished(self, patience_s: float = 20.0) -> int:
        status = self.child.wait(timeout=patience_s)
        for reader in self._readers:
            reader.join(timeout=5)
        return status


def late(lines: list[Line]) -> list[Line]:
    """The gaps that hearing left to catch up on a busy machine."""
    return [line for line in lines if line.kind == "gap" and Message(LEFT_OUT) in line.details]


def relieved(lines: list[Line]) -> list[Line]:
    """The notices that the coach does with less on a busy machine."""
    told = [Message(key) for key in TOLD.values()]
    return [line for line in lines if line.kind == "notice" and line.details in told]


def without_words(lines: list[Line]) -> list[Line]:
    """The cues that were held back because the recogniser was late on a busy machine."""
    return [line for line in lines if line.kind == "cue" and WORDS_LATE in line.details]


def busy(lines: list[Line]) -> bool:
    """Whether the coach reports that the machine was too busy for it, so that its cues show nothing."""
    return bool(late(lines) or relieved(lines) or without_words(lines))


def coach(env: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Runs any other command of the coach to completion."""
    return subprocess.run([str(COACH), *words], env=dict(env), capture_output=True, text=True, check=False, timeout=60)


def exported(env: Mapping[str, str]) -> dict[str, Any]:
    """The latest session from `coach export --format json`."""
    listed = coach(env, "sessions")
    assert listed.returncode == 0, listed.stderr
    numbers = [int(number) for number in re.findall(r"^\W*(\d+)\s+\d{4}-", listed.stdout, re.MULTILINE)]
    assert numbers, listed.stdout
    export = coach(env, "export", str(max(numbers)), "--format", "json")
    assert export.returncode == 0, export.stderr
    session: dict[str, Any] = json.loads(export.stdout)
    return session
