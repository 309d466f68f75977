"""A microphone as a source: sound while it comes, gaps for what was lost, and patience with devices.

PortAudio's thread does one thing: it puts each piece of sound into a queue, which holds a minute. How much waits there
tells whoever listens how late they are (`behind`). The rest is done by `blocks`:

    sound comes      ── Block Block Block …
    some was lost    ── AudioGap (as long as the converter's time stamps say), Block …
    machine slept    ── AudioGap (as long as the clock says), Block …
    no sound for 1 s ── DeviceLost, then every 0.5, 1, 2, 4, 5, 5 … s: look for the device by name, else take the
                        default; once it gives sound: AudioGap (the real time that passed), DeviceOpened, Block …
    nothing comes    ── Waiting, every 0.1 s until something does
    zeros for 10 s   ── Notice (once), DeviceLost, the same device opened again; as a muted microphone gives zeros too
                        and loses nothing by it, next after 20, 40, … and at most every 300 s

The sample clock stands still while a device is lost and then jumps, so that it agrees with the clock on the wall.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import Empty, SimpleQueue
from typing import NamedTuple

from coach.audio.devices import Device, Port, Stream, find, portaudio
from coach.audio.resample import Resampler
from coach.audio.source import Block, Clock, Samples, Waiting, with_channels
from coach.core.errors import BadInput
from coach.core.events import AudioGap, DeviceLost, DeviceOpened, Event, Notice
from coach.core.span import RATE, Span, as_samples

WAIT_S = 0.1  # seconds after which whoever listens gets a turn, though there is no sound
MARGIN_S = 0.1  # seconds; a device that comes back gives sound that began so long before, at the most
STALL_S = 1.0  # without a block for so long, the device is lost
FIRST_S = 3.0  # a device that was just opened may take so long until it gives sound; Bluetooth does
BACK_OFF_S = (0.5, 5.0)  # first and longest wait between two attempts; each is twice as long as the last
WAITS_AT_MOST_S = 60.0  # of sound in the queue; a listener who is later than that loses the newest
ZEROS_S = (10.0, 300.0)  # first and longest stretch of exact zeros before the device is opened again


class _Piece(NamedTuple):
    """What the callback put: sound (n, channels) at the device's rate, its time stamp, whether some was lost before."""

    sound: Samples
    stamp: float
    overflow: bool


class Microphone:
    """A live source. Opened at once, so that what cannot work is said at once (BadInput, Missing).

    `device` is a name, part of one, or an index (see `devices.find`), None for the default. `channels` None means one:
    sound servers offer 32 of any microphone, and the two of a laptop hear the same.
    """

    length: int | None = None

    def __init__(
        self,
        device: str | int | None = None,
        channels: int | None = None,
        port: Port | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._port = portaudio() if port is None else port
        self._clock = Clock() if clock is None else clock
        self._inbox: SimpleQueue[_Piece | None] = SimpleQueue()
        self._put_in = self._taken_out = 0  # samples of the device; the first is PortAudio's, the second the ear's
        self._full = False  # whether a piece found no place in the queue
        self.channels = channels or 1
        self._device = find(self._port.devices(), device, "input")
        self.name = self._device.name
        if channels is not None and channels > self._device.inputs:
            raise BadInput(
                f"{self.name!r} has {self._device.inputs} channel(s), but {channels} are needed; "
                "choose another microphone (`coach devices`), or give each person fewer channels"
            )
        self._closed = False
        self._position = 0  # the sample clock: all before it was given as sound or as gap
        self._heard_at: float | None = None  # when the last sound came
        self._announced = False  # whether the stream that is open has given sound
        self._lost_said = False
        self._back_off = BACK_OFF_S[0]
        self._zeros = 0.0  # seconds of exact zeros just now
        self._zeros_limit = ZEROS_S[0]
        self._zeros_said = False
        self._due: float | None = None  # the converter's time at which the next piece should begin
        self._resampler = Resampler(self._device.rate, self.channels)
        self._stream: Stream | None = None
        self._open(self._device)
        self._port.attach(self)

    @property
    def behind(self) -> int:
        return (self._put_in - self._taken_out) * RATE // self._device.rate

    def close(self) -> None:
        self._closed = True
        self._inbox.put(None)
        self._port.detach(self)

    def let_go(self) -> None:
        """Close the stream; part of `Holder`. The sound already in the queue is kept."""
        with self._port.lock:
            if self._stream is not None:
                self._stream.close()
                self._stream = None

    def take_up(self) -> None:
        """Part of `Holder`. Only the microphone itself asks for a refresh, and it opens what it finds afterwards."""

    def blocks(self) -> Iterator[Block | Event]:
        try:
            yield from self._begin()
            while not self._closed:
                piece = yield from self._next(STALL_S if self._announced else FIRST_S)
                if self._closed:
                    break
                if piece is None:
                    yield from self._reopen("no more sound comes from it", look_again=True)
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
                yield self._gap(now - lasts - self._heard_at, "the microphone was away")
            yield DeviceOpened(
                at=self._position, device=self._device.name, rate=self._device.rate, channels=self._device_channels
            )
            self._announced, self._lost_said, self._back_off = True, False, BACK_OFF_S[0]
        elif piece.overflow:
            yield from self._flushed()
            lost = 0.0 if self._due is None else piece.stamp - self._due
            yield self._gap(lost, "sound was lost: the machine was too busy to record it")
        elif self._heard_at is not None and now - lasts - self._heard_at > STALL_S and self._inbox.empty():
            yield from self._flushed()
            yield self._gap(now - lasts - self._heard_at, "the machine slept, or its sound stopped")
        self._heard_at = now
        self._due = piece.stamp + lasts
        yield from self._block(self._resampler.feed(with_channels(piece.sound, self.channels)))
        yield from self._watch_zeros(piece.sound, lasts)

    def _next(self, patience: float) -> Generator[Block | Event, None, _Piece | None]:
        """The next piece, waited for; None when `patience` seconds passed without one, or at `close`."""
        until = self._clock.now() + patience
        while not self._closed and (left := until - self._clock.now()) > 0:
            piece = self._clock.take(self._inbox, min(left, WAIT_S))
            if piece is not None:
                self._taken_out += len(piece.sound)
            if piece is not None or self._closed:
                return piece
            yield Waiting(at=self._position + self._surely_lost())
        return None

    def _surely_lost(self) -> int:
        """Samples of the gap that there will be, at least; 0 while the sound may only be late."""
        if self._announced or self._heard_at is None:
            return 0
        return max(0, as_samples(self._clock.now() - self._heard_at - MARGIN_S))

    def _block(self, sound: Samples) -> Iterator[Block]:
        if len(sound):
            yield Block(self._position, sound)
            self._position += len(sound)

    def _flushed(self) -> Iterator[Block]:
        """What the resampler still holds, so that all that was heard stands before a gap."""
        yield from self._block(self._resampler.flush())

    def _gap(self, seconds: float, reason: str) -> AudioGap:
        """A gap of that length from here on, and the clock behind it.

        It holds at least one sample: where no time stamp tells how much was lost, a mark is still due.
        """
        span = Span(self._position, self._position + max(1, as_samples(seconds)))
        self._position = span.end
        return AudioGap(at=span.end, span=span, reason=reason)

    def _watch_zeros(self, sound: Samples, lasts: float) -> Iterator[Block | Event]:
        if sound.any():
            self._zeros, self._zeros_limit, self._zeros_said = 0.0, ZEROS_S[0], False
            return
        self._zeros += lasts
        if self._zeros < self._zeros_limit or not self._inbox.empty():
            return
        if not self._zeros_said:
            self._zeros_said = True
            text = "the microphone delivers pure silence; is it muted, or is this program not allowed to use it?"
            yield Notice(at=self._position, text=text)
        self._zeros, self._zeros_limit = 0.0, min(2 * self._zeros_limit, ZEROS_S[1])
        yield from self._reopen("it delivers nothing but zeros", look_again=False)

    # ------------------------------------------------------------------------------------------------ device

    def _begin(self) -> Iterator[Block | Event]:
        assert self._stream is not None
        try:
            self._stream.start()
        except BadInput as error:
            yield from self._reopen(str(error), look_again=True)

    def _reopen(self, reason: str, look_again: bool) -> Iterator[Block | Event]:
        """Say that the device is lost, and come back when one is open, or when nobody listens any more.

        `look_again` is for devices that may have gone: it waits, and has PortAudio read its list anew, which
        stops the player for a moment. Otherwise the first attempt comes at once and without that.
        """
        yield from self._flushed()
        if not self._lost_said:
            yield DeviceLost(at=self._position, device=self._device.name, reason=reason)
            self._lost_said = True
        self._announced = False
        while not self._closed:
            self.let_go()
            if look_again:
                yield from self._wait(self._back_off)
                self._back_off = min(2 * self._back_off, BACK_OFF_S[1])
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
        """The device of the same name, or the default one when that is gone."""
        devices = self._port.devices()
        named = [d for d in devices if d.name == self.name and d.inputs]
        return named[0] if named else find(devices, None, "input")

    def _open(self, device: Device) -> None:
        """Open `device` with the channels that are wanted, or, where it insists, with all that it has."""
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
        if self.behind > WAITS_AT_MOST_S * RATE:
            self._full = True
            return
        self._inbox.put(_Piece(sound, stamp, overflow or self._full))
        self._put_in += len(sound)
        self._full = False

    def _wait(self, seconds: float) -> Iterator[Block | Event]:
        """Let time pass, but not after `close`: that puts None into the queue, which no stream fills now."""
        until = self._clock.now() + seconds
        while not self._closed and (left := until - self._clock.now()) > 0:
            yield from self._next(left)

    def _drain(self) -> None:
        """Forget what a stream that is closed by now has left in the queue."""
        while True:
            try:
                self._inbox.get_nowait()
            except Empty:
                self._put_in = self._taken_out = 0
                self._full = False
                return
