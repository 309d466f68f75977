"""Devices are found by the names people use; an error names the closest match."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing

import pytest

from coach.audio.devices import Device, find
from coach.audio.microphone import Microphone
from coach.audio.player import Player
from coach.core.errors import BadInput
from tests.audio.conftest import FakePort, Wall

DESK = Device(0, "Desk microphone", "MME", inputs=2, outputs=0, rate=44_100)
BUILT_IN = Device(1, "Built-in", "MME", inputs=1, outputs=2, rate=48_000, default_input=True)
AGAIN = Device(2, "desk microphone", "WASAPI", inputs=2, outputs=0, rate=48_000)
SPEAKER = Device(3, "USB speaker", "MME", inputs=0, outputs=2, rate=48_000, default_output=True)
NUMBERED = Device(4, "7", "MME", inputs=1, outputs=0, rate=48_000)
ALL = [DESK, BUILT_IN, AGAIN, SPEAKER, NUMBERED]


@pytest.mark.parametrize(
    ("wanted", "kind", "device"),
    [
        (None, "input", BUILT_IN),
        (None, "output", SPEAKER),
        (2, "input", AGAIN),
        ("2", "input", AGAIN),
        ("desk", "input", DESK),
        ("MICRO", "input", DESK),
        ("built-in", "output", BUILT_IN),
        ("i", "input", BUILT_IN),  # of several matches, the default device
        ("7", "input", NUMBERED),  # a name, if there is no such index
    ],
)
def test_a_device_is_found_by_index_name_or_part_of_a_name(wanted, kind, device):
    assert find(ALL, wanted, kind) == device


def test_an_exact_name_comes_before_part_of_a_name():
    assert find([Device(0, "Mic 2", "", 1, 0, 48_000), Device(1, "Mic", "", 1, 0, 48_000)], "mic", "input").index == 1


def test_without_a_default_the_first_suitable_device_is_used():
    assert find([SPEAKER, DESK], None, "input") == DESK


@pytest.mark.parametrize("wanted", ["Dask", 9, "USB speaker"])
def test_the_error_for_an_unknown_device_names_the_nearest_and_the_command_that_lists_all(wanted):
    with pytest.raises(BadInput, match=r"no microphone called .*did you mean .*coach devices") as error:
        find(ALL, wanted, "input")
    if wanted == "Dask":
        assert "'Desk microphone'" in str(error.value)


@pytest.mark.parametrize(("kind", "word"), [("input", "microphone"), ("output", "speaker")])
def test_a_machine_without_devices_says_so(kind, word):
    with pytest.raises(BadInput, match=f"no {word}; plug one in"):
        find([], None, kind)


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | environment
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=env)


def test_the_error_for_a_missing_portaudio_says_how_to_install_it(tmp_path):
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    code = """
from coach.audio.devices import portaudio
from coach.core.errors import Missing
try:
    portaudio()
except Missing as error:
    print(error)
"""
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    out = run(code, PYTHONPATH=path).stdout
    assert "PortAudio" in out
    assert "apt-get install libportaudio2" in out
    assert out.count("\n") == 1


def test_files_can_be_read_without_portaudio(tmp_path):
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    done = run("import coach.audio.recording, coach.audio.microphone, coach.audio.player", PYTHONPATH=path)
    assert done.returncode == 0, done.stderr


REFRESH = """
import sounddevice as sd

from coach.audio.devices import portaudio

class Holder:
    def __init__(self): self.said = []
    def let_go(self): self.said.append(("let go", sd._initialized))
    def take_up(self): self.said.append(("take up", sd._initialized))

port = portaudio()
assert port is portaudio()
before = port.devices()
holder, gone = Holder(), Holder()
port.attach(holder); port.attach(gone); port.detach(gone); port.detach(gone)
port.refresh()
assert [s for s, _ in holder.said] == ["let go", "take up"], holder.said
assert gone.said == []
assert port.devices() == before
said = list(holder.said)
port.refresh_unless_used()
assert holder.said == said, "a stream was open"
port.detach(holder)
restarted = []
real = sd._initialize
def counted(): restarted.append(1); real()
sd._initialize = counted
port.refresh_unless_used()
assert restarted
sd._initialize = real
def fails(): raise sd.PortAudioError("no")
sd._initialize = fails
port.refresh()
assert port.devices() == []
sd._initialize = real
port.refresh()
assert port.devices() == before
"""


def test_a_refresh_closes_and_reopens_all_streams_and_survives_a_failure():
    done = run(REFRESH, PYTHONPATH=os.pathsep.join(filter(None, sys.path)))
    assert done.returncode == 0, done.stderr


class Held:
    """A lock that says whether it is held."""

    def __init__(self) -> None:
        self.depth = 0

    def __enter__(self) -> bool:
        self.depth += 1
        return True

    def __exit__(self, *_: object) -> None:
        self.depth -= 1


class Watched(FakePort):
    """Notes whether its lock was held when the devices were listed, and has been held since when a stream is there."""

    def __init__(self, wall: Wall) -> None:
        super().__init__(wall, [DESK, SPEAKER])
        self.lock = self.held = Held()
        self.depths: list[int] = []

    def devices(self) -> list[Device]:
        self.depths.append(self.held.depth)
        return super().devices()

    def attach(self, holder: object) -> None:
        self.depths.append(self.held.depth)
        super().attach(holder)


@pytest.mark.parametrize("kind", [Microphone, Player])
def test_the_list_is_not_read_anew_between_the_choice_of_a_device_and_its_stream(wall, kind):
    port = Watched(wall)
    with closing(kind(port=port, clock=wall)):
        assert port.depths == [1, 1]
    assert port.held.depth == 0
