"""Measures `coach review` and related commands on a store of thousands of hours.

    scripts/bench/run review                   2,000 sessions of an hour of the same two people: about 1 GB
    scripts/bench/run review --sessions 200    a quick run
    scripts/bench/run review --json            one JSON object

The hours are synthetic: a seeded generator makes a dozen, each with a realistic number of units, words and cues, and
each is copied into many sessions. Their figures are precomputed, as at the end of a real session. Each result is the
median over the runs of a whole process, including Python's start. On a busy machine, compare processor time instead of
wall time. The cost of computing missing figures, as after an update of the coach, is measured on the dozen.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import track

from coach.core.settings import Settings, data_folder
from coach.review.figure_cache import definitions, remembered
from coach.sessions import SessionHeader, Store
from coach.sessions.figures import keep_figures, kept_figures
from coach.sessions.store import DATABASE_FILE
from scripts.bench.machine import machine
from scripts.bench.results.tables import Row, tell
from scripts.simulate.hours import PEOPLE, hour

DIFFERENT = 12  # distinct hours; the others are copies
PAGE_TARGET = 3.0  # seconds


def filled(path: Path, sessions: int) -> float:
    """Creates the store; returns the seconds it takes to compute the figures of one hour."""
    day = datetime(2020, 1, 1, 19, 0, tzinfo=UTC)
    with Store(path, now=lambda: day) as store:
        beginning = SessionHeader(people=PEOPLE, source="microphone", channels=2, settings=Settings().as_dict())
        took = []
        for number in track(range(min(DIFFERENT, sessions)), "different hours", console=Console(stderr=True)):
            session = store.begin(beginning)
            store.write(session, hour(number))
            began = time.perf_counter()
            remembered(store, store.session(session))
            took.append(time.perf_counter() - began)
            day += timedelta(days=1)
        figures = kept_figures(store, definitions())
        for number in track(range(len(took), sessions), "their copies", console=Console(stderr=True)):
            original, session = number % DIFFERENT + 1, store.begin(beginning)
            with store.transaction() as db:
                copied = db.execute(
                    "INSERT INTO event SELECT ?, n, at, kind, body FROM event WHERE session = ?", (session, original)
                ).rowcount
            keep_figures(store, session, definitions(), copied, figures[original])
            day += timedelta(days=1)
    return statistics.median(took)


def commands(folder: Path) -> Iterator[tuple[str, list[str], str]]:
    """The commands to time, and their targets."""
    yield "review --trends", ["review", "--trends"], ""
    yield (
        "review --trends --page",
        ["review", "--trends", "--page", str(folder / "trends.html"), "--overwrite"],
        f"< {PAGE_TARGET:g}",
    )
    yield "review, the latest session", ["review"], ""
    yield (
        "review --page, the latest session",
        ["review", "--page", str(folder / "page.html"), "--overwrite"],
        f"< {PAGE_TARGET:g}",
    )
    yield "review --compare 1", ["review", "--compare", "1"], ""
    yield "sessions", ["sessions"], ""


def timed(arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall time and processor time of the whole process, in seconds."""
    began, spent = time.perf_counter(), _children()
    done = subprocess.run(
        [sys.executable, "-m", "coach", *arguments], capture_output=True, text=True, env=environment, check=False
    )
    took, used = time.perf_counter() - began, _children() - spent
    if done.returncode != 0:
        raise SystemExit(f"coach {' '.join(arguments)} failed: {done.stderr.strip()}")
    return took, used


def _children() -> float:
    """Processor seconds of all child processes that have exited."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=2000, help="number of sessions, an hour each; default 2000")
    parser.add_argument("--runs", type=int, default=5, help="number of runs to take the median of; default 5")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    where = machine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, **{f"XDG_{each}_HOME": name for each in ("DATA", "CONFIG", "CACHE")}}
        os.environ.update(environment)
        store = data_folder() / DATABASE_FILE
        unknown = filled(store, max(3, chosen.sessions))
        rows = [Row("an hour whose figures are not kept", unknown, "s", "", "once a session, with a bar")]
        for what, arguments, target in commands(folder):
            runs = [timed(arguments, environment) for _ in range(max(1, chosen.runs))]
            wall, processor = (statistics.median(each) for each in zip(*runs, strict=True))
            rows.append(Row(what, wall, "s", target, f"{processor:.2f} s of processor"))
        more = {"sessions": chosen.sessions, "store_MB": round(store.stat().st_size / 1e6)}
    tell("review", where, rows, more, as_json=chosen.json)


if __name__ == "__main__":
    main()
