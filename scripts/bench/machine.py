"""What the benches share: the machine they run on, the time and memory of a program, and how results are told."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

PACKAGES = ("numpy", "scipy", "onnxruntime", "moonshine-voice", "sounddevice", "soxr", "av")
TICK_S = 1 / os.sysconf("SC_CLK_TCK")  # seconds; the unit of time in /proc
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass(frozen=True)
class Row:
    """One figure. `value` is None where it could not be measured; `target` is what the project wants to reach."""

    what: str
    value: float | None
    unit: str
    target: str = ""
    note: str = ""


def machine() -> dict[str, Any]:
    """Where and when: figures of another machine, or of a busy one, are other figures."""
    return {
        "date": datetime.now().astimezone().isoformat(timespec="minutes"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),  # programs that wanted a core in the last minute
        "system": _system(),
        "python": platform.python_version(),
        "coach": metadata.version("listening-coach") if _has("listening-coach") else "",
        "packages": {name: metadata.version(name) for name in PACKAGES if _has(name)},
    }


def tell(bench: str, where: dict[str, Any], rows: list[Row], more: dict[str, Any], *, as_json: bool) -> None:
    """The results on stdout: a plain table, or one JSON object."""
    if as_json:
        print(json.dumps({"bench": bench, "machine": where, "results": [asdict(row) for row in rows], **more}))
        return
    print(told_of(where))
    titles = ("what", "measured", "unit", "target", "")
    cells = [(row.what, _figure(row.value), row.unit, row.target, row.note) for row in rows]
    widths = [max(len(line[i]) for line in [titles, *cells]) for i in range(4)]
    for line in [titles, *cells]:
        what, value, unit, target, note = line
        text = f"{what:{widths[0]}}  {value:>{widths[1]}} {unit:{widths[2]}}  {target:>{widths[3]}}  {note}"
        print(text.rstrip())
    print()
    for name, value in more.items():
        print(f"{name.replace('_', ' ')}: {value}")


def told_of(where: dict[str, Any]) -> str:
    """`machine()` as lines for a person."""
    lines = []
    for name, value in where.items():
        told = ", ".join(f"{key} {version}" for key, version in value.items()) if isinstance(value, dict) else value
        lines.append(f"{name.replace('_', ' '):13}{told}\n")
    return "".join(lines)


def family(root: int) -> list[int]:
    """The process `root` and all its living descendants."""
    parents = {pid: int(fields[1]) for pid, fields in _processes()}
    found = [root] if root in parents else []
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def processor_seconds(root: int) -> float:
    """User and system time of `root` and its descendants, those that have ended included."""
    spent = 0.0
    for pid in family(root):
        if fields := _stat(Path(f"/proc/{pid}/stat")):
            spent += sum(int(each) for each in fields[11:15]) * TICK_S  # utime, stime, and the same of ended children
    return spent


def main_thread_seconds(root: int) -> float:
    """User and system time of the first thread of `root` alone."""
    fields = _stat(Path(f"/proc/{root}/task/{root}/stat"))
    return sum(int(each) for each in fields[11:13]) * TICK_S if fields else 0.0


def resident_mb(root: int) -> float:
    """Resident memory of `root` and its descendants; what they share counts once for each."""
    total = 0.0
    for pid in family(root):
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_MB
        except (OSError, IndexError):
            continue  # it has just ended
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


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def _system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = platform.system()
    return f"{name}, {platform.system()} {platform.release()}"


def _has(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True
