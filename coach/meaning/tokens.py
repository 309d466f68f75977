"""Tokens: the same words for a typed sentence and for its recognised form.

Tokens are in lower case. Contractions are expanded ("I'm" and "im" become "i am"), hyphens and quotes removed, stutters
repaired ("I- I was, I was" becomes "i was"), and laughter and notes in brackets left out. Of the punctuation two marks
remain: STOP at the end of a sentence and PAUSE for a comma.

>>> tokens("I-I'm, uh, not gonna cry. [laughs]")
('i', 'am', ',', 'uh', ',', 'not', 'going', 'to', 'cry', '.')
"""

from __future__ import annotations

import re
from collections.abc import Iterable

STOP = "."
PAUSE = ","
MARKS = frozenset((STOP, PAUSE))

_NOTE = re.compile(
    r"\[[^\]]*\]|<[^>]*>|\((?:laugh|chuckl|sigh|giggl|cough|inaudible|unintelligible)[^)]*\)", re.IGNORECASE
)
_FRAGMENT = re.compile(r"\b[A-Za-z]{1,4}-(?=[\s,.]|$)(?!-)")  # "w- with": a word that was broken off
_PIECE = re.compile(r"[a-z0-9]+(?:'[a-z]+)?'?|[.!?;:…\n]+|--+|[—–]|,")
_CURLY = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"'})

_BARE = {  # contractions as recognisers and hasty typists write them
    "im": "i am", "ive": "i have", "dont": "do not", "doesnt": "does not", "didnt": "did not", "cant": "can not",
    "cannot": "can not", "couldnt": "could not", "wouldnt": "would not", "shouldnt": "should not", "wont": "will not",
    "isnt": "is not", "wasnt": "was not", "arent": "are not", "werent": "were not", "havent": "have not",
    "hasnt": "has not", "hadnt": "had not", "aint": "is not", "youre": "you are", "youve": "you have",
    "theyre": "they are", "theyve": "they have", "thats": "that is", "whats": "what is", "hes": "he is",
    "shes": "she is", "weve": "we have", "gonna": "going to", "wanna": "want to", "gotta": "got to",
    "kinda": "kind of", "sorta": "sort of", "lemme": "let me", "gimme": "give me", "dunno": "do not know",
    "cuz": "because", "cos": "because", "coz": "because", "'cause": "because", "bc": "because", "u": "you",
    "ur": "your", "til": "until", "tbh": "to be honest", "can't": "can not", "won't": "will not",
    "shan't": "shall not", "ain't": "is not", "let's": "let us", "lets": "let us", "y'all": "you all",
    "ma'am": "madam",
}  # fmt: skip
_ENDINGS = {"n't": "not", "'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}


def word_set(words: str) -> frozenset[str]:
    """The words of `words`, separated by spaces, as a set: the notation for closed word classes in this package."""
    return frozenset(words.split())


_S_IS_A_VERB_AFTER = word_set("he she it that this there what who where when how why here everything nothing")


def tokens(text: str) -> tuple[str, ...]:
    """The words of `text`, with STOP and PAUSE between them; see the module's docstring."""
    plain = _FRAGMENT.sub(" ", _NOTE.sub(" ", text.translate(_CURLY))).lower()
    found: list[str] = []
    for match in _PIECE.finditer(plain):
        piece = match.group()
        if piece == ",":
            found.append(PAUSE)
        elif piece[0].isalnum():
            found.extend(_opened(piece))
        else:
            found.append(PAUSE if piece[0] in "-—–" else STOP)
    return tuple(_unstuttered(found))


def words_only(stream: tuple[str, ...]) -> tuple[str, ...]:
    """`stream` without the marks."""
    return tuple(t for t in stream if t not in MARKS)


def sentences(stream: Iterable[str]) -> list[tuple[str, ...]]:
    """The sentences: the words between STOPs, without PAUSEs. Empty sentences are left out."""
    found: list[tuple[str, ...]] = []
    words: list[str] = []
    for token in (*stream, STOP):
        if token not in MARKS:
            words.append(token)
        elif token == STOP and words:
            found.append(tuple(words))
            words = []
    return found


def _opened(piece: str) -> list[str]:
    """A word with its contraction expanded; the possessive "'s" is dropped."""
    if piece in _BARE:
        return _BARE[piece].split()
    for ending, meaning in _ENDINGS.items():
        if piece.endswith(ending) and len(piece) > len(ending):
            return [piece[: -len(ending)], meaning]
    if piece.endswith("'s"):
        stem = piece[:-2]
        return [stem, "is"] if stem in _S_IS_A_VERB_AFTER else [stem]
    return [piece.rstrip("'")]


def _unstuttered(found: list[str]) -> list[str]:
    """The tokens without immediate repeats of one word or of two, even with a comma between them."""
    out: list[str] = []
    for token in found:
        if token in MARKS:
            if out and out[-1] not in MARKS:
                out.append(token)
            elif out and token == STOP:
                out[-1] = STOP
            continue
        comma = bool(out) and out[-1] == PAUSE
        said = out[:-1] if comma else out
        if said and said[-1] == token:
            del out[len(said) :]
            continue
        out.append(token)
        _drop_repeated_pair(out)
    return out


def _drop_repeated_pair(out: list[str]) -> None:
    """Remove the second "i was" of "i was i was" and of "i was, i was", in place."""
    if len(out) >= 4 and out[-2:] == out[-4:-2] and STOP not in out[-2:]:
        del out[-2:]
    elif len(out) >= 5 and out[-3] == PAUSE and out[-2:] == out[-5:-3]:
        del out[-3:]
