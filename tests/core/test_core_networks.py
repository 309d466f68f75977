"""Networks hear much at once in batches, side by side where a second core is free."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from coach.core.networks import batch_threads, batches, once

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
