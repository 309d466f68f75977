"""The catalogue of cues: what may sound, in which form, in which words.

The words are data (`cues/en.toml`), so that people can change them and so that another language is another file. What a
person writes is checked when it is read, and a mistake is one line that names the nearest thing that would be right.

>>> catalogue = Catalogue.load()
>>> catalogue.wording("inward", 0)
'…and how is that in you?'
>>> catalogue.line("checkin_more", name="Ben")
'A little more, Ben.'
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from typing import Any, Literal, get_args

from coach.errors import BadSetting

Form = Literal["tone", "spoken", "line"]

MOST_WORDS = 8  # of a spoken cue; a line at the beginning or the end may be longer

_KEYS = ("form", "wordings", "tone", "enabled")
_PLACEHOLDERS = {  # what a line may (and must) fill in
    "checkin_ask": {"name"},
    "checkin_more": {"name"},
    "checkin_again": {"name"},
    "checkin_heard": {"name"},
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind: its form, its wordings (none for a tone) or the file name of its tone, and whether it is on."""

    kind: str
    form: Form
    wordings: tuple[str, ...] = ()
    tone: str | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every kind of cue and line in one language."""

    language: str
    entries: Mapping[str, Entry]

    @classmethod
    def load(cls, language: str = "en", override: str | None = None) -> Catalogue:
        """The cues that ship with the coach, with the person's own TOML text laid over them.

        Raises BadSetting, in one line, for a language that has no file, for text that is no TOML and for any entry that
        breaks a rule of the catalogue.
        """
        tables = _parsed(_shipped(language), f"the coach's cues ({language})")
        if override is not None:
            for kind, changes in _parsed(override, "your cues").items():
                if kind not in tables:
                    raise BadSetting(f"your cues: [{kind}] is not known; {_nearest(kind, tables)}")
                tables[kind] = tables[kind] | _table(kind, changes)
        return cls(language, {kind: _entry(kind, table) for kind, table in tables.items()})

    def __getitem__(self, kind: str) -> Entry:
        """The entry of `kind`. Raises BadSetting, naming the nearest kind, when there is none."""
        if kind not in self.entries:
            raise BadSetting(f"there is no cue {kind!r}; {_nearest(kind, self.entries)}")
        return self.entries[kind]

    def wording(self, kind: str, turn: int) -> str:
        """What is said the `turn`-th time (from 0); the wordings come round in order. Empty for a tone."""
        wordings = self[kind].wordings
        return wordings[turn % len(wordings)] if wordings else ""

    def line(self, kind: str, turn: int = 0, **names: str) -> str:
        """A line with its names filled in."""
        return self.wording(kind, turn).format(**names)

    def spoken(self) -> list[tuple[str, str]]:
        """(kind, wording) of every spoken cue that is on: what has to be rendered before anybody talks."""
        return [
            (entry.kind, wording)
            for entry in self.entries.values()
            if entry.form == "spoken" and entry.enabled
            for wording in entry.wordings
        ]


def count_words(text: str) -> int:
    """Words as a person counts them; a dash or an ellipsis that stands alone is none."""
    return sum(any(c.isalnum() for c in part) for part in text.split())


def _shipped(language: str) -> str:
    folder = files("coach.coaching") / "cues"
    known = sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    if language not in known:
        raise BadSetting(f"there are no cues in {language!r}; there are cues in: {', '.join(known)}")
    return (folder / f"{language}.toml").read_text(encoding="utf-8")


def _parsed(text: str, where: str) -> dict[str, dict[str, Any]]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"{where}: this is not TOML: {error}; mend that place or delete the file") from None


def _table(kind: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadSetting(f"your cues: {kind} must be a table; write [{kind}] above its keys")
    for key in value:
        if key not in _KEYS:
            raise BadSetting(f"your cues: [{kind}] has no key {key!r}; {_nearest(key, _KEYS)}")
    for key in ("form", "tone"):  # what kind of thing it is belongs to the coach: the loop relies on it
        if key in value:
            raise BadSetting(f"your cues: [{kind}] {key} cannot be changed; change wordings or enabled")
    return value


def _entry(kind: str, table: Mapping[str, Any]) -> Entry:
    form, wordings, enabled = table["form"], table.get("wordings", []), table.get("enabled", True)
    if form not in get_args(Form):
        raise BadSetting(f"[{kind}] form {form!r} is not known; {_nearest(str(form), get_args(Form))}")
    if not isinstance(enabled, bool):
        raise BadSetting(f"your cues: [{kind}] enabled must be true or false")
    if not isinstance(wordings, list) or not all(isinstance(w, str) for w in wordings):
        raise BadSetting(f'your cues: [{kind}] wordings must be a list of texts, such as ["…let it land."]')
    if form == "tone":
        if wordings:
            raise BadSetting(f"your cues: [{kind}] is a tone and has no wordings; take that key out")
        return Entry(kind, form, (), table["tone"], enabled)
    if not wordings:
        raise BadSetting(f"your cues: [{kind}] needs at least one wording; to silence it write enabled = false")
    for wording in wordings:
        _check_wording(kind, form, wording)
    return Entry(kind, form, tuple(wordings), None, enabled)


def _check_wording(kind: str, form: Form, wording: str) -> None:
    count = count_words(wording)
    if count == 0:
        raise BadSetting(f"your cues: [{kind}] has an empty wording; take it out or put words in")
    if form == "spoken" and count > MOST_WORDS:
        raise BadSetting(f"your cues: [{kind}] {wording!r} has {count} words; a spoken cue has at most {MOST_WORDS}")
    try:
        named = {name for _, name, _, _ in string.Formatter().parse(wording) if name is not None}
    except ValueError:
        raise BadSetting(f"your cues: [{kind}] {wording!r} has a stray brace; write {{{{ or }}}} for one") from None
    expected = _PLACEHOLDERS.get(kind, set()) if form == "line" else set()
    if named != expected:
        wanted = " and ".join(f"{{{name}}}" for name in sorted(expected)) or "no braces"
        raise BadSetting(f"your cues: [{kind}] {wording!r} must have {wanted}")


def _nearest(word: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    near = get_close_matches(word, list(known), 1, 0.0)
    return f"did you mean {near[0]!r}?"
