"""Begin offers the microphones that are plugged in now, and not those that were when the coach was started."""

from __future__ import annotations

import http.client
import os
from pathlib import Path

from coach.core.texts import texts
from tests.web.opened import Opened, opened

SOUND_SYSTEM = '''
"""A sound system that reads its list of devices, the lines of a file, only when it is started."""
from pathlib import Path

class PortAudioError(Exception): pass

class default: device = (0, -1)

def _initialize():
    global names
    names = Path({listed!r}).read_text().splitlines()

def _terminate(): names.clear()

def query_hostapis(): return [{{"name": "made"}}]

def query_devices():
    numbers = {{"hostapi": 0, "max_input_channels": 1, "max_output_channels": 0, "default_samplerate": 16000.0}}
    return [{{"name": name, **numbers}} for name in names]

_initialize()
'''


def first_page(coach: Opened, path: str, cookie: str = "") -> tuple[str, str]:
    """What is answered, and the cookie that came with it."""
    page = http.client.HTTPConnection(coach.origin.removeprefix("http://"), timeout=60)
    page.request("GET", path, headers={"cookie": cookie})
    answer = page.getresponse()
    text = answer.read().decode()
    page.close()
    return text, (answer.getheader("set-cookie") or "").partition(";")[0]


def test_a_microphone_that_is_plugged_in_later_is_found_when_the_page_is_opened_again(tmp_path: Path) -> None:
    listed = tmp_path / "devices"
    listed.write_text("")
    (tmp_path / "sounddevice.py").write_text(SOUND_SYSTEM.format(listed=str(listed)))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", os.getcwd())])}
    with opened(tmp_path, env=env) as coach:
        _, cookie = first_page(coach, coach.link.removeprefix(coach.origin))
        says = texts("en")
        assert says["begin.no_microphone"] in first_page(coach, "/", cookie)[0]
        listed.write_text("Desk microphone\n")
        found = first_page(coach, "/", cookie)[0]
        assert "<option>Desk microphone</option>" in found
        assert says["begin.no_microphone"] not in found
