"""What a recogniser says but nobody said, and how to tell.

End-to-end recognisers are language models that listen. Given noise, a cry or a ticking clock they still speak: the
closing line of a video, notes of music, one phrase over and over. (Whisper's authors saw the same and drop what
compresses too well; on the short spans of a conversation repeated words are the surer sign.) What is caught here was
seen when the small Moonshine model was given five-second recordings of rain, fire, clocks, dogs and crying children.
A wrong word may cost a wrong cue, so what looks invented is dropped whole, from the point where it starts.

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

import numpy as np

from coach.asr.engines.transcriber import Samples
from coach.core.span import MILLISECOND

SHORTEST = 120 * MILLISECOND  # samples; below this engines fail or guess
FRAME = 20 * MILLISECOND  # samples over which loudness is taken
SILENT_DBFS = -70.0  # the loudest frame of a span; speech turned down to here was still understood
FASTEST = 7.0  # words a second; hurried speech stays under 6
FREE_WORDS = 2  # a short span may be dense: "I don't know" takes 0.4 s
LONE_YOU_S = 1.0  # seconds; the word takes 0.3 s, and as an answer to noise it comes for any length
MUSIC_AND_CREDITS = "♪♫©"
CREDITS = {"thank you for watching", "thanks for watching", "please subscribe"}
LAUGHTER = re.compile(r"(h[aeo]h?)+")
STUCK_LETTERS = re.compile(r"(\S{1,10}?)\1{11,}")  # one piece of a word, twelve times without a blank
LONGEST_UNIT = 12  # words that are looked at as one repeated piece


def audible(samples: Samples) -> bool:
    """Whether there is anything to recognise: long enough, and not silence."""
    if len(samples) < SHORTEST:
        return False
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    loudest = float(np.max(np.mean(np.square(frames, dtype=np.float64), axis=1)))
    return loudest > 10 ** (SILENT_DBFS / 10)


def believable(text: str, *, seconds: float, latin: bool = False) -> str:
    """What of `text` may have been said within `seconds`; "" when nothing. `latin`: the language is written so."""
    if any(mark in text for mark in MUSIC_AND_CREDITS) or (latin and not _mostly_latin(text)):
        return ""
    words = _before_loop(text.split())
    plain = " ".join(filter(None, map(_plain, words)))
    if not plain or plain in CREDITS or (plain == "you" and seconds > LONE_YOU_S):
        return ""
    if len(words) > FASTEST * seconds + FREE_WORDS:
        return ""
    return " ".join(words)


def _plain(word: str) -> str:
    return re.sub(r"[^\w']", "", word).lower()


def _before_loop(words: list[str]) -> list[str]:
    """The words up to where the recogniser got stuck; all of them when it did not. Laughter may go on."""
    plain = [_plain(word) for word in words]
    for start, word in enumerate(plain):
        if LAUGHTER.fullmatch(word):
            continue
        if STUCK_LETTERS.search(word):
            return words[:start]
        for unit in range(1, LONGEST_UNIT + 1):
            times = _stuck_after(unit)
            if plain[start : start + unit] * times == plain[start : start + unit * times]:
                return words[:start]
    return words


def _stuck_after(unit: int) -> int:
    """How many times in a row nobody says the same `unit` words; "no, no, no, no" is said."""
    if unit == 1:
        return 7
    if unit == 2:
        return 4
    return 3 if unit < 8 else 2


def _mostly_latin(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    latin = sum(unicodedata.name(char, "").startswith("LATIN") for char in letters)
    return latin * 2 > len(letters)
