"""Processor time and memory of a process and its descendants, from /proc."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TICK_S = 1 / os.sysconf("SC_CLK_TCK")  # seconds; the unit of time in /proc
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20


def family(root: int) -> list[int]:
    """The process `root` and all its living descendants."""
    parents = {pid: int(fields[1]) for pid, fields in _processes()}
    found = [root] if root in parents else []
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def processor_seconds(root: int) -> float:
    """User and system time of `root` and its descendants, including those that have exited."""
    spent = 0.0
    for pid in family(root):
        if fields := _stat(Path(f"/proc/{pid}/stat")):
            spent += sum(int(each) for each in fields[11:15]) * TICK_S  # utime, stime, cutime, cstime
    return spent


def main_thread_seconds(root: int) -> float:
    """User and system time of the main thread of `root`."""
    fields = _stat(Path(f"/proc/{root}/task/{root}/stat"))
    return sum(int(each) for each in fields[11:13]) * TICK_S if fields else 0.0


def resident_mb(root: int) -> float:
    """Resident memory of `root` and its descendants; shared pages count once per process."""
    total = 0.0
    for pid in family(root):
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_MB
        except (OSError, IndexError):
            continue  # it has just exited
    return total


def _processes() -> Iterator[tuple[int, list[str]]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (fields := _stat(folder / "stat")):
            yield int(folder.name), fields


def _stat(path: Path) -> list[str]:
    """The fields after the program's name, which may hold anything; the state is the first. Empty when it has ended."""
    try:
        return path.read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


@dataclass(frozen=True)
class Reading:
    """One reading: time, processor time so far (total and main thread) and memory."""

    moment: float
    processor_s: float
    main_s: float
    memory_mb: float


class Meter:
    """A context manager that reads the process once a second on a separate thread."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.readings: list[Reading] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Meter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            moment, pid = time.monotonic(), self._pid
            self.readings.append(Reading(moment, processor_seconds(pid), main_thread_seconds(pid), resident_mb(pid)))
            if self._ended.wait(1.0):
                return

    def after(self, seconds: float) -> Reading:
        """The reading nearest to the given number of seconds after the first."""
        due = self.readings[0].moment + seconds
        return min(self.readings, key=lambda reading: abs(reading.moment - due))
