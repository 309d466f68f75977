"""The real Moonshine model on the voice from its wheel."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest
import soxr
from moonshine_voice.transcriber import Transcriber

from coach.asr.engines.moonshine import MoonshineTranscriber
from coach.core.errors import Missing
from coach.core.span import RATE

NO_NETWORK = """
import sys
def refuse(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request"):
        raise SystemExit(f"the network was used: {event}")
sys.addaudithook(refuse)
import numpy as np
from coach.asr.engines.moonshine import MoonshineTranscriber
MoonshineTranscriber().transcribe(np.random.default_rng(1).normal(0, 0.1, 16000).astype(np.float32))
print("done")
"""


@pytest.fixture(scope="module")
def moonshine() -> Iterator[MoonshineTranscriber]:
    engine = MoonshineTranscriber()
    yield engine
    engine.close()
    engine.close()


def test_a_voice_becomes_words(moonshine: MoonshineTranscriber, reading: np.ndarray) -> None:
    text = moonshine.transcribe(reading[: 6 * RATE]).lower()
    assert "it was the best of times" in text
    assert "worst of times" in text


def test_words_at_the_very_start_of_a_span_are_recognised(moonshine: MoonshineTranscriber, reading: np.ndarray) -> None:
    onset = int(np.argmax(np.abs(reading) > 0.02))
    assert moonshine.transcribe(reading[onset - 800 : onset + 3 * RATE]).lower().startswith("it was the best")


def test_one_thread_does_all_the_work(moonshine: MoonshineTranscriber, reading: np.ndarray) -> None:
    whole, own = time.process_time(), time.thread_time()
    moonshine.transcribe(reading[: 6 * RATE])
    whole, own = time.process_time() - whole, time.thread_time() - own
    assert whole < 1.2 * own


def test_long_sound_is_cut_into_pieces_that_stay_in_order(moonshine: MoonshineTranscriber, reading: np.ndarray) -> None:
    text = moonshine.transcribe(reading[: 25 * RATE]).lower()
    places = [text.find(words) for words in ("best of times", "wisdom", "incredulity", "darkness")]
    assert -1 not in places
    assert places == sorted(places)


def test_no_piece_is_longer_than_the_library_decodes_quickly(
    moonshine: MoonshineTranscriber, reading: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths = []
    call = Transcriber.transcribe_without_streaming

    def watched(self: Transcriber, samples: list[float], rate: int) -> object:
        lengths.append(len(samples))
        return call(self, samples, rate)

    monkeypatch.setattr(Transcriber, "transcribe_without_streaming", watched)
    moonshine.transcribe(reading[: 14 * RATE])
    assert (len(lengths), sum(lengths)) == (2, 14 * RATE)
    assert max(lengths) <= 10 * RATE


def test_fast_speech_keeps_its_last_words(moonshine: MoonshineTranscriber, reading: np.ndarray) -> None:
    frames = reading[: 18 * RATE].reshape(-1, 320)
    without_pauses = frames[np.max(np.abs(frames), axis=1) > 0.02].ravel()[: 4 * RATE]
    hurried = soxr.resample(without_pauses, 13, 10).astype(np.float32)  # 7 words a second
    assert moonshine.transcribe(hurried).lower().count("it was the age") == 2


def test_silence_very_short_sound_and_no_sound_give_no_words(moonshine: MoonshineTranscriber) -> None:
    assert moonshine.transcribe(np.zeros(3 * RATE, dtype=np.float32)) == ""
    assert moonshine.transcribe(np.zeros(0, dtype=np.float32)) == ""
    assert moonshine.transcribe(np.full(800, 0.1, dtype=np.float32)) == ""


def test_a_tone_gives_no_words(moonshine: MoonshineTranscriber, hum: np.ndarray) -> None:
    assert moonshine.transcribe(hum) == ""


def test_it_has_a_name_and_languages_for_people(moonshine: MoonshineTranscriber) -> None:
    assert (moonshine.name, moonshine.languages) == ("moonshine tiny", "English")


def test_it_opens_no_connection() -> None:
    run = subprocess.run([sys.executable, "-c", NO_NETWORK], capture_output=True, text=True, timeout=120, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, "done"), run.stderr


def test_without_its_wheel_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moonshine_voice", None)  # what importing finds where there is no wheel
    with pytest.raises(Missing, match=r"Moonshine cannot run here .*coach setup whisper") as told:
        MoonshineTranscriber()
    assert "\n" not in str(told.value)
