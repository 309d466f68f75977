"""The player: clips on the speaker that start at once, stop within 0.2 s, and are accounted for to the sample.

The output stream stays open for the whole session, so that a cue does not wait for it. PortAudio's callback requests
10 ms at a time and gets them from a `PlaybackQueue`, which never blocks:

    play, stop ──► PlaybackQueue ──► speaker
                     │   └─────────► FarEnd (the same sound at 16 kHz without tones, for the echo canceller)
                     └─────────────► finished

If the program is held up for longer than the speaker's buffer lasts, the stream underruns, and a sound server may then
request nothing for two seconds. So when the requests stop, the player reopens the speaker at once and continues the
clip. If the new stream makes no requests either, the speaker is lost: all clips are reported as failed, and the next
`play` tries again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from coach.audio.devices import Device, Port, Stream, find, portaudio
from coach.audio.far_end import FarEnd
from coach.audio.playback_queue import PlaybackQueue, Played, drain
from coach.audio.source import Clock, Samples
from coach.audio.tonality import is_tone
from coach.core.errors import BadInput, Missing
from coach.core.messages import Message, message_of
from coach.core.span import RATE, as_samples

POLL_S = 0.05  # how often `play_to_end` checks whether a clip has ended


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerConfig:
    """How a clip is stopped, and when `Player` takes its stream for stalled. Times are in seconds."""

    fade: float = 0.04  # of a stop; a shorter fade clicks, a longer one talks over the person who began to speak
    stalled: float = 0.25  # without a request although `finished` was called: the stream has underrun
    start: float = 0.75  # from opening to regular requests: the device fills its buffer, then may pause for 0.4 s
    held_up: float = 0.1  # between two calls of `finished`: the program was held up, and probably the callback too


class Speaker(Protocol):
    """An output for clips: what `Player` and `NoPlayer` have in common.

    `latency` is the time from handing a sample over until it sounds, in samples at 16 kHz.
    """

    name: str
    latency: int

    @property
    def playing(self) -> bool:
        """Whether a clip is playing or waiting."""
        ...

    def play(self, clip: Samples, gain_db: float = 0.0, name: str = "") -> None:
        """Play `clip` (n,), mono at 16 kHz, after all earlier clips. Returns at once."""
        ...

    def lay_under(self, sound: Samples, gain_db: float) -> Callable[[], None]:
        """Prepare `sound` (n,), mono at 16 kHz, to lie under all clips; the function returned begins to play it."""
        ...

    def stop(self) -> None:
        """Fade the clip that is playing and drop those that wait. All of them are reported as cut."""
        ...

    def finished(self) -> list[Played]:
        """Return the clips that ended since the last call, in order."""
        ...

    def reference(self, n: int) -> Samples:
        """Return the next `n` samples (n,) of the far end: what the speaker was handed, without tones, at 16 kHz."""
        ...

    def skip(self, n: int) -> None:
        """Drop `n` samples of the far end: the microphone was away, or the ear did not listen."""
        ...

    def close(self) -> None:
        """Release the device. May be called more than once."""
        ...


class Player:
    """A `Speaker` on a device. `device` is a name, part of a name or an index, or None for the default device.

    The constructor opens the device. It raises BadInput if there is no such device or it cannot be opened, and Missing
    without PortAudio. Call `play` on one thread, `finished` and `reference` on one thread (it may be another), and
    `stop` on any.
    """

    def __init__(
        self,
        device: str | int | None = None,
        port: Port | None = None,
        clock: Clock | None = None,
        config: PlayerConfig = PlayerConfig(),
    ) -> None:
        self._config = config
        self._port = portaudio() if port is None else port
        self._clock = Clock() if clock is None else clock
        self.latency = 0
        self._far_end = FarEnd()
        self._opened_at = 0.0
        self._requested_at = 0.0  # the last request for sound, or the last time that the program was held up
        self._checked_at = 0.0
        self._reopened = False  # whether the stream was opened because the one before had stalled
        self._stream: Stream | None = None
        with self._port.lock:  # so that nobody reads the list of devices anew in between
            found = find(self._port.devices(), device, "output")
            self.name = found.name
            self._queue = PlaybackQueue(found.rate)
            self._open(found)
            self._port.attach(self)

    @property
    def playing(self) -> bool:
        """Whether a clip is playing or waiting; it may also be waiting for a stalled speaker."""
        return self._queue.busy

    def play(self, clip: Samples, gain_db: float = 0.0, name: str = "") -> None:
        """Play `clip` as in `Speaker`; reopen a stalled speaker first, and leave a tone out of the far end."""
        if self._stalled():
            self.take_up()
        self._queue.play(clip, gain_db, name, in_far_end=not is_tone(clip))

    def lay_under(self, sound: Samples, gain_db: float) -> Callable[[], None]:
        """Resample all of `sound` to the speaker's rate before returning, so that to begin it takes no time."""
        return self._queue.lay_under(sound, gain_db)

    def stop(self) -> None:
        """Fade within `PlayerConfig.fade` seconds, after what the speaker's buffer already holds. Never waits."""
        self._queue.stop(self._config.fade)

    def finished(self) -> list[Played]:
        """Return them, and reopen a stalled speaker; call it at least every `PlayerConfig.held_up` seconds."""
        now = self._clock.now()
        if now - self._checked_at > self._config.held_up:
            self._requested_at = now
        self._checked_at = now
        if self._stalled():
            with self._port.lock:
                self._recover()
        return list(drain(self._queue.reports))

    def reference(self, n: int) -> Samples:
        """Return zeros for what the callback has not handed over yet. Never waits."""
        return self._far_end.pull(n)

    def skip(self, n: int) -> None:
        """Drop them as in `Speaker`, and measure anew how far the far end is ahead."""
        self._far_end.skip(n)

    def close(self) -> None:
        """Close the stream at once, even in the middle of a clip."""
        self._port.detach(self)
        self.let_go()

    def let_go(self) -> None:
        """Close the stream and keep the queue; part of `Holder`."""
        with self._port.lock:
            self._close()

    def take_up(self) -> None:
        """Open the speaker of the same name, or else the default one, and continue; part of `Holder`."""
        with self._port.lock:
            self._close()
            try:
                devices = self._port.devices()
                named = [d for d in devices if d.name == self.name and d.outputs]
                self._open(named[0] if named else find(devices, None, "output"))
            except BadInput as error:
                self._close()
                self._queue.fail(message_of(error))

    def _stalled(self) -> bool:
        """Whether there is no stream, or one that has stopped requesting sound and is not just starting."""
        now = self._clock.now()
        requesting = now - self._requested_at <= self._config.stalled
        return self._stream is None or not (requesting or now - self._opened_at <= self._config.start)

    def _recover(self) -> None:
        """Reopen a stalled stream, or give the speaker up if the reopened stream took no more than one buffer."""
        if not self._stalled():  # another thread has reopened it
            return
        in_vain = self._reopened and self._requested_at < self._opened_at + self._config.stalled
        if self._stream is not None and not in_vain:
            self.take_up()
            self._reopened = True
        else:
            self._close()
            if self.playing:
                self._queue.fail(Message("unheard.speaker", device=self.name))

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _open(self, device: Device) -> None:
        if device.rate != self._queue.rate:
            self._queue.change_rate(device.rate)
        self._stream = self._port.open_output(device, self._fill)
        self.latency = as_samples(self._stream.latency)
        self._opened_at = self._requested_at = self._clock.now()
        self._reopened = False
        self._stream.start()

    def _fill(self, n: int) -> Samples:
        """Run on PortAudio's thread."""
        self._requested_at = self._clock.now()
        native, far = self._queue.fill(n)
        self._far_end.push(far)
        return native


def play_to_end(player: Player, clip: Samples, gain_db: float) -> None:
    """Plays `clip` (n,) and waits for its end. Raises Missing if the speaker fails."""
    player.play(clip, gain_db)
    while not (over := player.finished()):
        time.sleep(POLL_S)
    if over[0].failed:
        raise Missing(over[0].failed)


class NoPlayer:
    """A silent `Speaker` on the sample clock: its time passes as `reference` and `skip` are called.

    It is used without an output device and for the analysis of recordings: cues take as long as they would on a device
    and are reported as played. `played` holds the names of all clips, in order; `queue` holds their sound.
    """

    name = "no speaker"
    latency = 0

    def __init__(self, config: PlayerConfig = PlayerConfig(), *, unheard: str = "") -> None:
        """`unheard` is the reason why nobody hears the clips, which are then reported as failed; "" for none."""
        self._unheard = unheard or None
        self.played: list[str] = []
        self._fade = config.fade
        self.queue = PlaybackQueue(RATE)

    @property
    def playing(self) -> bool:
        """Whether the clips would not be over yet, by the sample clock."""
        return self.queue.busy

    def play(self, clip: Samples, gain_db: float = 0.0, name: str = "") -> None:
        """Let `clip` take its time on the sample clock, unheard, and note `name` in `played`."""
        self.queue.play(clip, gain_db, name, in_far_end=not is_tone(clip))
        self.played.append(name)

    def lay_under(self, sound: Samples, gain_db: float) -> Callable[[], None]:
        """Prepare `sound` as on a device, at 16 kHz; nobody hears it, and no clip waits for it."""
        return self.queue.lay_under(sound, gain_db)

    def stop(self) -> None:
        """Fade within `PlayerConfig.fade` seconds of the sample clock."""
        self.queue.stop(self._fade)

    def finished(self) -> list[Played]:
        """Return the clips that ended by the sample clock; with `unheard`, each of them has failed for that reason."""
        return [replace(each, failed=each.failed or self._unheard) for each in drain(self.queue.reports)]

    def reference(self, n: int) -> Samples:
        """Return zeros (n,), since nothing sounds, and let `n` samples pass."""
        self.queue.fill(n)
        return np.zeros(n, np.float32)

    def skip(self, n: int) -> None:
        """Let `n` samples pass, or fewer if nothing is left to play."""
        while self.playing and n > 0:
            self.queue.fill(min(n, RATE))
            n -= RATE

    def close(self) -> None:
        """Nothing to release."""
