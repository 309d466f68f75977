"""The hallucination filter: drops text that a recogniser made up.

End-to-end recognisers are language models with sound as input. Given noise, a cry or a ticking clock, they still write:
the closing line of a video, music notes, one phrase over and over. (Whisper's authors saw the same and drop text that
compresses too well; in the short spans of a conversation, repeated words are more reliable.) The rules here come from
what the tiny Moonshine model wrote for five-second recordings of rain, fire, clocks, dogs and crying children. A wrong
word may cause a wrong cue, so everything is dropped from the point where the hallucination starts.

>>> believable("I was so relieved, and then and then and then and then and then", seconds=4.0)
'I was so relieved,'
>>> believable("No, no, no.", seconds=1.2)
'No, no, no.'
>>> believable("Thank you for watching!", seconds=5.0)
''
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from coach.asr.closings import is_closing, sentences
from coach.asr.engines.transcriber import Samples
from coach.core.span import MILLISECOND

FRAME = 20 * MILLISECOND  # samples over which the level is measured
MUSIC_AND_CREDITS = "♪♫©"
LAUGHTER = re.compile(r"(h[aeo]h?)+")
_UNSPACED = r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]"  # Thai, Lao, Japanese and Chinese are written without blanks
# in these, twelve characters twice in a row, or four of them four times, are a loop
_SAID_AGAIN = re.compile(rf"(?:({_UNSPACED}{{12,}}?)\W*\1|({_UNSPACED}{{4,}}?)(?:\W*\2){{3,}}).*", re.DOTALL)
STUCK_LETTERS = re.compile(r"(\S{1,10}?)\1{11,}")  # part of a word twelve times in a row, without a space


@dataclass(frozen=True, slots=True, kw_only=True)
class HallucinationConfig:
    """What counts as too short, too soft, too fast or too repetitive to be speech."""

    shortest: int = 120 * MILLISECOND  # samples; in a shorter span engines fail or guess
    silent_dbfs: float = -70.0  # level of the loudest frame; speech attenuated to this was still recognised
    fastest: float = 7.0  # words per second; fast speech stays below 6
    free_words: int = 2  # words on top of that, because a short span can be dense: "I don't know" takes 0.4 s
    lone_you_s: float = 1.0  # seconds; the word takes 0.3 s, and engines also write it for noise of any length
    longest_loop: int = 30  # words; the longest phrase whose repetition is looked for


def audible(samples: Samples, config: HallucinationConfig = HallucinationConfig()) -> bool:
    """Whether `samples` (n,) are long enough and loud enough to recognise."""
    if len(samples) < config.shortest:
        return False
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    loudest = float(np.max(np.mean(np.square(frames, dtype=np.float64), axis=1)))
    return loudest > 10 ** (config.silent_dbfs / 10)


def believable(
    text: str, *, seconds: float, latin: bool = False, config: HallucinationConfig = HallucinationConfig()
) -> str:
    """Return the beginning of `text` that people can have said within `seconds`, up to a hallucination; "" if none.

    `latin` says that the language is written in Latin letters.
    """
    if any(mark in text for mark in MUSIC_AND_CREDITS) or (latin and not _mostly_latin(text)):
        return ""
    told = _SAID_AGAIN.sub("", _without_closings(text))
    words = _before_loop(told.split(), config.longest_loop)
    plain = " ".join(filter(None, map(_plain, words)))
    if not plain or (plain == "you" and seconds > config.lone_you_s):
        return ""
    if len(words) > config.fastest * seconds + config.free_words:
        return ""
    return " ".join(words)


def _without_closings(text: str) -> str:
    """The text up to lines at its end that only end videos."""
    left = sentences(text)
    if not left or not is_closing(left[-1]):
        return text
    while left and is_closing(left[-1]):
        left.pop()
    return " ".join(left)


def _plain(word: str) -> str:
    return re.sub(r"[^\w']", "", word).lower()


def _before_loop(words: list[str], longest_loop: int) -> list[str]:
    """The words before the recogniser got stuck in a loop; all of them if it did not. Laughter is no loop."""
    plain = [_plain(word) for word in words]
    for start, word in enumerate(plain):
        if LAUGHTER.fullmatch(word):
            continue
        if STUCK_LETTERS.search(word):
            return words[:start]
        for unit in range(1, longest_loop + 1):
            times = _stuck_after(unit)
            if plain[start : start + unit] * times == plain[start : start + unit * times]:
                return words[:start]
    return words


def _stuck_after(unit: int) -> int:
    """How many repetitions of the same `unit` words are a loop; people do say "no, no, no, no"."""
    if unit == 1:
        return 7
    if unit == 2:
        return 4
    return 3 if unit < 8 else 2


def _mostly_latin(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    latin = sum(unicodedata.name(char, "").startswith("LATIN") for char in letters)
    return latin * 2 > len(letters)
