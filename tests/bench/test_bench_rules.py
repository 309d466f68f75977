"""The list of rules matches the code, and untested rules are distinguished from tested ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scripts.bench.rules import HOME, Copy, Rule, StaleRule, listed, without

RULES = listed()
FIRST = RULES[0]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.symbol}: {rule.says}")
def test_the_symbol_and_the_fragment_of_a_rule_exist_exactly_once(rule: Rule):
    file, text = without(rule)
    assert text != file.read_text(encoding="utf-8")


def test_the_tests_of_every_rule_exist():
    assert not [path for rule in RULES for path in (*rule.tests, rule.near or ".") if not (HOME / path).exists()]


def test_every_room_has_rules():
    rooms = {file.parent.name for file in (HOME / "coach").glob("*/__init__.py")}
    assert {rule.room for rule in RULES} == rooms


def test_no_two_rules_have_the_same_sentence():
    called = [rule.says for rule in RULES]
    assert len(called) == len(set(called))


@pytest.mark.parametrize(
    ("stale", "complaint"),
    [
        (replace(FIRST, symbol="Span.no_such_method"), "no such symbol"),
        (replace(FIRST, was="a fragment that is not there"), "0 times"),
        (replace(FIRST, was="out"), "not once"),
        (replace(FIRST, becomes="<= ("), "not valid Python"),
    ],
)
def test_a_rule_that_does_not_match_the_code_is_refused(stale: Rule, complaint: str):
    with pytest.raises(StaleRule, match=complaint):
        without(stale)


def test_a_room_without_tests_is_refused(tmp_path: Path):
    file = tmp_path / "rules.toml"
    file.write_text("tests = {}\n[[attic]]\nsays = 'x'\nsymbol = 'x'\nwas = 'x'\nbecomes = 'y'\n", encoding="utf-8")
    with pytest.raises(StaleRule, match="attic"):
        listed(file)


def test_only_a_test_that_fails_without_the_rule_alone_has_caught_it(tmp_path: Path):
    home = tmp_path / "home"
    for folder in ("coach", "tests"):
        (home / folder).mkdir(parents=True)
    (home / "coach" / "__init__.py").touch()
    (home / "coach" / "room.py").write_text("def twice(n): return 2 * n\n", encoding="utf-8")
    (home / "tests" / "test_rooms.py").write_text(
        "from coach.room import twice\n"
        "def test_twice_three_is_six(): assert twice(3) == 6\n"
        "def test_what_fails_anyway(): assert False\n",
        encoding="utf-8",
    )
    (tmp_path / "copy").mkdir()
    copy = Copy(tmp_path / "copy", home)
    halved = Rule("attic", "twice doubles", "twice", "2 * n", "n / 2", ("tests/test_rooms.py",))
    assert copy.judge(halved).caught_by == "tests/test_rooms.py::test_twice_three_is_six"
    alike = copy.judge(replace(halved, becomes="n * 2"))
    assert alike.caught_by is None
    assert "test_what_fails_anyway fails with the rule in place" in (alike.fault or "")
    held = copy.judge(replace(halved, becomes="n + n", tests=("tests/test_rooms.py::test_twice_three_is_six",)))
    assert (held.caught_by, held.fault) == (None, None)
    broken = copy.judge(replace(halved, was="def twice(n): return 2 * n", becomes="raise ImportError"))
    assert "status 2" in (broken.fault or "")
