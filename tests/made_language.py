"""The languages that ship, and one made up in a folder: the English texts with each word spelt backwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit

from coach.core.languages import FIGURES, PAGES, SHIPPED, WORDINGS, own_languages

SHIPPING = tuple(sorted(path.name for path in SHIPPED.iterdir() if path.is_dir()))  # not a person's own languages
CODE, NAME = "xx", "Sdrawkcab"

UNDERSTOOD = """\
[commands]
names = ["hcaoc"]
quiet = ["muk", "Muk lo"]
go_on = ["tavi"]
stop = ["mirat ne"]
stop_names = ["hcaoc"]
courtesy = ["pil"]

[answers]
certain = ["sa"]
yes = ["sa", "sa nu", "tavi"]
no = ["ko"]
please = ["pil"]
courtesy = ["em"]

[talk]
acknowledgements = ["sa", "hoi", "hoi nu"]
openers = ["te", "te na"]
questions = ["ka ru"]
rhetorical = ["vin tu"]
contact = ["lim"]
requests = ["dola ke"]
polite = ["pil"]
haste = ["merle"]
"""

_WORD = re.compile(r"\{[^}]*\}|[^\W\d_]+")
_WORDED = ("wordings", "toward", "nameless")


def backwards(text: str) -> str:
    """`text` with each word spelt backwards, and what stands in braces as it is."""
    return _WORD.sub(lambda found: found[0] if found[0].startswith("{") else found[0][::-1], text)


def _translated(value: Any) -> Any:
    if isinstance(value, str):
        return backwards(value)
    if isinstance(value, Mapping):
        return {key: _translated(each) for key, each in value.items()}
    return [_translated(each) for each in value]


def made_language(code: str = CODE, into: Path | None = None) -> Path:
    """Writes the folder of the language `code`, by default among the person's own languages; returns it."""
    folder = (into or own_languages()) / code
    folder.mkdir(parents=True)
    (folder / "language.toml").write_text(f'name = "{NAME}"\n', encoding="utf-8")
    (folder / "understood.toml").write_text(UNDERSTOOD, encoding="utf-8")
    for file in (WORDINGS, PAGES, FIGURES):
        table = tomlkit.parse((SHIPPED / "en" / file).read_text(encoding="utf-8")).unwrap()
        for key, value in table.items():
            if file != WORDINGS:
                table[key] = _translated(value)
            else:
                table[key] = value | {each: _translated(value[each]) for each in _WORDED if each in value}
        (folder / file).write_text(tomlkit.dumps(table), encoding="utf-8")
    return folder


def edited(folder: Path, file: str, was: str, becomes: str) -> None:
    """Replaces the one place in `file` that reads `was`."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(was) == 1, f"{was!r} occurs {text.count(was)} times"
    (folder / file).write_text(text.replace(was, becomes), encoding="utf-8")
