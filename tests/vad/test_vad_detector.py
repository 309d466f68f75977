"""The fallback detector finds speech and its edges where no network can run, and says that it is a fallback."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from coach.core.errors import Missing
from coach.core.events import Speech
from coach.core.span import Span, as_samples
from coach.diarization import Ear, MicrophonesEar, Senses
from coach.vad import SILERO, choose_detector
from coach.vad.activity import ACTIVITY
from coach.vad.frames import FRAME
from coach.vad.silero import WINDOW
from coach.vad.webrtc import CONFIG, WebRtc
from tests.vad.made_sound import ANA_ALONE, heard, laid, loud_part, room

EDGE = WINDOW + CONFIG.decision + FRAME  # samples; a window may end before an edge, a decision and a frame after it


def windows(sound: np.ndarray) -> np.ndarray:
    return sound[: len(sound) // WINDOW * WINDOW].reshape(-1, WINDOW)


def speech_in(sound: np.ndarray) -> list[Span]:
    ear = Ear(everyone="Ana", senses=Senses(choose_detector("webrtc")))
    return [event.span for event in heard(ear, sound) if isinstance(event, Speech)]


# ---------------------------------------------------------------------------------------------------- what it hears


@pytest.mark.parametrize("offset", [0.0, 0.003, 0.0137, 0.02])
def test_speech_is_found_with_its_edges_without_a_network(offset: float, ana: np.ndarray) -> None:
    begins = as_samples(1.5 + offset)
    (speech,) = speech_in(laid(6.0, (1.5 + offset, ana)))
    assert abs(speech.start - begins) <= EDGE
    assert abs(speech.end - (begins + len(ana))) <= EDGE + ACTIVITY.after * FRAME


def test_each_person_s_speech_is_found_in_their_own_channel(ana: np.ndarray, ben: np.ndarray) -> None:
    sound = np.stack([laid(9.0, (1.5, ana), (5.5, 0.1 * ben)), laid(9.0, (1.5, 0.1 * ana), (5.5, ben))], axis=1)
    ear = MicrophonesEar({"Ana": 0, "Ben": 1}, choose_detector("webrtc"))
    said = [event for event in heard(ear, sound) if isinstance(event, Speech)]
    assert [event.who for event in said] == ["Ana", "Ben"]
    for event, begins, piece in zip(said, (1.5, 5.5), (ana, ben), strict=True):
        assert abs(event.span.start - as_samples(begins)) <= EDGE
        assert abs(event.span.end - as_samples(begins) - len(piece)) <= EDGE + ACTIVITY.after * FRAME


@pytest.mark.parametrize("dbfs", [-100.0, -60.0, -40.0])
def test_a_room_in_which_nobody_speaks_stays_silent(dbfs: float) -> None:
    assert speech_in(room(6.0, dbfs=dbfs)) == []


def test_a_door_is_no_speech() -> None:
    door = room(0.4, dbfs=-6, seed=3) * np.exp(-np.arange(as_samples(0.4)) / as_samples(0.05)).astype(np.float32)
    assert speech_in(laid(5.0, (2.0, door))) == []


@pytest.mark.parametrize("at_once", [1, 7, 16])
def test_how_many_windows_come_at_once_changes_no_bit(at_once: int) -> None:
    sound = windows(laid(4.0, (1.0, loud_part(*ANA_ALONE, at_least=1.5))))
    detector = WebRtc()
    parts = [detector.windows(sound[n : n + at_once]) for n in range(0, len(sound), at_once)]
    assert [told for part in parts for told in part] == WebRtc().windows(sound)


def test_what_is_told_lies_between_the_least_and_the_most(ana: np.ndarray) -> None:
    told = WebRtc().windows(windows(laid(5.0, (1.0, ana))))
    assert (min(told), max(told)) == (CONFIG.least, CONFIG.most)


# ------------------------------------------------------------------------------------------------------- the choice


def test_the_network_hears_where_it_can_run() -> None:
    assert choose_detector() is choose_detector("silero") is SILERO
    assert not SILERO.notice


def no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)


def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.vad.silero.MODEL", "gone.onnx")


def no_such_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise RuntimeError("this processor is not supported\nmore of it")

    monkeypatch.setattr("onnxruntime.InferenceSession", refuses)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (no_package, "import of onnxruntime halted; None in sys.modules"),
        (no_model, "the file gone.onnx is missing from this installation of the coach; reinstall the coach"),
        (no_such_processor, "this processor is not supported"),
    ],
)
def test_where_the_network_cannot_run_a_line_says_why_and_what_that_means(broken, reason, monkeypatch) -> None:
    broken(monkeypatch)
    detector = choose_detector()
    assert detector.name == "WebRTC"
    assert detector.notice == (
        f"the neural network for speech cannot run here ({reason}): "
        "a simpler voice detector is used (WebRTC); it takes more noise for speech"
    )
    with pytest.raises(Missing, match="--voice-activity webrtc"):
        choose_detector("silero")


def test_the_simpler_detector_can_be_chosen_and_then_no_network_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    no_package(monkeypatch)
    detector = choose_detector("webrtc")
    assert detector.notice == "a simpler voice detector is used (WebRTC); it takes more noise for speech"


def test_with_neither_of_them_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    no_package(monkeypatch)
    monkeypatch.setitem(sys.modules, "webrtcvad", None)
    with pytest.raises(Missing, match="install the package webrtcvad-wheels"):
        choose_detector()
