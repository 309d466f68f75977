"""How the coach says people's names: in its own way, as the person respelt them, or not at all.

    1  as the person wrote it        `coach cues say "Jürgen=Yoorgen"`, in names.toml of their folder
    2  as a table has it             for the English neural voice (pronunciations.toml)
    3  as it is written              if it is in Latin letters
    4  not at all                    other scripts, digits, markup, symbols: the wording without a name is spoken

Pure, but for reading the table and the file.
"""

from __future__ import annotations

import re
import string
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from coach.coaching import NAMES, Catalogue
from coach.core.errors import BadSetting
from coach.core.files import read_text
from coach.core.resources import packaged

OWN_NAMES = "names.toml"  # the person's respellings, in their folder of cues
_WORD = re.compile(r"[^\s]+")
_BETWEEN = frozenset(" -'’.‐‑")  # what may stand in a name beside letters
_MARKS = ("Mn", "Mc")  # Unicode's categories of combining marks


def sayable(name: str) -> bool:
    """Whether any voice can say `name`: Latin letters, with blanks, hyphens, apostrophes and full stops between them.

    >>> [sayable(name) for name in ("Zoë", "Jean-Luc", "O’Neill", "愛", "Ольга", "[Ana]", "Ana 2", "🙂", "...")]
    [True, True, True, False, False, False, False, False, False]
    """
    letters = [each for each in unicodedata.normalize("NFC", name) if each not in _BETWEEN]
    known = (each.isalpha() and unicodedata.name(each, "").startswith("LATIN") for each in letters)
    return bool(letters) and all(known) and not any(unicodedata.category(each) in _MARKS for each in letters)


@dataclass(frozen=True, slots=True)
class SaidNames:
    """The names as they are put into a wording. `respelt` maps names to the person's own spelling."""

    respelt: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path | None) -> SaidNames:
        """The names that the person respelt, in their `folder` of cues. Raises BadSetting if the file is not right."""
        path = folder / OWN_NAMES if folder is not None else None
        text = read_text(path) if path is not None else None
        try:
            own = tomllib.loads(text or "")
        except tomllib.TOMLDecodeError as error:
            raise BadSetting(f"{path} cannot be read ({error}); correct it or delete it") from None
        if wrong := [name for name, spelt in own.items() if not isinstance(spelt, str) or not sayable(spelt)]:
            raise BadSetting(f"{path}: {wrong[0]!r} must be spelt in plain letters; correct it or delete the line")
        return cls({unicodedata.normalize("NFC", name): spelt for name, spelt in own.items()})

    def said(self, name: str, *, with_phonemes: bool) -> str | None:
        """`name` as the voice should read it; None if it cannot be said. `with_phonemes`: the English neural voice."""
        name = unicodedata.normalize("NFC", name)
        if name in self.respelt:
            return self.respelt[name]
        if not sayable(name):
            return None
        if not with_phonemes:
            return name
        if (known := pronunciations().get(name.casefold())) is not None:
            return f"[{name}](/{known}/)"
        return _WORD.sub(lambda word: _by_parts(word[0]), name)


def _by_parts(word: str) -> str:
    """`word` with the pronunciation of each part of it that the table knows."""
    parts = word.split("-")
    found = [pronunciations().get(part.casefold()) for part in parts]
    if not any(found):
        return word
    return " ".join(f"[{part}](/{known}/)" if known else part for part, known in zip(parts, found, strict=True))


@cache
def pronunciations() -> Mapping[str, str]:
    """The table: phonemes of the neural voice by name, in small letters."""
    languages = tomllib.loads(packaged("coach.cues", "pronunciations.toml").decode())
    return {name.casefold(): phonemes for names in languages.values() for name, phonemes in names.items()}


# ------------------------------------------------------------------------------------------------- in a wording


@dataclass(frozen=True, slots=True)
class _Template:
    """A wording that names people: how to find the names in it, and what to say without them."""

    wording: str
    pattern: re.Pattern[str]
    nameless: str


class NamedWordings:
    """The wordings of `catalogue` that name people, with the names as `names` says them."""

    def __init__(self, catalogue: Catalogue, names: SaidNames) -> None:
        self._names = names
        self._templates = {
            kind: [
                _Template(wording, _pattern(wording), entry.nameless[number % len(entry.nameless)])
                for number, wording in enumerate(entry.wordings)
            ]
            for kind, entry in catalogue.entries.items()
            if entry.nameless
        }

    def said(self, kind: str, text: str, *, with_phonemes: bool) -> str:
        """`text`, a wording of `kind` with its names filled in, as the voice should read it; any other as it is."""
        for template in self._templates.get(kind, ()):
            if (found := template.pattern.fullmatch(text)) is None:
                continue
            names = {
                key: self._names.said(name, with_phonemes=with_phonemes) for key, name in found.groupdict().items()
            }
            return template.nameless if None in names.values() else template.wording.format(**names)
        return text


def _pattern(wording: str) -> re.Pattern[str]:
    """What matches the wording with its names filled in; a name that occurs twice is the same both times."""
    pattern, found = "", set[str]()
    for literal, name, _, _ in string.Formatter().parse(wording):
        pattern += re.escape(literal)
        if name in NAMES:
            pattern += f"(?P={name})" if name in found else f"(?P<{name}>.+)"
            found.add(name)
    return re.compile(pattern)
