"""Errors as a person sees them: one line that says what went wrong and what to do, and an exit status other than 0.

Unusual files that can be read (another rate, more channels, a truncated file) are not errors.
"""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile as sf

from coach.audio.devices import portaudio
from coach.cli.main import main
from coach.cli.options import parsed_channels, parsed_enrolments
from coach.core.errors import BadSetting
from coach.core.resources import asset
from coach.core.settings import settings_path
from coach.core.span import RATE, Span
from coach.sessions import DiskFull, Store
from tests.without_voices import EVERY, without_voices

FAILED, WRONG_USAGE = 1, 2
PLAIN = ("--plain", "--transcriber", "none", "--no-check-in")
SILENCE_S = 120  # seconds; an hour gives the same, and takes a minute and a half
PATIENCE_S = 60.0  # for a child on a busy machine


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary folders in place of the user's; the working folder holds the files of the tests."""
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def talk() -> np.ndarray:
    """Two and a half seconds of speech, (n,) at 16 kHz."""
    sound, _ = sf.read(asset("sample.flac"), start=RATE, frames=RATE * 5 // 2, dtype="float32")
    return np.asarray(sound if sound.ndim == 1 else sound.mean(axis=1))


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The status of `coach ARGUMENTS`, and its only line on stderr; checks that stdout is empty."""
    status = main(list(arguments))
    out, err = capsys.readouterr()
    assert not out
    (line,) = err.splitlines()
    assert line.startswith("coach: ")
    return status, line


def coach(
    *arguments: str, start: tuple[str, ...] = (sys.executable, "-m", "coach"), **environment: str
) -> subprocess.CompletedProcess[str]:
    """The same in a separate process in the working folder, with `environment` added to the current one."""
    root = Path(main.__code__.co_filename).parents[2]
    path = os.pathsep.join(filter(None, [environment.pop("PYTHONPATH", ""), str(root)]))
    return subprocess.run(
        [*start, *arguments],
        env=os.environ | {"PYTHONPATH": path} | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


# ---------------------------------------------------------------------------------- files that cannot be heard


def _picture() -> bytes:
    """A PNG file of one pixel."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def _silent_film(path: Path) -> None:
    with av.open(str(path), "w") as film:
        stream = film.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 16
        for n in range(5):
            frame = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
            frame.pts, frame.time_base = n, Fraction(1, 5)
            film.mux(stream.encode(frame))
        film.mux(stream.encode())


@pytest.fixture
def unheard(tmp_path: Path) -> Path:
    """A folder of files without sound."""
    (tmp_path / "empty.wav").touch()
    (tmp_path / "picture.wav").write_bytes(_picture())
    (tmp_path / "noise.mp3").write_bytes(bytes(range(32, 127)) * 50)
    _silent_film(tmp_path / "film.mp4")
    (tmp_path / "folder").mkdir()
    return tmp_path


UNHEARD = [
    ("gone.wav", "there is no file gone.wav; check the name"),
    ("empty.wav", "empty.wav is an empty file"),
    ("picture.wav", "picture.wav"),
    ("noise.mp3", "noise.mp3"),
    ("film.mp4", "film.mp4 has no sound"),
]


@pytest.mark.usefixtures("unheard")
@pytest.mark.parametrize(("name", "says"), UNHEARD)
def test_analyze_says_in_one_line_why_a_file_cannot_be_read(name, says, capsys):
    status, line = said(capsys, "analyze", name, "--transcriber", "none", "--json")
    assert status == FAILED
    assert says in line


@pytest.mark.usefixtures("unheard")
@pytest.mark.parametrize(("name", "says"), [*UNHEARD, ("./folder", "folder is a folder")])
def test_listen_says_the_same_and_keeps_no_session(name, says, capsys):
    status, line = said(capsys, "listen", "--input", name, *PLAIN)
    assert status == FAILED
    assert says in line
    assert said(capsys, "review")[0] == FAILED


@pytest.mark.usefixtures("unheard")
def test_a_check_in_says_the_same(capsys):
    status, line = said(capsys, "setup", "voices", "--people", "Ana,Ben", "--input", "empty.wav", "--yes")
    assert status == FAILED
    assert "empty.wav is an empty file" in line


# ------------------------------------------------------------------------------------- odd files that can be heard


def analysed(capsys: pytest.CaptureFixture[str], path: Path) -> tuple[dict, str]:
    """The analysis of a readable file by `coach analyze`, and its messages."""
    assert main(["analyze", str(path), "--json", "--transcriber", "none"]) == 0
    out, err = capsys.readouterr()
    return json.loads(out), err


@pytest.mark.parametrize(
    ("rate", "channels", "subtype"),
    [(8_000, 1, "PCM_16"), (96_000, 1, "PCM_24"), (48_000, 6, "PCM_16"), (44_100, 2, "FLOAT")],
)
def test_any_rate_number_of_channels_and_format_can_be_read(tmp_path, capsys, talk, rate, channels, subtype):
    at = np.arange(len(talk) * rate // RATE) * RATE / rate
    sound = np.interp(at, np.arange(len(talk)), talk)
    sf.write(tmp_path / "odd.wav", np.repeat(sound[:, None], channels, axis=1), rate, subtype=subtype)
    found, err = analysed(capsys, tmp_path / "odd.wav")
    assert not err
    assert found["recording"]["channels"] == channels
    assert found["recording"]["duration_s"] == pytest.approx(2.5, abs=0.03)
    assert sum(row["end_s"] - row["start_s"] for row in found["speech"]) > 1.0


def test_a_truncated_file_is_analysed_as_far_as_it_goes_with_a_notice(tmp_path, capsys, talk):
    whole = tmp_path / "whole.wav"
    sf.write(whole, talk, RATE)
    cut = tmp_path / "cut.wav"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    found, err = analysed(capsys, cut)
    assert err.startswith("coach: cut.wav ends 1.0 s earlier than its header says")
    assert len(err.splitlines()) == 1
    assert found["recording"]["duration_s"] == pytest.approx(1.5, abs=0.03)
    assert found["speech"]


def test_silence_has_no_turns(tmp_path, capsys):
    sf.write(tmp_path / "silence.flac", np.zeros(SILENCE_S * 8_000, np.int16), 8_000)
    found, err = analysed(capsys, tmp_path / "silence.flac")
    assert not err
    assert found["recording"]["duration_s"] == SILENCE_S
    assert found["speech"] == found["turns"] == found["transfers"] == found["pauses"] == found["cues"] == []


# -------------------------------------------------------------------------------------------- what people type


@pytest.fixture
def file(tmp_path: Path, talk: np.ndarray) -> str:
    """The name of a readable file, so that only the other arguments are wrong."""
    sf.write(tmp_path / "talk.wav", talk, RATE)
    return "talk.wav"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["--pause", "fast"], "'fast' is neither a number of seconds nor 'grow'"),
        (["--pause", "0.1"], "--pause is 0.1, but it must be a number from 0.5 to 5"),
        (["--pause", "nan"], "--pause is nan"),
        (["--channels", "Ana"], "--channels contains 'Ana'; write it like Ana=1,Ben=2"),
        (["--channels", "Ana=0"], "counting channels from 1"),
        (["--channels", "Ana=1,Ben=1"], "'Ben=1' twice"),
        (["--channels", "Ana=1", "--people", "Anna,Ben"], "did you mean Anna?"),
        (["--people", "Ana,Ana"], "--people contains the same name twice"),
        (["--people", "Ana,ana"], "--people contains Ana and ana; capitals alone do not tell two people apart"),
        (["--people", "Ana,"], "--people contains"),
        (["--people", "?,Ben"], "--people contains"),
        (["--transcriber", "magic"], "'magic' is not one of"),
        (["--pauze", "2"], "--pauze"),
    ],
)
@pytest.mark.parametrize("command", ["analyze", "listen"])
def test_an_invalid_option_is_wrong_usage(command, typed, says, file, capsys):
    source = [file] if command == "analyze" else ["--input", file, "--plain"]
    status, line = said(capsys, command, *source, *typed)
    assert status == WRONG_USAGE
    assert says in line


def test_a_second_clip_of_one_person_is_refused():
    with pytest.raises(BadSetting, match="two clips for Ana"):
        parsed_enrolments(("Ana=one.wav", "Ana=two.wav"))


@pytest.mark.parametrize(
    ("typed", "says", "expected"),
    [
        ("Ana", "write it like Ana=0.5-6.0", WRONG_USAGE),
        ("Ana=6-2", "ends before it begins", WRONG_USAGE),
        ("Ana=gone.wav", "there is no file gone.wav", FAILED),
        ("Ana=6.7s", "from which second to which Ana speaks alone, like Ana=0.5-6.0", WRONG_USAGE),
        ("Ana=1:2:3:4-5", "like Ana=0.5-6.0", WRONG_USAGE),
        ("Ana=0.0-0.3", "too little speech of Ana", FAILED),
        ("Ana=100-110", "the recording ends at 2.5 s", FAILED),
    ],
)
def test_an_enrolment_with_too_little_speech_is_reported(typed, says, expected, file, capsys):
    status, line = said(capsys, "analyze", file, "--enrol", typed, "--transcriber", "none")
    assert status == expected
    assert says in line


@pytest.mark.parametrize(
    ("typed", "start_s", "end_s"),
    [
        ("0.5-6.0", 0.5, 6.0),
        ("0,5-6,0", 0.5, 6.0),
        ("0:01-0:06", 1.0, 6.0),
        ("1:00:01.5-1:00:06", 3601.5, 3606.0),
        ("0.5–6.0", 0.5, 6.0),
        ("0.5 − 6.0", 0.5, 6.0),
        ("0.5s-6s", 0.5, 6.0),
    ],
)
def test_times_of_an_enrolment_are_read_as_people_write_them(typed, start_s, end_s):
    (enrolment,) = parsed_enrolments((f"Ana={typed}",))
    assert enrolment.spans == (Span.seconds(start_s, end_s),)


def test_a_name_on_the_command_line_is_the_same_in_either_unicode_form():
    (enrolment,) = parsed_enrolments(("Zoe\u0308=0-2", "Zo\u00eb=3-5"))
    assert enrolment.who == "Zo\u00eb"
    assert parsed_channels("Zoe\u0308=1") == {"Zo\u00eb": 0}


def test_a_person_on_a_missing_channel_is_reported(file, capsys):
    status, line = said(capsys, "analyze", file, "--channels", "Ana=1,Ben=2", "--transcriber", "none")
    assert status == FAILED
    assert "so none is left for Ben" in line


@pytest.mark.parametrize(
    ("typed", "nearest"), [("lissten", "listen"), ("analyse", "analyze"), ("docter", "doctor"), ("reviews", "review")]
)
def test_the_error_for_an_unknown_command_names_the_nearest(typed, nearest, capsys):
    status, line = said(capsys, typed)
    assert status == WRONG_USAGE
    assert f"there is no command '{typed}'; did you mean {nearest}?" in line


@pytest.mark.parametrize("command", [["analyze"], ["export"], ["setup", "voice"], ["setup", "wisper"]])
def test_a_command_without_a_required_argument_is_wrong_usage(command, capsys):
    assert said(capsys, *command)[0] == WRONG_USAGE


@pytest.mark.parametrize("command", [["review", "7"], ["export", "7"], ["forget", "7"], ["review"]])
def test_a_missing_session_is_reported(command, capsys):
    assert said(capsys, *command)[0] == FAILED


@pytest.mark.parametrize("command", [["forget"], ["forget", "seven"], ["review", "seven"], ["setup", "voices"]])
def test_an_impossible_session_or_person_is_wrong_usage(command, capsys):
    assert said(capsys, *command)[0] == WRONG_USAGE


def test_the_error_for_an_unknown_whisper_model_names_the_nearest(capsys):
    status, line = said(capsys, "setup", "whisper", "bose.en")
    assert status == WRONG_USAGE
    assert "base.en" in line


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("pauze = 2.5\n", "did you mean pause?"),
        ("pause = 'long'\n", "must be a number"),
        ("pause = \n", "is not valid TOML"),
    ],
)
@pytest.mark.parametrize("command", ["analyze", "listen", "setup"])
def test_a_mistake_in_the_settings_file_is_reported_with_its_place(command, written, says, file, capsys):
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text(written, encoding="utf-8")
    source = {"analyze": [file], "listen": ["--input", file, "--plain"], "setup": []}[command]
    status, line = said(capsys, command, *source)
    assert status == WRONG_USAGE
    assert says in line
    assert "settings.toml" in line


def test_doctor_goes_on_with_a_mistake_in_the_settings_file(capsys):
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text("pauze = 2.5\n", encoding="utf-8")
    main(["doctor", "--input", "no such microphone"])
    out, _ = capsys.readouterr()
    (line,) = [line for line in out.split("\n") if "settings:" in line]
    assert line.startswith("warning")
    assert "-> did you mean pause?" in out


def test_debug_shows_where_an_error_with_one_of_several_recordings_came_from(capsys):
    assert main(["--debug", "analyze", "gone.wav", "--transcriber", "none"]) == FAILED
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert err.splitlines()[-1].startswith("coach: there is no file")


def test_debug_shows_where_an_error_came_from(capsys):
    assert main(["--debug", "listen", "--input", "gone.wav"]) == FAILED
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert err.splitlines()[-1].startswith("coach: there is no file gone.wav")


# ------------------------------------------------------------------------------------- what a machine may lack


def test_a_microphone_that_does_not_exist_is_reported(capsys):
    status, line = said(capsys, "listen", "--input", "no such microphone", "--plain")
    assert status == FAILED
    some = any(device.inputs for device in portaudio().devices())
    assert ("there is no microphone called 'no such microphone'" if some else "this machine has no microphone") in line


@pytest.fixture
def _without_portaudio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Importing sounddevice fails as if the library were not installed."""
    folder = tmp_path / "without"
    folder.mkdir()
    (folder / "sounddevice.py").write_text("raise OSError('PortAudio library not found')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    portaudio.cache_clear()
    yield
    portaudio.cache_clear()


@pytest.mark.usefixtures("_without_portaudio")
@pytest.mark.parametrize("command", [["devices"], ["listen", "--plain"]])
def test_without_portaudio_one_line_says_what_to_install(command, capsys):
    status, line = said(capsys, *command)
    assert status == FAILED
    assert line.startswith("coach: PortAudio, the library")
    assert "apt-get install libportaudio2" in line


@pytest.mark.usefixtures("_without_portaudio")
def test_without_portaudio_listen_still_works_with_a_file(file, capsys):
    assert main(["listen", "--input", file, *PLAIN]) == 0
    out, _ = capsys.readouterr()
    assert "cues will only be shown, not heard: PortAudio" in out
    assert "speech" in out


@pytest.mark.usefixtures("_without_portaudio")
def test_doctor_without_portaudio_fails_but_still_checks_the_rest(capsys):
    assert main(["doctor"]) == FAILED
    out, _ = capsys.readouterr()
    for part in ("PortAudio", "microphone", "speaker"):
        assert f"missing  {part}: " in out
    assert "times as fast as talk" in out
    assert "settings:" in out


PREPARE = """
import sys
from pathlib import Path
from coach.core.settings import Settings
from coach.cues import own_catalogue, own_sounds

def prepared():
    sounds = own_sounds(Settings(), own_catalogue(Settings()))
    print(*sounds.prepare(), *sounds.prepare(), sep="\\n")

prepared()
print("with a wording of one's own")
Path(sys.argv[1]).mkdir(parents=True)
Path(sys.argv[1], "en.toml").write_text('[inward]\\nwordings = ["…and now?"]\\n', encoding="utf-8")
prepared()
"""


@pytest.fixture
def without(tmp_path: Path) -> dict[str, str]:
    """An environment in which what MISSING names is not installed, nor the program of a system voice."""
    return without_voices(tmp_path / "voiceless")


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("espeak", ""),
        ("pyttsx3", ""),
        ("hibari", r"the neural voice cannot speak here \(.*hibari.*another voice speaks instead"),
        ("hibari py_nanotts espeak", r"no voice on this machine \(.*cues will be tones"),
        (EVERY, r"no voice on this machine \(.*cues will be tones"),
    ],
)
def test_a_voice_that_is_missing_is_named_once_and_only_if_it_was_needed(without, tmp_path, missing, says):
    """What ships needs no voice; a wording of one's own does."""
    cues = tmp_path / "data" / "coach" / "cues"
    done = coach(str(cues), start=(sys.executable, "-c", PREPARE), MISSING=missing, **without)
    assert done.returncode == 0, done.stderr
    shipped, _, own = map(str.strip, done.stdout.partition("with a wording of one's own\n"))
    assert shipped == ""
    if not says:
        assert own == ""
    elif missing == "hibari":
        assert re.fullmatch(says, own), done.stdout
    else:
        first, second = own.splitlines()
        assert first == second
        assert re.match(says, first), first


def test_without_any_voice_the_session_goes_on(without, file):
    done = coach("listen", "--input", file, *PLAIN, MISSING=f"{EVERY} espeak", **without)
    assert done.returncode == 0, done.stderr
    assert "speech" in done.stdout


FILL = """
mount -t tmpfs -o size=512k full "$DISK" || exit 99
mkdir "$DISK/coach"
if [ "$EARLIER" ]; then "$PYTHON" -m coach sessions >/dev/null; fi
cat /dev/zero >"$DISK/filled" 2>/dev/null
XDG_DATA_HOME="$DISK" exec "$PYTHON" -m coach "$@"
"""


@pytest.mark.parametrize("earlier", ["", "an evening"])
def test_on_a_full_disk_the_session_goes_on_and_says_so(earlier, tmp_path, file):
    """A small disk, completely full, is mounted so that only the child process sees it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    alone = ("unshare", "--map-root-user", "--mount", "sh", "-c", FILL, "sh")
    arguments = ("listen", "--input", file, "--cues", "none", *PLAIN)
    done = coach(*arguments, start=alone, DISK=str(disk), EARLIER=earlier, PYTHON=sys.executable)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("the disk is full: the session goes on") == 1
    assert "speech" in done.stdout
    assert "the sound ended" in done.stdout
    assert "No turns were heard" not in done.stdout
    assert "this session · " in done.stdout
    assert done.stderr == "coach: this session could not be stored, so nothing was kept\n"


def test_a_disk_that_fills_during_a_session_takes_nothing_from_the_review_at_its_end(
    file, monkeypatch, capsys: pytest.CaptureFixture[str]
):
    def full(*_: object) -> None:
        raise DiskFull("the disk is full")

    monkeypatch.setattr(Store, "write", full)
    assert main(["listen", "--input", file, "--cues", "none", *PLAIN]) == 0
    out, err = capsys.readouterr()
    assert "No turns were heard" not in out
    assert "1 turn heard" in out
    assert re.fullmatch(
        "coach: kept as session 1, without its last [1-9] events, which could not be stored; "
        "`coach review 1` shows what was stored, .*\n",
        err,
    )


READ_ONLY = """
mkdir "$HOME_" && mount --bind "$HOME_" "$HOME_" && mount -o remount,ro,bind "$HOME_" || exit 99
export XDG_DATA_HOME="$HOME_/data" XDG_CONFIG_HOME="$HOME_/config" XDG_CACHE_HOME="$HOME_/cache" HOME="$HOME_"
exec "$PYTHON" -m coach "$@"
"""


def test_with_a_home_that_cannot_be_written_the_coach_listens_and_keeps_nothing(tmp_path, file):
    """The home is mounted read-only so that only the child process sees it."""
    home = tmp_path / "home"
    alone = ("unshare", "--map-root-user", "--mount", "sh", "-c", READ_ONLY, "sh")
    arguments = ("listen", "--input", file, "--cues", "none", *PLAIN)
    done = coach(*arguments, start=alone, HOME_=str(home), PYTHON=sys.executable)
    assert done.returncode == 0, done.stderr
    refused = f"{home / 'data' / 'coach'} cannot be written: it is read-only; this session is not kept"
    assert done.stdout.count(refused) == 1
    assert "1 turn heard" in done.stdout
    assert done.stderr == "coach: this session could not be stored, so nothing was kept\n"


UNWRITABLE = "/sys/of-the-kernel"  # where nobody may make a folder


def test_a_rehearsal_goes_on_where_nothing_can_be_written(file, monkeypatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("XDG_DATA_HOME", UNWRITABLE)
    assert main(["rehearse", "--input", file, "--cues", "none", *PLAIN[:3]]) == 0
    out, err = capsys.readouterr()
    assert len(re.findall(f"{UNWRITABLE}/coach cannot be written: .*; this session is not kept", out)) == 1
    assert err == "coach: this round could not be stored, so nothing was kept\n"


@pytest.mark.parametrize(("command", "keep"), [("listen", "words"), ("listen", "audio"), ("rehearse", "words")])
def test_where_nothing_can_be_written_words_and_sound_are_not_promised(command, keep, file, monkeypatch, capsys):
    monkeypatch.setenv("XDG_DATA_HOME", UNWRITABLE)
    status, line = said(capsys, command, "--input", file, "--keep", keep, "--cues", "none", *PLAIN[:3])
    assert status == FAILED
    assert line.startswith(f"coach: {UNWRITABLE}/coach cannot be written: ")
    assert "words and sound cannot be kept" in line


def test_a_download_without_a_network_fails_and_leaves_no_partial_file(tmp_path):
    """Port 9 of this machine, on which nothing answers, replaces the hub."""
    done = coach("setup", "whisper", "tiny.en", HF_ENDPOINT="http://127.0.0.1:9")
    assert done.returncode == FAILED
    (line,) = done.stderr.splitlines()
    assert line.startswith("coach: the model tiny.en could not be downloaded")
    assert not list((tmp_path / "data" / "coach" / "models").iterdir())
