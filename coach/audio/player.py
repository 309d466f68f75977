"""The coach's sounds on the speaker: begun at once, stopped within a fifth of a second, and known to the sample.

The speaker's stream stays open for the whole session, so that a cue need not wait for it. PortAudio's thread asks for
10 ms at a time and gets them from the `PlaybackQueue`, which never waits:

    play, stop ──► Line ──► speaker
                    │ └───► Reference (the same at 16 kHz but for tones, for the echo canceller)
                    └─────► finished

A program that is held up for longer than the speaker's buffer lets it run dry, and a sound server may then wait for two
seconds until it asks for more. So a speaker that asks for nothing is opened anew at once, and what sounded goes on.
Only one that still asks for nothing is lost, and that is no emergency: what was to sound is reported as failed, and the
next `play` tries again.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from coach.audio.devices import Device, Port, Stream, find, portaudio
from coach.audio.far_end import FarEnd
from coach.audio.playback_queue import PlaybackQueue, Played, drain
from coach.audio.source import Clock, Samples
from coach.audio.tonality import is_tone
from coach.core.errors import BadInput
from coach.core.span import RATE, as_samples

FADE_MS = 40  # of a stop; a shorter one clicks, a longer one talks over whoever began
DRY_S = 0.25  # a speaker that asked for nothing for so long, while it was looked at, has run dry
BEGINS_S = 0.75  # from opening until it asks regularly: at first it fills its buffer, then it may wait for 0.4 s
HELD_UP_S = 0.1  # between two looks: the program itself was held up, and with it who serves the speaker


class Speaker(Protocol):
    """What `Player` and `NoPlayer` have in common. `latency`: samples at 16 kHz from handing over to sounding."""

    name: str
    latency: int

    @property
    def playing(self) -> bool:
        """Whether a clip sounds or waits to."""
        ...

    def play(self, clip: Samples, gain_db: float = 0.0, name: str = "") -> None:
        """Let `clip` (n,), mono at 16 kHz, sound now, or after those that were given before; returns at once."""
        ...

    def stop(self, fade_ms: float = FADE_MS) -> None:
        """Fade what sounds within `fade_ms` and drop what waits. Both are reported as cut."""
        ...

    def finished(self) -> list[Played]:
        """The clips that are over since this was last asked, in order."""
        ...

    def reference(self, n: int) -> Samples:
        """The next `n` samples (n,) at 16 kHz of what was handed over, but for tones, in step with these calls."""
        ...

    def skip(self, n: int) -> None:
        """Leave out `n` samples of the reference: the microphone was away, or nobody listened to it."""
        ...

    def close(self) -> None: ...


class Player:
    """A `Speaker` on a device. Raises BadInput or Missing when there is none.

    `play` is called on one thread, `finished` and `reference` on one (it may be another), `stop` on any.
    """

    def __init__(self, device: str | int | None = None, port: Port | None = None, clock: Clock | None = None) -> None:
        self._port = portaudio() if port is None else port
        self._clock = Clock() if clock is None else clock
        found = find(self._port.devices(), device, "output")
        self.name = found.name
        self.latency = 0
        self._reference = FarEnd()
        self._line = PlaybackQueue(found.rate)
        self._opened_at = 0.0
        self._served_at = 0.0  # when the speaker last asked for sound, or we were held up
        self._looked_at = 0.0
        self._anew = False  # whether it was opened because it had run dry
        self._stream: Stream | None = None
        self._open(found)
        self._port.attach(self)

    @property
    def playing(self) -> bool:
        return self._line.busy

    def play(self, clip: Samples, gain_db: float = 0.0, name: str = "") -> None:
        if not self._served():
            self.take_up()
        self._line.play(clip, gain_db, name, copied=not is_tone(clip))

    def stop(self, fade_ms: float = FADE_MS) -> None:
        self._line.stop(fade_ms / 1000)

    def finished(self) -> list[Played]:
        now = self._clock.now()
        if now - self._looked_at > HELD_UP_S:
            self._served_at = now
        self._looked_at = now
        if not self._served():
            with self._port.lock:
                self._mend()
        return list(drain(self._line.reports))

    def reference(self, n: int) -> Samples:
        return self._reference.pull(n)

    def skip(self, n: int) -> None:
        self._reference.skip(n)

    def close(self) -> None:
        self._port.detach(self)
        self.let_go()

    def let_go(self) -> None:
        """Close the stream and keep the line; part of `Holder`."""
        with self._port.lock:
            self._close()

    def take_up(self) -> None:
        """Open the speaker of the same name, else the default one, and go on; part of `Holder`."""
        with self._port.lock:
            self._close()
            try:
                devices = self._port.devices()
                named = [d for d in devices if d.name == self.name and d.outputs]
                self._open(named[0] if named else find(devices, None, "output"))
            except BadInput as error:
                self._close()
                self._line.fail(str(error))

    def _served(self) -> bool:
        """Whether there is a speaker that asks for sound, or may do so in a moment."""
        now = self._clock.now()
        return self._stream is not None and (now - self._served_at <= DRY_S or now - self._opened_at <= BEGINS_S)

    def _mend(self) -> None:
        """Opens a speaker that has run dry; one that was opened for that and took no more than a buffer is lost."""
        if self._served():  # on another thread somebody was quicker
            return
        in_vain = self._anew and self._served_at < self._opened_at + DRY_S
        if self._stream is not None and not in_vain:
            self.take_up()
            self._anew = True
        else:
            self._close()
            if self.playing:
                self._line.fail(f"the speaker {self.name!r} accepts no sound; is it still plugged in?")

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _open(self, device: Device) -> None:
        if device.rate != self._line.rate:
            self._line.change_rate(device.rate)
        self._stream = self._port.open_output(device, self._fill)
        self.latency = as_samples(self._stream.latency)
        self._opened_at = self._served_at = self._clock.now()
        self._anew = False
        self._stream.start()

    def _fill(self, n: int) -> Samples:
        """On PortAudio's thread."""
        self._served_at = self._clock.now()
        native, same = self._line.fill(n)
        self._reference.push(same)
        return native


class NoPlayer:
    """A `Speaker` that nobody hears, on the sample clock: time passes by as much as `reference` is asked for.

    It stands in where there is no output device and where a recording is analysed: cues last as long as they would,
    and are reported as if they had sounded. `played` names them, in order.
    """

    name = "no speaker"
    latency = 0

    def __init__(self) -> None:
        self.played: list[str] = []
        self._line = PlaybackQueue(RATE)

    @property
    def playing(self) -> bool:
        return self._line.busy

    def play(self, clip: Samples, gain_db: float = 0.0, name: str = "") -> None:
        self._line.play(clip, gain_db, name, copied=not is_tone(clip))
        self.played.append(name)

    def stop(self, fade_ms: float = FADE_MS) -> None:
        self._line.stop(fade_ms / 1000)

    def finished(self) -> list[Played]:
        return list(drain(self._line.reports))

    def reference(self, n: int) -> Samples:
        self._line.fill(n)
        return np.zeros(n, np.float32)

    def skip(self, n: int) -> None:
        while self.playing and n > 0:
            self._line.fill(min(n, RATE))
            n -= RATE

    def close(self) -> None:
        """Nothing to release."""
