"""Worker processes that each compute on one thread."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor

from threadpoolctl import threadpool_limits


def workers(many: int) -> ProcessPoolExecutor:
    """A pool of `many` processes with one thread each; more threads would compete for the cores."""
    return ProcessPoolExecutor(many, initializer=_on_one_thread)


def _on_one_thread() -> None:
    os.environ["OMP_NUM_THREADS"] = "1"  # for libraries loaded later
    threadpool_limits(1)  # for those already loaded
