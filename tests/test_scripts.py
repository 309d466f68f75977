"""The scripts: allowed imports, and the lists of programs that the two `run` scripts print."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ("bench", "training")  # packages whose modules with a `main` are started by their `run`

# Each package may import these besides itself, `coach`, and the modules directly in scripts/.
MAY_IMPORT: dict[str, set[str]] = {
    "simulate": set(),
    "training": {"simulate"},
    "bench": {"simulate", "training"},
}


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_of_scripts_imports_only_packages_below_it(package: str) -> None:
    others = set(MAY_IMPORT) - MAY_IMPORT[package] - {package}
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in sorted((ROOT / "scripts" / package).rglob("*.py"))
        for name in imported(file)
        if name.startswith(("tests.", *(f"scripts.{other}." for other in others)))
    ]
    assert not wrong


def test_the_coach_imports_neither_scripts_nor_tests() -> None:
    files = sorted((ROOT / "coach").rglob("*.py"))
    assert not [file for file in files for name in imported(file) if name.startswith(("scripts.", "tests."))]


@pytest.mark.parametrize("package", PROGRAMS)
def test_run_lists_every_program_with_a_sentence_about_it(package: str) -> None:
    folder = ROOT / "scripts" / package
    done = subprocess.run([folder / "run"], capture_output=True, text=True, check=True)
    listed = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    programs = {file.stem for file in folder.glob("*.py") if "\ndef main(" in file.read_text(encoding="utf-8")}
    assert set(listed) == programs
    assert all(sentence.endswith(".") for sentence in listed.values()), listed


@pytest.mark.parametrize("package", PROGRAMS)
def test_run_fails_for_a_missing_program(package: str) -> None:
    done = subprocess.run([ROOT / "scripts" / package / "run", "astray"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "astray" in done.stderr
