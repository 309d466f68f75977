"""The coach's voice, rendered by this machine's real synthesiser (Debian: espeak-ng)."""

import sys
import threading

import numpy as np
import pytest
import soundfile

from coach.coaching import Catalogue, with_forms
from coach.core.errors import BadInput, Missing
from coach.core.span import RATE
from coach.cues.loudness import CONFIG as LOUDNESS
from coach.cues.recordings import CONFIG as RECORDING
from coach.cues.recordings import read
from coach.cues.sounds import CueSounds
from coach.cues.tts.rendering import CONFIG as RENDERING
from coach.cues.tts.rendering import render, shape
from tests.runtime.staged import VOICELESS

HANGS = (sys.executable, "-c", "import time; time.sleep(60)")
FAILS = (sys.executable, "-c", "import sys; sys.exit('OSError: no speech library')")
LEAVES_NOTHING = (sys.executable, "-c", "pass")
LEAVES_SILENCE = (
    sys.executable,
    "-c",
    "import sys, numpy, soundfile; soundfile.write(sys.argv[1], numpy.zeros(16000), 16000)",
)
LEAVES_A_CLICK = (
    sys.executable,
    "-c",
    "import sys, numpy, soundfile; soundfile.write(sys.argv[1], numpy.ones(800) / 2, 16000)",
)
LEAVES_TEXT = (sys.executable, "-c", "import sys; open(sys.argv[1], 'w').write('no sound')")


def decibels(value):
    return 20 * np.log10(value)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    out = tmp_path_factory.mktemp("a voice") / "cue.wav"
    render("…and how is that in you?", out)
    return out


def test_a_cue_is_spoken_as_one_channel_at_sixteen_kilohertz(spoken):
    info = soundfile.info(spoken)
    assert (info.samplerate, info.channels, info.subtype) == (RATE, 1, "PCM_16")
    assert 1.0 < info.duration < 3.0


def test_a_cue_is_quiet_and_clips_nowhere(spoken):
    sound = read(spoken)
    loud = sound[np.abs(sound) > 0.01 * np.max(np.abs(sound))]
    assert decibels(np.sqrt(np.mean(loud**2))) == pytest.approx(LOUDNESS.clip, abs=1.0)
    assert decibels(np.max(np.abs(sound))) <= RENDERING.peak


def test_a_cue_has_no_silence_at_its_ends(spoken):
    sound = read(spoken)
    peak = np.max(np.abs(sound))
    loud = np.flatnonzero(np.abs(sound) > 0.02 * peak)
    assert loud[0] < RATE // 10
    assert sound.size - loud[-1] < RATE // 5


def test_a_long_line_is_spoken_to_its_end(tmp_path):
    """Several sentences take longer to synthesise than a cue; none of them may be lost."""
    line = " ".join(f"This is sentence number {n}, read slowly from beginning to end." for n in range(8))
    render(line, tmp_path / "long.wav")
    assert soundfile.info(tmp_path / "long.wav").duration > 0.25 * len(line.split())


def test_a_slower_rate_takes_longer(tmp_path, spoken):
    render("…and how is that in you?", tmp_path / "slow.wav", rate=90)
    assert soundfile.info(tmp_path / "slow.wav").duration > 1.15 * soundfile.info(spoken).duration


def test_another_voice_sounds_different(tmp_path, spoken):
    render("…and how is that in you?", tmp_path / "other.wav", voice="gmw/en-us")
    assert (tmp_path / "other.wav").read_bytes() != spoken.read_bytes()


def test_the_error_for_a_voice_that_does_not_exist_names_it(tmp_path):
    with pytest.raises(Missing, match=r"no voice 'no/such-voice'; did you mean '.*cues will be tones"):
        render("and you?", tmp_path / "x.wav", voice="no/such-voice")


def test_rendering_works_from_a_thread_of_the_coach(tmp_path):
    thread = threading.Thread(target=render, args=("and you?", tmp_path / "thread.wav"))
    thread.start()
    thread.join(30)
    assert read(tmp_path / "thread.wav").size > RECORDING.shortest


@pytest.mark.parametrize(
    ("speak", "said"),
    [
        pytest.param(FAILS, "OSError: no speech library", id="no library"),
        pytest.param(LEAVES_NOTHING, "wrote no file", id="exits well and writes nothing"),
        pytest.param(LEAVES_SILENCE, "wrote silence", id="silence"),
        pytest.param(LEAVES_A_CLICK, "wrote silence", id="a click"),
        pytest.param(LEAVES_TEXT, "not sound", id="not a sound file"),
        pytest.param(("no-such-program",), "no-such-program", id="no program"),
    ],
)
def test_a_synthesiser_that_fails_gives_one_clear_line_and_leaves_no_file(tmp_path, speak, said):
    with pytest.raises(Missing) as caught:
        render("and you?", tmp_path / "x.wav", speak=speak)
    assert said in str(caught.value)
    assert "apt-get install espeak-ng" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_synthesiser_that_hangs_is_killed(tmp_path):
    with pytest.raises(Missing, match=r"hung for 0\.5 s"):
        render("and you?", tmp_path / "x.wav", speak=HANGS, timeout=0.5)
    assert list(tmp_path.iterdir()) == []


def test_a_loud_peak_is_kept_under_the_ceiling():
    sound = np.full(RATE, 0.001, dtype=np.float32)
    sound[RATE // 2] = 1.0
    sound[RATE // 4 : RATE // 2] = 0.02
    assert decibels(np.max(np.abs(shape(sound)))) <= RENDERING.peak + 1e-3


def test_a_sound_begins_and_ends_softly():
    out = shape(np.full(RATE, 0.3, dtype=np.float32))
    assert abs(out[0]) < 1e-6
    assert abs(out[-1]) < 1e-3
    assert np.all(np.diff(np.abs(out[: RATE // 50])) >= 0)


# -------------------------------------------------------------------------------------------------- all sounds


@pytest.fixture
def few():
    """A catalogue with two wordings, so that tests are quick."""
    said = '[inward]\nwordings = ["…and you?"]\n[let_it_land]\nwordings = ["…let that land."]\n'
    return Catalogue.load(override=f"{said}[slower]\nenabled = false\n")


def test_a_wording_is_rendered_only_once(tmp_path, few):
    cache, steps = tmp_path / "cache", []
    assert CueSounds(cache, few).prepare([("consent", "All done.")], lambda *step: steps.append(step)) == []
    assert steps == [(1, 3), (2, 3), (3, 3)]
    before = {path: path.stat().st_mtime_ns for path in cache.iterdir()}
    assert len(before) == 3
    assert CueSounds(cache, few, **VOICELESS).prepare([("consent", "All done.")]) == []
    assert {path: path.stat().st_mtime_ns for path in cache.iterdir()} == before


def test_another_rate_is_another_rendering(tmp_path, few):
    CueSounds(tmp_path, few).prepare()
    assert CueSounds(tmp_path, few, rate=100).clip("inward", "…and you?") is None


def test_a_clip_is_float32_and_only_read(tmp_path, few):
    sounds = CueSounds(tmp_path, few)
    assert sounds.clip("inward", "…and you?") is None
    sounds.prepare()
    clip = sounds.clip("inward", "…and you?")
    assert clip.dtype == np.float32
    assert clip.ndim == 1
    assert clip.size > RECORDING.shortest


def test_a_broken_file_in_the_cache_is_rendered_again(tmp_path, few):
    sounds = CueSounds(tmp_path, few)
    sounds.prepare()
    for path in tmp_path.iterdir():
        path.write_bytes(b"torn")
    assert sounds.clip("inward", "…and you?") is None
    assert sounds.prepare() == []
    assert sounds.clip("inward", "…and you?") is not None


def test_without_a_voice_there_is_one_notice_and_tones_still_work(tmp_path, few):
    sounds = CueSounds(tmp_path, few, **VOICELESS)
    [notice] = sounds.prepare()
    assert "cues will be tones" in notice
    assert sounds.clip("inward", "…and you?") is None
    assert sounds.clip("too_soon").size == round(0.9 * RATE)
    assert sounds.clip("over").size == round(0.9 * RATE)


def test_a_cache_that_cannot_be_written_gives_one_notice(tmp_path, few):
    (tmp_path / "file").write_text("in the way")
    [notice] = CueSounds(tmp_path / "file" / "cache", few).prepare()
    assert notice.startswith("rendered cues cannot be kept (")
    assert "[Errno" not in notice


def hum(hertz, seconds=1.0, level=0.3, rate=44_100):
    return level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def pitch(clip):
    return np.argmax(np.abs(np.fft.rfft(clip, RATE)))


def test_a_persons_own_recording_takes_precedence(tmp_path, few):
    own = tmp_path / "own"
    own.mkdir()
    for name, hertz in (("too_soon", 300), ("inward", 400), ("let_it_land-1", 500), ("let_it_land", 600)):
        soundfile.write(own / f"{name}.wav", np.stack([hum(hertz)] * 2, 1), 44_100)
    sounds = CueSounds(tmp_path / "cache", few, own=own, **VOICELESS)
    assert sounds.prepare() == []
    clips = [("too_soon", ""), ("inward", "…and you?"), ("let_it_land", "…let that land.")]
    assert [pitch(sounds.clip(*clip)) for clip in clips] == [300, 400, 500]


def test_a_persons_own_recording_of_words_does_not_replace_a_tone(tmp_path, few):
    for name, hertz in (("inward", 400), ("inward-1", 400), ("too_soon", 300), ("let_it_land", 500)):
        soundfile.write(tmp_path / f"{name}.wav", hum(hertz), 44_100)
    mine = with_forms(few, in_words=["too_soon"], as_tones=["inward"])
    sounds = CueSounds(tmp_path / "cache", mine, own=tmp_path, **VOICELESS)
    assert sounds.prepare() == []
    assert np.array_equal(sounds.clip("inward"), sounds.clip("heard"))
    assert pitch(sounds.clip("too_soon", "…let that land.")) == 500


@pytest.mark.parametrize("level", [0.02, 0.9])
def test_a_persons_own_recording_is_as_quiet_as_the_coach(tmp_path, few, level):
    silence = np.zeros(44_100)
    soundfile.write(tmp_path / "inward.wav", np.concatenate([silence, hum(220, level=level), silence]), 44_100)
    clip = CueSounds(tmp_path / "cache", few, own=tmp_path).clip("inward", "…and you?")
    assert decibels(np.sqrt(np.mean(clip[RATE // 4 : -RATE // 4] ** 2))) == pytest.approx(LOUDNESS.clip, abs=1.5)
    assert clip.size < 1.2 * RATE
    assert max(np.abs(clip[:16])) < 0.01 * np.max(np.abs(clip))  # a millisecond


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("inward.wav", "cannot be read as sound"),
        ("inwrd.wav", "did you mean 'inward'"),
        ("inward-7.wav", "has no wording 7"),
    ],
)
def test_an_unusable_recording_is_reported_and_the_coachs_own_sound_plays(tmp_path, few, name, said):
    own = tmp_path / "own"
    own.mkdir()
    (own / name).write_bytes(b"no sound")
    sounds = CueSounds(tmp_path / "cache", few, own=own)
    [notice] = sounds.prepare()
    assert said in notice
    assert "\n" not in notice
    assert sounds.clip("inward", "…and you?") is not None


def test_a_file_without_samples_is_refused(tmp_path):
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), RATE)
    with pytest.raises(BadInput, match=r"empty\.wav contains no sound"):
        read(tmp_path / "empty.wav")
