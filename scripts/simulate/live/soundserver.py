"""A real sound server with a virtual microphone and speaker, for the duration of a test.

    sound file ─► feeder.py ─► pipe ─► PulseAudio ─► coach_mic ─► ALSA ─► PortAudio ─► the coach
    recording ◄─ parec ◄─ coach_speaker.monitor ◄─ PulseAudio ◄─ ALSA ◄─ PortAudio ◄──────────┘

The microphone does not pick up the speaker, as with headphones, unless `in_a_room` is called.

There are two daemons, one for the microphone and one for the speaker. With a single daemon, PulseAudio would move the
coach to the speaker's monitor when the microphone disappears; with two, the microphone is simply gone.

All times are of `time.monotonic`, which all processes of a machine share.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np

from scripts.simulate.live.feeder import RATE

PATIENCE_S = 10.0  # timeout for a daemon to answer
SILENT = 1e-3  # of full scale; a null sink is exactly silent, and a cue is a hundred times louder

INSTALL = "apt-get install pulseaudio pulseaudio-utils libasound2-plugins alsa-utils"
OPTIONS = "-n --daemonize=no --exit-idle-time=-1 --use-pid-file=no --disable-shm --realtime=no --high-priority=no"


@dataclass
class Playing:
    """A file that the microphone is hearing; `begun` is the time of its first sample."""

    begun: float
    seconds: float

    def left(self) -> float:
        """Seconds until its last sample; 0 after that."""
        return max(0.0, self.begun + self.seconds - time.monotonic())

    def wait_until(self, second: float) -> None:
        """Waits until the file has played up to that second."""
        time.sleep(max(0.0, self.begun + second - time.monotonic()))


@dataclass
class Recording:
    """A recording of the speaker or the microphone from `begun` until `stop`."""

    child: subprocess.Popen[bytes]
    begun: float = math.inf
    _pieces: list[bytes] = field(default_factory=list)
    _length: int = 0  # bytes
    _reader: threading.Thread | None = None

    def read(self) -> None:
        self._take(self._output().read1(1 << 16))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while piece := self._output().read1(1 << 16):
            self._take(piece)

    def _output(self) -> BufferedReader:
        assert isinstance(self.child.stdout, BufferedReader)
        return self.child.stdout

    def _take(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._length += len(piece)
        self.begun = min(self.begun, time.monotonic() - self._length / 2 / RATE)  # corrects for a late read

    def so_far(self) -> np.ndarray:
        """Mono floats at 16 kHz."""
        whole = b"".join(self._pieces)
        return np.frombuffer(whole[: len(whole) // 2 * 2], dtype="<i2") / 32768

    def silent_for(self, seconds: float, patience_s: float) -> bool:
        """Waits until the last `seconds` recorded are silent; False if that takes longer than `patience_s`."""
        begun, least = self._length, 2 * round(seconds * RATE)
        limit = time.monotonic() + patience_s
        while time.monotonic() < limit:
            if self._length - begun >= least and np.abs(self.so_far()[-least // 2 :]).max() < SILENT:
                return True
            time.sleep(0.05)
        return False

    def stop(self) -> np.ndarray:
        self.child.terminate()
        self.child.wait()
        assert self._reader is not None
        self._reader.join()
        return self.so_far()


class SoundServer:
    """A context manager; `env` is the environment that points a program to this microphone and speaker.

    `cues` is a folder in which the coach finds cues that were rendered before, and where it keeps those that it
    renders; without it, each server has an empty one of its own.
    """

    def __init__(self, cues: Path | None = None) -> None:
        for program in ("pulseaudio", "pactl", "parec", "arecord"):
            if shutil.which(program) is None:
                raise RuntimeError(f"the live tests need a sound server, and {program} is missing: {INSTALL}")
        self._cues = cues
        self.folder = Path(tempfile.mkdtemp(prefix="coach-live-"))  # short, because a socket path has at most 107 bytes
        self._daemons: dict[str, subprocess.Popen[bytes]] = {}
        self._feeder: subprocess.Popen[str] | None = None
        self._module = ""
        home = self.folder / "home"
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(("PULSE_", "XDG_"))}
        self.env |= {
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
        }

    # ------------------------------------------------------------------------------------------- context

    def __enter__(self) -> SoundServer:
        try:
            self._set_up_home()
            self._start("mic", "")
            self._start("speaker", "module-null-sink sink_name=coach_speaker rate=48000 channels=2")
            feeder = [sys.executable, str(Path(__file__).with_name("feeder.py"))]
            self._feeder = subprocess.Popen(
                feeder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.env
            )
            self.plug()
            self._check_alsa()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        programs: list[subprocess.Popen[Any]] = [*self._daemons.values(), *([self._feeder] if self._feeder else [])]
        for program in programs:
            program.terminate()
        for program in programs:
            program.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _set_up_home(self) -> None:
        for name in ("data", "config", "cache"):
            (self.folder / "home" / name).mkdir(parents=True)
        (self.folder / "run").mkdir(mode=0o700)
        if self._cues is not None:
            own = self.folder / "home" / "data" / "coach" / "cues"
            own.mkdir(parents=True)
            (own / "cache").symlink_to(self._cues, target_is_directory=True)
        asound = (
            "pcm.!default {{ type asym "
            'capture.pcm {{ type pulse server "{mic}" }} playback.pcm {{ type pulse server "{speaker}" }} }}\n'
            'ctl.!default {{ type pulse server "{speaker}" }}\n'
        )
        text = asound.format(mic=self._address("mic"), speaker=self._address("speaker"))
        (self.folder / "home" / ".asoundrc").write_text(text)

    def _address(self, name: str) -> str:
        return f"unix:{self.folder / name}"

    def _start(self, name: str, module: str) -> None:
        private = self.folder / f"{name}.run"
        private.mkdir(mode=0o700)
        socket = f"module-native-protocol-unix auth-anonymous=1 socket={self.folder / name}"
        modules = ["-L", socket, *(["-L", module] if module else [])]
        command = ["pulseaudio", *OPTIONS.split(), "--log-level=error", *modules]
        env = self.env | {"PULSE_RUNTIME_PATH": str(private)}
        with (self.folder / f"{name}.log").open("wb") as log:
            self._daemons[name] = subprocess.Popen(command, stderr=log, env=env)
        until = time.monotonic() + PATIENCE_S
        while self._pactl(name, "info").returncode != 0:
            if time.monotonic() > until or self._daemons[name].poll() is not None:
                said = (self.folder / f"{name}.log").read_text()
                raise RuntimeError(f"PulseAudio did not start for the live tests: {said}")
            time.sleep(0.05)

    def _pactl(self, name: str, *words: str) -> subprocess.CompletedProcess[str]:
        command = ["pactl", f"--server={self._address(name)}", *words]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)

    def _check_alsa(self) -> None:
        """Checks for ALSA's PulseAudio plug-in, which PortAudio needs."""
        child = subprocess.run(
            ["arecord", "-q", "-D", "default", "-d", "1", "-t", "raw"],
            env=self.env,
            capture_output=True,
            check=False,
            timeout=PATIENCE_S,
        )
        if child.returncode != 0:
            raise RuntimeError(f"ALSA does not reach PulseAudio ({child.stderr.decode().strip()}): {INSTALL}")

    # ------------------------------------------------------------------------------------------ microphone

    @contextmanager
    def late(self) -> Iterator[None]:
        """Stops the microphone's server within the context, as on an overloaded machine."""
        self._daemons["mic"].send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._daemons["mic"].send_signal(signal.SIGCONT)

    def plug(self) -> None:
        """Adds the microphone."""
        pipe = self.folder / "pipe"
        wish = f"source_name=coach_mic file={pipe} rate={RATE} channels=1 format=s16le"
        loaded = self._pactl("mic", "load-module", "module-pipe-source", *wish.split())
        if loaded.returncode != 0:
            raise RuntimeError(f"PulseAudio gives no microphone: {loaded.stderr.strip()}")
        self._module = loaded.stdout.strip()
        self._ask(plug=str(pipe))

    def unplug(self) -> None:
        """Removes the microphone and disconnects its clients."""
        self._ask(unplug=True)
        self._pactl("mic", "unload-module", self._module)

    def play(self, path: Path, start_s: float = 0.0, end_s: float | None = None) -> Playing:
        """Plays the file, or a part of it, into the microphone in real time."""
        return Playing(**self._ask(play=str(path), start_s=start_s, end_s=end_s))

    def in_a_room(self, gain_db: float) -> None:
        """From now on the microphone picks up the speaker with this gain."""
        self._ask(hear=self._parec("speaker", "coach_speaker.monitor"), gain_db=gain_db)

    @property
    def dropped(self) -> int:
        """Samples since `play` that no client read while the microphone was plugged in."""
        dropped: int = self._ask(dropped=True)["dropped"]
        return dropped

    def _ask(self, **asked: Any) -> dict[str, Any]:
        assert self._feeder is not None
        assert self._feeder.stdin is not None
        assert self._feeder.stdout is not None
        print(json.dumps(asked), file=self._feeder.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._feeder.stdout.readline())
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer

    # ------------------------------------------------------------------------------------------ recordings

    def record_speaker(self) -> Recording:
        """Starts to record the speaker."""
        return self._record("speaker", "coach_speaker.monitor")

    def record_microphone(self) -> Recording:
        """Starts to record the microphone, alongside its other clients."""
        return self._record("mic", "coach_mic")

    def _record(self, name: str, device: str) -> Recording:
        recording = Recording(subprocess.Popen(self._parec(name, device), env=self.env, stdout=subprocess.PIPE))
        recording.read()
        return recording

    def _parec(self, name: str, device: str) -> list[str]:
        command = f"parec --server={self._address(name)} --device={device} --raw --format=s16le"
        return f"{command} --rate={RATE} --channels=1 --latency-msec=20".split()
