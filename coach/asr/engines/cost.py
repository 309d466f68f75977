"""What the Whisper models cost: their size, and the work that a sentence is on this machine, before one is downloaded.

The work is estimated from one measurement: an encoder of the shape of "base" with made-up weights, in the engine and
with the settings that recognise later. How long it takes depends on the shape only. What the decoder of "base" adds was
measured once, in that time; encoders and decoders of other models take as much more as they multiply more.
docs/words.md compares estimates with measurements.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from coach.asr.engines.whisper import CONFIG as WHISPER
from coach.asr.engines.whisper import FRAME
from coach.core.errors import Missing, first_line
from coach.core.span import RATE

BYTES_A_PARAMETER = 2  # the published conversions hold 16-bit floats
SPAN_S = 5  # seconds of the sentence in an estimate; about as long as the endpointer's spans
FRAMES = (SPAN_S * RATE + WHISPER.padding) // FRAME  # that are encoded of it
POSITIONS = FRAMES // 2  # that the encoder makes of them
MOST_POSITIONS = 1500  # those of a whole window
MELS = 80
TOKENS = 51_865  # that a model knows
HEAD = 64  # the width of an attention head

Clock = Callable[[], float]  # seconds


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a model: its parameters in all, its width, and the layers of its encoder and decoder."""

    parameters: int
    width: int
    layers: int
    decoding: int

    @property
    def encoded(self) -> int:
        """What the encoder multiplies for one sentence: convolutions, then per layer projections and attention."""
        convolutions = 3 * self.width * (MELS * FRAMES + self.width * POSITIONS)
        layer = 12 * self.width**2 * POSITIONS + 2 * POSITIONS**2 * self.width
        return convolutions + self.layers * layer

    @property
    def decoded(self) -> int:
        """What the decoder multiplies for one token: the projections of each layer, and the choice among all tokens."""
        return 14 * self.width**2 * self.decoding + TOKENS * self.width


SHAPES = {  # Radford et al. 2023, table 1; large-v3-turbo has the encoder of large and a small decoder
    "tiny": Shape(39_000_000, 384, 4, 4),
    "base": Shape(74_000_000, 512, 6, 6),
    "small": Shape(244_000_000, 768, 12, 12),
    "medium": Shape(769_000_000, 1024, 24, 24),
    "large-v2": Shape(1_550_000_000, 1280, 32, 32),
    "large-v3": Shape(1_550_000_000, 1280, 32, 32),
    "large-v3-turbo": Shape(809_000_000, 1280, 32, 4),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CostConfig:
    """How the work is measured, and what a sentence adds to it."""

    measured: str = "base"  # the shape that is measured
    runs: int = 2  # of which the quickest counts; the first is cold
    decoder: float = 1.5  # the decoder's work on a sentence, in that of the encoder of `measured`


CONFIG = CostConfig()


def size_on_disk(name: str) -> int:
    """The bytes of the model `name`, such as "base.en", to within 5%."""
    return BYTES_A_PARAMETER * _shape(name).parameters


def languages_of(name: str) -> str:
    """The languages of the model `name` as people see them."""
    return "English" if name.endswith(".en") else "100 languages" if "v3" in name else "99 languages"


def work_of(name: str, encoder_s: float, config: CostConfig = CONFIG) -> float:
    """The seconds that the model `name` works on a sentence of `SPAN_S` seconds; `encoder_s` is `measured_encoder`."""
    wanted, measured = _shape(name), SHAPES[config.measured]
    decoder = config.decoder * wanted.decoded / measured.decoded
    return encoder_s * (wanted.encoded / measured.encoded + decoder)


def measured_encoder(clock: Clock = time.process_time, config: CostConfig = CONFIG) -> float:
    """The seconds that the encoder of `config.measured` works on one sentence, on one processor, at 8 bits.

    By default other programs do not count. Takes some seconds itself. Raises Missing if the engine cannot run here.
    """
    try:
        import ctranslate2

        shape = SHAPES[config.measured]
        with tempfile.TemporaryDirectory(prefix="coach-") as folder:
            _made_up(shape).save(folder)
            model = ctranslate2.models.Whisper(folder, device="cpu", compute_type="int8", intra_threads=1)
        window = np.random.default_rng(1).standard_normal((1, MELS, FRAMES), dtype=np.float32)
        took = []
        for _ in range(config.runs):
            began = clock()
            model.encode(ctranslate2.StorageView.from_array(window), to_cpu=True)
            took.append(clock() - began)
    except Exception as error:  # no wheel for this platform, not enough memory or space
        raise Missing(f"Whisper's engine cannot be tried here ({first_line(error)})") from error
    return min(took)


def _shape(name: str) -> Shape:
    return SHAPES[name.removesuffix(".en")]


def _made_up(shape: Shape) -> Any:
    """A model in CTranslate2's form with an encoder of `shape`, and as little else as it accepts."""
    from ctranslate2.specs import WhisperSpec

    width, heads, rng = shape.width, shape.width // HEAD, np.random.default_rng(1)

    def weights(*lengths: int) -> Any:
        return 0.02 * rng.standard_normal(lengths, dtype=np.float32)

    def linear(part: Any, out: int, into: int) -> None:
        part.weight, part.bias = weights(out * width, into * width), weights(out * width)

    def norm(part: Any) -> None:
        part.gamma, part.beta = np.ones(width, np.float32), np.zeros(width, np.float32)

    def attention(part: Any, *outs: int) -> None:
        norm(part.layer_norm)
        for each, out in zip(part.linear, outs, strict=True):
            linear(each, out, 1)

    tokens = ["endoftext", "startoftranscript", "translate", "transcribe", "startoflm", "startofprev", "nospeech"]
    tokens += ["notimestamps"]
    spec = WhisperSpec(shape.layers, heads, 1, heads)
    encoder, decoder = spec.encoder, spec.decoder
    encoder.conv1.weight, encoder.conv1.bias = weights(width, MELS, 3), weights(width)
    encoder.conv2.weight, encoder.conv2.bias = weights(width, width, 3), weights(width)
    encoder.position_encodings.encodings = weights(MOST_POSITIONS, width)
    decoder.embeddings.weight = decoder.projection.weight = weights(len(tokens), width)
    decoder.position_encodings.encodings = weights(8, width)
    for stack in (encoder, decoder):
        norm(stack.layer_norm)
        for layer in stack.layer:
            attention(layer.self_attention, 3, 1)
            norm(layer.ffn.layer_norm)
            linear(layer.ffn.linear_0, 4, 1)
            linear(layer.ffn.linear_1, 1, 4)
    attention(decoder.layer[0].attention, 1, 2, 1)
    spec.register_vocabulary([f"<|{token}|>" for token in tokens])
    spec.validate()
    spec.optimize(quantization="int8")
    return spec
