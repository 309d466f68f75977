"""Lines of a transcript that describe a sound and are nobody's words: `[music]`, `(laughter)`, `♪ ♪`."""

from __future__ import annotations

import re

_KNOWN = (
    "music applause laughter laughs laughing chuckles silence pause noise cough coughs coughing sigh sighs crying "
    "sobbing breathing musik gelächter lachen lacht stille schweigen applaus geräusch geräusche husten seufzt musique "
    "rires música risas silencio aplausos"
)
_SOUNDS = re.compile(
    rf"(?:(?:long|short|soft|loud|background|both) )?(?:{'|'.join(_KNOWN.split())})(?: playing)?[.…]*", re.IGNORECASE
)
_BRACKETED = re.compile(r"\[([^\[\]]*)\]|\(([^()]*)\)|\*([^*]*)\*|<([^<>]*)>")


def is_sound(text: str) -> bool:
    """Whether `text` is nothing but a sound in brackets, or music signs. "[inaudible]" is words, and so is "(Ana)".

    >>> [is_sound(text) for text in ("[music]", "(long pause)", "♪ ♪", "[laughter] [applause]", "[inaudible]", "(Ana)")]
    [True, True, True, True, False, False]
    >>> is_sound("music"), is_sound("[music] I left")
    (False, False)
    """
    bare = text.strip(" \t♪♫.…")
    if not bare:
        return "♪" in text or "♫" in text
    inside = [next(filter(None, each), "") for each in _BRACKETED.findall(bare)]
    around = _BRACKETED.sub("", bare).strip(" ,;.…♪♫")
    return bool(inside) and not around and all(_SOUNDS.fullmatch(each.strip(" ♪♫")) for each in inside)
