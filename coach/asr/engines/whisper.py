"""Whisper through faster-whisper: any model in CTranslate2's format, from a local folder.

The settings suit a live conversation on a small machine: CPU, 8-bit integers, one thread, greedy decoding at
temperature 0 (the same sound always gives the same text), no conditioning on the previous text (it makes hallucinations
spread) and no timestamps (nothing uses them). Text that the model doubts is dropped, by the thresholds of Whisper's
authors (Radford et al. 2023, section 4.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coach.asr.engines.models import WhisperModel
from coach.asr.engines.transcriber import Samples
from coach.asr.hallucination_filter import audible, believable
from coach.core.errors import BadSetting, Missing
from coach.core.span import as_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class WhisperConfig:
    """When text counts as doubtful, and how long it may be."""

    least_logprob: float = -1.0  # mean log probability per token; below this, the model doubts its text
    no_speech: float = 0.6  # probability of no speech; above this, text that the model doubts means that nobody spoke
    longest_repetition: float = 2.4  # compression ratio; above this, the text repeats one phrase
    tokens_per_second: int = 10  # twice the rate of fast English; other scripts need more tokens per word
    free_tokens: int = 20  # on top of that, because a short span can be dense
    most_tokens: int = 224  # half of the model's context, the most that it can write for one window


class WhisperTranscriber:
    """The Whisper `model` on the CPU. `language` is a two-letter code; "" lets the model detect it for every span.

    The constructor raises Missing if the model cannot be loaded, and BadSetting for a language that it does not know.
    """

    def __init__(
        self,
        model: WhisperModel,
        *,
        language: str = "en",
        threads: int = 1,
        config: WhisperConfig = WhisperConfig(),
    ) -> None:
        self._config = config
        self.name = f"whisper {model.name}"
        self._model: Any = _load(model, threads)
        known = self._model.supported_languages
        if language and language not in known:
            says = "understands English only" if known == ["en"] else f"does not know the language {language}"
            raise BadSetting(f"the Whisper model {model.name} {says}; choose another model or another language")
        self.languages = "English" if known == ["en"] else f"{len(known)} languages"
        self._language = language or None

    def transcribe(self, samples: Samples) -> str:
        """Return the text of `samples` (n,), or "" for silence and for text that the model doubts."""
        if not audible(samples):
            return ""
        config, seconds = self._config, as_seconds(len(samples))
        segments, _ = self._model.transcribe(
            samples,
            language=self._language,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
            no_speech_threshold=config.no_speech,
            log_prob_threshold=config.least_logprob,
            compression_ratio_threshold=config.longest_repetition,
            max_new_tokens=min(config.most_tokens, int(seconds * config.tokens_per_second) + config.free_tokens),
        )
        text = " ".join(segment.text.strip() for segment in segments if not self._doubted(segment))
        return believable(text, seconds=seconds)

    def close(self) -> None:
        self._model = None

    def _doubted(self, segment: Any) -> bool:
        repeats = segment.compression_ratio > self._config.longest_repetition
        return bool(segment.avg_logprob < self._config.least_logprob or repeats)


def _load(model: WhisperModel, threads: int) -> Any:
    try:
        import faster_whisper

        return faster_whisper.WhisperModel(
            str(model.folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )
    except Exception as error:  # no wheel for this platform, a damaged model, not enough memory
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise Missing(
            f"the Whisper model {model.name} cannot be loaded ({reason}), so there will be no words; "
            f"delete {model.folder} and fetch it again, or choose --transcriber moonshine"
        ) from error
