"""Everything the pages say, in `words/`: two files for each language, with the same keys as those of the others.

`en.toml` is what the pages say, and `figures.en.toml` what is said of the figures, in the terminal as well.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = {"en": "English", "de": "Deutsch"}
FIRST = "en"
Texts = Mapping[str, str]


@cache
def texts(language: str) -> Texts:
    """The texts of one of `LANGUAGES`, by key; `{name}` in a text is filled in by whoever shows it."""
    words = files(__package__) / "words"
    found: dict[str, str] = {}
    for name in (f"{language}.toml", f"figures.{language}.toml"):
        found |= tomllib.loads((words / name).read_text(encoding="utf-8"))
    return found


def language_for(chosen: str, accepted: str) -> str:
    """The language of a page: the one that was `chosen`, else the first of the header Accept-Language that there is.

    >>> language_for("", "fr, de-CH;q=0.9, en;q=0.8")
    'de'
    """
    wanted = [chosen, *(part.partition(";")[0].strip().partition("-")[0] for part in accepted.split(","))]
    return next((each for each in wanted if each in LANGUAGES), FIRST)
