"""Which language people speak, found from their first sentences.

Whisper gives every span of sound a probability for each language. One span misleads: an "mm-hm", a laugh or a name has
no language. So the spans are collected, weighted by their length, until one language is sure:

    Ana  "Mm-hm."              0.6 s   too short to count
    Ben  "Ja, also, gestern"   2.1 s   de .71   not enough yet
    Ana  "Was war denn da?"    1.8 s   de .97   3.9 s, mean .83: sure

Until then, the spans wait, so that all words of a session are recognised in one language. If `LanguageConfig.most` of
speech was not enough, a language is assumed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from coach.asr.engines.transcriber import Samples, Transcriber
from coach.asr.hallucination_filter import audible
from coach.core.settings import ASSUMED_LANGUAGE
from coach.core.span import RATE


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageConfig:
    """When a language is sure. Times are samples of speech."""

    shortest: int = RATE  # a shorter span, such as "mm-hm", does not count
    enough: int = 3 * RATE  # that must count before a language is sure
    sure: float = 0.8  # the mean probability, weighted by length, from which on it is
    most: int = 20 * RATE  # heard in all, short spans too, after which a language is assumed


CONFIG = LanguageConfig()


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A two-letter code, found from `heard` samples of speech. `sure` is False if it was assumed."""

    code: str
    heard: int
    sure: bool


ASSUMED = SpokenLanguage(ASSUMED_LANGUAGE, 0, sure=False)  # where no recogniser can find a language


@runtime_checkable
class FindsLanguage(Transcriber, Protocol):
    """A recogniser that can tell languages apart."""

    @property
    def finds_language(self) -> bool:
        """Whether it was made without a language, so that one must be found."""

    def chances(self, samples: Samples) -> Mapping[str, float]:
        """The probability of each language, by its two-letter code, in `samples` (n,)."""

    def understand(self, language: str) -> None:
        """Recognise `language` from now on."""


class LanguageFinder:
    """Finds the language for `engines`, which must all be alike, and sets it in them. Not thread-safe."""

    def __init__(self, engines: Sequence[FindsLanguage], config: LanguageConfig = CONFIG) -> None:
        self._engines, self._config = engines, config
        self._weights: defaultdict[str, float] = defaultdict(float)  # by language, probability times samples
        self._counted = 0  # samples that gave evidence
        self._heard = 0
        self.found: SpokenLanguage | None = None

    def hear(self, samples: Samples) -> SpokenLanguage | None:
        """Take the next span (n,); return the language once it is found or, after too much doubt, assumed."""
        if self.found is not None:
            return self.found
        if not audible(samples):
            return None
        self._heard += len(samples)
        if len(samples) >= self._config.shortest:
            self._weigh(samples)
            best = max(self._weights, key=self._weights.__getitem__, default="")
            if self._counted >= self._config.enough and self._weights[best] >= self._config.sure * self._counted:
                return self._settle(SpokenLanguage(best, self._counted, sure=True))
        return self.assume() if self._heard >= self._config.most else None

    def assume(self) -> SpokenLanguage:
        """The language, assumed if it is not found yet."""
        return self.found or self._settle(SpokenLanguage(ASSUMED_LANGUAGE, self._heard, sure=False))

    def _weigh(self, samples: Samples) -> None:
        try:
            chances = self._engines[0].chances(samples)
        except Exception:  # an engine may raise anything; if it goes on, a language is assumed
            return
        self._counted += len(samples)
        for language, p in chances.items():
            self._weights[language] += p * len(samples)

    def _settle(self, language: SpokenLanguage) -> SpokenLanguage:
        for engine in self._engines:
            engine.understand(language.code)
        self.found = language
        return language


def finder_for(*engines: Transcriber) -> LanguageFinder | None:
    """A finder for `engines`, None if their language is known already."""
    finding = [engine for engine in engines if isinstance(engine, FindsLanguage) and engine.finds_language]
    return LanguageFinder(finding) if finding else None
