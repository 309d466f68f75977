"""The coach's own voice is not a person's: what the microphone hears of it is taken out, and what is left is masked.

    microphone ─┬─► echo canceller ─► mask ─► ear
                │         ▲             ▲
    far end ────┼─────────┤     somebody is there
                │         ▼
                └─► the echo foretold, subtracted ─► words

Of an echo alone a canceller that knows the room leaves next to nothing: 20 dB less in the worst moments, 35 in most.
Of a person it leaves nearly all, if only for the first moments, then it takes some of them for echo as well. So
somebody is there when, for 40 ms, what is left is not far below what was heard just before, and well above the quiet
room. From then on everything passes; before, the ear hears the quiet room instead, made anew of its spectrum, since in
a room with long echoes what is left is a voice now and then, however soft. The cue, too, gives way to somebody who is
there, before it is known that this is a voice, which takes half a second while the coach sounds.

A canceller that is new to a room leaves most of an echo for some seconds, which nothing tells from a person. So until
it has taken away enough for once nobody is there: that is during the first line of a session, which nobody may answer.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from coach.audio.aec import EchoCanceller
from coach.audio.echo_path import EchoPath
from coach.audio.source import Samples

REMEMBERED = 250  # hops, five seconds before the coach sounds, of which the quietest tells how quiet the room is
JUST_BEFORE = 10  # hops, 200 ms: an echo dies away more slowly than what it is an echo of
LEFT = 16.0  # dB that the canceller may take from a person in the moment in which they begin
OVER_ROOM = 15.0  # dB over the quiet room from which it is a person and no rustle
RUSTLE = 6.0  # dB over the quietest hop of five seconds: the room as it usually is
SURE = 2  # hops, 40 ms
STAYS = 25  # hops, half a second, for which somebody who was there may be softer
TAKEN = 20.0  # dB that a canceller which knows the room takes from most of an echo
LEARNT = 150  # hops of an echo, three seconds, that it has taken, more than it has left


class ResidualEchoGate:
    """Takes the coach's own voice out of what `channels` microphones in one room hear, hop by hop."""

    def __init__(self, channels: int = 1) -> None:
        self._canceller = EchoCanceller(channels)
        self._path = EchoPath(channels)
        self._spoken = self._for_the_ear = np.zeros((0, channels), np.float32)  # the last hop
        self._room: deque[tuple[float, Samples]] = deque(maxlen=REMEMBERED)  # dBFS and sound of hops without the coach
        self._heard: deque[float] = deque(maxlen=JUST_BEFORE)  # dBFS of every hop
        self._run = 0  # hops for which somebody may have been there
        self._stays = 0  # hops for which they are taken to be
        self._score = 0
        self._learnt = False
        self._masked = np.zeros(channels, np.float32)  # 1 where the last hop was
        self._random = np.random.default_rng(1)

    @property
    def intruded(self) -> bool:
        """Whether somebody speaks while the coach sounds, or a second after it."""
        return self._stays > 0

    def hop(self, near: Samples, far: Samples) -> Samples:
        """What the ear is to hear of `near` (n, channels), while the speaker was handed `far` (n,)."""
        sounds = self._canceller.active or far.any()
        room = (self._quietest()[1].astype(np.float64) ** 2).mean(axis=0) if sounds and self._room else 0.0
        cleaned = self._canceller.clean(near, far, room)
        spoken = self._path.hop(near, far, alone=not self.intruded)
        before, after = _level(near), _level(cleaned)
        self._heard.append(before)
        if not self._canceller.active or not self._room:
            self._room.append((before, near))
        if self._canceller.active:
            quiet, _ = self._quietest()
            self._learn(before, after, quiet)
            self._look(before, min(after, _level(spoken)), quiet)
        else:
            self._run = self._stays = 0
        self._spoken = np.where(self._canceller.used, spoken, near)
        self._for_the_ear = self._mask(cleaned)
        return self._for_the_ear

    def spoken(self, *, gives_way: bool) -> Samples:
        """The last hop for who reads words: all of a person, and of the coach what could not be foretold.

        That may be all of it, in a place that the path does not know yet. If the coach soon `gives_way` it is borne; a
        whole line would be read among a person's words, and then they are read from what the ear hears.
        """
        return np.where(gives_way | self._path.fits, self._spoken, self._for_the_ear)

    def _quietest(self) -> tuple[float, Samples]:
        return min(self._room, key=lambda hop: hop[0])

    def _learn(self, before: float, after: float, quiet: float) -> None:
        if not self._learnt and before > quiet + OVER_ROOM:
            taken = after < max(before - TAKEN, quiet + RUSTLE)
            self._score = max(0, self._score + (1 if taken else -1))
            self._learnt = self._score >= LEARNT

    def _look(self, before: float, after: float, quiet: float) -> None:
        """Whether somebody is there in this hop; where the canceller adds a noise of its own, nobody is."""
        knows = self._learnt or not self._canceller.used.any()  # the room, or that no microphone hears the coach
        there = knows and after > max(self._heard) - LEFT and min(before, after) > quiet + OVER_ROOM
        self._run = self._run + 1 if there else 0
        self._stays = STAYS if self._run >= SURE else max(0, self._stays - 1)

    def _mask(self, cleaned: Samples) -> Samples:
        """`cleaned`, or the quiet room where there may be an echo and nobody is; from one to the other in one hop."""
        before, self._masked = (
            self._masked,
            np.where(self._canceller.used & (not self.intruded), 1, 0).astype(np.float32),
        )
        if not (before.any() or self._masked.any()):
            return cleaned
        share = np.linspace(0.0, 1.0, len(cleaned), endpoint=False, dtype=np.float32)[:, None]
        weight = before + (self._masked - before) * share
        return np.asarray(cleaned * (1 - weight) + self._quiet_room() * weight, np.float32)

    def _quiet_room(self) -> Samples:
        """A hop with the spectrum of the quietest that was heard, and another sound."""
        _, quietest = self._quietest()
        spectrum = np.abs(np.fft.rfft(quietest, axis=0))
        turned = spectrum * np.exp(2j * np.pi * self._random.random(spectrum.shape))
        return np.asarray(np.fft.irfft(turned, n=len(quietest), axis=0), np.float32)


def _level(sound: Samples) -> float:
    """In dBFS, of the loudest channel."""
    return float(10 * np.log10((sound.astype(np.float64) ** 2).mean(axis=0).max() + 1e-10))
