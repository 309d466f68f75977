"""Presents a whole session: summary rows, one line per sound, and a picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile as sf

from coach.audio.source import Samples
from scripts.bench.results.coach_sounds import Heard, level_db, peak_db
from scripts.bench.results.picture import drawn
from scripts.bench.results.tables import Row
from scripts.simulate.live.feeder import RATE


@dataclass(frozen=True)
class Run:
    """A finished session: both recordings, starting at the command, and the printed output."""

    microphone: Samples
    speaker: Samples
    said: str
    words: list[tuple[float, str, str]] = field(default_factory=list)  # kept: second of the session, person, text


def rows(name: str, session: Run, sounds: list[Heard]) -> list[Row]:
    spoken = [each for each in sounds if each.understood]
    talk = level_db(session.microphone)
    in_talk = [each for each in spoken if each.after_s is not None]
    return [
        Row(f"{name}: command to the first sound", sounds[0].start_s if sounds else None, "s"),
        Row(f"{name}: the talk", talk, "dBFS"),
        Row(f"{name}: the loudest sound under the talk", talk - max(each.level_db for each in sounds), "dB", "> 0"),
        Row(f"{name}: highest sample", peak_db(session.speaker), "dBFS", "<= -1"),
        Row(f"{name}: quickest attack", min(each.attack_ms for each in sounds), "ms", ">= 10"),
        Row(f"{name}: words of the coach during talk", sum(each.under_talk_s for each in in_talk), "s", "0"),
    ]


def as_lines(sounds: list[Heard]) -> str:
    """The sounds, one per line."""
    lines = ["     at    lasts   level   attack  silence   under  what"]
    for each in sounds:
        at = f"{each.start_s // 60:3.0f}:{each.start_s % 60:04.1f}"
        silence = "-" if each.after_s is None else f"{each.after_s:.1f} s"
        sound = f"{each.end_s - each.start_s:5.1f} s {each.level_db:4.0f} dB {each.attack_ms:5.0f} ms"
        lines.append(f"{at}  {sound} {silence:>8} {each.under_talk_s:5.1f} s  {each.what}")
        if each.understood:
            lines.append(f"{'':52}({each.understood})")
    return "\n".join(lines)


def keep(folder: Path, name: str, session: Run, sounds: list[Heard], date: str) -> None:
    """Writes the picture and the two channels."""
    n = max(len(session.microphone), len(session.speaker))
    both = np.stack([np.pad(each, (0, n - len(each))) for each in (session.microphone, session.speaker)], axis=1)
    sf.write(folder / f"{name}.wav", both, RATE, subtype="PCM_16")
    named = [(each.start_s, each.what.replace("_", " ")) for each in sounds]
    title = f"coach {name}: the talk at the microphone (grey), the coach at the speaker (red); {date}"
    (folder / f"{name}.svg").write_text(drawn(both[:, 0], both[:, 1], named, title), encoding="utf-8")
