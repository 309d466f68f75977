"""Neural networks that ship with the coach, each run by onnxruntime on one thread.

One thread: a second one mostly waits for the first, and the recogniser needs the other core. For files, where much is
asked at once, `batches` hears several batches side by side instead, each on a thread of its own, and `meanwhile` lets
them hear the next part of a file while this one is thought over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from coach.core.resources import packaged

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

T = TypeVar("T")


def load_network(package: str, *path: str) -> InferenceSession:
    """The network in the ONNX file at `path` inside `package`. Raises Missing, as `packaged` does."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # an arena keeps the most it ever took, and saves no time here
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(packaged(package, *path), options, providers=["CPUExecutionProvider"])


def once(load: Callable[[], T]) -> Callable[[], T]:
    """`load`, called only the first time, even if several threads ask at once; the others wait for its result."""
    loading, loaded = Lock(), cache(load)

    def get() -> T:
        with loading:
            return loaded()

    return get


@dataclass(frozen=True, slots=True)
class _Beside:
    """Threads beside the one that asks: `batches` run on some, and one begins what is asked for `meanwhile`."""

    batches: ThreadPoolExecutor
    meanwhile: ThreadPoolExecutor


_BESIDE: ContextVar[_Beside | None] = ContextVar("beside", default=None)


@contextmanager
def batch_threads(threads: int) -> Iterator[None]:
    """Within this, the `batches` of this thread run on `threads` others; if that is one, on this thread as always."""
    if threads < 2:
        yield
        return
    with ThreadPoolExecutor(threads, "networks") as pool, ThreadPoolExecutor(1, "meanwhile") as one:
        before = _BESIDE.set(_Beside(pool, one))
        try:
            yield
        finally:
            _BESIDE.reset(before)


def beside() -> bool:
    """Whether this thread is within `batch_threads` of several."""
    return _BESIDE.get() is not None


def meanwhile(work: Callable[[], T]) -> Future[T]:
    """The result of `work`, which begins within `batch_threads` as soon as earlier work has ended; elsewhere at once.

    It may use `batches`, and wait for earlier work.
    """
    if (threads := _BESIDE.get()) is not None:
        return threads.meanwhile.submit(copy_context().run, work)
    done: Future[T] = Future()
    done.set_result(work())
    return done


def batches(
    run: Callable[[NDArray[np.float32]], NDArray[np.float32]], given: NDArray[np.float32], at_once: int
) -> list[NDArray[np.float32]]:
    """What `run` returns for each part of `given`, in order. A part has `at_once` rows or a few less.

    Several parts are an even number of equal ones, so that two cores have as much to do. How many threads there are
    changes no part, and so no result.
    """
    count = -(-len(given) // at_once)
    even = count + count % 2 if count > 1 else count
    parts = np.array_split(given, min(len(given), even)) if count else []
    threads = _BESIDE.get()
    if threads is None or len(parts) < 2:
        return [run(part) for part in parts]
    return list(threads.batches.map(run, parts))
