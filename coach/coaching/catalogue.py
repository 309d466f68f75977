"""The catalogue of cues: every cue and line, its form, and its wordings.

The wordings are data (`wordings/en.toml`): people can change them, and another language is another file. A person's own
file is checked when it is read. Each mistake is reported in one line that suggests the nearest correct spelling.

>>> catalogue = Catalogue.load()
>>> catalogue.wording("inward")
'…and how is that in you?'
>>> catalogue.wording("inward", said=["…and how is that in you?"], mentioned={"feelings", "needs"})
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

from coach.coaching.entries import Entry, entry, fault, merged, nearest, override_fault
from coach.core.errors import BadSetting

FIRST_LANGUAGE = "en"

Tables = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line to say: its `kind` in the catalogue, and its `text` with all names filled in."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All cues and lines in one language. `entries` maps each kind to its entry."""

    language: str
    entries: Mapping[str, Entry]

    @classmethod
    def load(cls, language: str = FIRST_LANGUAGE, override: str | None = None, where: str = "your cues") -> Catalogue:
        """Loads the wordings that ship with the coach and merges a person's own TOML text, `override`, into them.

        `where` names that text in error messages. Raises BadSetting if there is no file for `language`, and for the
        first mistake in `override`.
        """
        tables, wrong = _merged_tables(language, override, where)
        if wrong:
            more = f" (and {len(wrong) - 1} more; `coach cues` lists them)" if len(wrong) > 1 else ""
            raise BadSetting(wrong[0] + more)
        return cls(language, {kind: entry(kind, table) for kind, table in tables.items()})

    def __getitem__(self, kind: str) -> Entry:
        """The entry of `kind`. Raises BadSetting, naming the nearest kind, if there is none."""
        if kind not in self.entries:
            raise BadSetting(f"there is no cue {kind!r}; {nearest(kind, self.entries)}")
        return self.entries[kind]

    def wording(self, kind: str, said: Sequence[str] = (), mentioned: Collection[str] = ()) -> str:
        """The next wording of `kind`; empty for a tone.

        `said` holds the wordings of this kind that were said before. The wordings rotate, so that people do not hear
        the same sentence twice in one evening. `mentioned` holds the kinds of experience that the sharer has spoken of;
        a wording that asks for one of them is skipped unless no other is left.
        """
        spoken = self[kind]
        fresh = [text for text in spoken.rotation if spoken.toward.get(text) not in mentioned]
        return min(fresh or spoken.rotation, key=said.count, default="")

    def line(self, kind: str, said: Sequence[str] = (), **names: str) -> str:
        """The next wording of the line `kind`, with `names` filled into its placeholders."""
        return self.wording(kind, said).format(**names)

    def spoken(self) -> list[tuple[str, str]]:
        """(kind, wording) of every spoken cue that is enabled. All of them are rendered before people talk."""
        return [
            (each.kind, wording)
            for each in self.entries.values()
            if each.form == "spoken" and each.enabled
            for wording in each.rotation
        ]


def wording_languages() -> tuple[str, ...]:
    """The two-letter codes of the languages that have wordings, sorted."""
    folder = files("coach.coaching") / "wordings"
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


def shipped_wordings(language: str) -> str:
    """The TOML text that ships for `language`. Raises BadSetting, naming the languages, if there is none."""
    if language not in wording_languages():
        raise BadSetting(f"there are no cues in {language!r}; the languages are {', '.join(wording_languages())}")
    return (files("coach.coaching") / "wordings" / f"{language}.toml").read_text(encoding="utf-8")


def wording_faults(language: str, override: str, where: str = "your cues") -> list[str]:
    """The mistakes in a person's own text, `override`: one line for each faulty entry, in the order of the file."""
    return _merged_tables(language, override, where)[1]


def _merged_tables(language: str, override: str | None, where: str) -> tuple[Tables, list[str]]:
    """The tables of `language` with the person's merged in, and the mistakes. Faulty tables are not merged."""
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
        found = override_fault(kind, tables[kind], changes) or fault(kind, merged(tables[kind], changes))
        if found is None:
            tables[kind] = merged(tables[kind], changes)
        else:
            wrong.append(f"{where}: {found}")
    return tables, wrong
