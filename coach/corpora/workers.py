"""Where analyses run: in this process, in several on this machine, or on the workers of a Dask scheduler.

Each way takes tasks one at a time, a few more than are being worked on, and yields their outcomes as they are ready,
so that memory does not grow with their number. A worker that dies takes nothing with it: its task is given again, and
only a recording that kills a second one is reported as a failure.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import active_children, get_context
from typing import Any

from coach import __version__
from coach.core.errors import BadSetting, CoachError, Missing
from coach.corpora.analysed import Failure, Outcome, Progress, Task, analysed
from coach.corpora.request import Request

AHEAD = 2  # tasks per worker that are given out at once
CONNECTED_S = 10  # seconds within which a scheduler answers
CRASHED = "{} crashed the analysis twice, and is left out"


@dataclass(frozen=True, slots=True)
class Where:
    """Where to run: `jobs` processes of this machine, or the scheduler at `cluster`, such as tcp://host:8786."""

    jobs: int = 1
    cluster: str | None = None


def worked(
    tasks: Iterator[Task], request: Request, where: Where, progress: Callable[[Task], Progress] | None = None
) -> Iterator[Outcome]:
    """The outcome of each task, as they are ready. `progress` follows a task in this process."""
    if where.cluster is not None:
        yield from _on_cluster(tasks, request, where.cluster)
    elif where.jobs > 1:
        yield from _in_processes(tasks, request, where.jobs)
    else:
        for task in tasks:
            yield analysed(request, task, progress(task) if progress else None, beside=True)


# ------------------------------------------------------------------------------------------- processes of this machine


def _in_processes(tasks: Iterator[Task], request: Request, jobs: int) -> Iterator[Outcome]:
    do = partial(analysed, request)
    while True:
        begun: list[Task] = []
        with _pool(jobs) as pool:
            yield from _until_it_breaks(pool, do, tasks, jobs, begun)
        if not begun:
            return
        for task in begun:  # one of these killed a process: each runs in one of its own
            with _pool(1) as pool:
                try:
                    # a process that died may have written its result before: that was in this run
                    yield replace(pool.submit(do, task).result(), before=False)
                except BrokenProcessPool:
                    yield Outcome(task, (Failure(CRASHED.format(task.item.path)),))


def _until_it_breaks(
    pool: ProcessPoolExecutor, do: Callable[[Task], Outcome], tasks: Iterator[Task], jobs: int, begun: list[Task]
) -> Iterator[Outcome]:
    """The outcomes of `tasks`; if a process dies, `begun` are the tasks that have none although they were given out."""
    waiting: dict[Future[Outcome], Task] = {}
    while True:
        while len(waiting) < AHEAD * jobs and (task := next(tasks, None)) is not None:
            try:
                with ctrl_c_afterwards():
                    waiting[pool.submit(do, task)] = task
            except BrokenProcessPool:
                begun += [task, *waiting.values()]
                return
        if not waiting:
            return
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=lambda each: waiting[each].number):
            try:
                outcome = future.result()
            except BrokenProcessPool:
                begun += waiting.values()
                return
            waiting.pop(future)
            yield outcome


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """A pool whose processes are terminated if the caller fails.

    The processes are spawned, because a fork could inherit locks held by the progress bar's thread. The terminal
    sends Ctrl-C to the whole process group; workers ignore it and are terminated, so none prints a traceback.
    """
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_ignore_ctrl_c) as pool:
        try:
            yield pool
        except BaseException:
            for process in active_children():
                process.terminate()
            pool.shutdown(cancel_futures=True)
            raise


def _ignore_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def ctrl_c_afterwards() -> Iterator[None]:
    """Processes started in this context never see Ctrl-C, and for this thread it waits until the end of the context.

    It must not be ignored here meanwhile: one that came while a task is given out would be lost, and the analysis
    would go on. Windows cannot hold a signal back; there a process that starts may print a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --------------------------------------------------------------------------------------------------------- a cluster


def _on_cluster(tasks: Iterator[Task], request: Request, address: str) -> Iterator[Outcome]:
    """The outcomes from the workers of a scheduler. They must see the files, and the results' folder, at these paths.

    A task whose worker died is given to another one by the scheduler.
    """
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise Missing("--cluster needs Dask, which is not installed: pip install 'listening-coach[cluster]'") from error
    for name in ("distributed", "distributed.client"):  # the second has a level of its own
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said in one line
    try:
        client = Client(address, timeout=CONNECTED_S)
    except (OSError, ValueError, TimeoutError) as error:
        raise CoachError(f"no scheduler answers at {address}; start one with `dask scheduler`") from error
    with client:
        workers = _workers(client)
        given: dict[Any, Task] = {}
        ready = as_completed()
        while True:
            while len(given) < max(2, AHEAD * workers) and (task := next(tasks, None)) is not None:
                future = client.submit(analysed, request, task, pure=False)
                given[future.key] = task
                ready.add(future)
            if not given:
                return
            future = next(ready)
            task = given.pop(future.key)
            try:
                outcome: Outcome = future.result()
            except Exception as error:  # distributed.KilledWorker, or a result that could not be fetched
                says = CRASHED.format(task.item.path) if type(error).__name__ == "KilledWorker" else f"{error}"
                outcome = Outcome(task, (Failure(" ".join(says.split())),))
            future.release()
            yield outcome


def _workers(client: Any) -> int:
    """How many analyses the workers run at once, one each. Raises CoachError for workers of another version."""
    found = client.run(_version)
    if not found:
        raise CoachError("the scheduler has no workers yet; start some with `dask worker ADDRESS`, and try again")
    if others := {each for each in found.values() if each != __version__}:
        raise BadSetting(
            f"the workers have version {', '.join(sorted(map(str, others)))} of the coach, and this is {__version__}; "
            "install the same on all machines"
        )
    return len(found)


def _version() -> str:
    return __version__
