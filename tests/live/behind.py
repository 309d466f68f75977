"""A session in real time that goes on behind the other tests, in front of a sound server of its own."""

from __future__ import annotations

import threading
import time

from scripts.simulate.live.listening import Listening
from scripts.simulate.live.soundserver import Playing, SoundServer


class Behind:
    """Runs in a thread of its own; `wait` for it, then look."""

    def __init__(self) -> None:
        self.listening: Listening | None = None
        self._failure: BaseException | None = None
        self._given_up = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def give_up(self) -> None:
        self._given_up = True
        if self.listening is not None and self.listening.child.poll() is None:
            self.listening.child.kill()
        self._thread.join(timeout=10)

    def wait(self) -> None:
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def listen(self, server: SoundServer) -> None:
        """The whole session."""
        raise NotImplementedError

    def heard_out(self, playing: Playing, more_s: float = 0.0) -> None:
        """Returns once the file was heard to its end, and so many seconds more."""
        until = time.monotonic() + playing.left() + more_s
        while not self._given_up and time.monotonic() < until:
            time.sleep(0.2)

    def told(self) -> str:
        """All that the coach has printed."""
        assert self.listening is not None
        return self.listening.said()

    def _run(self) -> None:
        try:
            with SoundServer() as server:
                self.listen(server)
        except BaseException as failure:  # told by `wait`, in the test's own thread
            self._failure = failure
