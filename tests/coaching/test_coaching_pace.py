"""Fast speech is relative to the person's own first minute, and counts only with fewer pauses."""

from __future__ import annotations

from coach.coaching.pace import Pace
from coach.core.events import AudioGap, Speech, Words
from coach.core.span import Span, as_samples


def tells(pace: Pace, start: float, end: float, *, speech: float, pause: float, rate: float | None) -> float:
    """Stretches of `speech` seconds and pauses of `pause`; `rate` is in words per second, None if not recognised."""
    while start + speech <= end:
        span = Span.seconds(start, start + speech)
        pace.hear(Speech(at=span.end, who="You", span=span, confidence=1.0))
        if rate is not None:
            pace.hear(Words(at=span.end, who="You", span=span, count=round(rate * speech)))
        start += speech + pause
    return start


def told(
    *, first: tuple[float, float | None], then: tuple[float, float | None], words_on: bool = True, begins: float = 0
) -> Pace:
    """(pause, words per second) in the first minute and afterwards."""
    pace = Pace(words_on=words_on, begins=as_samples(begins))
    start = tells(pace, begins, begins + 62, speech=4.0, pause=first[0], rate=first[1])
    tells(pace, start, start + 45, speech=4.0, pause=then[0], rate=then[1])
    return pace


def test_faster_speech_with_fewer_pauses_is_a_rush():
    assert told(first=(1.5, 2.5), then=(0.3, 3.5)).rushing


def test_faster_speech_with_the_same_pauses_is_not_a_rush():
    assert not told(first=(1.5, 2.5), then=(1.5, 3.5)).rushing


def test_fewer_pauses_at_the_same_rate_are_not_a_rush():
    assert not told(first=(1.5, 2.5), then=(0.3, 2.5)).rushing


def test_a_person_who_always_speaks_fast_is_not_in_a_rush():
    assert not told(first=(0.3, 3.5), then=(0.3, 3.5)).rushing


def test_slightly_faster_speech_is_not_a_rush():
    assert not told(first=(1.5, 2.5), then=(0.3, 3.0)).rushing


def test_without_a_recogniser_almost_no_pauses_are_a_rush():
    assert told(first=(1.5, None), then=(0.2, None), words_on=False).rushing
    assert not told(first=(1.5, None), then=(0.6, None), words_on=False).rushing


def test_there_is_no_rush_before_the_words_are_recognised():
    assert not told(first=(1.5, 2.5), then=(0.2, None)).rushing
    assert not told(first=(1.5, None), then=(0.2, 3.5)).rushing


def test_a_person_without_pauses_at_first_cannot_lose_any():
    assert not told(first=(0.3, 2.0), then=(0.0, 3.5)).rushing


def test_there_is_no_tempo_before_a_minute_and_a_half_has_passed():
    pace = Pace(words_on=True)
    tells(pace, 0, 59, speech=4.0, pause=1.0, rate=2.5)
    assert pace.first is None
    tells(pace, 60, 85, speech=4.0, pause=0.1, rate=4.0)
    assert pace.first is not None
    assert pace.recent is None
    assert not pace.rushing


def test_a_tempo_is_words_per_second_of_speech_and_the_share_of_silence():
    pace = told(first=(1.0, 2.5), then=(1.0, 2.5))
    assert pace.first is not None
    assert pace.first.rate == 2.5
    assert abs(pace.first.silence - 0.2) < 0.02


def test_words_belong_to_the_window_that_contains_their_middle():
    pace = told(first=(1.0, 2.5), then=(1.0, 2.5))
    pace.hear(Words(at=as_samples(110), who="You", span=Span.seconds(56, 66), count=1000))
    assert pace.first is not None
    assert pace.first.rate == 2.5


def test_a_first_minute_with_hardly_any_speech_gives_no_tempo():
    pace = Pace(words_on=True)
    start = tells(pace, 0, 61, speech=1.0, pause=9.0, rate=2.5)
    tells(pace, start, start + 45, speech=4.0, pause=0.2, rate=4.0)
    assert pace.first is None
    assert not pace.rushing


def test_speech_before_the_beginning_is_not_part_of_the_first_minute():
    pace = Pace(words_on=True, begins=as_samples(60))
    tells(pace, 0, 55, speech=4.0, pause=0.2, rate=4.0)
    start = tells(pace, 60, 122, speech=4.0, pause=1.5, rate=2.5)
    tells(pace, start, start + 45, speech=4.0, pause=0.3, rate=3.5)
    assert pace.rushing


def test_lost_sound_is_not_silence():
    pace = Pace(words_on=False)
    tells(pace, 0, 20, speech=4.0, pause=1.0, rate=None)
    pace.hear(AudioGap(at=as_samples(40), span=Span.seconds(20, 40), reason="lost"))
    tells(pace, 40, 66, speech=4.0, pause=1.0, rate=None)
    assert pace.first is not None
    assert abs(pace.first.silence - 0.2) < 0.03
