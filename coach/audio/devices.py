"""The machine's microphones and speakers through PortAudio: list, find, open and refresh.

PortAudio reads the device list once. A microphone that was unplugged and plugged in again is found only after a restart
of the library, which ends every stream. So the program has one `PortAudio`. Every object with an open stream attaches
itself to it as a `Holder`, and `refresh` has all holders close and reopen their streams around the restart:

    microphone lost ─► refresh ─► all let_go ─► PortAudio restarts ─► all take_up ─► find by name ─► open

sounddevice is imported only here, and only for the first device: recordings work without it.
"""

from __future__ import annotations

import difflib
import functools
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from coach.audio.source import Samples
from coach.core.errors import BadInput, Missing
from coach.core.messages import Message
from coach.core.names import one_line

Kind = Literal["input", "output"]
Heard = Callable[[Samples, float, bool], None]
"""Takes a copy of the sound (n, channels), the ADC time of its first sample in seconds, and whether sound was lost just
before. PortAudio's thread calls it: it must not block and must not raise."""
Fill = Callable[[int], Samples]
"""Returns the next n samples, mono (n,). PortAudio's thread calls it: it must not block and must not raise."""

_WORDS: dict[Kind, str] = {"input": "microphone", "output": "speaker"}
_NONE: dict[Kind, str] = {"input": "gone.no_microphone", "output": "gone.no_speaker"}  # messages


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamConfig:
    """The blocks and buffers that PortAudio is asked for. All times are in seconds."""

    input_block: float = 0.02  # one hop of the ear
    input_latency: float = 0.1  # of buffer before sound is lost; it does not delay the blocks
    output_block: float = 0.01  # a cue can begin and end only at a block boundary
    output_latency: float = 0.08  # from callback to air; with 60 ms a busy machine underruns and drops whole tones


@dataclass(frozen=True, slots=True)
class Device:
    """A device in PortAudio's list. `inputs` and `outputs` are numbers of channels, `rate` is samples per second."""

    index: int
    name: str
    host: str
    inputs: int
    outputs: int
    rate: int
    default_input: bool = False
    default_output: bool = False

    def channels(self, kind: Kind) -> int:
        """The number of input or output channels; 0 if the device has none of this kind."""
        return self.inputs if kind == "input" else self.outputs

    def is_default(self, kind: Kind) -> bool:
        """Whether the system uses this device when none is named."""
        return self.default_input if kind == "input" else self.default_output


class Stream(Protocol):
    """An open device. `latency` in seconds is from air to callback for an input, from callback to air for an output."""

    latency: float

    def start(self) -> None:
        """Let the sound flow; the callback is called from now on. Raises BadInput if the device cannot be started."""
        ...

    def close(self) -> None:
        """End the stream at once, without playing what is in its buffer. Never raises."""
        ...


class Holder(Protocol):
    """An object with an open stream that `refresh` can have closed (`let_go`) and opened again (`take_up`)."""

    def let_go(self) -> None:
        """Close the stream. `refresh` calls it on the thread that refreshes, with `Port.lock` held. Must not raise."""
        ...

    def take_up(self) -> None:
        """Open the stream again, on another device if need be. Called like `let_go`. Must not raise."""
        ...


class Port(Protocol):
    """The sound system as `Microphone` and `Player` use it; `PortAudio` is the real one."""

    lock: AbstractContextManager[bool]
    """A re-entrant lock, held while a stream is opened or closed, and from the choice of a device to `attach`."""

    def devices(self) -> list[Device]:
        """All devices, in the order of their `index`. Raises BadInput if they cannot be listed."""
        ...

    def open_input(self, device: Device, channels: int, heard: Heard) -> Stream:
        """Open the first `channels` channels of `device`; `heard` gets their sound once the stream is started.

        Raises BadInput when the device cannot be opened.
        """
        ...

    def open_output(self, device: Device, fill: Fill) -> Stream:
        """Open `device`, which plays what `fill` returns once the stream is started, the same on all its channels.

        Raises BadInput when the device cannot be opened.
        """
        ...

    def attach(self, holder: Holder) -> None:
        """Have `refresh` close and reopen the stream of `holder`."""
        ...

    def detach(self, holder: Holder) -> None:
        """Leave `holder` out of later refreshes; nothing happens if it was not attached."""
        ...

    def refresh(self) -> None:
        """Read the device list again, with every holder's stream closed meanwhile."""
        ...


def find(devices: list[Device], wanted: str | int | None, kind: Kind) -> Device:
    """Return the device for an index, a name or part of a name in any case; for None, the default device.

    Of several matches, an exact name comes first, then the default device, then the first in the list. Raises BadInput
    if nothing matches or the machine has no device of this kind.
    """
    word = _WORDS[kind]
    able = [d for d in devices if d.channels(kind)]
    if not able:
        none = Message(_NONE[kind])
        raise BadInput(none if wanted is None else f"there is no {word} called {wanted!r}: {none}")
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
    """The real sound system. Use `portaudio()` to get it: there must be only one."""

    def __init__(self, config: StreamConfig = StreamConfig()) -> None:
        """Raises Missing if the library is not installed."""
        self._config = config
        try:
            import sounddevice
        except (OSError, ImportError) as error:
            raise Missing(Message("gone.portaudio", reason=str(error))) from None
        self._sd: Any = sounddevice
        self.lock: AbstractContextManager[bool] = threading.RLock()
        self._running = True
        self._holders: list[Holder] = []

    def devices(self) -> list[Device]:
        """All devices; none while PortAudio cannot be started, as without a sound server."""
        with self.lock:
            if not self._running:
                return []
            hosts = self._sd.query_hostapis()
            default_input, default_output = self._sd.default.device
            return [
                Device(
                    index=number,
                    name=one_line(str(d["name"])),
                    host=one_line(str(hosts[d["hostapi"]]["name"])),
                    inputs=int(d["max_input_channels"]),
                    outputs=int(d["max_output_channels"]),
                    rate=round(d["default_samplerate"]),
                    default_input=number == default_input,
                    default_output=number == default_output,
                )
                for number, d in self._listed(hosts)
            ]

    def _listed(self, hosts: Sequence[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any]]]:
        """Each device with its number. Of a name in an unknown encoding, what can be read is kept.

        Raises BadInput if no name can be read, and sounddevice does not say how many devices there are.
        """
        try:
            return list(enumerate(self._sd.query_devices()))
        except UnicodeDecodeError as error:
            numbers = sorted(number for host in hosts for number in host.get("devices", ()))
            if not numbers:
                raise BadInput(
                    f"the devices cannot be listed, because the name of one is not text ({error.object!r}); "
                    "rename that device in the settings of the system"
                ) from None
        return [(number, self._described(number)) for number in numbers]

    def _described(self, number: int) -> Mapping[str, Any]:
        try:
            described: Mapping[str, Any] = self._sd.query_devices(number)
        except UnicodeDecodeError as error:
            info = self._sd._lib.Pa_GetDeviceInfo(number)  # what sounddevice reads, before it decodes the name
            return {
                "name": bytes(error.object).decode("utf-8", errors="replace"),
                "hostapi": info.hostApi,
                "max_input_channels": info.maxInputChannels,
                "max_output_channels": info.maxOutputChannels,
                "default_samplerate": info.defaultSampleRate,
            }
        return described

    def open_input(self, device: Device, channels: int, heard: Heard) -> Stream:
        """Open it as in `Port`, in blocks of `StreamConfig.input_block` seconds, at its own rate."""

        def callback(sound: Samples, _n: int, time: Any, status: Any) -> None:
            heard(sound.copy(), time.inputBufferAdcTime, bool(status and status.input_overflow))

        return self._open(
            self._sd.InputStream,
            device,
            channels=channels,
            blocksize=round(device.rate * self._config.input_block),
            latency=self._config.input_latency,
            callback=callback,
        )

    def open_output(self, device: Device, fill: Fill) -> Stream:
        """Open it as in `Port`, in blocks of `StreamConfig.output_block` seconds, at its own rate, stereo if it can."""

        def callback(out: Samples, n: int, _time: Any, _status: Any) -> None:
            out[:] = fill(n)[:, None]

        return self._open(
            self._sd.OutputStream,
            device,
            channels=min(2, device.outputs),
            blocksize=round(device.rate * self._config.output_block),
            latency=self._config.output_latency,
            callback=callback,
        )

    def _open(self, kind: Callable[..., Any], device: Device, **how: Any) -> Stream:
        with self.lock:
            try:
                return _PortStream(kind(device=device.index, samplerate=device.rate, dtype="float32", **how))
            except (self._sd.PortAudioError, ValueError) as error:
                raise BadInput(Message("gone.not_opened", device=device.name, reason=str(error))) from None

    def attach(self, holder: Holder) -> None:
        """As in `Port`; waits while another thread opens, closes or refreshes."""
        with self.lock:
            self._holders.append(holder)

    def detach(self, holder: Holder) -> None:
        """As in `Port`; after it returns, no refresh on another thread calls `holder` any more."""
        with self.lock:
            if holder in self._holders:
                self._holders.remove(holder)

    def refresh_unless_used(self) -> None:
        """Read the device list again if no stream is open, for somebody who chooses a device."""
        with self.lock:
            if not self._holders:
                self.refresh()

    def refresh(self) -> None:
        """Read the device list again. All streams are closed, and their holders reopen them afterwards."""
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
                pass  # no devices for now; the next refresh tries again
            for holder in holders:
                holder.take_up()


class _PortStream:
    """One of sounddevice's streams. `start` raises BadInput if the device cannot be started; `close` never raises."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.latency = float(stream.latency)

    def start(self) -> None:
        import sounddevice

        try:
            self._stream.start()
        except sounddevice.PortAudioError as error:
            raise BadInput(Message("gone.not_started", reason=str(error))) from None

    def close(self) -> None:
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)


@functools.cache
def portaudio() -> PortAudio:
    """Return the program's only PortAudio. Raises Missing if the library is not installed."""
    return PortAudio()
