"""On a machine that is too slow, windows go first, then overlap, then words; and all come back."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from coach.core.events import Event, HeardLess, Notice
from coach.core.messages import Message
from coach.core.span import HOP, RATE
from coach.diarization import FEWER_WINDOWS, NO_OVERLAP
from coach.runtime.relief import CONFIG, NO_WORDS, TOLD, Relief

LATE = CONFIG.late + HOP


@dataclass
class Parts:
    """An ear and a recogniser that note what they are asked for, in order."""

    asked: list[object] = field(default_factory=list)

    def relieve(self, step: int) -> None:
        self.asked.append(step)

    def rest(self, resting: bool) -> None:
        self.asked.append("rest" if resting else "go on")


def lived(relief: Relief, seconds: float, behind: int, since: int = 0) -> tuple[int, list[Event]]:
    """Hops of so many seconds with that lateness; the time after them, and what is told."""
    told: list[Event] = []
    for now in range(since, since + round(seconds * RATE), HOP):
        told += relief.hop(now, behind)
    return since + round(seconds * RATE), told


def lines(told: list[Event]) -> list[str]:
    return [each.text for each in told if isinstance(each, Notice)]


def test_windows_go_first_then_overlap_then_words() -> None:
    parts = Parts()
    relief = Relief(parts, parts)
    _, told = lived(relief, 10.0, LATE)
    assert parts.asked == [FEWER_WINDOWS, NO_OVERLAP, NO_WORDS, "rest"]
    assert lines(told) == [Message(TOLD[FEWER_WINDOWS]), Message(TOLD[NO_WORDS])]
    assert [each.without for each in told if isinstance(each, HeardLess)] == [
        ("windows",),
        ("windows", "overlap"),
        ("windows", "overlap", "words"),
    ]


def test_each_step_has_time_to_take_effect() -> None:
    relief = Relief(Parts(), None)
    now, _ = lived(relief, CONFIG.effect / RATE, LATE)
    assert relief.step == FEWER_WINDOWS
    now, _ = lived(relief, 10.0, CONFIG.late, now)
    assert relief.step == FEWER_WINDOWS, "what has caught up needs no other step"


def test_what_went_comes_back_one_step_at_a_time_after_a_calm_while_and_is_told_once() -> None:
    parts = Parts()
    relief = Relief(parts, parts)
    now, _ = lived(relief, 10.0, LATE)
    parts.asked.clear()
    now, _ = lived(relief, CONFIG.calm / RATE - 8.0, 0, now)
    assert parts.asked == []
    now, better = lived(relief, 4 * CONFIG.calm / RATE, 0, now)
    assert [each.without for each in better if isinstance(each, HeardLess)] == [
        ("windows", "overlap"),
        ("windows",),
        (),
    ]
    assert len(better) == 3, "nobody is told of what comes back"
    assert parts.asked == [NO_OVERLAP, "go on", FEWER_WINDOWS, 0]
    _, told = lived(relief, 10.0, LATE, now)
    assert lines(told) == []
    assert relief.step == NO_WORDS


def test_where_no_words_are_read_none_can_rest() -> None:
    relief = Relief(Parts(), None)
    _, told = lived(relief, 10.0, LATE)
    assert relief.step == NO_OVERLAP
    assert lines(told) == [Message(TOLD[FEWER_WINDOWS])]


def test_a_machine_that_is_in_time_gives_everything() -> None:
    parts = Parts()
    lived(Relief(parts, parts), 30.0, CONFIG.late)
    assert parts.asked == []


@given(st.lists(st.tuples(st.integers(0, 2 * CONFIG.late), st.integers(1, 1500)), max_size=30))
def test_steps_are_taken_one_at_a_time_and_words_rest_on_the_last_only(times: list[tuple[int, int]]) -> None:
    parts = Parts()
    relief, now, last = Relief(parts, parts), 0, -CONFIG.calm
    for behind, hops in times:
        for _ in range(hops):
            before = relief.step
            relief.hop(now, behind)
            if relief.step != before:
                assert abs(relief.step - before) == 1
                assert now - last >= (CONFIG.effect if relief.step > before else CONFIG.calm)
                assert (relief.step > before) == (behind > CONFIG.late)
                last = now
            now += HOP
    rests = [asked for asked in parts.asked if asked in ("rest", "go on")]
    assert rests == ["rest", "go on"] * (len(rests) // 2) + ["rest"] * (len(rests) % 2)
    assert (rests[-1:] == ["rest"]) == (relief.step == NO_WORDS)
