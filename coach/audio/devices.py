"""The machine's microphones and speakers, as PortAudio shows them: list, find, open, and look again.

PortAudio reads the list of devices once. A microphone that was unplugged and came back is found only after the library
was shut down and started anew, and that ends every stream. So there is one `PortAudio` for the whole program: whoever
keeps a stream attaches itself, lets go when asked and takes up again, and `refresh` does the three steps in order:

    microphone lost ─► refresh ─► all let go ─► PortAudio stops and starts ─► all take up ─► find by name ─► open

sounddevice is imported here and nowhere else, when the first device is asked for: files are heard without it.
"""

from __future__ import annotations

import difflib
import functools
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from coach.audio.source import Samples
from coach.core.errors import BadInput, Missing

Kind = Literal["input", "output"]
Heard = Callable[[Samples, float, bool], None]
"""Takes a copy of the sound (n, channels), the second at which its first sample was converted, and whether sound was
lost just before. Is called on PortAudio's own thread: must not wait and must not raise."""
Fill = Callable[[int], Samples]
"""Gives the next n samples, mono (n,). Is called on PortAudio's own thread: must not wait and must not raise."""

INPUT_BLOCK_S = 0.02  # seconds; the ear's step
INPUT_LATENCY_S = 0.1  # seconds that may be buffered before sound is lost; each block still comes as soon as it is full
OUTPUT_LATENCY_S = 0.08  # seconds from callback to air; with 60 ms a busy machine runs dry and swallows whole tones
OUTPUT_BLOCK_S = 0.01  # seconds; a cue can begin and end only at a block
_WORDS: dict[Kind, str] = {"input": "microphone", "output": "speaker"}


@dataclass(frozen=True, slots=True)
class Device:
    """A device as PortAudio shows it; `inputs` and `outputs` are numbers of channels, `rate` samples a second."""

    index: int
    name: str
    host: str
    inputs: int
    outputs: int
    rate: int
    default_input: bool = False
    default_output: bool = False

    def channels(self, kind: Kind) -> int:
        return self.inputs if kind == "input" else self.outputs

    def is_default(self, kind: Kind) -> bool:
        return self.default_input if kind == "input" else self.default_output


class Stream(Protocol):
    """An open device. `latency` in seconds: of the input from air to callback, of the output from callback to air."""

    latency: float

    def start(self) -> None: ...

    def close(self) -> None: ...


class Holder(Protocol):
    """Somebody with an open stream, who can spare it for a moment."""

    def let_go(self) -> None: ...

    def take_up(self) -> None: ...


class Port(Protocol):
    """What microphone and player need of a sound system; `PortAudio` is the real one."""

    lock: AbstractContextManager[bool]
    """Held by whoever opens or closes a stream; may be taken again by the thread that has it."""

    def devices(self) -> list[Device]: ...

    def open_input(self, device: Device, channels: int, heard: Heard) -> Stream:
        """Raises BadInput when the device cannot be opened."""
        ...

    def open_output(self, device: Device, fill: Fill) -> Stream:
        """Raises BadInput when the device cannot be opened."""
        ...

    def attach(self, holder: Holder) -> None: ...

    def detach(self, holder: Holder) -> None: ...

    def refresh(self) -> None: ...


def find(devices: list[Device], wanted: str | int | None, kind: Kind) -> Device:
    """The device meant by an index, a name or part of one (any case), or the default device.

    Of several that fit, an exact name comes first, then the default device, then the first listed. Raises BadInput.
    """
    word = _WORDS[kind]
    able = [d for d in devices if d.channels(kind)]
    if not able:
        raise BadInput(f"this machine has no {word}; plug one in, or start the sound server, and try again")
    by_default = sorted(able, key=lambda d: (not d.is_default(kind), d.index))
    if wanted is None:
        return by_default[0]
    if isinstance(wanted, int) or wanted.isdecimal():
        for device in able:
            if device.index == int(wanted):
                return device
    name = str(wanted).casefold()
    for fits in (name.__eq__, lambda other: name in other):
        for device in by_default:
            if fits(device.name.casefold()):
                return device
    near = difflib.get_close_matches(name, [d.name.casefold() for d in able], n=1, cutoff=0.0)
    nearest = next(d.name for d in able if d.name.casefold() == near[0])
    raise BadInput(f"there is no {word} called {wanted!r}; did you mean {nearest!r}? `coach devices` lists all")


class PortAudio:
    """The real sound system. Get it through `portaudio()`; there must be one only."""

    def __init__(self) -> None:
        """Raises Missing when the library is not there."""
        try:
            import sounddevice
        except (OSError, ImportError) as error:
            raise Missing(
                "PortAudio, the library for microphones and speakers, is missing; "
                f"install it (on Debian: apt-get install libportaudio2) [{error}]"
            ) from None
        self._sd: Any = sounddevice
        self.lock: AbstractContextManager[bool] = threading.RLock()
        self._running = True
        self._holders: list[Holder] = []

    def devices(self) -> list[Device]:
        """All devices; none while PortAudio cannot be started, as when the sound server is away."""
        with self.lock:
            if not self._running:
                return []
            hosts = self._sd.query_hostapis()
            default_input, default_output = self._sd.default.device
            return [
                Device(
                    index=number,
                    name=str(d["name"]),
                    host=str(hosts[d["hostapi"]]["name"]),
                    inputs=int(d["max_input_channels"]),
                    outputs=int(d["max_output_channels"]),
                    rate=round(d["default_samplerate"]),
                    default_input=number == default_input,
                    default_output=number == default_output,
                )
                for number, d in enumerate(self._sd.query_devices())
            ]

    def open_input(self, device: Device, channels: int, heard: Heard) -> Stream:
        def callback(sound: Samples, _n: int, time: Any, status: Any) -> None:
            heard(sound.copy(), time.inputBufferAdcTime, bool(status and status.input_overflow))

        return self._open(
            self._sd.InputStream,
            device,
            channels=channels,
            blocksize=round(device.rate * INPUT_BLOCK_S),
            latency=INPUT_LATENCY_S,
            callback=callback,
        )

    def open_output(self, device: Device, fill: Fill) -> Stream:
        def callback(out: Samples, n: int, _time: Any, _status: Any) -> None:
            out[:] = fill(n)[:, None]

        return self._open(
            self._sd.OutputStream,
            device,
            channels=min(2, device.outputs),
            blocksize=round(device.rate * OUTPUT_BLOCK_S),
            latency=OUTPUT_LATENCY_S,
            callback=callback,
        )

    def _open(self, kind: Callable[..., Any], device: Device, **how: Any) -> Stream:
        with self.lock:
            try:
                return _PortStream(kind(device=device.index, samplerate=device.rate, dtype="float32", **how))
            except (self._sd.PortAudioError, ValueError) as error:
                raise BadInput(f"{device.name!r} cannot be opened: {error}; is another program holding it?") from None

    def attach(self, holder: Holder) -> None:
        with self.lock:
            self._holders.append(holder)

    def detach(self, holder: Holder) -> None:
        with self.lock:
            if holder in self._holders:
                self._holders.remove(holder)

    def refresh(self) -> None:
        """Read the list of devices anew. Every stream is closed for it, and opened again by whoever holds it."""
        with self.lock:
            holders = list(self._holders)
            for holder in holders:
                holder.let_go()
            try:
                if self._running:
                    self._sd._terminate()
                self._running = False
                self._sd._initialize()
                self._running = True
            except self._sd.PortAudioError:
                pass  # stays without devices; the next refresh tries again
            for holder in holders:
                holder.take_up()


class _PortStream:
    """One of sounddevice's streams, with errors as the coach says them, and none on closing."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.latency = float(stream.latency)

    def start(self) -> None:
        import sounddevice

        try:
            self._stream.start()
        except sounddevice.PortAudioError as error:
            raise BadInput(f"the device cannot be started: {error}; is another program holding it?") from None

    def close(self) -> None:
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)


@functools.cache
def portaudio() -> PortAudio:
    """The program's one PortAudio. Raises Missing when the library is not there."""
    return PortAudio()
