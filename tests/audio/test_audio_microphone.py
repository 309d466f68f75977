"""The microphone delivers every block at its true time, even when the device fails."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from coach.audio.devices import Device
from coach.audio.microphone import Microphone
from coach.audio.source import Block, Waiting
from coach.core.errors import BadInput
from coach.core.events import AudioGap, DeviceLost, DeviceOpened, Notice
from coach.core.span import RATE, Span, as_samples

UNIT = 2.0**-24


def listen(microphone: Microphone, wall: Any, seconds: float) -> list[Any]:
    """All items within so many seconds of the wall clock."""
    wall.after(seconds, microphone.close)
    return [item for item in microphone.blocks() if not isinstance(item, Waiting)]


def events(items: list[Any], kind: type) -> list[Any]:
    return [i for i in items if isinstance(i, kind)]


def heard_at(block: Block) -> int:
    """The sample of the wall clock at which the block was recorded."""
    return round(block.samples[0, 0] / UNIT)


def in_step(items: list[Any], tolerance: int = 0) -> bool:
    """Whether the position of every block on the sample clock matches the wall clock, without overlaps."""
    blocks = [b for b in events(items, Block) if b.samples.any()]
    offsets = [heard_at(b) - b.start for b in blocks]
    follows = all(b.start >= a.end for a, b in pairwise(blocks))
    return follows and max(offsets) - min(offsets) <= tolerance


def test_all_sound_arrives_unchanged(port, wall):
    items = listen(Microphone("desk", port=port, clock=wall), wall, 5)
    assert items[0] == DeviceOpened(at=0, device="Desk microphone", rate=16_000, channels=1)
    assert all(isinstance(i, Block) for i in items[1:])
    heard = np.concatenate([b.samples[:, 0] for b in items[1:]])
    assert len(heard) == pytest.approx(5 * RATE, abs=320)
    assert np.all(np.diff(np.round(heard / UNIT)) == 1)


def test_a_device_at_another_rate_loses_nothing_either(port, wall):
    port.plugged[:] = [Device(0, "Fast", "ALSA", inputs=1, outputs=0, rate=44_100)]
    port.refresh()
    items = listen(Microphone(port=port, clock=wall), wall, 5)
    end = events(items, Block)[-1].end
    assert end == pytest.approx(5 * RATE, abs=0.06 * RATE)  # the rest is still in the resampler


def test_requested_channels_are_kept_apart(port, wall):
    items = listen(Microphone("desk", channels=2, port=port, clock=wall), wall, 1)
    block = events(items, Block)[0]
    assert block.samples.shape[1] == 2
    assert np.allclose(block.samples[:, 1] - block.samples[:, 0], 1)


def test_requesting_too_many_channels_is_an_immediate_error(port, wall):
    with pytest.raises(BadInput, match=r"'Built-in' has 1 channel.*coach devices"):
        Microphone("built-in", channels=2, port=port, clock=wall)


def test_a_device_that_requires_all_its_channels_is_opened_with_all_and_the_first_are_used(port, wall):
    port.insists = 2
    items = listen(Microphone("desk", port=port, clock=wall), wall, 1)
    assert items[0].channels == 2
    assert events(items, Block)[0].samples.shape[1] == 1
    assert in_step(items)


def test_an_overflow_becomes_a_gap_as_long_as_the_time_stamps_say(port, wall):
    wall.after(2.01, lambda: setattr(port, "swallow", 10))
    items = listen(Microphone("desk", port=port, clock=wall), wall, 5)
    (gap,) = events(items, AudioGap)
    assert gap.span.duration == pytest.approx(0.2 * RATE, abs=1)
    assert gap.at == gap.span.end == items[items.index(gap) + 1].start
    assert in_step(items, tolerance=1)


def test_an_overflow_of_unknown_length_still_leaves_a_gap(port, wall):
    wall.after(2.01, lambda: (setattr(port, "overflow", True), setattr(port, "stamp_error", -50.0)))
    (gap,) = events(listen(Microphone("desk", port=port, clock=wall), wall, 3), AudioGap)
    assert gap.span.duration == 1


def test_a_microphone_that_goes_away_and_comes_back_leaves_a_gap_of_the_real_time(port, wall):
    desk = port.plugged[0]
    wall.after(3, lambda: port.plugged.remove(desk))
    wall.after(3, lambda: port.plugged.remove(port.plugged[0]))
    wall.after(13, lambda: port.plugged.append(desk))
    items = listen(Microphone("desk", port=port, clock=wall), wall, 30)
    (lost,) = events(items, DeviceLost)
    (gap,) = events(items, AudioGap)
    back = events(items, DeviceOpened)[1]
    assert lost.device == "Desk microphone"
    assert lost.at == gap.span.start == pytest.approx(3 * RATE, abs=320)
    assert 10 < gap.span.duration / RATE < 10 + 5 + 0.1  # no later than the longest wait between two attempts
    assert back.at == gap.at == gap.span.end
    assert in_step(items, tolerance=1)


def test_a_lost_device_is_noticed_within_a_second(port, wall):
    wall.after(3, lambda: setattr(port, "stalled", True))
    microphone = Microphone("desk", port=port, clock=wall)
    begun = wall.time
    for item in microphone.blocks():
        if isinstance(item, DeviceLost):
            break
    assert wall.time - begun == pytest.approx(4.0, abs=0.05)


def test_attempts_back_off_from_half_a_second_to_five_seconds(port, wall):
    wall.after(3, port.plugged.clear)
    listen(Microphone("desk", port=port, clock=wall), wall, 40)
    waits = np.diff([port.refreshed[0] - 0.5, *port.refreshed])
    assert np.allclose(waits[:6], [0.5, 1, 2, 4, 5, 5])
    assert np.allclose(waits[6:], 5)


def test_after_sound_returns_the_first_attempt_is_early_again(port, wall):
    desk = port.plugged[0]
    port.plugged[:] = [desk]
    wall.after(3, port.plugged.clear)
    wall.after(13, lambda: port.plugged.append(desk))
    wall.after(25, port.plugged.clear)
    listen(Microphone("desk", port=port, clock=wall), wall, 30)
    again = next(t for t in port.refreshed if t > 125)
    assert again == pytest.approx(126.5, abs=0.05)


def test_if_its_name_is_gone_the_default_device_is_used(port, wall):
    desk = port.plugged[0]
    wall.after(3, lambda: port.plugged.remove(desk))
    items = listen(Microphone("desk", channels=2, port=port, clock=wall), wall, 8)
    assert [e.device for e in events(items, DeviceOpened)] == ["Desk microphone", "Built-in"]
    assert {b.samples.shape[1] for b in events(items, Block)} == {2}
    after = events(items, Block)[-1].samples
    assert np.array_equal(after[:, 0], after[:, 1])  # one channel, repeated: no words go to the wrong person
    assert in_step(items, tolerance=1)


def test_a_device_that_opens_but_gives_no_sound_is_not_announced_again(port, wall):
    wall.after(3, lambda: setattr(port, "stalled", True))
    items = listen(Microphone("desk", port=port, clock=wall), wall, 30)
    assert len(events(items, DeviceLost)) == 1
    assert len(events(items, DeviceOpened)) == 1
    assert len(port.opened) > 3


def test_a_device_that_cannot_be_started_is_tried_again(port, wall):
    port.refuse_to_start.add("Desk microphone")
    wall.after(4, port.refuse_to_start.clear)
    items = listen(Microphone("desk", port=port, clock=wall), wall, 12)
    assert [type(i) for i in items[:3]] == [DeviceLost, DeviceOpened, Block]
    assert not events(items, AudioGap)  # the sample clock begins with the first sound
    assert events(items, Block)


@pytest.mark.parametrize("fault", ["stalled", "muted"])
def test_sound_from_a_closing_stream_is_not_attributed_to_the_new_one(port, wall, fault):
    port.chatty_on_close = True
    wall.after(3, lambda: setattr(port, fault, True))
    wall.after(15, lambda: setattr(port, fault, False))
    items = listen(Microphone("desk", port=port, clock=wall), wall, 25)
    assert events(items, DeviceLost)
    assert not any(np.any(b.samples == 0.75) for b in events(items, Block))
    assert in_step(items, tolerance=1)


def test_a_machine_that_slept_leaves_a_gap(port, wall):
    def sleep():
        wall.time += 600
        for stream in port.inputs:
            stream.begun += 600

    wall.after(3.001, sleep)
    items = listen(Microphone("desk", port=port, clock=wall), wall, 610)
    (gap,) = events(items, AudioGap)
    assert gap.span.duration == pytest.approx(600 * RATE, abs=0.03 * RATE)
    assert not events(items, DeviceLost)
    assert in_step(items, tolerance=as_samples(0.03))


def test_a_late_ear_makes_no_gap(port, wall):
    microphone = Microphone("desk", port=port, clock=wall)
    wall.after(10, microphone.close)
    items = []
    for item in microphone.blocks():
        items.append(item)
        if isinstance(item, Block) and item.start == RATE:
            wall.sleep(4)
    assert not events(items, AudioGap)
    assert in_step(items)


def test_exact_zeros_are_reported_once_and_the_device_is_reopened_ever_more_rarely(port, wall):
    port.muted = True
    items = listen(Microphone("desk", port=port, clock=wall), wall, 200)
    (notice,) = events(items, Notice)
    assert "muted" in notice.text
    assert notice.at == pytest.approx(10 * RATE, abs=640)
    between = np.diff([t for t, _, _ in port.opened])
    assert np.allclose(between, [10, 20, 40, 80], atol=0.2)
    assert not port.refreshed  # a refresh would disturb the player
    assert sum(g.span.duration for g in events(items, AudioGap)) <= 4 * 0.03 * RATE


def test_exact_zeros_that_end_are_reported_again_when_they_return(port, wall):
    port.muted = True
    wall.after(12, lambda: setattr(port, "muted", False))
    wall.after(15, lambda: setattr(port, "muted", True))
    items = listen(Microphone("desk", port=port, clock=wall), wall, 30)
    assert len(events(items, Notice)) == 2


def test_nine_seconds_of_zeros_are_not_reported(port, wall):
    wall.after(2, lambda: setattr(port, "muted", True))
    wall.after(11, lambda: setattr(port, "muted", False))
    items = listen(Microphone("desk", port=port, clock=wall), wall, 15)
    assert [type(i) for i in items if not isinstance(i, Block)] == [DeviceOpened]


def test_close_ends_the_blocks_while_a_device_is_awaited(port, wall):
    wall.after(3, port.plugged.clear)
    items = listen(Microphone("desk", port=port, clock=wall), wall, 12.3)
    assert wall.time == pytest.approx(112.3, abs=0.05)
    assert isinstance(items[-1], DeviceLost)


def test_close_releases_the_device(port, wall):
    listen(Microphone("desk", port=port, clock=wall), wall, 1)
    assert not any(s.open for s in port.inputs)


def test_close_releases_a_device_that_nobody_has_listened_to(port, wall):
    Microphone("desk", port=port, clock=wall).close()
    assert not any(s.open for s in port.inputs)


def test_a_gap_starts_where_the_last_sound_ended(port, wall):
    wall.after(3, lambda: setattr(port, "stalled", True))
    wall.after(9, lambda: setattr(port, "stalled", False))
    items = listen(Microphone("desk", port=port, clock=wall), wall, 20)
    at = next(i for i, item in enumerate(items) if isinstance(item, AudioGap))
    last = next(b for b in reversed(items[:at]) if isinstance(b, Block))
    assert items[at].span == Span(last.end, items[at].span.end)


def test_the_same_device_is_reopened_although_another_is_the_default(port, wall):
    wall.after(3, lambda: setattr(port, "stalled", True))
    wall.after(5, lambda: setattr(port, "stalled", False))
    items = listen(Microphone("desk", port=port, clock=wall), wall, 12)
    assert [e.device for e in events(items, DeviceOpened)] == ["Desk microphone", "Desk microphone"]


def test_all_sound_before_a_loss_comes_before_the_gap(port, wall):
    port.plugged[:] = [Device(0, "Fast", "ALSA", inputs=1, outputs=0, rate=44_100)]
    port.refresh()
    wall.after(3.01, lambda: setattr(port, "stalled", True))
    items = listen(Microphone(port=port, clock=wall), wall, 6)
    (lost,) = events(items, DeviceLost)
    assert lost.at == events(items, Block)[-1].end == 3 * RATE


def test_a_device_may_take_two_seconds_until_its_first_sound(port, wall):
    port.stalled = True
    wall.after(2, lambda: setattr(port, "stalled", False))
    items = listen(Microphone("desk", port=port, clock=wall), wall, 5)
    assert not events(items, DeviceLost)
    assert len(port.opened) == 1


def test_zeros_before_and_after_a_loss_do_not_add_up(port, wall):
    port.muted = True
    wall.after(8, lambda: setattr(port, "stalled", True))
    wall.after(10, lambda: setattr(port, "stalled", False))
    items = listen(Microphone("desk", port=port, clock=wall), wall, 18)
    assert events(items, DeviceLost)
    assert not events(items, Notice)


def test_without_sound_the_consumer_gets_a_turn_ten_times_a_second(port, wall):
    desk = port.plugged[0]
    wall.after(3, port.plugged.clear)
    wall.after(15, lambda: port.plugged.append(desk))
    microphone = Microphone("desk", port=port, clock=wall)
    wall.after(30, microphone.close)
    turns, items = [wall.time], []
    for item in microphone.blocks():
        turns.append(wall.time)
        items.append(item)
    assert max(np.diff(turns)) == pytest.approx(0.1, abs=0.001)
    waiting = events(items, Waiting)
    assert len(waiting) > 100
    (gap,) = events(items, AudioGap)
    assert [w.at for w in waiting] == sorted(w.at for w in waiting)
    assert gap.span.start <= waiting[0].at
    assert gap.span.end - RATE // 2 < waiting[-1].at <= gap.span.end  # where the clock will be once sound comes


def test_the_clock_waits_for_sound_that_is_late_but_not_lost(port, wall):
    """Otherwise the same time would be reported as passed twice."""
    microphone = Microphone("desk", port=port, clock=wall)
    wall.after(3, lambda: setattr(port, "stalled", True))
    wall.after(3.9, microphone.close)
    items = list(microphone.blocks())
    waiting = events(items, Waiting)
    assert len(waiting) > 5
    assert {w.at for w in waiting} == {events(items, Block)[-1].end}


def test_there_is_no_waiting_event_while_sound_arrives(port, wall):
    microphone = Microphone("desk", port=port, clock=wall)
    wall.after(5, microphone.close)
    assert not events(list(microphone.blocks()), Waiting)


def test_the_queue_length_is_known_in_samples_at_any_device_rate(port, wall):
    port.plugged[:] = [Device(0, "Fast", "ALSA", inputs=1, outputs=0, rate=48_000)]
    port.refresh()
    microphone = Microphone(port=port, clock=wall)
    wall.after(3, microphone.close)
    waits = []
    for item in microphone.blocks():
        if isinstance(item, Block):
            if not waits:
                wall.sleep(0.4)
            waits.append(microphone.behind)
    assert waits[0] == pytest.approx(0.4 * RATE, abs=320)
    assert waits[-1] == 0
    assert np.all(np.diff(waits) <= 0)


def test_after_ten_minutes_without_a_consumer_one_minute_is_kept_and_the_loss_is_reported(port, wall):
    microphone = Microphone("desk", port=port, clock=wall)
    wall.after(610, microphone.close)
    items = []
    for item in microphone.blocks():
        if isinstance(item, Block) and item.start == RATE:
            wall.sleep(600)
            assert microphone.behind == pytest.approx(60 * RATE, abs=640)
        items.append(item)
    (gap,) = events(items, AudioGap)
    assert gap.span.duration == pytest.approx(540 * RATE, abs=640)
    assert in_step(items, tolerance=1)
