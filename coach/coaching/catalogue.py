"""The catalogue of cues: what may sound, in which form, in which words.

The words are data (`cues/en.toml`), so that people can change them and so that another language is another file. What a
person writes is checked when it is read; every mistake is one line that names the nearest thing that would be right.

>>> catalogue = Catalogue.load()
>>> catalogue.wording("inward")
'…and how is that in you?'
>>> catalogue.wording("inward", said=["…and how is that in you?"], told={"feelings", "needs"})
'…was there an impulse in you?'
>>> catalogue.line("checkin_more", name="Ben")
'A little more, Ben.'
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from coach.coaching.entries import Entry, entry, fault, laid_over, misplaced, nearest
from coach.core.errors import BadSetting

FIRST_LANGUAGE = "en"

Tables = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """Something to say: `text`, of the catalogue's line `kind`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every kind of cue and line in one language."""

    language: str
    entries: Mapping[str, Entry]

    @classmethod
    def load(cls, language: str = FIRST_LANGUAGE, override: str | None = None, where: str = "your cues") -> Catalogue:
        """The cues that ship with the coach, with the person's own TOML text laid over them.

        Raises BadSetting for a language that has no file, and, in one line, for the first thing that is wrong with
        `override`; `where` is how the person knows that text.
        """
        tables, wrong = _laid_over(language, override, where)
        if wrong:
            more = f" (and {len(wrong) - 1} more; `coach cues` lists them)" if len(wrong) > 1 else ""
            raise BadSetting(wrong[0] + more)
        return cls(language, {kind: entry(kind, table) for kind, table in tables.items()})

    def __getitem__(self, kind: str) -> Entry:
        """The entry of `kind`. Raises BadSetting, naming the nearest kind, when there is none."""
        if kind not in self.entries:
            raise BadSetting(f"there is no cue {kind!r}; {nearest(kind, self.entries)}")
        return self.entries[kind]

    def wording(self, kind: str, said: Sequence[str] = (), told: Collection[str] = ()) -> str:
        """What is said next of `kind`, after what was `said` of it; empty for a tone.

        The wordings come round, so that one evening does not hear the same sentence twice. Those that ask for a kind of
        experience that was `told` already are left out, unless nothing else is left.
        """
        spoken = self[kind]
        untold = [text for text in spoken.rotation if spoken.toward.get(text) not in told]
        return min(untold or spoken.rotation, key=said.count, default="")

    def line(self, kind: str, said: Sequence[str] = (), **names: str) -> str:
        """A line with its names filled in."""
        return self.wording(kind, said).format(**names)

    def spoken(self) -> list[tuple[str, str]]:
        """(kind, wording) of every spoken cue that is on: what has to be rendered before anybody talks."""
        return [
            (each.kind, wording)
            for each in self.entries.values()
            if each.form == "spoken" and each.enabled
            for wording in each.rotation
        ]


def wording_languages() -> tuple[str, ...]:
    """The languages that have cues, as two-letter codes."""
    folder = files("coach.coaching") / "wordings"
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


def shipped_wordings(language: str) -> str:
    """The text of the file of that language. Raises BadSetting, naming those that there are, when there is none."""
    if language not in wording_languages():
        raise BadSetting(f"there are no cues in {language!r}; the languages are {', '.join(wording_languages())}")
    return (files("coach.coaching") / "wordings" / f"{language}.toml").read_text(encoding="utf-8")


def wording_faults(language: str, override: str, where: str = "your cues") -> list[str]:
    """One line for each entry of a person's own text that has something wrong with it, in its order."""
    return _laid_over(language, override, where)[1]


def _laid_over(language: str, override: str | None, where: str) -> tuple[Tables, list[str]]:
    """The tables of the language with the person's over them, and what is wrong; a wrong table is left out."""
    tables: Tables = tomllib.loads(shipped_wordings(language))
    wrong = [found for kind, table in tables.items() if (found := fault(kind, table))]
    try:
        own = tomllib.loads(override or "")
    except tomllib.TOMLDecodeError as error:
        return tables, [f"{where}: this is not valid TOML: {error}; correct that place or delete the file"]
    for kind, changes in own.items():
        if kind not in tables:
            wrong.append(f"{where}: [{kind}] is unknown; {nearest(kind, tables)}")
            continue
        found = misplaced(kind, tables[kind], changes) or fault(kind, laid_over(tables[kind], changes))
        if found is None:
            tables[kind] = laid_over(tables[kind], changes)
        else:
            wrong.append(f"{where}: {found}")
    return tables, wrong
