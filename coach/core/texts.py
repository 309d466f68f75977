"""Everything the pages say: one file for each language in `words/`, with the same keys in each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = {"en": "English", "de": "Deutsch"}
FIRST = "en"


@cache
def texts(language: str) -> Mapping[str, str]:
    """The texts of one of `LANGUAGES`, by key; `{name}` in a text is filled in by whoever shows it."""
    text = (files(__package__) / "words" / f"{language}.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text))


def language_for(chosen: str, accepted: str) -> str:
    """The language of a page: the one that was `chosen`, else the first of the header Accept-Language that there is.

    >>> language_for("", "fr, de-CH;q=0.9, en;q=0.8")
    'de'
    """
    wanted = [chosen, *(part.partition(";")[0].strip().partition("-")[0] for part in accepted.split(","))]
    return next((each for each in wanted if each in LANGUAGES), FIRST)
