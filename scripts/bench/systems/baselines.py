"""Common speech detectors with their usual settings, for comparison with the coach.

    silero      Silero's VAD (the model in faster-whisper) with its own defaults: threshold 0.5, speech of at least
                0.25 s, silences of at least 0.1 s, 0.03 s of padding on both sides
    webrtc      WebRTC's VAD, mode 2, frames of 30 ms, with its internal hangover and no padding
    praat       "To TextGrid (silences)" with its default values: -25 dB, silences and sounds of at least 0.1 s
    moonshine   the lines of Moonshine's streaming transcriber, fed a tenth of a second at a time; word output is off,
                which leaves the lines unchanged and takes a hundredth of the time
    segmentation  the coach's segmentation network alone, without its other rules

None of them identifies speakers. With a microphone per person, each channel is processed separately. On one microphone
an oracle assigns each segment to the true speaker who talks longest in it, or to the nearest one if nobody does. The
coach does not have this advantage. Silences under 0.18 s are closed, as for the coach.

Results are cached, because they depend only on the sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import metadata
from typing import Any

import numpy as np

from coach.conversation import Ipu
from coach.core.span import RATE, Span, joined
from scripts.bench.systems.segmentation import segmentation, version
from scripts.cache import kept, key
from scripts.simulate.truth import Take, heard

JOIN = 18 * RATE // 100  # samples
Segments = list[tuple[float, float]]  # seconds

SILERO = {"threshold": 0.5, "min_speech_duration_ms": 250, "min_silence_duration_ms": 100, "speech_pad_ms": 30}
WEBRTC_MODE, WEBRTC_FRAME_S = 2, 0.03
PRAAT = (100, 0.0, -25.0, 0.1, 0.1, "silent", "sounding")  # lowest pitch, step, dB, shortest silence, shortest sound
CHUNK_S = 0.1
MOONSHINE = {"identify_speakers": "false", "skip_transcription": "true", "return_audio_data": "false"}


def silero(x: np.ndarray) -> Segments:
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    return [(s["start"] / RATE, s["end"] / RATE) for s in get_speech_timestamps(x, VadOptions(**SILERO))]


def webrtc(x: np.ndarray) -> Segments:
    import webrtcvad

    vad = webrtcvad.Vad(WEBRTC_MODE)
    n = int(WEBRTC_FRAME_S * RATE)
    pcm = (np.clip(x, -1, 1) * 32767).astype("<i2")
    voiced = [vad.is_speech(pcm[i : i + n].tobytes(), RATE) for i in range(0, len(pcm) - n + 1, n)]
    return [(i * WEBRTC_FRAME_S, (i + 1) * WEBRTC_FRAME_S) for i, on in enumerate(voiced) if on]


def praat(x: np.ndarray) -> Segments:
    import parselmouth
    from parselmouth.praat import call

    grid = call(parselmouth.Sound(x.astype(np.float64), RATE), "To TextGrid (silences)", *PRAAT)
    out = []
    for i in range(1, call(grid, "Get number of intervals", 1) + 1):
        if call(grid, "Get label of interval", 1, i) == "sounding":
            edges = (call(grid, f"Get {edge} time of interval", 1, i) for edge in ("start", "end"))
            out.append(tuple(edges))
    return out


def moonshine(x: np.ndarray) -> Segments:
    stream = _moonshine().create_stream()
    try:
        stream.start()
        step = int(CHUNK_S * RATE)
        for i in range(0, len(x), step):
            stream.add_audio(x[i : i + step].tolist(), RATE)
        stream.stop()
        lines = stream.update_transcription().lines
    finally:
        stream.close()
    return [(line.start_time, line.start_time + line.duration) for line in lines]


@cache
def _moonshine() -> Any:
    from moonshine_voice import ModelArch, get_model_path
    from moonshine_voice.transcriber import Transcriber

    return Transcriber(get_model_path("tiny-en"), ModelArch.TINY, options=MOONSHINE)


PARTS: dict[str, tuple[Callable[[np.ndarray], Segments], str, Callable[[], str]]] = {
    "silero": (silero, "faster-whisper", lambda: f"1 {SILERO}"),
    "webrtc": (webrtc, "webrtcvad-wheels", lambda: f"1 {WEBRTC_MODE} {WEBRTC_FRAME_S}"),
    "praat": (praat, "praat-parselmouth", lambda: f"1 {PRAAT}"),
    "moonshine": (moonshine, "moonshine-voice", lambda: f"1 {MOONSHINE}"),
    "segmentation": (segmentation, "onnxruntime", version),
}


def found(part: str, x: np.ndarray) -> list[Span]:
    """Speech that `part` finds in samples at 16 kHz, silences under 0.18 s closed."""
    find, package, settings = PARTS[part]
    name = key(x.tobytes(), part, settings(), metadata.version(package))
    return joined((Span.seconds(*each) for each in kept(part, name, lambda: find(x))), JOIN)


def parts_heard(part: str, take: Take) -> list[Ipu]:
    """Speech found by `part`, with speakers from the channels or the oracle."""
    x = heard(take.file)
    if take.channels:
        return [
            Ipu(who, span)
            for who, column in take.channels.items()
            for span in found(part, np.ascontiguousarray(x[:, column]))
        ]
    return named(found(part, np.ascontiguousarray(x.mean(axis=1))), take.truth.speech)


def named(spans: Iterable[Span], speech: Iterable[Ipu]) -> list[Ipu]:
    """Each span assigned to the person in `speech` who talks longest in it, or else to the nearest."""
    units = list(speech)
    out = []
    for span in spans:
        lengths: dict[str, int] = {}
        for unit in units:
            lengths[unit.who] = lengths.get(unit.who, 0) + (span & unit.span).duration
        if any(lengths.values()):
            who = max(lengths, key=lambda each: lengths[each])
        else:
            who = min(units, key=lambda unit: (span ^ unit.span).duration).who
        out.append(Ipu(who, span))
    return out
