"""The ear's hops do not depend on the block size of the source."""

from __future__ import annotations

from itertools import pairwise
from queue import SimpleQueue

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.audio.source import Block, Clock, hops, paced, with_channels
from coach.core.events import AudioGap, Event, Notice
from coach.core.span import HOP, RATE, Span


def ramp(start: int, n: int) -> np.ndarray:
    """Sound in which every sample is its own position plus one, so that none is zero."""
    return (np.arange(start, start + n, dtype=np.float32) + 1)[:, None]


def gap(start: int, end: int) -> AudioGap:
    return AudioGap(at=end, span=Span(start, end), reason="lost")


def cut(stretches: list[tuple[int, int]], sizes: list[int]) -> list[Block | Event]:
    """A stream of (sound, then gap) lengths, in blocks of the given sizes in turn."""
    items: list[Block | Event] = []
    at = turn = 0
    for sound, lost in stretches:
        end = at + sound
        while at < end:
            n = min(sizes[turn % len(sizes)], end - at)
            items.append(Block(at, ramp(at, n)))
            at, turn = at + n, turn + 1
        if lost:
            items.append(gap(at, at + lost))
            at += lost
    return items


def plain(items):
    return [(i.start, i.samples.tobytes()) if isinstance(i, Block) else i for i in items]


lengths = st.tuples(st.integers(1, 2000), st.integers(0, 1500))


@given(st.lists(lengths, max_size=5), st.lists(st.integers(1, 1700), min_size=1, max_size=4))
def test_hops_are_the_same_for_blocks_of_any_size(stretches, sizes):
    assert plain(hops(cut(stretches, sizes))) == plain(hops(cut(stretches, [10_000])))


@given(st.lists(lengths, max_size=5), st.lists(st.integers(1, 1700), min_size=1, max_size=4))
def test_every_sample_appears_once_in_its_place_and_all_others_are_zero(stretches, sizes):
    items = cut(stretches, sizes)
    given_hops = [i for i in hops(items) if isinstance(i, Block)]
    assert all(h.start % HOP == 0 and len(h.samples) == HOP for h in given_hops)
    assert all(b.start > a.start for a, b in pairwise(given_hops))
    laid = {h.start + i: v for h in given_hops for i, v in enumerate(h.samples[:, 0]) if v}
    heard = {b.start + i: v for b in items if isinstance(b, Block) for i, v in enumerate(b.samples[:, 0])}
    assert laid == heard


def test_a_gap_comes_after_the_hop_that_it_cuts_short_and_hops_inside_it_are_left_out():
    items = [Block(0, ramp(0, 400)), gap(400, 2000), Block(2000, ramp(2000, 300))]
    out = list(hops(items))
    assert [i.start if isinstance(i, Block) else "gap" for i in out] == [0, 320, "gap", 1920, 2240]
    assert np.count_nonzero(out[1].samples) == 80
    assert np.count_nonzero(out[3].samples[:80]) == 0


def test_a_gap_within_a_hop_comes_before_the_hop_and_is_filled_with_zeros():
    out = list(hops([Block(0, ramp(0, 100)), gap(100, 200), Block(200, ramp(200, 120))]))
    assert [type(i) for i in out] == [AudioGap, Block]
    assert np.count_nonzero(out[1].samples) == 220


def test_events_are_passed_on_immediately():
    notice = Notice(at=100, text="something")
    out = list(hops([Block(0, ramp(0, 100)), notice, Block(100, ramp(100, 220))]))
    assert [type(i) for i in out] == [Notice, Block]


def test_a_block_that_starts_later_than_expected_keeps_its_position():
    out = list(hops([Block(0, ramp(0, 100)), Block(700, ramp(700, 260))]))
    assert [(h.start, np.count_nonzero(h.samples)) for h in out] == [(0, 100), (640, 260)]


def test_time_that_runs_backwards_is_refused():
    with pytest.raises(ValueError, match="already stands at 100"):
        list(hops([Block(0, ramp(0, 100)), Block(50, ramp(50, 100))]))


def test_missing_channels_repeat_the_last_one():
    two = np.array([[1, 2], [3, 4]], np.float32)
    assert with_channels(two, 4).tolist() == [[1, 2, 2, 2], [3, 4, 4, 4]]
    assert with_channels(two, 1).tolist() == [[1], [3]]
    assert with_channels(two, 2) is two


def test_a_paced_block_comes_when_its_last_sample_is_due(wall):
    begun = wall.now()
    came = []
    for item in paced([Block(i * 1600, ramp(0, 1600)) for i in range(10)], wall):
        came.append(wall.now() - begun)
        assert came[-1] == pytest.approx(item.end / RATE)


def test_pacing_catches_up_after_a_late_consumer_and_keeps_the_time_of_gaps(wall):
    begun = wall.now()
    items = [Block(0, ramp(0, 1600)), Block(1600, ramp(0, 1600)), gap(3200, 16000), Block(16000, ramp(0, 1600))]
    came = []
    for item in paced(items, wall):
        came.append(round(wall.now() - begun, 6))
        if isinstance(item, Block) and item.start == 0:
            wall.sleep(0.5)
    assert came == [0.1, 0.6, 0.6, 1.1]


def test_the_real_clock_waits_for_a_queue_and_for_a_duration():
    clock = Clock()
    queue: SimpleQueue[int] = SimpleQueue()
    begun = clock.now()
    assert clock.take(queue, 0.02) is None
    clock.sleep(0.01)
    assert clock.now() - begun >= 0.029
    queue.put(7)
    assert clock.take(queue, 5.0) == 7
