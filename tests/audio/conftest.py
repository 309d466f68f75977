"""A fake sound system and a fake clock.

The clock moves only when somebody waits on it. The value of each sample from a fake microphone encodes its time: sample
n of the wall clock is n / 2**24, exact in float32, so a test can see when a sample was recorded.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from queue import SimpleQueue
from typing import Any

import numpy as np
import pytest

from coach.audio.devices import Device
from coach.audio.source import Clock
from coach.core.errors import BadInput

UNIT = 2.0**-24


class Wall(Clock):
    """A clock whose time passes while somebody waits, and actions that happen at their times."""

    def __init__(self) -> None:
        self.time = 100.0
        self._todo: list[tuple[float, int, Callable[[], None]]] = []
        self._number = itertools.count()

    def at(self, time: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._todo, (time, next(self._number), what))

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        self.at(self.time + seconds, what)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        until = self.time + seconds
        while self._step(until):
            pass

    def take(self, queue: SimpleQueue[Any], timeout: float) -> Any:
        until = self.time + timeout
        while queue.empty():
            if not self._step(until):
                return None
        return queue.get_nowait()

    def _step(self, until: float) -> bool:
        """Run the next action; false if there is none until then."""
        if not self._todo or self._todo[0][0] > until:
            self.time = max(self.time, until)
            return False
        due, _, what = heapq.heappop(self._todo)
        self.time = max(self.time, due)
        what()
        return True


@dataclass
class FakeInput:
    """Delivers a block every 20 ms of the wall clock while its device is plugged in."""

    port: FakePort
    device: Device
    channels: int
    heard: Callable[[Any, float, bool], None]
    latency: float = 0.02
    open: bool = True
    begun: float = 0.0
    blocks: int = 0

    def start(self) -> None:
        if self.device.name in self.port.refuse_to_start:
            raise BadInput("the device cannot be started")
        self.begun = self.port.wall.time
        self._next()

    def close(self) -> None:
        self.open = False
        if self.port.chatty_on_close:
            self.heard(np.full((3, self.channels), 0.75, np.float32), 0.0, False)

    def _next(self) -> None:
        self.blocks += 1
        self.port.wall.at(self.begun + self.blocks * 0.02, self._give)

    def _give(self) -> None:
        port, n = self.port, round(0.02 * self.device.rate)
        if not self.open or self.device.name not in {d.name for d in port.plugged}:
            return
        begin = self.port.wall.time - 0.02
        if not port.stalled and not port.swallow:
            sound = np.zeros((n, self.channels), np.float32)
            if not port.muted:
                sound += ((round(begin * self.device.rate) + np.arange(n)) * UNIT)[:, None].astype(np.float32)
                sound += np.arange(self.channels, dtype=np.float32)[None, :]
            self.heard(sound, begin + port.stamp_error, port.overflow)
            port.overflow = False
        elif port.swallow:
            port.swallow -= 1
            port.overflow = True
        self._next()


@dataclass
class FakeOutput:
    port: FakePort
    device: Device
    fill: Callable[[int], Any]
    latency: float = 0.02
    open: bool = True
    dry: bool = False

    def start(self) -> None:
        if self.device.name in self.port.refuse_to_start:
            raise BadInput("the device cannot be started")
        self._next()

    def close(self) -> None:
        self.open = False

    def _next(self) -> None:
        self.port.wall.after(0.01, self._take)

    def _take(self) -> None:
        if self.open and not self.dry and self.device.name in {d.name for d in self.port.plugged}:
            self.port.sounded.append(self.fill(round(0.01 * self.device.rate)))
            self._next()


class FakePort:
    """Like PortAudio, it reads the list of devices once and again only on a refresh."""

    def __init__(self, wall: Wall, plugged: list[Device]) -> None:
        self.wall = wall
        self.plugged = plugged
        self.lock = threading.RLock()
        self.inputs: list[FakeInput] = []
        self.outputs: list[FakeOutput] = []
        self.sounded: list[Any] = []
        self.refreshed: list[float] = []
        self.opened: list[tuple[float, str, int]] = []
        self.refuse_to_start: set[str] = set()
        self.dries = False  # whether newly opened speakers request no sound
        self.insists: int | None = None  # the only number of channels that can be opened
        self.chatty_on_close = self.stalled = self.muted = self.overflow = False
        self.swallow = 0  # the number of blocks that will be lost
        self.stamp_error = 0.0
        self._holders: list[Any] = []
        self._listed = list(plugged)

    def devices(self) -> list[Device]:
        return list(self._listed)

    def _check(self, device: Device) -> None:
        if device.name not in {d.name for d in self.plugged}:
            raise BadInput(f"{device.name!r} cannot be opened")

    def open_input(self, device: Device, channels: int, heard: Any) -> FakeInput:
        self._check(device)
        if self.insists is not None and channels != self.insists:
            raise BadInput("wrong number of channels")
        self.opened.append((self.wall.time, device.name, channels))
        self.inputs.append(FakeInput(self, device, channels, heard))
        return self.inputs[-1]

    def open_output(self, device: Device, fill: Any) -> FakeOutput:
        self._check(device)
        self.outputs.append(FakeOutput(self, device, fill, dry=self.dries))
        return self.outputs[-1]

    def attach(self, holder: Any) -> None:
        self._holders.append(holder)

    def detach(self, holder: Any) -> None:
        if holder in self._holders:
            self._holders.remove(holder)

    def refresh(self) -> None:
        self.refreshed.append(self.wall.time)
        for holder in self._holders:
            holder.let_go()
        assert not any(s.open for s in self.inputs + self.outputs), "PortAudio was restarted under an open stream"
        self._listed = [replace(d, index=i) for i, d in enumerate(self.plugged)]
        for holder in self._holders:
            holder.take_up()


DESK = Device(0, "Desk microphone", "ALSA", inputs=2, outputs=0, rate=16_000)
BUILT_IN = Device(1, "Built-in", "ALSA", inputs=1, outputs=2, rate=16_000, default_input=True, default_output=True)
SPEAKER = Device(2, "USB speaker", "ALSA", inputs=0, outputs=2, rate=48_000)


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def port(wall: Wall) -> FakePort:
    return FakePort(wall, [DESK, BUILT_IN, SPEAKER])
