"""Networks hear much at once in batches, side by side where a second core is free."""

from __future__ import annotations

import threading
from functools import partial

import numpy as np
import pytest

from coach.core.networks import batch_threads, batches, beside, meanwhile, once

ROWS = np.arange(14, dtype=np.float32).reshape(7, 2)


def doubled(rows: np.ndarray) -> np.ndarray:
    return 2 * rows


@pytest.mark.parametrize("threads", [1, 2])
def test_batches_come_back_in_order(threads: int) -> None:
    with batch_threads(threads):
        told = batches(doubled, ROWS, 3)
    assert [len(part) for part in told] == [2, 2, 2, 1], "two cores have as much to do, whether both are free or not"
    assert np.array_equal(np.concatenate(told), 2 * ROWS)


def test_nothing_has_no_batches() -> None:
    assert batches(doubled, ROWS[:0], 3) == []


def test_two_batches_are_under_way_at_once_side_by_side() -> None:
    both = threading.Barrier(2)

    def meeting(rows: np.ndarray) -> np.ndarray:
        both.wait(10)  # raises if the other never comes
        return rows

    with batch_threads(2):
        assert len(batches(meeting, ROWS, 4)) == 2


def test_alone_and_afterwards_everything_stays_on_the_callers_thread() -> None:
    seen: list[int] = []

    def noting(rows: np.ndarray) -> np.ndarray:
        seen.append(threading.get_ident())
        return rows

    with batch_threads(1):
        batches(noting, ROWS, 2)
    with batch_threads(2):
        batches(noting, ROWS, 7)  # a single batch gains nothing from another thread
    batches(noting, ROWS, 2)
    assert set(seen) == {threading.get_ident()}


def test_meanwhile_one_thing_after_the_other_is_done_beside_and_may_use_batches() -> None:
    done: list[tuple[int, int]] = []
    go_on = threading.Event()

    def work(number: int) -> int:
        go_on.wait(10)
        done.append((number, threading.get_ident()))
        return sum(len(part) for part in batches(doubled, ROWS, 4)) + number

    with batch_threads(2):
        begun = [meanwhile(partial(work, number)) for number in (1, 2)]
        assert beside()
        assert not done
        go_on.set()
        assert [each.result() for each in begun] == [8, 9]
    assert [number for number, _ in done] == [1, 2]
    assert threading.get_ident() not in {thread for _, thread in done}


def test_alone_nothing_is_done_meanwhile_but_at_once() -> None:
    assert not beside()
    assert meanwhile(threading.get_ident).result() == threading.get_ident()
    with batch_threads(1):
        assert not beside()
        assert meanwhile(threading.get_ident).result() == threading.get_ident()


def test_what_two_threads_need_at_once_is_loaded_once() -> None:
    loads: list[object] = []

    @once
    def loaded() -> object:
        loads.append(object())
        if len(loads) == 1:
            other.start()
            other.join(0.1)  # it waits for this, or would load too
        return loads[-1]

    given: list[object] = []
    other = threading.Thread(target=lambda: given.append(loaded()))
    given.append(loaded())
    other.join()
    assert given == [loads[0], loads[0]]
    assert len(loads) == 1
