"""Who is speaking where everyone has a microphone of their own: whose channel is louder than leakage explains.

Each channel hears the other people too, weaker by the leak. So a voice in a channel is its owner's only when it is not
as much weaker than the loudest channel as that leak:

    louder by            0 dB ............ leak - MARGIN ....... leak
    the weaker channel   speaks as well    |  only hears the other

The leak between each pair is measured as the talk goes on. Two people at once are told apart exactly, and with no wait.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np

from coach.events import Event, VoiceOff, VoiceOn
from coach.hearing.activity import OPEN, Activity, Began, Stopped
from coach.hearing.floor import OVER_FLOOR, NoiseFloor
from coach.hearing.frames import FRAME, FRAMES_A_SECOND, Levels
from coach.hearing.units import Units
from coach.span import HOP, Span

ASSUMED_LEAK = 12.0  # dB, until it was measured
LEAST_LEAK, MOST_LEAK = 6.0, 16.0  # dB; below nothing can be told by level, above noise would pass for speech
MARGIN = 5.0  # dB by which a weaker channel must beat the leak before it counts as speech of its own
CLEAR = 9.0  # dB by which one channel leads where only its owner can be speaking
LEAK_MEMORY = 20 * FRAMES_A_SECOND  # frames of clear lead from which the leak is read
LEAK_FEWEST = FRAMES_A_SECOND // 2
LEADS_LEAST = FRAMES_A_SECOND  # frames that each channel must lead to be somebody's microphone
LEADS_SHARE = 0.05  # of the other's lead; in stereo of one room the quieter side leads now and then by chance
SMOOTH = 5  # frames over which levels are averaged before they are compared: 50 ms


def are_microphones(hops: Iterable[np.ndarray]) -> bool:
    """Whether two channels are two people's microphones, rather than one room heard twice.

    They are when each of them, in turn, is clearly louder than the other for a good while. `hops` have shape (HOP, 2).
    """
    meters = Levels(), Levels()
    floors = NoiseFloor(), NoiseFloor()
    leads = [0, 0]
    for samples in hops:
        levels = [meter.hop(samples[:, i]) for i, meter in enumerate(meters)]
        for a, b in zip(*levels, strict=True):
            over = [level > floor.frame(level) + OVER_FLOOR for level, floor in zip((a, b), floors, strict=True)]
            leads[0] += bool(over[0] and a - b >= CLEAR)
            leads[1] += bool(over[1] and b - a >= CLEAR)
    return min(leads) >= LEADS_LEAST and min(leads) >= LEADS_SHARE * max(leads)


class Leak:
    """How much weaker `owner`'s voice is in another's channel, in dB: the median over frames where it leads clearly."""

    def __init__(self) -> None:
        self._leads: deque[float] = deque(maxlen=LEAK_MEMORY)
        self._since = 0
        self.db = ASSUMED_LEAK

    def frame(self, lead: float) -> None:
        if lead < CLEAR:
            return
        self._leads.append(lead)
        self._since += 1
        if self._since >= LEAK_FEWEST:
            self._since = 0
            self.db = min(MOST_LEAK, max(LEAST_LEAK, float(np.median(self._leads))))


class _Channel:
    """One person's microphone: its voice activity and recent levels."""

    def __init__(self) -> None:
        self.activity = Activity()
        self.spoken: deque[Span] = deque()
        self.recent: deque[float] = deque(maxlen=SMOOTH)


class ChannelEar:
    """Hearing with a channel for each person. `channels` maps names to columns of the hops, from 0.

    The same face as `coach.hearing.ear.Ear`, without voices to learn.
    """

    def __init__(self, channels: dict[str, int]) -> None:
        self.columns = dict(channels)
        self._channel = {who: _Channel() for who in channels}
        self._leak = {(a, b): Leak() for a in channels for b in channels if a != b}
        self._units = Units()
        self._sure = dict.fromkeys(channels, 1.0)  # a channel is somebody's: there is no doubt about who
        self._own: deque[frozenset[str]] = deque()  # who leads beyond leakage, for the frames from `_next` on
        self._voices = 0  # channels in which somebody speaks
        self._next = 0
        self.now = 0

    @property
    def speaking(self) -> frozenset[str]:
        return self._units.speaking

    @property
    def dbfs(self) -> tuple[float, ...]:
        return tuple(round(float(c.activity.levels.max(initial=-100.0)), 1) for c in self._channel.values())

    def hop(self, samples: np.ndarray) -> list[Event]:
        """`samples` has shape (HOP, columns)."""
        self.now += HOP
        edges: list[tuple[_Channel, Began | Stopped]] = []
        for who, channel in self._channel.items():
            column = np.ascontiguousarray(samples[:, self.columns[who]], dtype=np.float32)
            edges += [(channel, edge) for edge in channel.activity.hop(column)]
        events = self._edges(edges)
        for i in range(HOP // FRAME):
            self._own.append(self._leading(i))
        return events + self._settle(min(c.activity.settled for c in self._channel.values()))

    def skip_to(self, sample: int) -> list[Event]:
        """Nothing was heard from here up to `sample`: what is open closes, the clock moves on."""
        channels = self._channel.values()
        events = self._edges(
            [(channel, edge) for channel in channels for edge in channel.activity.skip_to(sample // FRAME)]
        )
        events += self._settle(self._next + len(self._own)) + self._units.finish(self.now)
        self._own.clear()
        self._next, self.now = sample // FRAME, sample
        return events

    def finish(self) -> list[Event]:
        return self.skip_to(self.now)

    def _leading(self, i: int) -> frozenset[str]:
        level = {}
        for who, channel in self._channel.items():
            channel.recent.append(float(channel.activity.levels[i]))
            level[who] = sum(channel.recent) / len(channel.recent)
        for (owner, other), leak in self._leak.items():
            if self._channel[owner].activity.speaking:
                leak.frame(level[owner] - level[other])
        return frozenset(
            who
            for who in level
            if all(level[other] - level[who] < self._leak[other, who].db - MARGIN for other in level if other != who)
        )

    def _edges(self, edges: list[tuple[_Channel, Began | Stopped]]) -> list[Event]:
        """Channels are asked one after the other, but what they tell is told in the order of its time."""
        events: list[Event] = []
        for channel, edge in sorted(edges, key=lambda told: told[1].at):
            at = min(edge.at, self.now)
            if isinstance(edge, Began):
                channel.spoken.append(Span(edge.onset // FRAME, OPEN))
                self._voices += 1
                if self._voices == 1:
                    events.append(VoiceOn(at=at, onset=edge.onset))
            else:
                channel.spoken[-1] = Span(channel.spoken[-1].start, edge.span.end // FRAME)
                self._voices -= 1
                if self._voices == 0:
                    events.append(VoiceOff(at=at, end=edge.span.end))
        return events

    def _settle(self, settled: int) -> list[Event]:
        events: list[Event] = []
        while self._own and self._next < settled:
            own = self._own.popleft()
            voiced = frozenset(who for who, channel in self._channel.items() if self._voiced(channel, self._next))
            events += self._units.frame(self._next, own & voiced, self._sure, self.now)
            self._next += 1
        return events

    @staticmethod
    def _voiced(channel: _Channel, n: int) -> bool:
        while channel.spoken and channel.spoken[0].end <= n:
            channel.spoken.popleft()
        return bool(channel.spoken) and n in channel.spoken[0]
