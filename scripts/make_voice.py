"""Records every wording without a name in the coach's own voice, for the folder of each language and docs/voice.md.

    python -m scripts.make_voice                  writes coach/languages/*/voice and docs/recordings
    python -m scripts.make_voice --to DIR         writes all of it below DIR instead
    python -m scripts.make_voice --changed        only wordings that have no recording in this voice yet
    python -m scripts.make_voice --language fr    writes the recordings in one language, also in one of your own

`recorded_with` in language.toml names the voice. English is spoken by the neural voice of the package hibari-tts,
German by Pico (py-nanotts): no neural German voice lies in a package registry. The sound is shaped as every cue is, and
stored as Opus. On one machine the same words give the same bytes; on another a sample may differ a little.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from importlib import metadata
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream

from coach.coaching import Catalogue
from coach.core.languages import SHIPPED, VOICE, languages
from coach.core.span import RATE
from coach.cues.recordings import Sound, read
from coach.cues.shipped import INDEX
from coach.cues.tts.child import with_pico
from coach.cues.tts.installed import HEART
from coach.cues.tts.rendering import CONFIG as RENDERING
from coach.cues.tts.rendering import render, shape
from coach.cues.tts.voices import NEURAL, PICO
from scripts.paths import ROOT
from scripts.progress import watched

BITS_A_SECOND = 24_000
PATIENCE_S = 600.0  # on a machine that is busy with other work
SAYS = {  # by the beginning of the voice's id
    NEURAL: "neural voice {name} (hibari-tts {hibari-tts}, distilled from Kokoro-82M), Apache-2.0",
    PICO: "Pico (py-nanotts {py-nanotts}, SVOX), Apache-2.0; made by rules and units, not neural",
}
TO_COMPARE = {
    "heart": ("en", HEART),
    "heart-lower": ("en", f"{HEART}-lower"),
    "heart-brisker": ("en", f"{HEART}-brisker"),
    "pico": ("en", "pico/en-GB"),
    "espeak": ("en", None),
    "pico-de": ("de", "pico/de-DE"),
    "espeak-de": ("de", None),
}


def spoken(text: str, language: str, voice: str | None) -> Sound:
    """`text` as the coach renders it, (n,) at 16 kHz."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "said.wav")
        if voice is not None and voice.startswith(PICO):  # without a child process, which starts anew for each text
            with_pico(text, str(path), RENDERING.words_a_minute, RENDERING.volume, voice.removeprefix(PICO))
            return shape(read(path))
        render(text, path, language=language, voice=voice, timeout=PATIENCE_S)
        return read(path)


def wordings(language: str) -> dict[str, str]:
    """Every wording without a name, and the file name of its recording. Single words are parts of other wordings."""
    named: dict[str, str] = {}
    for entry in Catalogue.load(language).entries.values():
        for number, text in enumerate(entry.wordings, 1):
            if "{" not in text and " " in text:
                named.setdefault(text, f"{entry.kind}-{number}.ogg")
        for number, text in enumerate(entry.nameless, 1):
            named.setdefault(text, f"{entry.kind}-nameless-{number}.ogg")
    return named


def opus(path: Path, sound: Sound) -> None:
    """Writes `sound` (n,) at 16 kHz as Opus in Ogg; the same sound gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    steady = {"fflags": "+bitexact", "serial_offset": "1"}
    with av.open(str(path), "w", format="ogg", options=steady) as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono")
        assert isinstance(stream, AudioStream)
        stream.bit_rate = BITS_A_SECOND
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        frame = av.AudioFrame.from_ndarray(sound[np.newaxis].astype(np.float32), format="flt", layout="mono")
        frame.sample_rate = RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


def says(voice: str) -> str:
    """What the voice with the id `voice` is, for people."""
    versions = {name: metadata.version(name) for name in ("hibari-tts", "py-nanotts")}
    for prefix, text in SAYS.items():
        if voice.startswith(prefix):
            return text.format_map(versions | {"name": voice.removeprefix(prefix)})
    return f"the system voice {voice}"


def record(to: Path, language: str, *, changed: bool = False) -> None:
    """Records all wordings in `language`, or the changed ones, and writes the index; all into the folder `to`."""
    voice = languages()[language].about("recorded_with")
    if not voice:
        raise SystemExit(f"language.toml of {language} has no recorded_with; `coach cues voices` lists the voices")
    files = wordings(language)
    before = json.loads((to / INDEX).read_text(encoding="utf-8")) if changed else {}
    kept = before["wordings"] if before.get("voice") == voice else {}
    wanted = {text: name for text, name in files.items() if kept.get(text) != name}
    for text, name in watched(wanted.items(), len(wanted), f"{language}, {voice}"):
        opus(to / name, spoken(text, language, voice))
    index = {"voice": voice, "says": says(voice), "wordings": files}
    (to / INDEX).write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=ROOT, metavar="DIR")
    parser.add_argument("--language", choices=list(languages()), metavar="CODE")
    parser.add_argument("--changed", action="store_true")
    chosen = parser.parse_args()
    if chosen.language:
        record(languages()[chosen.language].folder / VOICE, chosen.language, changed=chosen.changed)
        return
    to: Path = chosen.to
    for language, found in languages().items():
        if found.folder.parent == SHIPPED:
            record(to / "coach" / "languages" / language / VOICE, language, changed=chosen.changed)
    if chosen.changed:
        return
    for name, (language, voice) in TO_COMPARE.items():
        example = Catalogue.load(language).wording("inward")
        opus(to / "docs" / "recordings" / f"{name}.ogg", spoken(example, language, voice))


if __name__ == "__main__":
    main()
