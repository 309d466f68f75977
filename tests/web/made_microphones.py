"""Microphones that exist only on a list, for a `coach open` whose people never come to speak."""

from __future__ import annotations

import os
from pathlib import Path

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


class MadeMicrophones:
    """A sound system in `folder` with microphones that cannot be opened; `env` lets a program see only these."""

    def __init__(self, folder: Path, *names: str) -> None:
        self._listed = folder / "devices"
        self.plug(*names)
        (folder / "sounddevice.py").write_text(SOUND_SYSTEM.format(listed=str(self._listed)))
        where = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", os.getcwd())])
        self.env = {**os.environ, "PYTHONPATH": where}

    def plug(self, *names: str) -> None:
        """From now on there are `names`, and no others."""
        self._listed.write_text("".join(f"{name}\n" for name in names))
