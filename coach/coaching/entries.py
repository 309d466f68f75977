"""One entry of the catalogue, and the rules for its table.

People write a table in TOML, with these keys:

    [inward]
    form = "spoken"                                   tone, spoken or line; only the coach sets it
    wordings = ["…and how is that in you?"]
    toward.hopes = ["…what are you hoping for?"]      wordings that ask for one kind of experience
    nameless = ["A little more, please."]             said instead, if the voice cannot say the name in a wording
    enabled = true

`fault` reports the first rule that a table breaks. `entry` turns a valid table into an `Entry`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Literal, get_args

from coach.core.errors import nearest
from coach.core.events import KINDS
from coach.core.placeholders import in_braces, placeholders

Form = Literal["tone", "spoken", "line"]

MOST_WORDS = 8  # the most words in a spoken cue; lines at the beginning and the end may be longer

_KEYS = ("form", "wordings", "toward", "nameless", "tone", "enabled")
_FIXED = ("form", "tone")  # the code relies on them, so people may not change them
_WORDING_KEYS = ("wordings", "toward")
_PLACEHOLDERS = {  # the placeholders that a line must have; it may have no others
    "checkin_ask": {"name"},
    "checkin_more": {"name"},
    "checkin_again": {"name"},
    "may_stats": {"name"},
    "may_words": {"name"},
    "may_audio": {"name"},
    "summary_told": {"kinds"},
    "summary_untold": {"kinds"},
    "summary_events": {"seconds"},
    "summary_pause": {"seconds"},
    "turns_begin": {"sharer", "listener"},
    "turns_change": {"sharer", "listener"},
    "turns_question": {"name"},
}
NAMES = frozenset({"name", "sharer", "listener"})  # the placeholders that hold people's names


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of cue or line.

    `wordings` holds all wordings in the order of the file; a tone has none. `tone` is the file name of a tone. `toward`
    maps a wording to the kind of experience that it asks for. `nameless` holds what is said instead of a wording with a
    name that the voice cannot say. `sounds_as` is the kind whose sound this one borrows when
    the settings ask for it in another form; otherwise it is empty.
    """

    kind: str
    form: Form
    wordings: tuple[str, ...] = ()
    tone: str | None = None
    enabled: bool = True
    toward: Mapping[str, str] = field(default_factory=dict)
    nameless: tuple[str, ...] = ()
    sounds_as: str = ""

    @property
    def rotation(self) -> tuple[str, ...]:
        """The wordings in the order of use: neighbours ask for different kinds of experience."""
        groups = [[text for text in self.wordings if self.toward.get(text) == aim] for aim in (None, *KINDS)]
        return tuple(text for round_ in zip_longest(*groups) for text in round_ if text is not None)


def count_words(text: str) -> int:
    """The number of words, as a person counts them: a dash or an ellipsis on its own is not a word."""
    return sum(any(c.isalnum() for c in part) for part in text.split())


def merged(table: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`table` with a person's `changes`. If they write any wording of a kind, theirs replace all that shipped."""
    rewritten = bool(set(_WORDING_KEYS) & set(changes))
    kept = {key: value for key, value in table.items() if not (rewritten and key in _WORDING_KEYS)}
    return kept | dict(changes)


def override_fault(kind: str, shipped: Mapping[str, Any], changes: object) -> str | None:
    """The first rule that the keys of a person's table break, as one line; None if they break none."""
    if not isinstance(changes, dict):
        return f"{kind} must be a table; write [{kind}] above its keys"
    for key, value in changes.items():
        if key not in _KEYS:
            return f"[{kind}] has no key {key!r}; {nearest(key, _KEYS)}"
        if key in _FIXED and value != shipped.get(key):
            return f"[{kind}] {key} cannot be changed; change wordings or enabled"
    return None


def fault(kind: str, table: Mapping[str, Any]) -> str | None:
    """The first rule that `table` breaks, as one line for the person; None if it breaks none."""
    form, enabled = table["form"], table.get("enabled", True)
    if form not in get_args(Form):
        return f"[{kind}] form {form!r} is unknown; {nearest(str(form), get_args(Form))}"
    if not isinstance(enabled, bool):
        return f"[{kind}] enabled must be true or false"
    if form == "line" and not enabled:
        return f"[{kind}] belongs to the beginning or the end and cannot be switched off; remove enabled"
    if form == "tone":
        written = any(table.get(key) for key in _WORDING_KEYS)
        return f"[{kind}] is a tone and has no wordings; remove them" if written else None
    return _fault_in_wordings(kind, form, table)


def entry(kind: str, table: Mapping[str, Any]) -> Entry:
    """The entry that `table` describes. The table must have no `fault`."""
    toward = table.get("toward", {})
    aims = {text: aim for aim in KINDS for text in toward.get(aim, [])}
    wordings = (*table.get("wordings", []), *aims)
    nameless = tuple(table.get("nameless", []))
    return Entry(kind, table["form"], wordings, table.get("tone"), table.get("enabled", True), aims, nameless)


def _fault_in_wordings(kind: str, form: Form, table: Mapping[str, Any]) -> str | None:
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
    wordings = [text for texts in lists.values() for text in texts]
    if not wordings:
        return f"[{kind}] needs at least one wording" + ("" if form == "line" else "; to silence it: enabled = false")
    if twice := next((text for n, text in enumerate(wordings) if text in wordings[:n]), None):
        return f"[{kind}] {twice!r} appears twice; keep one of them"
    if kind == "experience" and len(wordings) != len(KINDS):
        return f"[experience] needs {len(KINDS)} wordings, one for each kind of experience, in the order of the English"
    found = next((found for text in wordings if (found := _fault_in_wording(kind, form, text))), None)
    return found or _fault_in_nameless(kind, table.get("nameless", []))


def _fault_in_nameless(kind: str, nameless: object) -> str | None:
    if not isinstance(nameless, list) or not all(isinstance(text, str) and count_words(text) for text in nameless):
        return f'[{kind}] nameless must be a list of texts, such as ["A little more, please."]'
    if bool(nameless) != bool(_PLACEHOLDERS.get(kind, set()) & NAMES):
        return f"[{kind}] " + ("has no names in it; remove nameless" if nameless else "needs a nameless wording")
    return next((f"[{kind}] nameless {text!r} must have no braces" for text in nameless if "{" in text), None)


def _fault_in_wording(kind: str, form: Form, wording: str) -> str | None:
    count = count_words(wording)
    if count == 0:
        return f"[{kind}] has an empty wording; remove it or write words"
    if not wording.isprintable():
        return f"[{kind}] {wording!r} contains a line break or an invisible character; remove it"
    if form == "spoken" and count > MOST_WORDS:
        return f"[{kind}] {wording!r} has {count} words; a spoken cue has at most {MOST_WORDS}"
    try:
        named = placeholders(wording)
    except ValueError as error:
        return f"[{kind}] {wording!r} {error}"
    expected = _PLACEHOLDERS.get(kind, set()) if form == "line" else set()
    return None if named == expected else f"[{kind}] {wording!r} must have {in_braces(expected)}"
