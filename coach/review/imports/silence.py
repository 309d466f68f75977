"""Labels that mean silence: people and programs also label the intervals in which nobody speaks."""

from __future__ import annotations

import re

# The marks of Praat, MFA, MAUS, TIMIT and the Buckeye corpus, and the plain words.
_MARKS = frozenset(("sil", "sp", "pau", "h#", "sl", "!sil", "∅", "ø"))
_WORDS = frozenset(
    (
        *("silence", "silent", "silences", "pause", "pauses", "nonspeech", "non-speech", "no speech"),
        *("stille", "schweigen", "silencio", "pausa", "silenzio", "silêncio", "stilte", "pauze", "тишина", "пауза"),
    )
)
_NOISES = frozenset(("spn", "nsn", "noise", "breath", "breathing", "brth", "inhale", "exhale", "music", "cough"))
_IN_BRACKETS = frozenset(("p", "p:", "eps"))  # on their own they may be a sound or a letter
_BRACKETS = ("[]", "<>", "()", "{}", "**")
# (0.5): a pause in transcripts of conversation analysis
_TIMED = re.compile(r"[(\[<{]\s*\d*[.,]?\d+\s*(s|sec|ms)?\s*[)\]>}]")
_ONLY_SIGNS = re.compile(r"[-#_.…‐-―()\[\]<>{}/|\s]*")  # not ? ! * + &, which mark speech that was not understood


def is_silence(label: str) -> bool:
    """Whether an interval with this label holds no speech.

    The list is short on purpose: laughter, noise, breath, "spn" and "xxx" are not in it.

    >>> [is_silence(label) for label in ("[silence]", "<SIL>", "(...)", "(0.5)", "h#", "-", "")]
    [True, True, True, True, True, True, True]
    >>> [is_silence(label) for label in ("xxx", "spn", "p", "?", "a pause", "hm")]
    [False, False, False, False, False, False]
    """
    said = " ".join(label.split()).casefold()
    if _ONLY_SIGNS.fullmatch(said) or _TIMED.fullmatch(said):
        return True
    inner = said
    if len(said) > 1 and said[0] + said[-1] in _BRACKETS:
        inner = said[1:-1].strip()
        if inner in _IN_BRACKETS:
            return True
    return inner in _MARKS or inner in _WORDS


def is_doubtful(label: str) -> bool:
    """Whether a label that counts as speech may be a sound: it stands in brackets, or names a noise.

    >>> [is_doubtful(label) for label in ("[breath]", "<nib>", "noise", "I left [laughs]", "[so] I [left]", "xxx")]
    [True, True, True, False, False, False]
    """
    said = label.strip().casefold()
    bracketed = len(said) > 2 and said[0] + said[-1] in _BRACKETS and not set(said[1:-1]) & set("[]<>(){}*")
    return bracketed or said in _NOISES
