"""What the coach understands in a language: understood.toml in its folder.

    [commands]    "coach, quiet", "coach, go on" and "coach, stop listening"
    [answers]     a yes or a no to the coach
    [talk]        acknowledgements, questions and requests in what people say to each other

Each table is a part that may be left out; a part that is there has all of its keys, each a list of phrases. English has
no [talk]: grammar and trained models read it (`coach.meaning`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from unicodedata import normalize

from coach.core.errors import BadSetting, nearest
from coach.core.languages import UNDERSTOOD, Language, languages

Phrases = tuple[str, ...]
Part = Mapping[str, Phrases]

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

COMMANDS, ANSWERS, TALK = "commands", "answers", "talk"
KEYS = {
    COMMANDS: ("names", "quiet", "go_on", "stop", "stop_names", "courtesy"),
    ANSWERS: ("certain", "yes", "no", "please", "courtesy"),
    TALK: ("acknowledgements", "openers", "questions", "rhetorical", "contact", "requests", "polite", "haste"),
}


def words_in(text: str) -> tuple[str, ...]:
    """The words of `text`, in lower case and in one spelling of accents and apostrophes: phrases and speech alike.

    >>> words_in("Vas-y, s’il te plaît!")
    ('vas', 'y', "s'il", 'te', 'plaît')
    """
    return tuple(_WORD.findall(normalize("NFC", text.lower()).replace("’", "'")))


def together(words: Sequence[str], phrases: Collection[str]) -> list[str]:
    """`words`, with each of `phrases` among them in one piece; the longest goes first.

    >>> together(words_in("Oui, s'il te plaît."), ["s'il te plaît"])
    ['oui', "s'il te plaît"]
    """
    most, pieces, place = max((len(phrase.split()) for phrase in phrases), default=1), [], 0
    while place < len(words):
        sizes = range(min(most, len(words) - place), 1, -1)
        size = next((size for size in sizes if " ".join(words[place : place + size]) in phrases), 1)
        pieces.append(" ".join(words[place : place + size]))
        place += size
    return pieces


def understood(code: str, part: str) -> Part | None:
    """The phrases of `part`, one of KEYS, by key, as `words_in` splits them, separated by spaces.

    None if the language `code` has no such part, and also where `check_understood` raises: whoever loads a language
    calls that first.
    """
    language = languages().get(code)
    try:
        return _parts(language).get(part) if language is not None else None
    except BadSetting:
        return None


def check_understood(code: str) -> None:
    """Raises BadSetting, in one line that names the file and the key, for the first mistake in understood.toml."""
    if (language := languages().get(code)) is not None:
        _parts(language)


@cache
def _parts(language: Language) -> Mapping[str, Part]:
    if not language.has(UNDERSTOOD):
        return {}
    path = language.folder / UNDERSTOOD
    found: dict[str, Part] = {}
    for part, table in language.table(UNDERSTOOD).items():
        if part not in KEYS:
            raise BadSetting(f"{path}: [{part}] is unknown; {nearest(part, KEYS)}")
        if not isinstance(table, dict):
            raise BadSetting(f"{path}: {part} must be a table; write [{part}] above its keys")
        for key in table:
            if key not in KEYS[part]:
                raise BadSetting(f"{path}: [{part}] has no key {key!r}; {nearest(key, KEYS[part])}")
        found[part] = MappingProxyType({key: _phrases(path, part, table, key) for key in KEYS[part]})
    return found


def _phrases(path: Path, part: str, table: Mapping[str, object], key: str) -> Phrases:
    value = table.get(key)
    if value is None:
        raise BadSetting(f'{path}: the key "{key}" of [{part}] is missing; write {key} = [] if there are none')
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise BadSetting(f'{path}: {key} of [{part}] must be a list of phrases, such as ["one", "and another"]')
    if (empty := next((each for each in value if not any(sign.isalnum() for sign in each)), None)) is not None:
        raise BadSetting(f"{path}: {key} of [{part}] holds {empty!r}, which has no letters; remove it")
    return tuple(" ".join(words_in(each)) for each in value)
