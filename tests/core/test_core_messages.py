"""Messages: English wherever text is wanted, and the language of a page where it is asked for."""

from __future__ import annotations

import ast
import json
import pickle
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import coach
from coach.core.errors import BadInput
from coach.core.messages import Message, changed, in_page_languages, message_of
from coach.core.placeholders import placeholders
from coach.core.texts import page_languages, texts
from coach.cues.sounds import INSTEAD

HOME = Path(coach.__file__).parent
ALIKE = Message("notice.alike", one="Ana", other="Ben")


def made() -> Iterator[tuple[str, set[str]]]:
    """The key of each message that the code makes from a literal, and the names of its values."""
    for file in HOME.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
                keys = [each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)]
                names = {each.arg or "" for each in node.keywords}
                yield from ((key, names) for key in keys if isinstance(key, str) and "." in key)


def test_every_message_in_the_code_has_a_text_and_fills_its_placeholders() -> None:
    found = list(made())
    assert len(found) > 50
    assert [(key, names) for key, names in found if placeholders(texts()[key]) != names] == []


def test_a_message_whose_key_is_looked_up_has_nothing_to_fill() -> None:
    families = ("notice.", "gap.", "gone.", "unheard.", "ended.", "words.", "voice.", "disk.", "not.")
    literal = {key for key, _ in made()}
    others = {key: placeholders(text) for key, text in texts().items() if key.startswith(families)}
    assert {key: names for key, names in others.items() if names and key not in literal} == {INSTEAD: {"reason"}}


def test_it_is_its_english_text_for_everything_that_takes_text() -> None:
    text = "the voices of Ana and Ben are hard to tell apart, so a cue may be missing or misdirected"
    assert text == ALIKE
    assert hash(ALIKE) == hash(text)
    assert json.loads(json.dumps({"text": ALIKE})) == {"text": text}
    assert f"{ALIKE}." == f"{text}."


def test_each_page_language_says_it_in_words_of_its_own() -> None:
    said = in_page_languages(ALIKE)
    assert isinstance(said, dict)
    assert list(said) == list(page_languages())
    assert said["en"] == ALIKE
    assert len(set(said.values())) == len(said)
    assert all("Ana" in text and "Ben" in text for text in said.values())


def test_a_language_without_pages_says_it_in_english() -> None:
    assert ALIKE.in_language("yy") == ALIKE


@given(st.text())
def test_a_text_without_a_key_is_passed_on_as_it_is(text: str) -> None:
    assert in_page_languages(text) == text
    assert changed(text, str.upper) == text.upper()
    assert message_of(BadInput(text)) == text


@given(st.text())
def test_what_fills_a_message_is_shown_as_it_is_in_every_language(note: str) -> None:
    marked = Message("notice.marked_note", note=note)
    assert (marked, marked.in_language("de")) == (f"marked: {note}", f"gemerkt: {note}")


def test_a_message_within_a_message_a_number_and_names_follow_the_language() -> None:
    late = Message("notice.gap", s=Decimal("0.7"), reason=Message("gap.away"))
    assert late == "0.7 s not heard (the microphone was away)"
    assert late.in_language("de") == "0,7 s nicht gehört (das Mikrofon war weg)"
    asked = Message("ended.asked_together", who=("Ana", "Ben"))
    assert asked == "Ana and Ben asked it to stop"
    assert asked.in_language("de") == "beendet, weil Ana und Ben darum gebeten haben"


def test_a_change_holds_in_every_language() -> None:
    loud = changed(changed(ALIKE, str.upper), lambda text: f"{text}!")
    assert loud == f"{ALIKE.upper()}!"
    assert isinstance(loud, Message)
    assert loud.in_language("de") == f"{ALIKE.in_language('de').upper()}!"


def test_an_error_that_was_raised_with_a_message_still_has_it() -> None:
    error = BadInput(ALIKE)
    assert str(error) == ALIKE
    assert message_of(error) is ALIKE


def test_another_process_gets_the_english_text() -> None:
    assert type(pickle.loads(pickle.dumps(ALIKE))) is str
    assert pickle.loads(pickle.dumps(ALIKE)) == ALIKE


def test_a_message_that_has_no_text_is_a_mistake_in_the_code() -> None:
    with pytest.raises(KeyError):
        Message("notice.there_is_none")
