"""Moonshine: English speech recognition on any machine, without a download: the wheel contains the tiny model.

The library's own segmentation is switched off (a VAD threshold of 0), because the endpointer has already cut every
span. With it, first words are lost: a nine-second span came back as four fragments.

Decoding time grows faster than the length of the sound, so sound longer than `MoonshineConfig.longest` is cut at quiet
places. The library opens no connection; it reads the model from the package.

On one thread it needs 0.03 s of CPU time per second of sound. By default it uses one thread per core, and these mostly
busy-wait for one another: two and a half times the CPU time for the same text, and no sooner.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from coach.asr.chunking import pieces
from coach.asr.engines.transcriber import Samples
from coach.asr.hallucination_filter import audible, believable
from coach.core.errors import Missing, first_line
from coach.core.span import RATE, as_seconds

ONE_THREAD = "MOONSHINE_ORT_SINGLE_THREAD"  # environment variable that the library reads when it loads a model


@dataclass(frozen=True, slots=True, kw_only=True)
class MoonshineConfig:
    """How long the sound and the text of one call may be."""

    longest: int = 10 * RATE  # samples per call
    longest_segment: int = 30  # seconds; more than `longest`, so that each call is one segment
    tokens_per_second: int = 9  # about 7 words; the library's default of 6.5 tokens truncates fast speech

    @property
    def options(self) -> dict[str, str]:
        """The library's options."""
        return {
            "vad_threshold": "0",  # the whole span is speech
            "vad_max_segment_duration": str(self.longest_segment),
            "max_tokens_per_second": str(self.tokens_per_second),
            "return_audio_data": "false",
            "identify_speakers": "false",
        }


class MoonshineTranscriber:
    """The model "tiny-en" on the CPU. The constructor raises Missing if it cannot run on this machine."""

    name = "moonshine tiny"
    languages = "English"

    def __init__(self, config: MoonshineConfig = MoonshineConfig()) -> None:
        self._config = config
        self._model: Any = None
        self._model = _load(config)
        self._recognise(np.zeros(RATE, dtype=np.float32))  # warm up: the first call is slow

    def transcribe(self, samples: Samples) -> str:
        """Return the text of `samples` (n,), or "" for silence and for hallucinated text."""
        texts = (self._recognise(piece) for piece in pieces(samples, self._config.longest) if audible(piece))
        return " ".join(filter(None, texts))

    def close(self) -> None:
        """Free the model, which `transcribe` needs. May be called more than once."""
        if self._model is not None:
            self._model.close()
            self._model = None

    def _recognise(self, piece: Samples) -> str:
        transcript = self._model.transcribe_without_streaming(piece.tolist(), RATE)
        text = " ".join(line.text.strip() for line in transcript.lines)
        return believable(text, seconds=as_seconds(len(piece)), latin=True)


def _load(config: MoonshineConfig) -> Any:
    try:
        from moonshine_voice import ModelArch, get_model_path
        from moonshine_voice.transcriber import Transcriber

        os.environ.setdefault(ONE_THREAD, "1")
        return Transcriber(get_model_path("tiny-en"), ModelArch.TINY, options=config.options)
    except Exception as error:  # no wheel for this platform, a library that does not load, a missing model
        raise Missing(
            f"Moonshine cannot run here ({first_line(error)}), so there will be no words; "
            "install moonshine-voice, or `coach setup whisper base.en` and --transcriber whisper"
        ) from error
