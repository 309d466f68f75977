"""Everything the pages say: `pages.toml` and `figures.toml` in the folder of each language that has pages.

Both have the same keys as in English. `figures.toml` is also what the terminal says of figures, in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from coach.core.errors import BadSetting, nearest
from coach.core.languages import ENGLISH, FIGURES, FIRST, PAGES, Language, languages, named_languages
from coach.core.placeholders import in_braces, placeholders

Texts = Mapping[str, str]

_DEFINITION = "definition."  # in English, the docstring of each measure; where one is missing, it is in English


def texts(language: str = "") -> Texts:
    """The texts of a language, by key; `{name}` in a text is filled in by whoever shows it.

    If it has none, or no language is given, the English ones that ship, whatever English a person has of their own.

    Raises BadSetting, in one line that names the file and the key, if a text is missing or does not fit.
    """
    found = languages().get(language)
    return _texts(found if found is not None and has_pages(found) else ENGLISH)


def has_pages(language: Language) -> bool:
    """Whether there are pages in `language`."""
    return language.has(PAGES) or language.has(FIGURES)


def page_languages() -> dict[str, str]:
    """The names, by code, of the languages that have pages without a mistake in them."""
    return {code: name for code, name in named_languages(PAGES).items() if _fits(code)}


def language_for(chosen: str, accepted: str) -> str:
    """The language of a page: the one that was `chosen`, else the first of the header Accept-Language that there is.

    Raises BadSetting, as `texts` does, if there is a mistake in the pages of the one that was chosen.

    >>> language_for("", "fr, de-CH;q=0.9, en;q=0.8")
    'de'
    """
    if chosen in languages() and has_pages(languages()[chosen]):
        texts(chosen)
        return chosen
    wanted = (part.partition(";")[0].strip().partition("-")[0] for part in accepted.split(","))
    return next((each for each in wanted if each in page_languages()), FIRST)


def _fits(code: str) -> bool:
    """Whether there is no mistake in the pages of a language."""
    try:
        texts(code)
    except BadSetting:
        return False
    return True


@cache
def _texts(language: Language) -> Texts:
    found: dict[str, str] = {}
    for file in (PAGES, FIGURES):
        table = language.table(file)
        if language != ENGLISH:
            _compare(f"{language.folder / file}", table, ENGLISH.table(file))
        found |= table
    return found


def _compare(path: str, table: Mapping[str, object], english: Mapping[str, str]) -> None:
    """Raises BadSetting for the first text that differs from its English counterpart in more than words."""
    if absent := [key for key in english if key not in table]:
        more = f" (and {len(absent) - 1} more)" if len(absent) > 1 else ""
        raise BadSetting(f'{path}: the text "{absent[0]}" is missing{more}; in English it is {english[absent[0]]!r}')
    for key, text in table.items():
        if not isinstance(text, str):
            raise BadSetting(f'{path}: the text "{key}" must be in quotes')
        if key not in english:
            if key.startswith(_DEFINITION):
                continue
            raise BadSetting(f'{path}: there is no text "{key}"; {nearest(key, english)}')
        try:
            named, expected = placeholders(text), placeholders(english[key])
        except ValueError as error:
            raise BadSetting(f'{path}: the text "{key}" {error}') from None
        if named != expected:
            raise BadSetting(f'{path}: the text "{key}" must have {in_braces(expected)}, as in English')
        if text.count("|") != english[key].count("|"):
            raise BadSetting(f'{path}: the text "{key}" must have as many forms between "|" as in English')
        if key == "months" and len(text.split()) != len(english[key].split()):
            raise BadSetting(f'{path}: the text "months" must have twelve names')
