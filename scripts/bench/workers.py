"""Processes side by side, each of which computes on one thread."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor

from threadpoolctl import threadpool_limits


def workers(many: int) -> ProcessPoolExecutor:
    """A pool of `many` processes. With a thread a core in each they would only wait for one another."""
    return ProcessPoolExecutor(many, initializer=_on_one_thread)


def _on_one_thread() -> None:
    os.environ["OMP_NUM_THREADS"] = "1"  # for libraries that are loaded later
    threadpool_limits(1)  # for those that are loaded already
