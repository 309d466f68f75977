"""Whether the tests protect the rules: takes out each rule of `rules.toml`, one at a time, and expects a test to fail.

    rules.toml ─► the symbol, found by its name ─► one edit in a copy of the tree ─► the room's tests ─► caught by …

A rule is listed by the qualified name of a symbol (`Class.method`, a function, a constant) and a fragment of its
source, so the list survives when modules move. A rule is caught when a test fails with the edit and passes without it.
A broken import, an error in collecting tests and a test that fails anyway do not count.

    scripts/bench/run rules --jobs 2             all rules
    scripts/bench/run rules --room coaching      those of one room
    scripts/bench/run rules --only Budget        those with this in their symbol or sentence
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue

HOME = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("rules.toml")
COPIED = ("coach", "tests", "scripts", "audio_assets", "pyproject.toml", "README.md", "docs")  # what the tests need
FETCHED = Path(".venv", "recordings")  # what the set-up fetched for tests
LIMIT_S = 900.0  # seconds; timeout for the tests of one rule
FAILED = 1  # pytest's exit status when tests ran and some failed
PASSED = 0


class StaleRule(Exception):
    """A rule that does not match the code: its fragment does not occur exactly once, or its edit is invalid Python."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the package `room`: the fragment `was` in `symbol` implements it; `becomes` replaces it.

    Paths are under the root: `tests` are all of the room's, `near` is the one whose tests will probably fail.
    """

    room: str
    says: str
    symbol: str
    was: str
    becomes: str
    tests: tuple[str, ...]
    near: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`caught_by` is the first test that failed, or None. `fault` says why the rule could not be judged."""

    room: str
    says: str
    symbol: str
    caught_by: str | None
    fault: str | None
    seconds: float


# ------------------------------------------------------------------------------------------------------- the list


def listed(file: Path = LIST) -> list[Rule]:
    """The rules in order. Raises StaleRule for a package that is not listed, and KeyError for a missing key."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    rooms = table.pop("tests")
    if unknown := table.keys() - rooms.keys():
        raise StaleRule(f"{', '.join(sorted(unknown))}: [tests] does not say where the tests of this room are")
    return [
        Rule(
            room=room,
            says=entry["says"],
            symbol=entry["symbol"],
            was=entry["was"],
            becomes=entry["becomes"],
            tests=tuple(rooms[room]),
            near=entry.get("near"),
        )
        for room, entries in table.items()
        for entry in entries
    ]


# ------------------------------------------------------------------------------------------------------ the symbol


@dataclass(frozen=True, slots=True)
class Place:
    """A symbol's source: the lines `first` up to, not including, `end` of `file`, counted from 0."""

    file: Path
    first: int
    end: int


@cache
def places(package: Path) -> dict[str, list[Place]]:
    """Every function, class, method and constant under `package`, by qualified name."""
    found: dict[str, list[Place]] = {}
    for file in sorted(package.rglob("*.py")):
        for name, node in _named(ast.parse(file.read_text(encoding="utf-8")).body):
            found.setdefault(name, []).append(Place(file, node.lineno - 1, node.end_lineno or node.lineno))
    return found


def _named(body: Iterable[ast.stmt], within: str = "") -> Iterator[tuple[str, ast.stmt]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield within + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from _named(node.body, f"{within}{node.name}.")
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((within + target.id, node) for target in targets if isinstance(target, ast.Name))


def without(rule: Rule, home: Path = HOME) -> tuple[Path, str]:
    """The file that contains the rule, and its text without the rule.

    Several modules may have a symbol of that name; the fragment identifies the right one. Raises StaleRule unless the
    fragment occurs exactly once and the text is still valid Python.
    """
    candidates = places(home / "coach").get(rule.symbol, [])
    if not candidates:
        raise StaleRule(f"{rule.symbol}: there is no such symbol under coach/ ({rule.says})")
    source = {place.file: place.file.read_text(encoding="utf-8").splitlines(keepends=True) for place in candidates}
    bodies = [(place, "".join(source[place.file][place.first : place.end])) for place in candidates]
    if (count := sum(body.count(rule.was) for _, body in bodies)) != 1:
        raise StaleRule(f"{rule.symbol}: {rule.was!r} is there {count} times, not once ({rule.says})")
    ((place, body),) = [each for each in bodies if rule.was in each[1]]
    lines = source[place.file]
    text = "".join([*lines[: place.first], body.replace(rule.was, rule.becomes), *lines[place.end :]])
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise StaleRule(f"{rule.symbol}: with {rule.becomes!r} it is not valid Python ({error})") from None
    return place.file, text


# ------------------------------------------------------------------------------------------------------- the tests


class Copy:
    """A copy in `folder` of the tree at `home`, in which one rule at a time is removed. `home` may change meanwhile."""

    def __init__(self, folder: Path, home: Path = HOME) -> None:
        self.folder = folder
        self._passes: dict[str, bool] = {}  # for tests that failed without a rule: whether they pass with it
        for name in COPIED:
            if (home / name).is_dir():
                shutil.copytree(home / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif (home / name).is_file():
                shutil.copy2(home / name, folder / name)
        if (home / FETCHED).is_dir():
            (folder / FETCHED).parent.mkdir()
            (folder / FETCHED).symlink_to(home / FETCHED, target_is_directory=True)
        self._env = os.environ | {"PYTHONPATH": str(folder)}
        self._env.pop("CI", None)  # in CI a skipped test counts as failed
        told = subprocess.run(
            [sys.executable, "-c", "import coach; print(coach.__file__)"],
            env=self._env, cwd="/", capture_output=True, text=True, check=True,
        )  # fmt: skip
        if Path(told.stdout.strip()).parent != folder / "coach":
            raise SystemExit(f"coach would be imported from {told.stdout.strip()}, not from the copy")

    def judge(self, rule: Rule, limit: float = LIMIT_S) -> Outcome:
        """Whether some test fails without the rule and passes with it."""
        began = time.monotonic()
        caught_by, fault = None, None
        try:
            file, text = without(rule, self.folder)
            caught_by, fault = self._caught(rule, file, text, limit)
        except StaleRule as error:
            fault = str(error)
        return Outcome(rule.room, rule.says, rule.symbol, caught_by, fault, round(time.monotonic() - began, 1))

    def _caught(self, rule: Rule, file: Path, text: str, limit: float) -> tuple[str | None, str | None]:
        before = file.read_text(encoding="utf-8")
        until = time.monotonic() + limit
        try:
            _write(file, text)
            status: int | None = PASSED
            out = ""
            if rule.near is not None:  # separately, because pytest imports all given files before it runs any
                status, out = self._pytest(rule.near, until=until)
            if status == PASSED:
                done = [f"--ignore={rule.near}"] if rule.near is not None else []
                status, out = self._pytest(*rule.tests, *done, until=until)
        finally:
            _write(file, before)
        if status == PASSED:
            return None, None
        if status is None:
            return None, f"the tests took longer than {limit:g} s"
        failed = re.search(r"^(?:FAILED|ERROR) (\S+::.+?)(?: - .*)?$", out, re.MULTILINE)
        if status != FAILED or failed is None:
            return None, f"pytest ended with status {status}: {' '.join(out.split())[-300:]}"
        test = failed[1]
        if test not in self._passes:
            self._passes[test] = self._pytest(test, until=time.monotonic() + limit)[0] == PASSED
        return (test, None) if self._passes[test] else (None, f"{test} fails with the rule in place, too")

    def _pytest(self, *words: str, until: float) -> tuple[int | None, str]:
        """The exit status (None after `until`, a monotonic time in seconds) and the output."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=no", "-rfE", *words]
        process = subprocess.Popen(
            command, cwd=self.folder, env=self._env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            out, _ = process.communicate(timeout=max(1.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # including its children
            process.communicate()
            return None, ""
        return process.returncode, out


def _write(file: Path, text: str) -> None:
    """Also deletes the bytecode, because Python checks only the source's mtime, in seconds, and its size."""
    file.write_text(text, encoding="utf-8")
    Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)


def outcomes(rules: Sequence[Rule], jobs: int, limit: float = LIMIT_S) -> Iterator[Outcome]:
    """The outcome of each rule, in order; `jobs` rules run in parallel, each in a separate copy."""
    with tempfile.TemporaryDirectory(prefix="rules-") as folder:
        copies: SimpleQueue[Copy] = SimpleQueue()
        for n in range(jobs):
            (place := Path(folder) / str(n)).mkdir()
            copies.put(Copy(place))

        def judged(rule: Rule) -> Outcome:
            copy = copies.get()
            try:
                return copy.judge(rule, limit)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(judged, rules)


# ------------------------------------------------------------------------------------------------------- the table


def row(outcome: Outcome) -> str:
    fate = outcome.caught_by or (f"NOT JUDGED: {outcome.fault}" if outcome.fault else "SURVIVED")
    return f"| {outcome.room} | {outcome.says} | `{outcome.symbol}` | {fate} | {outcome.seconds:.1f} |"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Take out one rule at a time, and see whether a test fails.")
    parser.add_argument("--room", action="append", help="only the rules of this room; may be repeated")
    parser.add_argument("--only", metavar="NAME", help="only rules with this in their symbol or sentence")
    parser.add_argument("--json", action="store_true", help="one object instead of a table")
    parser.add_argument("--jobs", type=int, default=1, help="number of rules to judge in parallel")
    wish = parser.parse_args(arguments)
    rules = [rule for rule in listed() if not wish.room or rule.room in wish.room]
    if wish.only:
        rules = [rule for rule in rules if wish.only.lower() in f"{rule.symbol} {rule.says}".lower()]
    if not rules:
        parser.error("no rule is called so")
    found = []
    if not wish.json:
        print("| room | rule | symbol | caught by | seconds |\n|---|---|---|---|---|", flush=True)
    for outcome in outcomes(rules, wish.jobs):
        found.append(outcome)
        if not wish.json:
            print(row(outcome), flush=True)
    caught = sum(outcome.caught_by is not None for outcome in found)
    faults = sum(outcome.fault is not None for outcome in found)
    total = {"rules": len(found), "caught": caught, "survived": len(found) - caught - faults, "not judged": faults}
    if wish.json:
        print(json.dumps({**total, "outcomes": [asdict(outcome) for outcome in found]}, ensure_ascii=False))
    else:
        print("\n" + ", ".join(f"{name}: {number}" for name, number in total.items()))
    return int(caught < len(found))


if __name__ == "__main__":
    sys.exit(main())
