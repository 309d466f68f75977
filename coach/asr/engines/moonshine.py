"""Moonshine: English words on any machine, without a download, because the small model lies inside its wheel.

The library segments sound on its own; here every span is cut already, so that is switched off (a voice threshold of
0), which also keeps it from losing first words: left on, a nine-second span came back in four fragments.

It decodes in time that grows faster than the sound, so what is longer than `LONGEST` is cut at a lull. It opens no
connection: the model is read from the package.

On one thread it needs 0.03 s of processor for a second of sound. Left to itself it takes a thread for each core, which
mostly wait for one another with the core kept busy: two and a half times the processor for the same words, no sooner.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from coach.asr.chunking import pieces
from coach.asr.engines.transcriber import Samples
from coach.asr.hallucination_filter import audible, believable
from coach.core.errors import Missing
from coach.core.span import RATE, as_seconds

LONGEST = 10 * RATE  # samples in one call
ONE_THREAD = "MOONSHINE_ORT_SINGLE_THREAD"  # the library's own name; it looks when a model is loaded
OPTIONS = {
    "vad_threshold": "0",  # the span is speech: take it whole
    "vad_max_segment_duration": "30",  # seconds; more than LONGEST, so that a call is one segment
    "max_tokens_per_second": "9",  # 7 words; the default of 6.5 loses the ends of hurried sentences
    "return_audio_data": "false",
    "identify_speakers": "false",
}


class MoonshineTranscriber:
    """The model "tiny-en" on the processor, loaded and warm. Raises Missing when it cannot run here."""

    name = "moonshine tiny"
    languages = "English"

    def __init__(self) -> None:
        self._model: Any = None
        self._model = _load()
        self._recognise(np.zeros(RATE, dtype=np.float32))  # the first call takes longer

    def transcribe(self, samples: Samples) -> str:
        """The words of `samples`; "" for silence, for nothing, and for what sounds invented."""
        texts = (self._recognise(piece) for piece in pieces(samples, LONGEST) if audible(piece))
        return " ".join(filter(None, texts))

    def close(self) -> None:
        if self._model is not None:
            self._model.close()
            self._model = None

    def _recognise(self, piece: Samples) -> str:
        transcript = self._model.transcribe_without_streaming(piece.tolist(), RATE)
        text = " ".join(line.text.strip() for line in transcript.lines)
        return believable(text, seconds=as_seconds(len(piece)), latin=True)


def _load() -> Any:
    try:
        from moonshine_voice import ModelArch, get_model_path
        from moonshine_voice.transcriber import Transcriber

        os.environ.setdefault(ONE_THREAD, "1")
        return Transcriber(get_model_path("tiny-en"), ModelArch.TINY, options=OPTIONS)
    except Exception as error:  # no wheel for this platform, a library that will not load, a model that is gone
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise Missing(
            f"Moonshine cannot run here ({reason}), so there will be no words; "
            "install moonshine-voice, or `coach setup whisper base.en` and --transcriber whisper"
        ) from error
