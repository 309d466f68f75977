"""A real-time session on a private sound server, which several tests inspect afterwards."""

from __future__ import annotations

from scripts.simulate.live.listening import Listening
from scripts.simulate.live.soundserver import Playing, SoundServer


class LiveRun:
    """A session to `run` once and then to inspect."""

    def __init__(self) -> None:
        self.listening: Listening | None = None

    def run(self) -> None:
        with SoundServer() as server:
            self.listen(server)

    def listen(self, server: SoundServer) -> None:
        """Plays the session."""
        raise NotImplementedError

    def heard_out(self, playing: Playing, more_s: float = 0.0) -> None:
        """Returns so many seconds after the end of the file."""
        playing.wait_until(playing.seconds + more_s)

    def said(self) -> str:
        """All output of the coach."""
        assert self.listening is not None
        return self.listening.said()
