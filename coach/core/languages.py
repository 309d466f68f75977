"""The languages of the coach: each is a folder, named by its code.

    language.toml      its name, as those who speak it call it
    wordings.toml      what the coach says aloud
    understood.toml    what it understands: commands, answers, questions; may be left out
    pages.toml         what the pages say, and
    figures.toml       what they say of figures; both may be left out
    voice/             recordings of the wordings; may be left out

Those that ship lie in `coach/languages`, a person's own in `languages` in their data folder. One of their own takes the
place of one that ships under the same code. docs/languages.md describes the files.

Folders are looked for once in a process, and files are read once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from coach.core.errors import BadSetting, nearest
from coach.core.files import read_text
from coach.core.settings import data_path

FIRST = "en"  # the language of the terminal, and the one that is taken if no other is known

ABOUT, WORDINGS, UNDERSTOOD, PAGES, FIGURES, VOICE = (
    "language.toml", "wordings.toml", "understood.toml", "pages.toml", "figures.toml", "voice",
)  # fmt: skip
SHIPPED = Path(__file__).resolve().parents[1] / "languages"

_CODE = re.compile(r"[a-z]{2,3}")
_ABOUT_KEYS = ("name", "whisper", "recorded_with")


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its `code` of two or three letters, and its `folder`."""

    code: str
    folder: Path

    def has(self, file: str) -> bool:
        """Whether its folder contains `file`."""
        return (self.folder / file).exists()

    def text(self, file: str) -> str:
        """The text of `file`. Raises BadSetting, in one line that names the file, if it is missing or unreadable."""
        return _text(self.folder / file)

    def table(self, file: str) -> Mapping[str, Any]:
        """The TOML table of `file`. Raises BadSetting, in one line that names the file."""
        return _table(self.folder / file)

    def about(self, key: str) -> str:
        """`name`, or `whisper` or `recorded_with`, which may be empty. Raises BadSetting if language.toml is wrong.

        `name` is what those who speak the language call it, `whisper` the code under which Whisper knows it, if it is
        another, and `recorded_with` the voice of the recordings.
        """
        return _about(self.folder / ABOUT).get(key, "")


ENGLISH = Language(FIRST, SHIPPED / FIRST)  # as it ships: with it all are compared, and it stands in for what they lack


def own_languages() -> Path:
    """The folder of a person's own languages, whether or not it exists."""
    return data_path() / "languages"


def languages() -> Mapping[str, Language]:
    """All languages by code: English first, the others in the order of their codes."""
    return _found(SHIPPED, own_languages())


def named_languages(having: str = WORDINGS) -> dict[str, str]:
    """The names, by code, of the languages whose folder contains the file `having`.

    Those whose language.toml has a mistake are left out; `coach doctor` and `coach open` report them.
    """
    found = {}
    for language in languages().values():
        try:
            if language.has(having):
                found[language.code] = language.about("name")
        except BadSetting:
            continue
    return found


def recognised_as(code: str) -> str:
    """The code under which Whisper knows the language `code`: its own, unless its language.toml names another."""
    language = languages().get(code)
    return (language.about("whisper") if language else "") or code


@cache
def _found(*folders: Path) -> Mapping[str, Language]:
    """The languages in `folders`; a later folder goes before an earlier one."""
    found: dict[str, Language] = {}
    for folder in folders:
        try:
            inside = [path for path in folder.iterdir() if _CODE.fullmatch(path.name) and path.is_dir()]
        except OSError:  # most people have no languages of their own
            continue
        found |= {path.name: Language(path.name, path) for path in inside}
    return {code: found[code] for code in sorted(found, key=lambda code: (code != FIRST, code))}


@cache
def _text(path: Path) -> str:
    text = read_text(path)
    if text is None:
        raise BadSetting(f"{path} is missing; docs/languages.md says what it must contain")
    return text


@cache
def _table(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"{path} is not valid TOML: {error}; correct that place") from None


@cache
def _about(path: Path) -> Mapping[str, str]:
    table = _table(path)
    for key, value in table.items():
        if key not in _ABOUT_KEYS:
            raise BadSetting(f"{path} has no key {key!r}; {nearest(key, _ABOUT_KEYS)}")
        if not isinstance(value, str) or not value.strip():
            raise BadSetting(f"{path}: {key} must be text in quotes")
    if "name" not in table:
        raise BadSetting(f'{path}: the key "name" is missing; it is what those who speak the language call it')
    return table
