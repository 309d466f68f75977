"""The output matches docs/analysis.md and the packaged schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator, ValidationError

from coach.core.events import KINDS, RESPONSES
from coach.core.settings import EARLIER_PAUSE, Settings, settings_explained
from coach.review.exports import TABLES, Exported, anonymous, as_json
from tests.review.made_talk import long_export, session, talks, told

SCHEMA = json.loads(files("coach.review").joinpath("analysis.schema.json").read_text(encoding="utf-8"))
PAGE = (Path(__file__).parents[2] / "docs" / "analysis.md").read_text(encoding="utf-8")
VALID = Draft202012Validator(SCHEMA)


def printed(exported: Exported) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(as_json(exported))
    return found


def keys(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Every key with its description: list[].key for the objects of a list, object.*.key for arbitrary names."""
    for name, each in schema.get("properties", {}).items():
        yield path + name, each["description"]
        for inside, mark in ((each, "."), (each.get("items"), "[]."), (each.get("additionalProperties"), ".*.")):
            if isinstance(inside, dict):
                yield from keys(inside, path + name + mark)


def test_the_schema_is_a_valid_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("exported", [told([]), long_export(5), long_export(500)], ids=["empty", "short", "long"])
def test_the_output_matches_the_schema(exported: Exported):
    VALID.validate(printed(exported))


@given(talks())
@settings(max_examples=40)
def test_any_session_matches_the_schema_with_and_without_names(talk):
    people, events = talk
    VALID.validate(printed(told(events, people)))
    VALID.validate(printed(Exported.of(*anonymous(session(events, people), events))))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found.pop("pauses"),
        lambda found: found.update(extra=1),
        lambda found: found["turns"][0].update(kind="open"),
        lambda found: found["turns"][0].update(start_s="1.0"),
        lambda found: found["transfers"][0].update({"from": None}),
        lambda found: found["statistics"]["transfers"].pop("n"),
        lambda found: found["settings"].update(pause=9.0),
    ],
)
def test_the_schema_refuses_other_objects(spoil):
    found = printed(long_export(5))
    spoil(found)
    with pytest.raises(ValidationError):
        VALID.validate(found)


def test_settings_kinds_and_responses_are_those_of_the_code():
    promised = dict(SCHEMA["properties"]["settings"]["properties"])
    assert promised.pop(EARLIER_PAUSE)["type"] == "number"
    assert {name: each["description"] for name, each in promised.items()} == settings_explained()
    for spec in fields(Settings):
        assert promised[spec.name].get("enum", []) == list(spec.metadata.get("choices", ()))
        for ours, theirs in (("low", "minimum"), ("high", "maximum")):
            assert promised[spec.name].get(theirs) == spec.metadata.get(ours)
    turn = SCHEMA["properties"]["turns"]["items"]["properties"]
    assert set(turn["kinds"]["items"]["enum"]) == set(KINDS)
    assert set(turn["response"]["enum"]) == {*RESPONSES, None}


def test_the_page_explains_every_key_in_the_words_of_the_schema():
    rows = dict(re.findall(r"^\| `([^`]+)` \| [^|]+ \| (.+) \|$", PAGE, re.MULTILINE))
    assert rows == {name: says for name, says in keys(SCHEMA) if not name.startswith("settings.")}


def test_the_page_names_the_columns_of_every_table():
    for name, columns in TABLES.items():
        assert f"| `{name}.csv` | {', '.join(f'`{each}`' for each in ('session', *columns))} |" in PAGE
