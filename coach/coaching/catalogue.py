"""The catalogue of cues: every cue and line, its form, and its wordings.

The wordings are data (`wordings.toml` in the folder of each language): people can change them. A person's own file is
checked when it is read. Each mistake is reported in one line that suggests the nearest correct spelling.

>>> catalogue = Catalogue.load()
>>> catalogue.wording("inward")
'…and how is that in you?'
>>> catalogue.wording("inward", said=["…and how is that in you?"], mentioned={"feelings", "needs"})
'…what impulse came up in you?'
>>> catalogue.line("checkin_more", name="Ben")
'A little more, Ben.'
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coach.coaching.entries import Entry, entry, fault, merged, override_fault
from coach.core.errors import BadSetting, nearest
from coach.core.languages import ENGLISH, FIRST, WORDINGS, languages

FIRST_LANGUAGE = FIRST

Tables = dict[str, dict[str, Any]]

_BUILT = ("form", "tone")  # the code relies on them, so they are the same in every language


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
    """The codes of the languages that have wordings, sorted; a person's own among them."""
    return tuple(sorted(language.code for language in languages().values() if language.has(WORDINGS)))


def shipped_wordings(language: str) -> str:
    """The TOML text of the wordings in `language`. Raises BadSetting if there is no such language, or no such file."""
    if language not in languages():
        raise BadSetting(f"there are no cues in {language!r}; the languages are {', '.join(wording_languages())}")
    return languages()[language].text(WORDINGS)


def wording_faults(language: str, override: str, where: str = "your cues") -> list[str]:
    """The mistakes in a person's own text, `override`: one line for each faulty entry, in the order of the file."""
    return _merged_tables(language, override, where)[1]


def _merged_tables(language: str, override: str | None, where: str) -> tuple[Tables, list[str]]:
    """The tables of `language` with the person's merged in, and the mistakes. Faulty tables are not merged."""
    tables = _tables(language)
    wrong: list[str] = []
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


def _tables(language: str) -> Tables:
    """The tables of `language`. Raises BadSetting, in one line that names the file, for the first mistake in them."""
    shipped_wordings(language)
    found = languages()[language]
    tables, english = dict(found.table(WORDINGS)), ENGLISH.table(WORDINGS)
    for kind, table in english.items():
        if wrong := _differs(kind, table, tables.get(kind)) or fault(kind, tables[kind]):
            raise BadSetting(f"{found.folder / WORDINGS}: {wrong}")
    for kind in tables:
        if kind not in english:
            raise BadSetting(f"{found.folder / WORDINGS}: [{kind}] is unknown; {nearest(kind, english)}")
    return tables


def _differs(kind: str, english: Mapping[str, Any], table: object) -> str | None:
    """In what `table` differs from its English counterpart, apart from words; None if in nothing."""
    if table is None:
        return f"[{kind}] is missing"
    for key in _BUILT:
        if isinstance(table, dict) and key in english and key not in table:
            return f'[{kind}] lacks {key}; write {key} = "{english[key]}"'
    return override_fault(kind, english, table)
