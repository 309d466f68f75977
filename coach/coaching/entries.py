"""One entry of the catalogue: what may stand in its table, and what is wrong with one that breaks a rule.

A table as people write it (TOML), and the keys it may have:

    [inward]
    form = "spoken"                       tone, spoken or line; what it is belongs to the coach
    wordings = ["…and how is that in you?"]
    toward.hopes = ["…what are you hoping for?"]      words that ask for one kind of experience
    enabled = true

`fault` gives one line for the first rule that a table breaks; `entry` makes an `Entry` of one that breaks none.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import zip_longest
from typing import Any, Literal, get_args

Form = Literal["tone", "spoken", "line"]

MOST_WORDS = 8  # of a spoken cue; a line at the beginning or the end may be longer
KINDS = ("feelings", "needs", "impulses", "thoughts", "energy", "dreams", "hopes", "mourning")  # of experience

_KEYS = ("form", "wordings", "toward", "tone", "enabled")
_FIXED = ("form", "tone")  # the loop relies on them
_SAID = ("wordings", "toward")
_PLACEHOLDERS = {  # what a line may (and must) fill in
    "checkin_ask": {"name"},
    "checkin_more": {"name"},
    "checkin_again": {"name"},
    "summary_told": {"kinds"},
    "summary_untold": {"kinds"},
    "summary_events": {"seconds"},
    "summary_pause": {"seconds"},
    "turns_begin": {"sharer", "listener"},
    "turns_change": {"sharer", "listener"},
    "turns_question": {"name"},
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind: its form, its wordings (none for a tone) or the file name of its tone, and whether it is on.

    `wordings` are all of them in the order of the file; `toward` says of some which kind of experience they ask for.
    `sounds_as` is another kind, where this one is wanted in another form and sounds like that.
    """

    kind: str
    form: Form
    wordings: tuple[str, ...] = ()
    tone: str | None = None
    enabled: bool = True
    toward: Mapping[str, str] = field(default_factory=dict)
    sounds_as: str = ""

    @property
    def rotation(self) -> tuple[str, ...]:
        """The wordings in the order in which they are taken: neighbours ask for different things."""
        groups = [[text for text in self.wordings if self.toward.get(text) == aim] for aim in (None, *KINDS)]
        return tuple(text for round_ in zip_longest(*groups) for text in round_ if text is not None)


def count_words(text: str) -> int:
    """Words as a person counts them; a dash or an ellipsis that stands alone is none."""
    return sum(any(c.isalnum() for c in part) for part in text.split())


def nearest(word: str, known: Iterable[str]) -> str:
    """A question that names what was probably meant."""
    return f"did you mean {get_close_matches(word, list(known), 1, 0.0)[0]!r}?"


def laid_over(table: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`table` with a person's changes. Whoever writes words of a kind writes all of them."""
    kept = {key: value for key, value in table.items() if key not in _SAID or not set(_SAID) & set(changes)}
    return kept | dict(changes)


def misplaced(kind: str, shipped: Mapping[str, Any], changes: object) -> str | None:
    """What is wrong with a person's table before any of its values is looked at; None when nothing is."""
    if not isinstance(changes, dict):
        return f"{kind} must be a table; write [{kind}] above its keys"
    for key, value in changes.items():
        if key not in _KEYS:
            return f"[{kind}] has no key {key!r}; {nearest(key, _KEYS)}"
        if key in _FIXED and value != shipped.get(key):
            return f"[{kind}] {key} cannot be changed; change wordings or enabled"
    return None


def fault(kind: str, table: Mapping[str, Any]) -> str | None:
    """The first rule that the table breaks, as one line for the person; None when it breaks none."""
    form, enabled = table["form"], table.get("enabled", True)
    if form not in get_args(Form):
        return f"[{kind}] form {form!r} is unknown; {nearest(str(form), get_args(Form))}"
    if not isinstance(enabled, bool):
        return f"[{kind}] enabled must be true or false"
    if form == "line" and not enabled:
        return f"[{kind}] belongs to the beginning or the end and cannot be switched off; remove enabled"
    if form == "tone":
        written = any(table.get(key) for key in _SAID)
        return f"[{kind}] is a tone and has no wordings; remove them" if written else None
    return _fault_in_words(kind, form, table)


def entry(kind: str, table: Mapping[str, Any]) -> Entry:
    """The entry of a table that has no fault."""
    toward = table.get("toward", {})
    aims = {text: aim for aim in KINDS for text in toward.get(aim, [])}
    wordings = (*table.get("wordings", []), *aims)
    return Entry(kind, table["form"], wordings, table.get("tone"), table.get("enabled", True), aims)


def _fault_in_words(kind: str, form: Form, table: Mapping[str, Any]) -> str | None:
    toward = table.get("toward", {})
    if not isinstance(toward, dict) or (toward and form != "spoken"):
        return f"[{kind}] toward holds lists by kind of experience, for spoken cues only; remove it"
    for aim in toward:
        if aim not in KINDS:
            return f"[{kind}] toward.{aim} is not a kind of experience; {nearest(aim, KINDS)}"
    lists = {"wordings": table.get("wordings", [])} | {f"toward.{aim}": texts for aim, texts in toward.items()}
    for key, texts in lists.items():
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            return f'[{kind}] {key} must be a list of texts, such as ["…let it land."]'
    said = [text for texts in lists.values() for text in texts]
    if not said:
        return f"[{kind}] needs at least one wording" + ("" if form == "line" else "; to silence it: enabled = false")
    if twice := next((text for n, text in enumerate(said) if text in said[:n]), None):
        return f"[{kind}] {twice!r} appears twice; keep one of them"
    return next((found for text in said if (found := _fault_in_wording(kind, form, text))), None)


def _fault_in_wording(kind: str, form: Form, wording: str) -> str | None:
    count = count_words(wording)
    if count == 0:
        return f"[{kind}] has an empty wording; remove it or write words"
    if not wording.isprintable():
        return f"[{kind}] {wording!r} contains a line break or an invisible character; remove it"
    if form == "spoken" and count > MOST_WORDS:
        return f"[{kind}] {wording!r} has {count} words; a spoken cue has at most {MOST_WORDS}"
    try:
        named = {name for _, name, _, _ in string.Formatter().parse(wording) if name is not None}
    except ValueError:
        return f"[{kind}] {wording!r} has a stray brace; write {{{{ or }}}} for one"
    expected = _PLACEHOLDERS.get(kind, set()) if form == "line" else set()
    if named != expected:
        wanted = " and ".join(f"{{{name}}}" for name in sorted(expected)) or "no braces"
        return f"[{kind}] {wording!r} must have {wanted}"
    return None
