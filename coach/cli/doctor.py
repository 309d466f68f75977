"""`coach doctor`: check what works on this machine, and say how to fix what does not.

Each check covers one part and runs even if others fail. Only a missing PortAudio or microphone gives exit status 1,
because the coach cannot listen without them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import click
import numpy as np

from coach.asr import TrialConfig, choose_for, installed_whisper_models
from coach.audio import Block, Microphone, Player, Recording, Samples, hops, portaudio, silence_native_stderr
from coach.cli.console import Console
from coach.cli.saying import say
from coach.core.errors import CoachError, Missing
from coach.core.invocation import as_called
from coach.core.languages import languages
from coach.core.messages import Message
from coach.core.names import one_line
from coach.core.resources import asset
from coach.core.settings import Settings, data_folder, load_settings, settings_path
from coach.core.span import HOP, RATE, as_samples, as_seconds
from coach.cues import INSTEAD, CueSounds, cues_folder, own_catalogue
from coach.diarization import Ear, Senses
from coach.runtime import language_faults, left_out
from coach.sessions import DATABASE_FILE, Store
from coach.vad import choose_detector

Status = Literal["ok", "warning", "missing"]

WIDTH = 80  # columns
MARGIN = 9  # columns for the status


@dataclass(frozen=True, slots=True)
class DoctorConfig:
    """How long each check takes at most, and what it calls too little or too much."""

    listens_s: float = 3.0  # seconds to record from the microphone
    patience_s: float = 8.0  # seconds to wait for a silent microphone; Bluetooth takes about three to start
    driver_s: float = 20.0  # timeout for a speech driver that hangs, in seconds
    very_quiet: float = -40.0  # dBFS peak; speech across a table has a mean level of about -26 and peaks 12 dB above it
    too_loud: float = -1.0  # dBFS peak; above this the converter clips
    tried: int = 5 * RATE  # samples of the sample conversation used to measure speed
    little_room: int = 200_000_000  # bytes; one evening of stored audio


CONFIG = DoctorConfig()


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check; `mend` says how to fix it."""

    status: Status
    part: str
    says: str
    mend: str = ""

    def __str__(self) -> str:
        """At most `WIDTH` columns, status and part first."""
        head = f"{self.status:<{MARGIN}}{self.part}: "
        lines = _wrapped(head + one_line(self.says))
        return "\n".join(lines + (_wrapped(f"{'':<{MARGIN}}-> {one_line(self.mend)}") if self.mend else []))


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, subsequent_indent=" " * MARGIN, break_on_hyphens=False, break_long_words=False)


def faulty(part: str, error: Exception, status: Status = "missing") -> Finding:
    """An error as a finding. The text after the last semicolon of a CoachError becomes `mend`."""
    if not isinstance(error, CoachError):
        return Finding("warning", part, f"could not be tried ({type(error).__name__}: {error})")
    says, _, mend = str(error).rpartition("; ")
    return Finding(status, part, says, mend) if says else Finding(status, part, mend)


@click.command()
@click.option("--input", "input_", metavar="DEVICE", help="The microphone to try, by name or number.")
def doctor(input_: str | None) -> int:
    """Check what works here, what is missing, and how to fix it."""
    unusable = False
    with silence_native_stderr():
        settings, settings_file = _settings()
        if input_ is not None:
            settings = replace(settings, input=input_)
        for part, check in CHECKS.items():
            finding = tried(part, check, settings)
            print(as_called(str(finding)), flush=True)
            unusable = unusable or (part in NEEDED and finding.status == "missing")
        print(settings_file)
    if unusable:
        say("listening is impossible until the microphone works")
    return int(unusable)


def tried(part: str, check: Callable[[Settings], Finding], settings: Settings) -> Finding:
    """The finding of `check`, or of the exception it raises. Shows a spinner on a terminal."""
    doing = f"{part}: please say a sentence" if check is microphone else part
    try:
        with Console(stderr=True).status(f"{doing} …") if sys.stderr.isatty() else nullcontext():
            return check(settings)
    except Exception as error:  # any error from a native library; the other checks still run
        return faulty(part, error)


# ------------------------------------------------------------------------------------------------------- sound


def sound_system(_: Settings) -> Finding:
    """How many devices there are. Raises Missing without PortAudio."""
    count = len(portaudio().devices())
    return Finding("ok", "PortAudio", f"{count} device{'' if count == 1 else 's'}; `coach devices` lists them")


def microphone(settings: Settings) -> Finding:
    """The first seconds of the chosen microphone, judged by `heard`. Raises BadInput if it cannot be opened."""
    if not _has_portaudio():
        return Finding("missing", "microphone", "not available without PortAudio")
    source = Microphone(settings.input or None)
    return heard(source.name, _first_seconds(source))


def heard(name: str, sound: Samples) -> Finding:
    """A verdict on `sound` (n,), the first seconds of the microphone called `name`."""
    part = "microphone"
    if not len(sound):
        return Finding(
            "warning",
            part,
            f"{name}: no sound comes from it",
            "plug it in again, or check whether another program is using it",
        )
    peak = float(np.abs(sound).max())
    if peak == 0.0:
        return Finding(
            "warning",
            part,
            f"{name}: pure silence",
            "unmute it, and allow this program to listen (system settings)",
        )
    rms = float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))
    peak_db, rms_db = 20 * np.log10(peak), 20 * np.log10(rms)
    figures = f"{name}: peak {peak_db:.0f} dBFS, RMS {rms_db:.0f} dBFS over {as_seconds(len(sound)):.0f} s"
    if peak_db < CONFIG.very_quiet:
        mend = "if somebody was speaking, move it nearer or raise its level"
        return Finding("warning", part, f"{figures}: very quiet", mend)
    if peak_db > CONFIG.too_loud:
        return Finding("warning", part, f"{figures}: too loud", "lower its level, or move it away")
    return Finding("ok", part, f"{figures}: good")


def _first_seconds(source: Microphone) -> Samples:
    """The first `listens_s` seconds of the microphone, (n,); shorter if it stops delivering sound."""
    pieces: list[Samples] = [np.zeros(0, np.float32)]
    impatience = threading.Timer(CONFIG.patience_s, source.close)
    impatience.start()
    try:
        for item in source.blocks():
            if isinstance(item, Block):
                pieces.append(item.samples.mean(axis=1))
            if sum(map(len, pieces)) >= as_samples(CONFIG.listens_s):
                break
    finally:
        impatience.cancel()
        source.close()
        source.let_go()
    return np.concatenate(pieces)


def speaker(settings: Settings) -> Finding:
    """Opens the speaker in the settings, without a sound, if cues need one. Raises BadInput if it cannot be opened."""
    if settings.cues == "none":
        return Finding("ok", "speaker", 'not needed: the setting cues is "none"')
    if not _has_portaudio():
        return Finding("missing", "speaker", "not available without PortAudio: cues are shown, not heard")
    player = Player(settings.output or None)
    player.close()
    return Finding("ok", "speaker", player.name)


def _has_portaudio() -> bool:
    try:
        portaudio()
    except Missing:
        return False
    return True


def voice(settings: Settings) -> Finding:
    """Renders a line with a name, for which no recording ships, and says which voice spoke it."""
    catalogue = own_catalogue(settings)
    with tempfile.TemporaryDirectory() as folder:
        sounds = CueSounds(Path(folder), catalogue, own=cues_folder(), voice=settings.voice or None, shipped=False)
        sounds.ready("checkin_more", catalogue.line("checkin_more", name="Ana"))
    speaks = sounds.voice or f"a system voice, through {_driver()}"
    if notices := sounds.notices():
        says, _, mend = notices[0].removesuffix(Message(INSTEAD, reason="")).rpartition("; ")
        return Finding("warning", "voice", f"{says}; {speaks} speaks instead", mend)
    return Finding("ok", "voice", f"it can speak: {speaks}; `coach cues voices` lists the voices")


def _driver() -> str:
    """The name of pyttsx3's driver. Runs in a child process, because a native speech library may crash."""
    asks = "import pyttsx3; print(pyttsx3.init())"
    done = subprocess.run(
        [sys.executable, "-c", asks], capture_output=True, text=True, timeout=CONFIG.driver_s, check=False
    )
    return done.stdout.strip() or "an unnamed driver"


# ------------------------------------------------------------------------------------------------------- words


def hearing(_: Settings) -> Finding:
    """Hears five seconds of the sample conversation. Warns if that takes more than half of their time."""
    sound = _some_speech()
    detector = choose_detector()
    ear = Ear(senses=Senses(detector))
    began = time.perf_counter()
    for start in range(0, len(sound) - HOP + 1, HOP):
        ear.hop(sound[start : start + HOP])
    factor = as_seconds(len(sound)) / (time.perf_counter() - began)
    if factor < 2:
        says = f"only {factor:.1f} times as fast as talk: too slow"
        return Finding("warning", "hearing", says, "close other programs")
    says = f"{factor:.0f} times as fast as talk, with {detector.name}"
    if detector.notice:
        return Finding("warning", "hearing", f"{detector.notice}; {says}", "install the package onnxruntime again")
    return Finding("ok", "hearing", f"{says}; {_fallback()}")


def _fallback() -> str:
    """Whether a fallback voice activity detector exists in case the neural network cannot run."""
    try:
        return f"{choose_detector('webrtc').name} could stand in for it"
    except Missing as error:
        return str(error).partition("; ")[0]


def words(settings: Settings) -> Finding:
    """Has the chosen recogniser read five seconds of the sample conversation, once to warm up and once timed."""
    engine, reason = choose_for(settings)
    says = reason.removeprefix("words: ")
    if engine is None:
        chosen = settings.transcriber == "none"
        mend = (
            "" if chosen else "`coach setup whisper base.en` downloads a recogniser; pauses and tones work without one"
        )
        return Finding("ok" if chosen else "missing", "words", says, mend)
    sound = _some_speech()
    engine.transcribe(sound)  # warm-up: the first call is slower
    began = time.perf_counter()
    engine.transcribe(sound)
    work = (time.perf_counter() - began) / as_seconds(len(sound))
    engine.close()
    says = f"{says}; {1 / work:.0f} times as fast as talk"
    if work > TrialConfig().keeps_up:
        return Finding("warning", "words", says, "it may fall behind: choose a smaller model, or close other programs")
    return Finding("ok", "words", says)


def whisper(settings: Settings) -> Finding:
    """The Whisper models that are installed. None are needed, so there is nothing to warn of."""
    names = [model.name for model in installed_whisper_models()]
    if names:
        return Finding("ok", "Whisper", f"installed: {', '.join(names)}")
    name = "base.en" if settings.language == "en" else "base"
    return Finding("ok", "Whisper", f"no model installed; optional: `coach setup whisper {name}`")


def _some_speech() -> Samples:
    """The first five seconds of the sample conversation, (n,)."""
    pieces: list[Samples] = []
    recording = Recording(asset("sample.flac"))
    for item in hops(recording.blocks()):
        if isinstance(item, Block):
            pieces.append(item.samples.mean(axis=1))
        if len(pieces) * HOP >= CONFIG.tried:
            break
    return np.concatenate(pieces)


# --------------------------------------------------------------------------------------------------- the user's own


def spoken_languages(_: Settings) -> Finding:
    """The languages that there are, and what each lacks; warns of the first mistake in their folders."""
    part = "languages"
    if faults := language_faults():
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        return Finding("warning", part, faults[0], f"correct it{more}; docs/languages.md describes the files")
    told = [lacks for code in languages() if (lacks := left_out(code))]
    return Finding("ok", part, "; ".join([", ".join(languages()), *told]))


def data(_: Settings) -> Finding:
    """Where sessions are stored, how many, and whether there is room for an evening. Creates the store if need be."""
    folder = data_folder()
    with Store(folder / DATABASE_FILE) as store:
        count = len(store.sessions())
    free = shutil.disk_usage(folder).free
    says = f"{folder} (only you can open it), {free / 1e9:.1f} GB free, {count} session{'' if count == 1 else 's'}"
    if free < CONFIG.little_room:
        return Finding("warning", "data", says, "free some space: a session cannot be stored on a full disk")
    return Finding("ok", "data", says)


def _settings() -> tuple[Settings, Finding]:
    """The settings, or the defaults if the file is invalid; and a finding about the file."""
    try:
        settings = load_settings()
    except CoachError as error:
        return Settings(), faulty("settings", error, "warning")
    path = settings_path()
    return settings, Finding(
        "ok", "settings", f"{path}{'' if path.is_file() else ' (not there: the defaults are used)'}"
    )


CHECKS: dict[str, Callable[[Settings], Finding]] = {
    "PortAudio": sound_system,
    "microphone": microphone,
    "speaker": speaker,
    "voice": voice,
    "hearing": hearing,
    "words": words,
    "Whisper": whisper,
    "languages": spoken_languages,
    "data": data,
}
NEEDED = ("PortAudio", "microphone")
