"""Speaker attribution with one microphone per person.

Each channel also picks up the other people, attenuated by the crosstalk loss (the leak). Most of this crosstalk is
predicted from their own microphones and subtracted (`crosstalk`); VAD then works on the residual of each channel. The
part that cannot be predicted, such as reverberation, remains. So a voice in a channel is its owner's only if it is not
weaker than the loudest channel by as much as the residual leak:

    louder by            0 dB ............ leak - MARGIN ....... leak
    the weaker channel   speaks as well    |  picks up the other only

The residual leak between each pair is measured during the conversation. Overlap is detected without extra delay. A
silence in one person's speech while the other speaks ends a unit only when it is as long as the join.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from math import log10
from typing import NamedTuple

import numpy as np

from coach.core.events import Event
from coach.core.span import HOP
from coach.diarization.crosstalk import Crosstalk
from coach.diarization.judges import Judge, Listening, Noted, Unaided, noted
from coach.diarization.timetable import Timetable
from coach.diarization.units import Units
from coach.diarization.voicing import Voicing
from coach.diarization.windows import Windows
from coach.vad import (
    FRAME,
    FRAMES_A_SECOND,
    OVER_FLOOR,
    SILERO,
    Activity,
    Began,
    Detector,
    Levels,
    NoiseFloor,
    Stopped,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelsConfig:
    """How a voice is told from its leak into another's microphone. Levels and leaks are dB, times frames."""

    assumed_leak: float = 10.0  # until it is measured
    least_leak: float = 6.0  # below this, levels decide nothing
    most_leak: float = 30.0  # above this, it is noise rather than leak
    margin: float = 2.0  # by which a weaker channel must exceed the leak to count as speech of its owner
    leak_share: float = 0.1  # quantile of the leads that is the leak: a mistake is a false turn
    leads_surely: float = 6.0  # lead after subtraction at which mostly only the owner speaks
    clear: float = 9.0  # lead at which only the owner can be speaking
    leak_memory: int = 20 * FRAMES_A_SECOND  # of clear lead that the leak is measured on
    leak_fewest: int = FRAMES_A_SECOND // 2  # of clear lead between two measurements
    leads_least: int = FRAMES_A_SECOND  # that each channel must lead to be a person's microphone
    leads_share: float = 0.05  # of the other's lead; by chance the quieter side of a stereo sound leads
    noise_swing: float = 2.0  # factor on the mean noise power that a noise frame easily reaches
    least_over: float = 0.01  # share of a frame's power that counts even if it is all noise
    smooth: int = 5  # over which levels are averaged before they are compared


CONFIG = ChannelsConfig()


def are_microphones(hops: Iterable[np.ndarray]) -> bool:
    """Whether two channels are two people's microphones, rather than a stereo recording of one room.

    They are if each channel is clearly louder than the other for some time. `hops` have shape (HOP, 2).
    """
    meters = Levels(), Levels()
    floors = NoiseFloor(), NoiseFloor()
    leads = [0, 0]
    for samples in hops:
        levels = [meter.hop(samples[:, i]) for i, meter in enumerate(meters)]
        for a, b in zip(*levels, strict=True):
            over = [level > floor.frame(level) + OVER_FLOOR for level, floor in zip((a, b), floors, strict=True)]
            leads[0] += bool(over[0] and a - b >= CONFIG.clear)
            leads[1] += bool(over[1] and b - a >= CONFIG.clear)
    return min(leads) >= CONFIG.leads_least and min(leads) >= CONFIG.leads_share * max(leads)


class Leak:
    """The residual leak of one person's voice in another's channel in dB: a low quantile of the lead.

    The lead is the level of the owner's channel over the other channel without its noise, in dB.
    """

    def __init__(self) -> None:
        self._leads: deque[float] = deque(maxlen=CONFIG.leak_memory)
        self._since = 0
        self.db = CONFIG.assumed_leak

    def frame(self, lead: float) -> None:
        """Take the lead of the next frame; one below `leads_surely` is ignored, since the other may be speaking too."""
        if lead < CONFIG.leads_surely:
            return
        self._leads.append(lead)
        self._since += 1
        if self._since >= CONFIG.leak_fewest:
            self._since = 0
            self.db = min(CONFIG.most_leak, max(CONFIG.least_leak, float(np.quantile(self._leads, CONFIG.leak_share))))


class _Channel:
    """One person's microphone: its voice activity, and the power of its last frames with and without noise."""

    def __init__(self, activity: Activity, judge: Judge) -> None:
        self.activity = activity
        self.judge = judge
        self._floor = NoiseFloor()
        self._power: deque[float] = deque(maxlen=CONFIG.smooth)
        self._over: deque[float] = deque(maxlen=CONFIG.smooth)

    def frame(self, i: int) -> None:
        """Take frame `i` of the last hop of `activity`."""
        level = float(self.activity.levels[i])
        power, noise = _power(level), _power(self._floor.frame(level))
        self._power.append(power)
        self._over.append(max(power - CONFIG.noise_swing * noise, power * CONFIG.least_over))

    @property
    def level(self) -> float:
        return 10 * log10(sum(self._power) / len(self._power))

    @property
    def over(self) -> float:
        """The level without the noise, in dBFS."""
        return 10 * log10(sum(self._over) / len(self._over))


def _power(level: float) -> float:
    return float(10 ** (level / 10))


class _Row(NamedTuple):
    """Hops to come: their levels, (channels, n, frames), their sound without crosstalk, and what is quickly told."""

    levels: np.ndarray
    clean: np.ndarray
    told: list[list[Noted]]


class ChannelEar:
    """Hearing with one channel per person. `channels` maps names to columns of the hops, from 0.

    It has the interface of `coach.diarization.ear.Ear` without enrolment. `detector` is the quick one.
    """

    def __init__(self, channels: dict[str, int], detector: Detector = SILERO) -> None:
        self.columns = dict(channels)
        self._crosstalk = Crosstalk(len(channels))
        self._meters = [Levels() for _ in channels]
        self._levels = np.full((len(channels), 1), Levels.SILENCE)  # before subtraction, for the screen
        self._channel = {
            who: _Channel(
                Activity(detector.make()), Listening(Windows(voices=False)) if detector.networks else Unaided()
            )
            for who in channels
        }
        self._leak = {(a, b): Leak() for a in channels for b in channels if a != b}
        self._units = Units(one_at_a_time=False)
        self._sure = dict.fromkeys(channels, 1.0)  # a channel belongs to one person, so the confidence is always 1
        self._voicing = Voicing()
        self._timetable = Timetable(onsets=False)  # whose channel it is, is known
        self._rows: deque[_Row] = deque()  # expected
        self._future = self._timetable  # as it will be after them
        self._begin(0)

    def _begin(self, frame: int) -> None:
        """Start anew at `frame`, with nothing pending."""
        self._own: deque[frozenset[str]] = deque()  # who is louder than the leak, for the frames from `_next` on
        self._next = frame
        self.now = frame * FRAME
        self._timetable.begin()
        self._voicing.begin(frame)

    @property
    def speaking(self) -> frozenset[str]:
        """The people who are speaking, by the events so far: those with a SpeechOn that no Speech has ended."""
        return self._units.speaking

    @property
    def dbfs(self) -> tuple[float, ...]:
        """The level of each channel in the last hop, in dBFS, with its crosstalk; in the order of `channels`."""
        return tuple(round(float(levels.max()), 1) for levels in self._levels)

    def hop(self, samples: np.ndarray) -> list[Event]:
        """`samples` has shape (HOP, columns)."""
        (events,) = self.hops(samples[None])
        return events

    def hops(self, samples: np.ndarray) -> Iterator[list[Event]]:
        """Yield the events of each of (n, HOP, columns). Read this to its end; it is cheaper than hop by hop."""
        self.expect(samples)
        return self.expected()

    def expect(self, samples: np.ndarray) -> None:
        """Begin to hear hops to come, as `Ear.expect`."""
        heard = samples[:, :, list(self.columns.values())]
        levels = np.array([meter.hops(heard[:, :, i]) for i, meter in enumerate(self._meters)])
        clean = np.array([self._crosstalk.hop(hop) for hop in heard])
        channels = list(self._channel.values())
        active = [channel.activity.hops(clean[:, :, i]) for i, channel in enumerate(channels)]
        told = [self._quickly(active) for _ in heard]
        if self._timetable.overlap and (len(heard) > 1 or self._rows):
            if not self._rows:
                self._future = copy(self._timetable)
            edges = [[edge for quick in each for edge in quick.edges] for each in told]
            since = self.now + HOP * sum(len(row.told) for row in self._rows)
            due = [each for each in self._future.ahead(since, edges) if not each.close]
            for i, (channel, each) in enumerate(zip(channels, zip(*told, strict=True), strict=True)):
                channel.judge.foresee(clean[:, :, i], each, due, close=False)
        self._rows.append(_Row(levels, clean, told))

    def expected(self) -> Iterator[list[Event]]:
        """Yield the events of the hops that were expected first, as `Ear.expected`."""
        row, channels = self._rows.popleft(), list(self._channel.values())
        for n, each in enumerate(row.told):
            self.now += HOP
            self._levels = row.levels[:, n]
            for i, (channel, quick) in enumerate(zip(channels, each, strict=True)):
                channel.judge.hop(row.clean[n, :, i], quick, quick.edges)
            yield self._told([edge for quick in each for edge in quick.edges])

    def _quickly(self, active: list[Iterator[list[Began | Stopped]]]) -> list[Noted]:
        """What the quick detector of each channel tells after the next hop, and who is louder than the leak then."""
        self._tell_of_voices()
        told = [noted(next(edges), each.activity) for edges, each in zip(active, self._channel.values(), strict=True)]
        self._own.extend(self._leading(i) for i in range(HOP // FRAME))
        return told

    def skip_to(self, sample: int) -> list[Event]:
        """Skip missing sound up to `sample`: close what is open and move the clock on."""
        frame = sample // FRAME
        edges: list[Began | Stopped] = []
        for channel in self._channel.values():
            ended = channel.activity.skip_to(frame)
            channel.judge.ended(ended)
            edges += ended
        events = self._quick(edges) + self._decide(self.now // FRAME) + self._units.finish(self.now)
        events += self._voicing.silence(self.now)
        for channel in self._channel.values():
            channel.judge.skip_to(frame)
        self._begin(frame)
        return events

    def finish(self) -> list[Event]:
        """End the sound: close what is open."""
        return self.skip_to(self.now)

    def relieve(self, step: int) -> None:
        """Do with less from now on, as `Ear.relieve`."""
        self._timetable.relief = step

    def _tell_of_voices(self) -> None:
        """Tell all channels of the latest voice in any, so that a first word needs less evidence in a conversation."""
        activities = [channel.activity for channel in self._channel.values()]
        latest = max((last for a in activities if (last := a.voice_last) is not None), default=None)
        if latest is not None:
            for activity in activities:
                activity.spoke_elsewhere(latest)

    def _leading(self, i: int) -> frozenset[str]:
        for channel in self._channel.values():
            channel.frame(i)
        lead = {(a, b): self._channel[a].level - self._channel[b].over for a, b in self._leak}
        for (owner, other), leak in self._leak.items():
            if self._channel[owner].activity.speaking:
                leak.frame(lead[owner, other])
        heard_only = {b for (a, b), leak in self._leak.items() if lead[a, b] >= leak.db - CONFIG.margin}
        return frozenset(self._channel) - heard_only

    def _told(self, edges: list[Began | Stopped]) -> list[Event]:
        events = self._quick(edges)
        until = self._timetable.due(self.now, edges)
        return events if until is None else events + self._decide(until // FRAME)

    def _quick(self, edges: list[Began | Stopped]) -> list[Event]:
        ordered = sorted(edges, key=lambda edge: edge.at)
        return [event for edge in ordered for event in self._voicing.quick(edge, self.now)]

    def _decide(self, until: int) -> list[Event]:
        """The units of the frames up to `until` that all channels know: speech in one that is louder than the leak."""
        first = self._next
        if until <= first:
            return []
        overlap = self._timetable.overlap
        judged = {who: channel.judge.judge(first, until, overlap).speech for who, channel in self._channel.items()}
        events: list[Event] = []
        for n in range(min(map(len, judged.values()))):
            speech = frozenset(who for who, frames in judged.items() if frames[n]) & self._own.popleft()
            events += self._units.frame(self._next, speech, self._sure, self.now)
            if speech:
                self._voicing.spoke(self._next)
            self._next += 1
        return self._voicing.around(events, self._units.speaking, self.now)
