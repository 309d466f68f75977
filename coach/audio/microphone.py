"""A live microphone as a `Source`: blocks of sound, gaps where sound was lost, and recovery when the device goes away.

PortAudio's callback only puts each buffer into a queue, which holds a minute of sound. The length of the queue says how
late the consumer is (`behind`). `blocks` does the rest:

    sound arrives      ── Block Block Block …
    sound was lost     ── AudioGap (as long as the ADC time stamps say), Block …
    the machine slept  ── AudioGap (as long as the clock says), Block …
    no sound for 1 s   ── DeviceLost, then attempts after 0.5, 1, 2, 4, 5, 5 … s to open the device of the same name, or
                          else the default one; when it delivers: AudioGap (the time that passed), DeviceOpened, Block …
    nothing arrives    ── Waiting every 0.1 s
    zeros for 10 s     ── Notice (once), DeviceLost, then the same device is opened again. A muted microphone gives
                          zeros too, so the next attempts come after 20, 40, … s and at most every 300 s

The sample clock stands still while a device is lost and then jumps, so that it stays in step with real time.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import NamedTuple

from coach.audio.devices import Device, Port, Stream, find, portaudio
from coach.audio.resample import Resampler
from coach.audio.source import Block, Clock, Samples, Waiting, with_channels
from coach.core.errors import BadInput
from coach.core.events import AudioGap, DeviceLost, DeviceOpened, Event, Notice
from coach.core.messages import Message, message_of
from coach.core.span import RATE, Span, as_samples


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrophoneConfig:
    """How patient a `Microphone` is with its device and its consumer. All times are in seconds."""

    tick: float = 0.1  # without sound, after which the consumer gets a `Waiting`
    margin: float = 0.1  # the most by which the first sound of a reopened device may precede its arrival
    stall: float = 1.0  # without sound, after which the device is lost
    first_sound: float = 3.0  # the most that a device takes from opening to its first sound; Bluetooth is slow
    first_retry: float = 0.5  # from the loss of the device to the first attempt to reopen it; the wait then doubles
    longest_retry: float = 5.0  # the most that the wait grows to
    longest_queue: float = 60.0  # of sound; when the consumer is later than this, new sound is dropped
    first_zeros: float = 10.0  # of exact zeros, after which the device is opened again; the limit then doubles
    longest_zeros: float = 300.0  # the most that the limit grows to


class _Piece(NamedTuple):
    """One buffer from the callback."""

    sound: Samples  # (n, channels) at the device's rate
    stamp: float  # seconds on the ADC's clock, of the first sample
    overflow: bool  # whether sound was lost just before


class Microphone:
    """A live `Source`.

    `device` is a name, part of a name or an index (see `devices.find`), or None for the default device. `channels`
    defaults to one: sound servers offer 32 channels of any microphone, and the two of a laptop pick up the same sound.

    The constructor opens the device. It raises BadInput if there is no such device, it has too few channels or it
    cannot be opened, and Missing without PortAudio.
    """

    length: int | None = None

    def __init__(
        self,
        device: str | int | None = None,
        channels: int | None = None,
        port: Port | None = None,
        clock: Clock | None = None,
        config: MicrophoneConfig = MicrophoneConfig(),
    ) -> None:
        self._config = config
        self._port = portaudio() if port is None else port
        self._clock = Clock() if clock is None else clock
        self._inbox: SimpleQueue[_Piece | None] = SimpleQueue()
        self._put_in = self._taken_out = 0  # samples at the device's rate; written by the callback and by the consumer
        self._full = False  # whether the last buffer was dropped because the queue was full
        self.channels = channels or 1
        self._closed = self._begun = False  # `blocks` lets go of the stream, once it has begun
        self._position = 0  # the sample clock: everything before was given as a block or a gap
        self._heard_at: float | None = None  # when the last sound arrived
        self._announced = False  # whether the open stream has delivered sound
        self._lost_said = False
        self._retry = config.first_retry
        self._zeros = 0.0  # seconds of exact zeros up to now
        self._zeros_limit = config.first_zeros
        self._zeros_said = False
        self._due: float | None = None  # when the next buffer should begin, on the ADC's clock
        self._stream: Stream | None = None
        with self._port.lock:  # so that nobody reads the list of devices anew in between
            self._device = find(self._port.devices(), device, "input")
            self.name = self._device.name
            if channels is not None and channels > self._device.inputs:
                raise BadInput(
                    f"{self.name!r} has {self._device.inputs} channel(s), but {channels} are needed; "
                    "choose another microphone (`coach devices`), or give each person fewer channels"
                )
            self._open(self._device)
            self._port.attach(self)

    @property
    def behind(self) -> int:
        """Samples, at 16 kHz, that PortAudio has delivered and `blocks` has not taken yet."""
        return (self._put_in - self._taken_out) * RATE // self._device.rate

    def close(self) -> None:
        """End `blocks`, which then closes the stream; if it was never begun, close the stream here."""
        self._closed = True
        self._inbox.put(None)
        self._port.detach(self)
        if not self._begun:
            self.let_go()

    def let_go(self) -> None:
        """Close the stream and keep the sound that is in the queue; part of `Holder`."""
        with self._port.lock:
            if self._stream is not None:
                self._stream.close()
                self._stream = None

    def take_up(self) -> None:
        """Do nothing; part of `Holder`. Only the microphone asks for a refresh, and it opens a device afterwards."""

    def blocks(self) -> Iterator[Block | Event]:
        """Yield until `close`, as drawn above. A device that fails is reported and reopened; nothing is raised."""
        self._begun = True
        try:
            yield from self._begin()
            while not self._closed:
                piece = yield from self._next(self._config.stall if self._announced else self._config.first_sound)
                if self._closed:
                    break
                if piece is None:
                    yield from self._reopen(Message("gone.no_more"), look_again=True)
                else:
                    yield from self._heard(piece)
        finally:
            self.close()
            self.let_go()

    # ------------------------------------------------------------------------------------------------ sound

    def _heard(self, piece: _Piece) -> Iterator[Block | Event]:
        now = self._clock.now()
        lasts = len(piece.sound) / self._device.rate
        if not self._announced:
            if self._heard_at is not None:
                yield self._gap(now - lasts - self._heard_at, Message("gap.away"))
            yield DeviceOpened(
                at=self._position, device=self._device.name, rate=self._device.rate, channels=self._device_channels
            )
            self._announced, self._lost_said, self._retry = True, False, self._config.first_retry
        elif piece.overflow:
            yield from self._flushed()
            lost = 0.0 if self._due is None else piece.stamp - self._due
            yield self._gap(lost, Message("gap.overflow"))
        elif self._heard_at is not None and now - lasts - self._heard_at > self._config.stall and self._inbox.empty():
            yield from self._flushed()
            yield self._gap(now - lasts - self._heard_at, Message("gap.slept"))
        self._heard_at = now
        self._due = piece.stamp + lasts
        yield from self._block(self._resampler.feed(with_channels(piece.sound, self.channels)))
        yield from self._watch_zeros(piece.sound, lasts)

    def _next(self, patience: float) -> Generator[Block | Event, None, _Piece | None]:
        """Wait for the next buffer; None if `patience` seconds pass without one, or at `close`."""
        until = self._clock.now() + patience
        while not self._closed and (left := until - self._clock.now()) > 0:
            piece = self._clock.take(self._inbox, min(left, self._config.tick))
            if piece is not None:
                self._taken_out += len(piece.sound)
            if piece is not None or self._closed:
                return piece
            yield Waiting(at=self._position + self._surely_lost())
        return None

    def _surely_lost(self) -> int:
        """The least length of the coming gap in samples; 0 while the sound may only be late."""
        if self._announced or self._heard_at is None:
            return 0
        return max(0, as_samples(self._clock.now() - self._heard_at - self._config.margin))

    def _block(self, sound: Samples) -> Iterator[Block]:
        if len(sound):
            yield Block(self._position, sound)
            self._position += len(sound)

    def _flushed(self) -> Iterator[Block]:
        """The rest of the resampler's output, so that all sound comes before the gap."""
        yield from self._block(self._resampler.flush())

    def _gap(self, seconds: float, reason: str) -> AudioGap:
        """Move the clock on by `seconds` and return the gap.

        The gap has at least one sample: a loss is reported even if no time stamp says how long it was.
        """
        span = Span(self._position, self._position + max(1, as_samples(seconds)))
        self._position = span.end
        return AudioGap(at=span.end, span=span, reason=reason)

    def _watch_zeros(self, sound: Samples, lasts: float) -> Iterator[Block | Event]:
        if sound.any():
            self._zeros, self._zeros_limit, self._zeros_said = 0.0, self._config.first_zeros, False
            return
        self._zeros += lasts
        if self._zeros < self._zeros_limit or not self._inbox.empty():
            return
        if not self._zeros_said:
            self._zeros_said = True
            yield Notice(at=self._position, text=Message("notice.silence"))
        self._zeros, self._zeros_limit = 0.0, min(2 * self._zeros_limit, self._config.longest_zeros)
        yield from self._reopen(Message("gone.zeros"), look_again=False)

    # ------------------------------------------------------------------------------------------------ device

    def _begin(self) -> Iterator[Block | Event]:
        assert self._stream is not None
        try:
            self._stream.start()
        except BadInput as error:
            yield from self._reopen(message_of(error), look_again=True)

    def _reopen(self, reason: str, look_again: bool) -> Iterator[Block | Event]:
        """Report the device as lost and retry until one is open or the source is closed.

        `look_again` is for a device that may be gone: each attempt waits first and has PortAudio list the devices
        again, which interrupts the player for a moment. Otherwise the first attempt does neither.
        """
        yield from self._flushed()
        if not self._lost_said:
            yield DeviceLost(at=self._position, device=self._device.name, reason=reason)
            self._lost_said = True
        self._announced = False
        while not self._closed:
            self.let_go()
            if look_again:
                yield from self._wait(self._retry)
                self._retry = min(2 * self._retry, self._config.longest_retry)
                if self._closed:
                    return
                self._port.refresh()
            self._drain()
            look_again = True
            try:
                self._open(self._again())
                assert self._stream is not None
                self._stream.start()
            except BadInput:
                continue
            return

    def _again(self) -> Device:
        """The device of the same name, or the default device if that is gone."""
        devices = self._port.devices()
        named = [d for d in devices if d.name == self.name and d.inputs]
        return named[0] if named else find(devices, None, "input")

    def _open(self, device: Device) -> None:
        """Open `device` with the wanted channels, or with all of its channels if it accepts nothing else."""
        wanted = min(self.channels, device.inputs)
        try:
            self._stream = self._port.open_input(device, wanted, self._put)
        except BadInput:
            if wanted == device.inputs:
                raise
            wanted = device.inputs
            self._stream = self._port.open_input(device, wanted, self._put)
        self._device, self._device_channels = device, wanted
        self._due, self._zeros = None, 0.0
        self._resampler = Resampler(device.rate, self.channels)

    def _put(self, sound: Samples, stamp: float, overflow: bool) -> None:
        if self.behind > self._config.longest_queue * RATE:
            self._full = True
            return
        self._inbox.put(_Piece(sound, stamp, overflow or self._full))
        self._put_in += len(sound)
        self._full = False

    def _wait(self, seconds: float) -> Iterator[Block | Event]:
        """Wait for `seconds` or until `close`, which puts None into the queue; no stream fills the queue meanwhile."""
        until = self._clock.now() + seconds
        while not self._closed and (left := until - self._clock.now()) > 0:
            yield from self._next(left)

    def _drain(self) -> None:
        """Empty the queue of what a closed stream left in it."""
        while True:
            try:
                self._inbox.get_nowait()
            except Empty:
                self._put_in = self._taken_out = 0
                self._full = False
                return
