"""Messages: lines for the people in the room, which the terminal says in English and each page in its own language.

A message is a `str`, its English text, so that it passes through events, queues and the store like any other. What
makes it a `Message` is lost where its text becomes part of another one, and in what is stored or sent to another
process: there the English remains.

    Message("notice.gap", …) ──► Notice ─┬─► terminal, store    the English text
                                         └─► page               `in_page_languages`
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from coach.core.errors import BadSetting
from coach.core.languages import FIRST
from coach.core.texts import page_languages, texts

Value = str | int | Decimal | tuple[str, ...]
Change = Callable[[str], str]


class Message(str):
    """The text `key` of pages.toml, with `values` in its {braces}.

    A value may be a message itself. A Decimal gets the decimal sign of the language; the texts in a tuple are joined by
    its "and".

    >>> left_out = Message("notice.gap", s=Decimal("0.7"), reason=Message("gap.away"))
    >>> print(left_out, left_out.in_language("de"), sep="\\n")
    0.7 s not heard (the microphone was away)
    0,7 s nicht gehört (das Mikrofon war weg)
    """

    key: str
    values: dict[str, Value]
    changes: tuple[Change, ...]
    said: dict[str, str] | None = None  # the text in each language of the pages, once somebody has asked

    def __new__(cls, key: str, /, **values: Value) -> Message:
        """The message; its value is the English that ships, whatever English a person has of their own."""
        message = super().__new__(cls, _filled("", key, values))
        message.key, message.values, message.changes = key, values, ()
        return message

    def in_language(self, code: str) -> str:
        """The text in the language `code`; in English if that has no pages, or a mistake in them."""
        try:
            text = _filled(code, self.key, self.values)
        except BadSetting:
            text = _filled("", self.key, self.values)
        for change in self.changes:
            text = change(text)
        return text

    def changed(self, change: Change) -> Message:
        """The message whose text in every language is what `change` makes of it."""
        message = str.__new__(type(self), change(self))
        message.key, message.values, message.changes = self.key, self.values, (*self.changes, change)
        return message

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


def changed(text: str, change: Change) -> str:
    """`change(text)`, which is a Message if `text` is one."""
    return text.changed(change) if isinstance(text, Message) else change(text)


def in_page_languages(text: str) -> str | dict[str, str]:
    """A message in all languages of the pages, by code, always in English; any other text as it is.

    >>> sorted(in_page_languages(Message("notice.marked")).items())
    [('de', 'gemerkt'), ('en', 'marked')]
    >>> in_page_languages("the device says no")
    'the device says no'
    """
    if not isinstance(text, Message):
        return text
    if text.said is None:  # five times a second for each that is shown
        text.said = {FIRST: str(text)} | {code: text.in_language(code) for code in page_languages()}
    return text.said


def message_of(error: Exception) -> str:
    """What `error` says, which is a Message if it was raised with one."""
    return error.args[0] if error.args and isinstance(error.args[0], Message) else str(error)


def _filled(language: str, key: str, values: dict[str, Value]) -> str:
    return texts(language)[key].format(**{name: _written(language, value) for name, value in values.items()})


def _written(language: str, value: Value) -> str:
    if isinstance(value, Message):
        return value.in_language(language)
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", texts(language)["decimal"])
    if isinstance(value, tuple):
        return f" {texts(language)['and']} ".join(value)
    return str(value)
