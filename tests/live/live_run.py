"""A real-time session on a private sound server, which several tests inspect afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from coach.core.messages import Message
from coach.runtime.session import LEFT_OUT
from scripts.simulate.live.listening import Line, Listening, busy, late
from scripts.simulate.live.soundserver import Playing, SoundServer

RUNS = 3
MOST_LATE = 0.01  # of what was played; what hearing may leave out on a machine that is busy with something else

Run = TypeVar("Run", bound="LiveRun")


class LiveRun:
    """A session to `play` once and then to inspect. `cues` is the folder of rendered cues."""

    def __init__(self) -> None:
        self.listening: Listening | None = None
        self.played_s = 0.0  # seconds of sound
        self.dropped = 0  # samples that the coach did not read

    def play(self, cues: Path) -> None:
        with SoundServer(cues) as server:
            self.listen(server)

    def listen(self, server: SoundServer) -> None:
        """Plays the session."""
        raise NotImplementedError

    def heard_out(self, server: SoundServer, playing: Playing, more_s: float = 0.0) -> None:
        """Returns so many seconds after the end of the file."""
        playing.wait_until(playing.seconds + more_s)
        self.played_s += playing.seconds
        self.dropped += server.dropped

    def said(self) -> str:
        """All output of the coach."""
        assert self.listening is not None
        return self.listening.said()

    def lines(self) -> list[Line]:
        """All lines of the coach."""
        assert self.listening is not None
        return list(self.listening.lines)

    def assert_heard(self) -> None:
        """No sound was lost on the way to the ear, and hardly any was left out because the machine was busy."""
        assert self.dropped == 0, self.said()
        assert not lost(self.lines()), self.said()
        late_s = sum(seconds(gap) for gap in late(self.lines()))
        assert late_s <= MOST_LATE * self.played_s, (
            f"hearing left out {late_s:.1f} s of {self.played_s:.0f} s, and some of the earlier runs too: the machine "
            f"was busy with something else each time, or hearing is too slow for it\n{self.said()}"
        )


def played(make: Callable[[], Run], cues: Path) -> Run:
    """The session that `make` makes, played; it is played again while the machine is too busy, at most `RUNS` times.

    A session in which the coach reports that the machine was too busy for it shows nothing about its cues.
    The last one counts, whatever it is like.
    """
    for _ in range(RUNS):
        run = make()
        run.play(cues)
        if not busy(run.lines()):
            break
    return run


def lost(lines: list[Line]) -> list[Line]:
    """The gaps that are not due to a busy machine."""
    return [line for line in lines if line.kind == "gap" and Message(LEFT_OUT) not in line.details]


def seconds(gap: Line) -> float:
    """The length of a gap."""
    return float(gap.details.split()[0])
