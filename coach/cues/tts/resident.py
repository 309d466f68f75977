"""SHELL. A child process that stays for the next request: one JSON object per line each way.

    ask({...}) ──► stdin of the child ──► stdout of the child ──► its answer
                   started when first needed, and again when it has ended; killed if it does not answer in time

The child ends by itself when it is idle, and when this process ends, because its stdin is then closed.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any


class NoAnswer(Exception):
    """The child could not be started, ended before its answer, or took too long; the text says which."""


class Resident:
    """The child process of `command`. `ask` may be called from any thread; requests are answered one at a time."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._answers: SimpleQueue[bytes] = SimpleQueue()

    @property
    def pid(self) -> int | None:
        """The process id of the child; None if there is none now."""
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    def ask(self, request: Mapping[str, Any], timeout: float) -> dict[str, Any]:
        """The child's answer to `request` within `timeout` seconds. Raises NoAnswer."""
        with self._turn:
            fresh = self.pid is None
            try:
                return self._asked(request, timeout)
            except _Ended as ended:
                if fresh:
                    raise NoAnswer(str(ended)) from None
            try:  # the child ended, idle, just as it was asked
                return self._asked(request, timeout)
            except _Ended as ended:
                raise NoAnswer(str(ended)) from None

    def close(self) -> None:
        """Ends the child, if there is one."""
        with self._turn:
            self._end()

    def _asked(self, request: Mapping[str, Any], timeout: float) -> dict[str, Any]:
        child = self._child if self.pid is not None and self._child is not None else self._begun()
        assert child.stdin is not None
        try:
            child.stdin.write(json.dumps(request).encode() + b"\n")
            child.stdin.flush()
            line = self._answers.get(timeout=timeout)
        except OSError:
            line = b""
        except Empty:
            self._end()
            raise NoAnswer(f"it hung for {timeout:g} s") from None
        if not line:
            self._end()
            raise _Ended("it ended without an answer")
        try:
            answer = json.loads(line)
        except ValueError:
            self._end()
            raise NoAnswer("its answer cannot be read") from None
        return dict(answer)

    def _begun(self) -> subprocess.Popen[bytes]:
        self._end()
        try:
            child = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise NoAnswer(str(error)) from None
        answers: SimpleQueue[bytes] = SimpleQueue()

        def read() -> None:
            assert child.stdout is not None
            with child.stdout as lines:
                for line in lines:
                    answers.put(line)
            answers.put(b"")
            child.wait()  # so that an idle child that has ended leaves no zombie

        threading.Thread(target=read, name="coach-voice-answers", daemon=True).start()
        self._child, self._answers = child, answers
        return child

    def _end(self) -> None:
        if self._child is None:
            return
        self._child.kill()
        self._child.wait()
        assert self._child.stdin is not None
        with suppress(OSError):  # what was written and never read
            self._child.stdin.close()
        self._child = None


class _Ended(Exception):
    """The child ended without an answer."""
