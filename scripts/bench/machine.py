"""Describes the machine on which a bench runs."""

from __future__ import annotations

import os
import platform
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

PACKAGES = ("numpy", "scipy", "onnxruntime", "moonshine-voice", "sounddevice", "soxr", "av")


def machine() -> dict[str, Any]:
    """The machine, its load and the date, without which figures cannot be compared."""
    return {
        "date": datetime.now().astimezone().isoformat(timespec="minutes"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),  # mean run-queue length over the last minute
        "system": _system(),
        "python": platform.python_version(),
        "coach": metadata.version("listening-coach") if _has("listening-coach") else "",
        "packages": {name: metadata.version(name) for name in PACKAGES if _has(name)},
    }


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
