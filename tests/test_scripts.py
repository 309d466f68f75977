"""The scripts: allowed imports, and the lists of programs that the two `run` scripts print."""

from __future__ import annotations

import ast
import asyncio
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.core.events import Cue, DeviceOpened
from coach.core.span import RATE
from scripts.make_pictures import screen_after

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


# Stands in for Python where `scripts/test` is tried: ends with the status that a variable gives for this part. The part
# that computes is under way when the part $BESIDE begins, and some time longer.
STAND_IN = """#!/usr/bin/env bash
case "$*" in
  *--last-failed*) part=AGAIN ;;
  *--ignore*) part=OTHERS ;;
  *tests/live*) part=LIVE ;;
  *) part=COMPUTING ;;
esac
if [ "$part" = "$BESIDE" ]; then echo go >"$0.begun"; fi
if [ "$part" = COMPUTING ]; then
  read -r <"$0.begun"
  for ((n = 0; n < 20000; n++)); do :; done
fi
echo "$part" >>"$0.ran"
status=STATUS_$part
exit "${!status:-0}"
"""


def test_the_set_up_says_how_far_it_is() -> None:
    pip = [*(f"Collecting thing{n}>=1 (from listening-coach==0.1.0)" for n in range(41)), "  Using cached thing.whl"]
    printed = "\n".join([*pip, "Installing collected packages: thing0, thing1", "Successfully installed thing0-1"])
    source = f"source {shlex.quote(str(ROOT / 'scripts' / 'environment.sh'))}; tell_how_far 90"
    done = subprocess.run(["bash", "-c", source], input=printed + "\n", capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == [
        "coach: 20 of about 90 packages found",
        "coach: 40 of about 90 packages found",
        "coach: installing 41 packages",
    ]
    assert not done.stdout


@pytest.mark.parametrize(
    ("statuses", "expected", "again"),
    [
        ({}, 0, False),
        ({"COMPUTING": "1"}, 1, False),
        ({"OTHERS": "1"}, 1, False),
        ({"LIVE": "1"}, 0, True),
        ({"LIVE": "1", "AGAIN": "1"}, 1, True),
        ({"LIVE": "2"}, 2, False),  # interrupted: nothing is run again
    ],
)
def test_the_test_command_ends_with_the_status_of_its_parts(
    tmp_path: Path, statuses: dict[str, str], expected: int, again: bool
) -> None:
    scripts = tmp_path / "a folder" / "scripts"
    scripts.mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "test", scripts)
    python = tmp_path / "python"
    python.write_text(STAND_IN, encoding="utf-8")
    python.chmod(0o755)
    os.mkfifo(tmp_path / "python.begun")
    environment = f"HERE={shlex.quote(str(scripts.parent))} PYTHON={shlex.quote(str(python))}\nprepare() {{ :; }}\n"
    (scripts / "environment.sh").write_text(environment, encoding="utf-8")
    done = subprocess.run(
        [scripts / "test"],
        env={"PATH": os.environ["PATH"], "BESIDE": "LIVE" if again else "OTHERS"}
        | {f"STATUS_{part}": status for part, status in statuses.items()},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        timeout=120,  # for others that would wait for what is computed
        check=False,
    )
    assert done.returncode == expected
    ran = (tmp_path / "python.ran").read_text(encoding="utf-8").split()
    # Live tests that failed run again once nothing is computed beside them; the others wait for no computing.
    assert ran == (["LIVE", "COMPUTING", "AGAIN", "OTHERS"] if again else ["LIVE", "OTHERS", "COMPUTING"])


def test_the_readmes_picture_of_the_screen_can_be_made() -> None:
    opened = DeviceOpened(at=0, device="the sample conversation", rate=RATE, channels=1)
    cue = Cue(
        at=RATE,
        kind="inward",
        form="spoken",
        text="how is that in you?",
        to="Ana",
        given=True,
        held_back=None,
        because={},
    )
    assert "how&#160;is&#160;that" in asyncio.run(screen_after([opened, cue]))
