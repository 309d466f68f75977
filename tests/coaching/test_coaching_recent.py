"""Recent speech: confidence of the names, and the recognised words."""

import pytest

from coach.coaching.recent import CONFIG, Recent
from coach.conversation import SpeechState
from coach.core.events import Speech, SpeechOn, VoiceOff, VoiceOn, Words
from coach.core.span import Span, as_samples


def s(seconds):
    return as_samples(seconds)


class Room:
    """The memory with the state of speech that a pipeline would pass to it."""

    def __init__(self):
        self.recent, self.speech = Recent(), SpeechState()

    def hear(self, event):
        self.speech = self.speech.after(event)
        self.recent.hear(event)

    def confidence(self, who, stretch):
        return self.recent.confidence(who, stretch, self.speech)

    def read(self, who, end):
        return self.recent.read(who, end, self.speech)

    def words(self, who):
        return self.recent.words(who, 0)


@pytest.fixture
def room():
    return Room()


def speech(start, end, who="Ana", confidence=0.9):
    return Speech(at=s(end + 0.2), who=who, span=Span.seconds(start, end), confidence=confidence)


def words(start, end, who="Ana"):
    return Words(at=s(end + 1), who=who, span=Span.seconds(start, end), count=5)


def test_confidence_is_weighted_by_the_length_of_speech(room):
    room.hear(speech(0, 3, confidence=1.0))
    room.hear(speech(4, 5, confidence=0.6))
    room.hear(speech(5, 6, who="Ben", confidence=0.1))
    assert room.confidence("Ana", Span.seconds(0, 6)) == pytest.approx(0.9)
    assert room.confidence("Ana", Span.seconds(4, 6)) == pytest.approx(0.6)


def test_speech_in_progress_counts_with_its_current_confidence(room):
    room.hear(speech(0, 3, confidence=1.0))
    room.hear(SpeechOn(at=s(5), who="Ana", onset=s(4), confidence=0.5))
    assert room.confidence("Ana", Span.seconds(0, 7)) == pytest.approx(0.75)


def test_confidence_is_unchanged_between_a_voice_off_and_its_closing_speech(room):
    room.hear(VoiceOn(at=s(4), onset=s(4)))
    room.hear(SpeechOn(at=s(4.5), who="Ana", onset=s(4), confidence=0.9))
    room.hear(VoiceOff(at=s(6.1), end=s(6)))
    assert room.confidence("Ana", Span.seconds(0, 7)) == pytest.approx(0.9)


def test_a_voice_that_is_renamed_gives_its_first_name_no_confidence(room):
    room.hear(SpeechOn(at=s(4.5), who="Ana", onset=s(4), confidence=0.9))
    room.hear(VoiceOff(at=s(6.1), end=s(6)))
    room.hear(speech(4, 6, who="Ben", confidence=0.8))
    assert room.confidence("Ana", Span.seconds(0, 7)) == 0.0
    assert room.confidence("Ben", Span.seconds(0, 7)) == pytest.approx(0.8)


def test_the_confidence_without_speech_is_zero(room):
    assert room.confidence("Ana", Span.seconds(0, 6)) == 0.0


@pytest.mark.parametrize(
    ("who", "end", "read"),
    [
        pytest.param("Ana", 5.0, True, id="up to the very end"),
        pytest.param("Ana", 5.3, True, id="the edge moved a little"),
        pytest.param("Ana", 5.4, False, id="a part is missing"),
        pytest.param("Ana", 1.9, False, id="what came after"),
        pytest.param("Ben", 5.0, False, id="somebody else's"),
    ],
)
def test_words_are_selected_by_person_and_end(room, who, end, read):
    room.hear(words(2, 5))
    assert (room.read(who, s(end)) is not None) == read


def test_the_later_of_two_readings_counts(room):
    room.hear(words(2, 5))
    room.hear(words(2, 5.1))
    assert room.read("Ana", s(5)).span == Span.seconds(2, 5.1)


def test_memory_does_not_grow_over_an_evening(room):
    for start in range(0, 2000, 2):
        room.hear(speech(start, start + 1))
        room.hear(words(start, start + 1))
    assert len(room.words("Ana")) <= CONFIG.remembered // s(2) + 2
    assert room.confidence("Ana", Span.seconds(0, 1000)) == 0


@pytest.mark.parametrize("still_speaking", [False, True])
@pytest.mark.parametrize(("began", "awaited"), [(3.8, True), (3.6, False)])
def test_last_words_under_anothers_voice_are_not_awaited(room, began, awaited, still_speaking):
    room.hear(speech(1, 3))
    room.hear(words(1, 3.1))
    room.hear(speech(3.5, 4))
    room.hear(SpeechOn(at=s(4), who="Ben", onset=s(began), confidence=0.9))
    if not still_speaking:
        room.hear(speech(began, 5, "Ben"))
    assert (room.read("Ana", s(4)) is None) == awaited


def test_a_single_unit_under_anothers_voice_is_awaited(room):
    room.hear(speech(1, 2, "Ben"))
    room.hear(speech(1.2, 1.8))
    assert room.read("Ana", s(1.8)) is None


def test_a_speaker_with_interjections_by_another_is_awaited(room):
    room.hear(speech(1, 3))
    room.hear(words(1, 3.1))
    room.hear(speech(3.7, 5.2, "Ben"))
    room.hear(speech(3.5, 6))
    assert room.read("Ana", s(6)) is None
