"""Labels that mean silence: people and programs also label the intervals in which nobody speaks."""

from __future__ import annotations

import re

# The marks of Praat, MFA, MAUS, TIMIT and the Buckeye corpus, and the plain words.
_MARKS = frozenset(("sil", "sp", "pau", "h#", "sl"))
_WORDS = frozenset(
    (
        *("silence", "silent", "silences", "pause", "pauses", "nonspeech", "non-speech", "no speech"),
        *("stille", "schweigen", "silencio", "pausa", "silenzio", "silêncio", "stilte", "pauze", "тишина", "пауза"),
    )
)
_IN_BRACKETS = frozenset(("p", "p:"))  # on their own they may be a sound or a letter
_BRACKETS = ("[]", "<>", "()", "{}", "**")
_TIMED = re.compile(r"\(\s*\d*[.,]?\d+\s*(s|sec|ms)?\s*\)")  # (0.5): a pause in transcripts of conversation analysis
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
