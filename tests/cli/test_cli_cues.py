"""`coach cues`: users change wordings, voice and recordings."""

from __future__ import annotations

import os
import shlex
import stat
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.audio.player import NoPlayer
from coach.audio.source import Samples
from coach.cli import doctor
from coach.cli.main import main
from coach.coaching import Catalogue
from coach.core.errors import Missing
from coach.core.settings import Settings, data_folder
from coach.core.span import RATE
from coach.cues.wordings import own_catalogue, own_sounds


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary folders in place of the user's cues and settings."""
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def folder() -> Path:
    made = data_folder() / "cues"
    made.mkdir()
    return made


def settle(tmp_path: Path, text: str) -> None:
    """Writes the settings file."""
    (tmp_path / "config" / "coach").mkdir(parents=True)
    (tmp_path / "config" / "coach" / "settings.toml").write_text(text)


def hum(path: Path, seconds: float = 1.0, level: float = 0.3, rate: int = 48_000, hertz: int = 220) -> Path:
    sf.write(path, level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate), rate)
    return path


class Heard(NoPlayer):
    """A speaker whose time passes with each call that asks whether it has finished."""

    clips: list[tuple[Samples, float]] = []  # noqa: RUF012  # of all instances, for the tests

    def __init__(self, device: str | None) -> None:
        super().__init__()

    def play(self, clip: Samples, gain_db: float = 0.0, name: str = "") -> None:
        self.clips.append((clip, gain_db))
        super().play(clip, gain_db, name)

    def finished(self):  # type: ignore[no-untyped-def]
        self.reference(RATE)
        return super().finished()


@pytest.fixture
def speaker(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Samples, float]]:
    for module in ("cues", "voices"):
        monkeypatch.setattr(f"coach.cli.{module}.Player", Heard)
    monkeypatch.setattr(Heard, "clips", [])
    return Heard.clips


# ------------------------------------------------------------------------------------------------------ the list


def test_every_wording_is_listed_with_its_number_and_the_kind_that_it_asks_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["cues"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    for entry in Catalogue.load().entries.values():
        assert [entry.kind] in [row[:1] for row in rows]
        for number, text in enumerate(entry.wordings, 1):
            (row,) = [row for row in rows if row[0] == f"{entry.kind}-{number}"]
            assert row[1] == text.split()[0]
            if text in entry.toward:
                assert row[-1] == entry.toward[text]


def test_another_language_is_listed_in_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cues", "--language", "de"]) == 0
    assert "…und wie ist das in dir?" in capsys.readouterr().out


def test_a_language_without_cues_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settle(tmp_path, 'language = "fr"')
    assert main(["cues"]) == 0
    out, err = capsys.readouterr()
    assert "…and how is that in you?" in out
    assert err == "coach: there are no cues in 'fr', so they are in 'en'\n"


def test_every_mistake_in_the_copy_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "en.toml").write_text("[inwards]\nenabled = true\n[let_it_land]\nwordings = []\n")
    assert main(["cues"]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first == f"coach: {folder / 'en.toml'}: [inwards] is unknown; did you mean 'inward'?"
    assert "[let_it_land] needs at least one wording" in second


def test_a_recording_that_cannot_be_used_is_reported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "inward-2.wav").write_bytes(b"no sound")
    assert main(["cues"]) == 0
    assert "your cue inward-2.wav is not used" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------------- to switch


def test_a_cue_is_switched_off_and_on_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "en.toml").write_text('# mine\n[inward]\nwordings = ["…and you?"]  # short\n')
    assert main(["cues", "off", "inward", "over"]) == 0
    mine = own_catalogue(Settings())
    assert [mine[kind].enabled for kind in ("inward", "over", "too_soon")] == [False, False, True]
    assert mine["inward"].wordings == ("…and you?",)
    assert main(["cues"]) == 0
    assert "a tone, off" in capsys.readouterr().out
    assert main(["cues", "on", "inward"]) == 0
    assert [own_catalogue(Settings())[kind].enabled for kind in ("inward", "over")] == [True, False]
    text = (folder / "en.toml").read_text()
    assert "# mine" in text
    assert "# short" in text
    assert stat.S_IMODE((folder / "en.toml").stat().st_mode) == 0o600


def test_a_cue_that_the_settings_switch_off_is_reported_to_remain_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(tmp_path, 'cues_off = ["over"]')
    assert main(["cues", "on", "over"]) == 0
    assert "over is also in cues_off in your settings" in capsys.readouterr().err
    assert main(["cues"]) == 0
    assert "a tone, off (cues_off in the settings)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["off", "inwrd"], "there is no cue 'inwrd'; did you mean 'inward'?"),
        (["off", "consent"], "[consent] belongs to the beginning or the end and cannot be switched off"),
        (["play", "inward-99"], "there is no cue 'inward-99'; its wordings are inward-1 to inward-19"),
        (["play", "too_soon-1"], "there is no cue 'too_soon-1'; it has no wordings"),
        (["restore", "inward-x"], "there is no cue 'inward-x'; its wordings are"),
        (["--language", "xx"], "there are no cues in 'xx'; the languages are de, en"),
        (["take", "checkin_ask", "x.wav"], "checkin_ask contains people's names"),
        (["off"], "Missing argument 'KIND...'"),
    ],
)
def test_an_impossible_name_is_an_error_in_one_line(
    arguments: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cues", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert list(folder.iterdir()) == []


def test_a_copy_with_mistakes_must_be_fixed_before_anything_is_switched(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "en.toml").write_text("[inward")
    assert main(["cues", "off", "over"]) == 2
    assert "this is not valid TOML" in capsys.readouterr().err
    assert (folder / "en.toml").read_text() == "[inward"


def test_a_copy_that_is_not_text_is_an_error_in_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "en.toml").write_bytes(b"\xff\xfe")
    assert main(["cues"]) == 2
    assert "is not text in UTF-8" in capsys.readouterr().err


# --------------------------------------------------------------------------------------------------------- to edit


def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """A fake editor that replaces one text with another."""
    script = tmp_path / "editor.py"
    script.write_text(
        "import sys, pathlib\n"
        "path = pathlib.Path(sys.argv[1])\n"
        f"path.write_text(path.read_text(encoding='utf-8').replace({old!r}, {new!r}), encoding='utf-8')\n"
    )
    monkeypatch.setenv("VISUAL", shlex.join([sys.executable, str(script)]))


def test_a_copy_of_all_the_wordings_is_edited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    editor(tmp_path, monkeypatch, "…let it land.", "…let that settle.")
    assert main(["cues", "edit"]) == 0
    mine = own_catalogue(Settings())
    assert mine["let_it_land"].wordings[0] == "…let that settle."
    assert mine["inward"] == Catalogue.load()["inward"]
    assert str(data_folder() / "cues" / "en.toml") in capsys.readouterr().err


def test_mistakes_after_editing_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    editor(tmp_path, monkeypatch, "…let it land.", "…let it land where it wants to land, if it does.")
    assert main(["cues", "edit"]) == 2
    assert "has 11 words; a spoken cue has at most 8" in capsys.readouterr().err


# --------------------------------------------------------------------------------------------------- to hear, record


def test_a_tone_plays_as_loud_as_in_a_session(tmp_path: Path, speaker: list[tuple[Samples, float]]) -> None:
    settle(tmp_path, "volume_db = -6.0")
    assert main(["cues", "play", "too_soon"]) == 0
    ((clip, gain),) = speaker
    assert (clip.size, gain) == (round(0.9 * RATE), -6.0)


def test_all_wordings_of_a_kind_play_one_after_the_other(
    folder: Path, speaker: list[tuple[Samples, float]], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "en.toml").write_text('[let_it_land]\nwordings = ["one", "two three"]\n')
    assert main(["cues", "play", "let_it_land"]) == 0
    assert capsys.readouterr().err.splitlines() == ["coach: one", "coach: two three"]
    assert len(speaker) == 2
    assert main(["cues", "play", "let_it_land-2"]) == 0
    assert np.array_equal(speaker[1][0], speaker[2][0])


def test_a_line_with_a_placeholder_plays_with_a_name(
    speaker: list[tuple[Samples, float]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cues", "play", "checkin_more"]) == 0
    assert capsys.readouterr().err == "coach: A little more, Ana.\n"


@pytest.mark.parametrize("rate", [8_000, 44_100])
def test_a_file_replaces_a_wording_until_it_is_removed(
    tmp_path: Path, rate: int, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = hum(tmp_path / "me.wav", rate=rate)
    assert main(["cues", "take", "inward-2", str(mine)]) == 0
    kept = data_folder() / "cues" / "inward-2.wav"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    catalogue = own_catalogue(Settings())
    clip = own_sounds(Settings(), catalogue).clip("inward", catalogue["inward"].wordings[1])
    assert clip is not None
    assert np.argmax(np.abs(np.fft.rfft(clip, RATE))) == 220
    assert main(["cues"]) == 0
    assert "your inward-2.wav" in capsys.readouterr().out
    assert main(["cues", "restore", "inward-2"]) == 0
    assert not kept.exists()
    assert main(["cues", "restore", "inward-2"]) == 1
    assert "there is no recording of inward-2" in capsys.readouterr().err


def test_an_unusable_file_is_refused_and_the_earlier_recording_is_kept(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hum(folder / "too_soon.wav")
    before = (folder / "too_soon.wav").read_bytes()
    assert main(["cues", "take", "too_soon", str(hum(tmp_path / "long.wav", seconds=5))]) == 1
    assert capsys.readouterr().err == "coach: long.wav is 5.0 s long; this one may last 4 s at most\n"
    assert (folder / "too_soon.wav").read_bytes() == before
    assert os.listdir(folder) == ["too_soon.wav"]


def test_a_persons_own_voice_is_recorded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heard = hum(tmp_path / "microphone.wav", seconds=1.5)
    assert main(["cues", "record", "inward-1", "--input", str(heard)]) == 0
    assert "coach: say slowly: …and how is that in you?" in capsys.readouterr().err
    assert sf.info(data_folder() / "cues" / "inward-1.wav").duration == pytest.approx(1.5, abs=0.01)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"level": 0.0}, "the recording is silent"),
        ({"seconds": 30}, "the recording is 9.0 s long; this one may last 8 s at most"),
        ({"level": 3.0}, "the recording is clipped"),
    ],
)
def test_a_failed_recording_is_refused(
    tmp_path: Path, changes: dict[str, float], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cues", "record", "inward", "--input", str(hum(tmp_path / "microphone.wav", **changes))]) == 1  # type: ignore[arg-type]
    assert said in capsys.readouterr().err
    assert not (data_folder() / "cues" / "inward.wav").exists()


# ---------------------------------------------------------------------------------------------------------- voices


def test_the_voices_of_the_language_are_listed_and_the_current_one_is_marked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["cues", "--language", "de", "voices"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "* pico/de-DE  Pico, German" in lines
    assert "  gmw/de  system, German" in lines
    assert not any("heart" in line for line in lines), "the neural voice speaks English only"
    assert main(["cues", "voices"]) == 0
    assert capsys.readouterr().out.startswith("* heart  neural, ")


def test_a_chosen_voice_is_marked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settle(tmp_path, 'voice = "gmw/en-us"')
    assert main(["cues", "voices"]) == 0
    marked = [line for line in capsys.readouterr().out.splitlines() if line.startswith("*")]
    assert marked == ["* gmw/en-us  system, English (America)"]


def test_voices_are_compared_with_the_same_words(
    speaker: list[tuple[Samples, float]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cues", "voices", "--play", "heart-brisker", "gmw/en-us"]) == 0
    assert capsys.readouterr().err.splitlines()[-2:] == ["coach: heart-brisker", "coach: gmw/en-us"]
    (neural, _), (system, _) = speaker
    assert len(neural) != len(system)
    assert main(["cues", "voices", "--play", "nobody"]) == 1
    assert "there is no voice 'nobody'" in capsys.readouterr().err


def test_a_voice_is_chosen_and_the_choice_undone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settle(tmp_path, "pause = 3.0  # mine\n")
    file = tmp_path / "config" / "coach" / "settings.toml"
    assert main(["setup", "voice", "heart-lower"]) == 0
    assert file.read_text() == 'pause = 3.0  # mine\nvoice = "heart-lower"\n'
    assert main(["cues", "voices"]) == 0
    assert "* heart-lower  neural" in capsys.readouterr().out
    assert main(["setup", "voice", "default"]) == 0
    assert file.read_text() == "pause = 3.0  # mine\n"
    for wrong in ("heart-lowest", "nobody"):
        assert main(["setup", "voice", wrong]) in (1, 2)
        assert f"there is no voice '{wrong}'; did you mean" in capsys.readouterr().err
    assert file.read_text() == "pause = 3.0  # mine\n"


def test_a_name_is_heard_spelt_as_it_sounds_and_forgotten(
    folder: Path, speaker: list[tuple[Samples, float]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cues", "say", "Jürgen"]) == 0
    assert main(["cues", "say", "Jürgen=Maximilian"]) == 0
    assert capsys.readouterr().err == "coach: Jürgen is now said as 'Maximilian'\n"
    as_known, respelt = (clip for clip, _ in speaker)
    assert len(respelt) > len(as_known)
    assert (folder / "names.toml").read_text() == '"Jürgen" = "Maximilian"\n'
    assert main(["cues", "say", "Jürgen="]) == 0
    assert np.array_equal(speaker[-1][0], as_known)


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("愛", 0, "no voice can say this name, so it is left out"),
        ("Ana=愛", 2, "'愛' cannot be read aloud; spell the name in plain letters"),
        ("Ana=", 1, "there is no spelling of Ana to delete"),
        ("=Ana", 2, "there is no name to say"),
    ],
)
def test_a_name_that_cannot_be_said_or_spelt_so_is_one_line(
    name: str, status: int, said: str, speaker: list[tuple[Samples, float]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cues", "say", name]) == status
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


# ------------------------------------------------------------------------------------------------------- elsewhere


def test_listen_refuses_a_copy_with_mistakes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "en.toml").write_text("[inwards]\nenabled = true\n")
    assert main(["listen", "--input", "sample", "--plain"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "[inwards] is unknown; did you mean 'inward'?" in line


def test_doctor_checks_the_chosen_voice() -> None:
    assert "it can speak: neural/heart" in doctor.voice(Settings()).says
    assert "it can speak: gmw/en-us" in doctor.voice(Settings(voice="gmw/en-us")).says
    with pytest.raises(Missing, match="there is no voice 'nobody'"):
        doctor.voice(Settings(voice="nobody"))
