"""What is printed: names as they are, nothing that controls the terminal, and closed pipes and full disks."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

from coach.audio.devices import portaudio
from coach.cli.console import Console
from coach.cli.main import main
from coach.cli.saying import say

UNITS = "SPEAKER talk 1 {} 6.0 <NA> <NA> {} <NA> <NA>\n"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.rttm"
    path.write_text(UNITS.format("1.0", "Ana") + UNITS.format("7.5", "Ben"))
    return path


class SoundSystem:
    """Stands in for sounddevice: two hosts, and devices of these names; bytes are a name that is not UTF-8."""

    def __init__(self, *names: str | bytes, counted: bool = True) -> None:
        self.names = names
        self.counted = counted
        self.default = type("Default", (), {"device": (0, 0)})
        self._lib = self

    def query_hostapis(self) -> list[dict[str, object]]:
        return [{"name": "ALSA", **({"devices": list(range(len(self.names)))} if self.counted else {})}]

    def query_devices(self, number: int | None = None) -> object:
        if number is None:
            return [self.query_devices(each) for each in range(len(self.names))]
        name = self.names[number]
        told = {"hostapi": 0, "max_input_channels": 1, "max_output_channels": 0, "default_samplerate": 48_000.0}
        return {"name": name.decode() if isinstance(name, bytes) else name, **told}

    def Pa_GetDeviceInfo(self, _number: int) -> object:  # noqa: N802, PortAudio's own name
        return type(
            "Info", (), {"hostApi": 0, "maxInputChannels": 1, "maxOutputChannels": 0, "defaultSampleRate": 44_100.0}
        )


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch):
    """Puts a machine with devices of these names in place of the real one."""

    def put(*names: str | bytes, counted: bool = True) -> None:
        monkeypatch.setitem(sys.modules, "sounddevice", SoundSystem(*names, counted=counted))
        portaudio.cache_clear()

    yield put
    portaudio.cache_clear()


@pytest.mark.parametrize("name", ["Yeti [front desk]", "Mic [/a]", "Speaker [red]", ":smile: mic", "[link=x]"])
def test_a_device_is_listed_under_the_name_that_it_has(name, devices, capsys):
    devices(name)
    assert main(["devices"]) == 0
    assert name in capsys.readouterr().out


def test_a_devices_name_is_one_line_and_cannot_colour_the_terminal(devices, capsys):
    devices("Mic\x1b[31m", "Mic\r\nnew")
    assert main(["devices"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "Mic new" in out


def test_a_name_in_another_encoding_is_listed_as_far_as_it_can_be_read(devices, capsys):
    devices("Yeti", b"Mikrofon \xe9")
    assert main(["devices"]) == 0
    out = capsys.readouterr().out
    assert "Yeti" in out
    assert "Mikrofon \ufffd" in out


def test_if_no_device_can_be_listed_one_line_says_why(devices, capsys):
    devices(b"Mikrofon \xe9", counted=False)
    assert main(["devices"]) == 1
    assert capsys.readouterr().err.startswith("coach: the devices cannot be listed, because the name of one is not")


def test_a_file_name_with_brackets_and_control_characters_is_shown_without_the_latter(talk, capsys):
    odd = talk.rename(talk.with_name("a [red]\x1b[31m[b].rttm"))
    assert main(["analyze", odd.name]) == 0
    out = capsys.readouterr().out
    assert "a [red]" in out
    assert "[b].rttm" in out
    assert "\x1b" not in out


def test_an_error_about_a_file_cannot_control_the_terminal(capsys):
    assert main(["analyze", "no\x1b[2Jthing.wav"]) == 1
    assert "\x1b" not in capsys.readouterr().err


def test_nothing_that_a_console_or_a_line_prints_controls_the_terminal(capsys):
    table = Table()
    table.add_column("a\x9b31m[b]")
    table.add_row(Text("\x1b]0;title\x07"))
    Console().print(table)
    say("one\x1b[31m\nline")
    printed = capsys.readouterr()
    assert "a31m[b]" in printed.out
    assert not [c for c in printed.out + printed.err if not c.isprintable() and c != "\n"]
    assert printed.err == "coach: one [31m line\n"


@pytest.mark.parametrize("columns", ["0", "1"])
def test_a_width_of_nothing_does_not_hide_the_result(columns, talk, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["analyze", talk.name]) == 0
    assert "Ana" in capsys.readouterr().out


def test_a_closed_pipe_is_no_failure(talk):
    for command in (["sessions"], ["analyze", "--json", talk.name, talk.name], ["--help"]):
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run(
            [sys.executable, "-m", "coach", *command], stdout=write, stderr=subprocess.PIPE, check=False, timeout=60
        )
        os.close(write)
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a file that is always full")
def test_a_full_disk_behind_the_output_is_one_line(talk):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "coach", "analyze", "--json", talk.name],
            stdout=full, stderr=subprocess.PIPE, check=False, timeout=60,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, b"coach: the output cannot be written: the disk is full\n")


def test_an_analysis_in_a_folder_is_for_its_owner_alone(talk):
    assert main(["analyze", "--out", "out", talk.name]) == 0
    assert stat.S_IMODE(Path("out/talk.json").stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_named(talk, capsys):
    Path("out").write_text("a file")
    assert main(["analyze", "--out", "out/there", talk.name]) == 1
    assert capsys.readouterr().err == "coach: the folder out/there cannot be made: not a directory\n"
