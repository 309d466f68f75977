"""The form of each cue as the settings ask: a disabled cue enabled, a tone in words, a spoken cue as a tone.

A cue in its other form borrows its sound. Marks borrow the words of "let it land"; invitations borrow the small bowl of
"heard". The rules follow the form: a cue in words waits for silence and counts against the budget of spoken cues.

>>> mine = with_forms(Catalogue.load(), in_words=["too_soon"], as_tones=["inward"])
>>> mine["too_soon"].form, mine["inward"].form, mine.wording("inward")
('spoken', 'tone', '')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from coach.coaching.catalogue import Catalogue
from coach.coaching.entries import Entry
from coach.core.errors import BadSetting

WORDS_OF = {"too_soon": "let_it_land", "over": "let_it_land"}  # "let it land" is spoken already
TONE_OF = {"inward": "heard", "curious": "heard"}


def with_forms(
    catalogue: Catalogue, *, on: Iterable[str] = (), in_words: Iterable[str] = (), as_tones: Iterable[str] = ()
) -> Catalogue:
    """`catalogue` with the kinds `on` enabled, the kinds `in_words` spoken, and the kinds `as_tones` as tones.

    Raises BadSetting if a kind is unknown, or has no such form.
    """
    entries: dict[str, Entry] = dict(catalogue.entries)
    for kind in on:
        entries[kind] = replace(catalogue[kind], enabled=True)
    for kind in in_words:
        words = catalogue[_other(kind, WORDS_OF, "cues_in_words", "be spoken in words")]
        entries[kind] = replace(entries[kind], form="spoken", wordings=words.wordings, tone=None, sounds_as=words.kind)
    for kind in as_tones:
        bowl = catalogue[_other(kind, TONE_OF, "cues_as_tones", "sound as a tone")]
        entries[kind] = replace(entries[kind], form="tone", wordings=(), tone=bowl.tone, sounds_as=bowl.kind)
    return replace(catalogue, entries=entries)


def _other(kind: str, forms: Mapping[str, str], setting: str, may: str) -> str:
    if kind not in forms:
        raise BadSetting(f"{setting}: {kind!r} cannot {may}; choose among {', '.join(forms)}")
    return forms[kind]
