"""Whisper through faster-whisper: any model in CTranslate2's format, from a local folder.

The settings suit a live conversation on a small machine: CPU, 8-bit integers, one thread, greedy decoding at
temperature 0 (the same sound always gives the same text), no conditioning on the previous text (it makes hallucinations
spread) and, for one span, no timestamps (nothing uses them).

Whisper was trained on windows of thirty seconds, and short sound is padded to that; most of the work is to encode it.
But it hears a sentence as well in a window that is only some seconds longer than the sentence, at a third of the work.
Of short spans it now and then writes nothing then, and these it hears once more in a whole window; and for the language
of a span it needs a whole one (docs/words.md).

In files, the spans of a conversation share windows (`transcribe_together`), with a second of silence in between, since
it reads a sentence better after the one before; the times of the sentences, which are right to some tenths of a
second, say which span each belongs to. A span whose words cannot be told from its neighbour's is recognised once more,
alone:

    window    ▐█Ana 4 s█▌ 1 s ▐█Ben 2 s█▌ 1 s ▐███Ana 6 s███▌ …

Text that the model doubts is dropped, by the thresholds of Whisper's
authors (Radford et al. 2023, section 4.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.asr.engines.models import WhisperModel
from coach.asr.engines.transcriber import Samples
from coach.asr.hallucination_filter import audible, believable
from coach.core.errors import BadSetting, Missing, first_line
from coach.core.settings import ASSUMED_LANGUAGE, AUTO_LANGUAGE
from coach.core.span import MILLISECOND, RATE, Span, as_seconds

FRAME = 10 * MILLISECOND  # samples of one frame of features
DEPTH = 2.0  # from the loudest of the features down to silence: eight powers of ten, a fourth of which is 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WhisperConfig:
    """When text counts as doubtful, how long it may be, and how much is encoded."""

    least_logprob: float = -1.0  # mean log probability per token; below this, the model doubts its text
    no_speech: float = 0.6  # probability of no speech; above this, text that the model doubts means that nobody spoke
    longest_repetition: float = 2.4  # compression ratio; above this, the text repeats one phrase
    tokens_per_second: int = 10  # twice the rate of fast English; other scripts need more tokens per word
    free_tokens: int = 20  # on top of that, because a short span can be dense
    most_tokens: int = 224  # half of the model's context, the most that it can write for one window
    window: int = 29 * RATE  # samples that share a window; it holds 30 s
    gap: int = RATE  # samples of silence between two spans in a window; several times the error of a sentence's time
    padding: int = 8 * RATE  # samples of the window that are encoded after the sound; with 4 s words of calls are lost
    least_again: int = RATE * 6 // 10  # samples from which a span without words is heard again in a whole window …
    most_again: int = 4 * RATE  # … and up to which
    edge: int = RATE // 2  # samples; by no more than this, a sentence may reach into a span that is not its own


CONFIG = WhisperConfig()


class WhisperTranscriber:
    """The Whisper `model` on the CPU. `language` is a two-letter code; "" lets the model detect it for every span.

    With "auto", a `LanguageFinder` finds it in the first spans; a model for English alone then has nothing to find.

    The constructor raises Missing if the model cannot be loaded, and BadSetting for a language that it does not know.
    """

    def __init__(
        self,
        model: WhisperModel,
        *,
        language: str = "en",
        threads: int = 1,
        config: WhisperConfig = CONFIG,
    ) -> None:
        self._config = config
        self.name = f"whisper {model.name}"
        self._model: Any = _load(model, threads, config.padding // FRAME)
        known = self._model.supported_languages
        self.finds_language = language == AUTO_LANGUAGE and known != [ASSUMED_LANGUAGE]
        if language == AUTO_LANGUAGE:
            language = ASSUMED_LANGUAGE
        if language and language not in known:
            says = "understands English only" if known == ["en"] else f"does not know the language {language}"
            raise BadSetting(f"the Whisper model {model.name} {says}; choose another model or another language")
        self.languages = "English" if known == ["en"] else f"{len(known)} languages"
        self._language = language or None
        self._model.whole = self._language is None
        self.window, self.gap = config.window, config.gap

    def chances(self, samples: Samples) -> Mapping[str, float]:
        """Return the probability of each language in the first 30 s of `samples` (n,), by its two-letter code."""
        with self._whole_windows():
            _, _, chances = self._model.detect_language(samples)
        return dict(chances)

    def understand(self, language: str) -> None:
        """Recognise `language`, a code that `chances` returned, from now on."""
        self._language, self._model.whole = language, False

    def transcribe(self, samples: Samples) -> str:
        """Return the text of `samples` (n,), or "" for silence and for text that the model doubts."""
        if not audible(samples):
            return ""
        text = self._text(samples)
        if not text and self._config.least_again <= len(samples) <= self._config.most_again:
            with self._whole_windows():
                text = self._text(samples)
        return believable(text, seconds=as_seconds(len(samples)))

    def _text(self, samples: Samples) -> str:
        return " ".join(segment.text.strip() for segment in self._segments(samples, timed=False))

    def transcribe_together(self, spans: Sequence[Samples]) -> list[str]:
        """Return the text of each of `spans`, as `transcribe` does; together they fit into `window` with their gaps."""
        loud = [number for number, span in enumerate(spans) if audible(span)]
        texts = [""] * len(spans)
        if len(loud) == 1:
            texts[loud[0]] = self.transcribe(spans[loud[0]])
        if len(loud) < 2:
            return texts
        silence = np.zeros(self.gap, np.float32)
        joined = np.concatenate([piece for number in loud for piece in (spans[number], silence)])
        places, start = list[Span](), 0
        for number in loud:
            places.append(Span(start, start + len(spans[number])))
            start = places[-1].end + self.gap
        told: list[list[str]] = [[] for _ in places]
        alone = set[int]()  # places of which the model has made one sentence
        for segment in self._segments(joined, timed=True):
            within = _places(Span.seconds(segment.start, max(segment.start, segment.end)), places)
            told[within[0]].append(segment.text.strip())
            alone |= set(within) if len(within) > 1 else set()
        for place, number in enumerate(loud):
            text = believable(" ".join(told[place]), seconds=as_seconds(len(spans[number])))
            texts[number] = text if text and place not in alone else self.transcribe(spans[number])
        return texts

    def _segments(self, samples: Samples, *, timed: bool) -> Iterable[Any]:
        """The segments of `samples` that the model does not doubt, with their times if wanted."""
        config, seconds = self._config, as_seconds(len(samples))
        segments, _ = self._model.transcribe(
            samples,
            language=self._language,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=not timed,
            no_speech_threshold=config.no_speech,
            log_prob_threshold=config.least_logprob,
            compression_ratio_threshold=config.longest_repetition,
            max_new_tokens=min(config.most_tokens, int(seconds * config.tokens_per_second) + config.free_tokens),
        )
        return [segment for segment in segments if not self._doubted(segment)]

    @contextmanager
    def _whole_windows(self) -> Iterator[None]:
        """Within this, all of the padding is encoded, too."""
        model = self._model
        before, model.whole = model.whole, True
        try:
            yield
        finally:
            model.whole = before

    def close(self) -> None:
        """Let go of the model, so that its memory is freed. May be called more than once."""
        self._model = None

    def _doubted(self, segment: Any) -> bool:
        repeats = segment.compression_ratio > self._config.longest_repetition
        return bool(segment.avg_logprob < self._config.least_logprob or repeats)


def _followed_by_silence(features: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    """`features` (mels, frames) with at most about `most` frames of silence instead of the zeros after them.

    faster-whisper appends zeros, which are louder than silence. The model learnt with silence, which is `DEPTH` below
    the loudest of the sound, and with zeros it more often goes round in circles, or doubts itself.

    >>> _followed_by_silence(np.pad(np.array([[0.5, -0.7, 0.3]]), ((0, 0), (0, 20))), 3)
    array([[ 0.5, -0.7,  0.3, -1.5, -1.5, -1.5]])
    """
    (heard,) = np.nonzero(features.any(axis=0))
    end = int(heard[-1]) + 1 if len(heard) else 0
    until = min(end + most, features.shape[-1])
    kept = features[:, : until - until % 2].copy()  # the encoder takes frames in pairs
    if end:
        kept[:, end:] = features[:, :end].max() - DEPTH
    return kept


def _places(segment: Span, places: Sequence[Span]) -> range:
    """The numbers of the places that `segment` belongs to; more than one if a sentence reaches from one into the next.

    The model lets a sentence begin where the one before ended, so that it may begin with the silence before its place.

    >>> places = [Span.seconds(0, 4), Span.seconds(5, 5.5), Span.seconds(6.5, 9)]
    >>> [list(_places(Span.seconds(*times), places)) for times in ((0, 4.2), (4.2, 5.2), (5.2, 9), (4, 9), (9, 9.5))]
    [[0], [1], [2], [1, 2], [2]]
    """
    first = next((n for n, place in enumerate(places) if place.end > segment.start + CONFIG.edge), len(places) - 1)
    last = max((n for n, place in enumerate(places) if place.start < segment.end - CONFIG.edge), default=first)
    return range(first, max(first, last) + 1)


def _load(model: WhisperModel, threads: int, padding: int) -> Any:
    """The model, which encodes `padding` frames after the sound, or all of them while its `whole` is true."""
    try:
        import faster_whisper

        class Model(faster_whisper.WhisperModel):  # type: ignore[misc]
            whole = False

            def encode(self, features: NDArray[np.float32]) -> Any:
                most = features.shape[-1] if self.whole else padding
                return super().encode(_followed_by_silence(features, most))

        return Model(str(model.folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True)
    except Exception as error:  # no wheel for this platform, a damaged model, not enough memory
        raise Missing(
            f"the Whisper model {model.name} cannot be loaded ({first_line(error)}), so there will be no words; "
            f"delete {model.folder} and fetch it again, or choose --transcriber moonshine"
        ) from error
