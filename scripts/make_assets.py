"""Synthesises the sample conversation and its reference annotation.

    python -m scripts.make_assets                writes audio_assets/sample.flac and audio_assets/sample.truth.json
    python -m scripts.make_assets --to DIR       writes them into DIR instead
    python -m scripts.make_assets --stems DIR    also writes each clean voice, and a two-microphone recording

The script is scripts/sample_script.toml. Requires flite, numpy and soundfile. Output is byte-identical across runs on
one machine, because only the room's noise is random and its seed is fixed. On another machine the annotation is the
same, and a sample may differ by one 16-bit step.

Steps: each line is synthesised (`spoken`), its audible stretches are found in the clean voice (`audible_frames`), the
lines are placed so that the gaps between audible stretches match the script (`laid_out`), each person's track is
convolved with the room's response from that person's seat (`heard`), and noise is added. The annotation comes only from
the clean lines and the layout (`truth_of`), so room and noise do not affect it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf

from coach.vad import runs
from scripts.paths import ASSETS

SCRIPT = Path(__file__).with_name("sample_script.toml")

RATE = 16_000  # samples per second
FRAME = RATE // 100  # samples; 10 ms energy frames
JOIN_S = 0.18  # shorter silences do not split an inter-pausal unit
SHARE_S = 5.0  # speech that makes a turn a share
BREATH_S = 2.0  # the default target breath
OVER_S = -0.2  # a transfer with a lower FTO overlaps the share
WAIT_S = 1.2  # seconds of speech before a turn is judged
QUIET_FIRST_S = 60.0  # the coach gives no cue in the first minute
INWARD_AFTER_S = 1.0  # silence that ends a share, after which an invitation may come
RUN_S = 45.0  # an event-level run lasts at least this long
GOES_ON_S = 0.4  # speech of the sharer under the answer that shows that they were in mid-thought
LONG_S = 20.0  # speech that makes a long telling

SPEECH_DBFS = -26.0  # level of each person's speech at the microphone
BACKCHANNEL_DB = -4.0  # relative to turns; backchannels are softer
LEAK_DB = -18.0  # crosstalk of the other person
SOUND_M_S = 343.0  # m/s, speed of sound

Row = dict[str, Any]  # one object of the annotation or the script
Tracks = dict[str, np.ndarray]  # one track per person, on a common clock


@dataclass
class Line:
    """A synthesised line of the script: clean `samples` and its audible `stretches`, in seconds from its start."""

    script: Row
    samples: np.ndarray
    stretches: list[tuple[float, float]]
    start: float = 0.0  # second at which the audible speech begins

    @property
    def who(self) -> str:
        return str(self.script["who"])

    @property
    def kind(self) -> str:
        return str(self.script.get("kind", "turn"))

    @property
    def end(self) -> float:
        return self.start + self.stretches[-1][1] - self.stretches[0][0]

    def on_clock(self) -> list[tuple[float, float]]:
        """The audible stretches in seconds from the start of the conversation."""
        shift = self.start - self.stretches[0][0]
        return [(a + shift, b + shift) for a, b in self.stretches]


# ------------------------------------------------------------------------------------------------------- voices


def spoken(line: Row, person: Row) -> np.ndarray:
    """The line in the person's voice: mono floats at 16 kHz, with an RMS of 1 over its audible frames."""
    say = ["-p", f"pau {line['phones']} pau"] if "phones" in line else ["-t", line["text"]]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "line.wav"
        stretch = f"duration_stretch={person.get('stretch', 1.0)}"
        command = ["flite", "-voice", person["voice"], "--setf", stretch, *say, str(file)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except FileNotFoundError:
            sys.exit("flite is not on this machine, so nothing can be spoken; install the package flite")
        samples, rate = sf.read(file, dtype="float64")
    if rate != RATE:
        sys.exit(f"the voice {person['voice']} speaks at {rate} Hz, and {RATE} is needed; choose slt, rms or awb")
    on = np.repeat(audible_frames(samples), FRAME)
    return np.asarray(samples / np.sqrt((samples[: len(on)][on] ** 2).mean()))


def audible_frames(samples: np.ndarray) -> np.ndarray:
    """Speech flag of each 10 ms frame of a clean voice: within 30 dB of the loud frames, and not a click."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    level = 10 * np.log10((frames**2).mean(1) + 1e-12)
    top = np.percentile(level, 95)
    on = np.asarray(level > top - 30.0)
    for a, b in runs(on):
        if b - a < 4 or level[a:b].max() < top - 12.0:
            on[a:b] = False
    return on


def closed(stretches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Inter-pausal units: the ordered stretches with silences under 0.18 s closed."""
    out: list[tuple[float, float]] = []
    for start, end in sorted(stretches):
        if out and start - out[-1][1] < JOIN_S - 1e-9:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


# ----------------------------------------------------------------------------------------------------- the clock


def laid_out(script: Row, speaks: Callable[[Row, Row], np.ndarray] = spoken) -> list[Line]:
    """Synthesises every line and places it as the script's header defines. Starts are multiples of 10 ms.

    `speaks` says a line in a person's voice, as `spoken` does.
    """
    lines: list[Line] = []
    told: Line | None = None  # the last line that took the floor
    for entry in script["line"]:
        samples = speaks(entry, script["people"][entry["who"]])
        stretches = closed([(a / 100, b / 100) for a, b in runs(audible_frames(samples))])
        line = Line(entry, samples, stretches)
        if told is None:
            line.start = script["lead_in_s"]
        elif "into" in entry:
            line.start = told.start + entry["into"]
        else:
            line.start = told.end + entry["gap"]
        line.start = round(line.start * 100) / 100
        if line.kind == "turn":
            told = line
        lines.append(line)
    return lines


# ------------------------------------------------------------------------------------------------------ the room


def room_response(room: Row, place_m: list[float]) -> np.ndarray:
    """Impulse response from `place_m` to the microphone in a box-shaped room, 1.0 for the direct sound.

    Image-source method (Allen and Berkley 1979). All walls have the same reflection coefficient, `wall_keeps`, applied
    to the amplitude.
    """
    size, microphone = np.array(room["size_m"]), np.array(room["microphone_m"])
    length = int(room["t60_s"] * RATE)
    reach = np.ceil(length / RATE * SOUND_M_S / (2 * size)).astype(int)
    grids = np.meshgrid(*(np.arange(-r, r + 1) for r in reach), indexing="ij")
    cells = np.stack([g.ravel() for g in grids], 1)
    response = np.zeros(length)
    for mirrored in np.ndindex(2, 2, 2):
        flip = np.array(mirrored)
        offset = (1 - 2 * flip) * np.array(place_m) + 2 * cells * size - microphone
        distance = np.sqrt((offset**2).sum(1))
        bounces = (np.abs(cells - flip) + np.abs(cells)).sum(1)
        arrival = np.round(distance / SOUND_M_S * RATE).astype(int)
        near = arrival < length
        np.add.at(response, arrival[near], room["wall_keeps"] ** bounces[near] / distance[near])
    first = int(np.flatnonzero(response)[0])
    return np.asarray(response[first:] / response[first])  # the annotation's clock is the arrival of the direct sound


def heard(track: np.ndarray, response: np.ndarray) -> np.ndarray:
    """The track convolved with the room, high-passed at 60 Hz as by a small microphone."""
    size = 1 << int(np.ceil(np.log2(len(track) + len(response))))
    frequency = np.fft.rfftfreq(size, 1 / RATE)
    high_pass = (frequency / 60.0) ** 2 / np.sqrt(1 + (frequency / 60.0) ** 4)
    return np.fft.irfft(np.fft.rfft(track, size) * np.fft.rfft(response, size) * high_pass, size)[: len(track)]


def room_noise(samples: int, dbfs: float, seed: int) -> np.ndarray:
    """Room noise that falls by 3 dB per octave above 100 Hz."""
    drawn = np.random.default_rng(seed).standard_normal(samples)
    frequency = np.fft.rfftfreq(samples, 1 / RATE)
    noise = np.fft.irfft(np.fft.rfft(drawn) / np.sqrt(np.maximum(frequency, 100.0)), samples)
    return np.asarray(noise / np.sqrt((noise**2).mean()) * 10 ** (dbfs / 20))


def tracks(lines: list[Line], script: Row) -> Tracks:
    """Each person's clean track on the common clock."""
    total = round((max(line.end for line in lines) + script["tail_s"]) * RATE)
    out = {who: np.zeros(total) for who in script["people"]}
    for line in lines:
        softer = 1.0 if line.kind == "turn" else 10 ** (BACKCHANNEL_DB / 20)
        begin = round((line.start - line.stretches[0][0]) * RATE)
        end = min(begin + len(line.samples), total)
        out[line.who][begin:end] += softer * line.samples[: end - begin]
    return out


def near_tracks(lines: list[Line], script: Row) -> Tracks:
    """Each person's track as the microphone hears it, without the noise."""
    return {
        who: at_level(heard(track, room_response(script["room"], script["people"][who]["place_m"])), lines, who)
        for who, track in tracks(lines, script).items()
    }


def in_the_room(lines: list[Line], script: Row) -> np.ndarray:
    """The whole conversation at the microphone, with the room's noise."""
    near = near_tracks(lines, script)
    noise = room_noise(len(next(iter(near.values()))), script["room"]["noise_dbfs"], seed=7)
    return np.asarray(sum(near.values()) + noise)


def at_level(sound: np.ndarray, lines: list[Line], who: str) -> np.ndarray:
    """The sound scaled so that the person's turns average -26 dBFS during speech."""
    spans = [s for line in lines if line.who == who and line.kind == "turn" for s in line.on_clock()]
    speech = np.concatenate([sound[round(a * RATE) : round(b * RATE)] for a, b in spans])
    return np.asarray(sound / np.sqrt((speech**2).mean()) * 10 ** (SPEECH_DBFS / 20))


# ----------------------------------------------------------------------------------------------------- the truth


def turns_of(lines: list[Line]) -> list[Row]:
    """Merges consecutive floor-holding lines of one person into one turn; other lines stay separate."""
    turns: list[Row] = []
    holding: Row | None = None
    for line in lines:
        row: Row = {"speaker": line.who, "start_s": line.start, "end_s": line.end, "kind": line.kind}
        row |= {"text": line.script["text"], "share": False, "speech_s": sum(b - a for a, b in line.on_clock())}
        row |= {"logistics": line.script.get("about") == "logistics", "check_in": line.script.get("part") == "check-in"}
        row |= {"inward": line.script.get("part") == "inward share", "haste": line.script.get("haste", False)}
        if line.kind == "turn" and holding and holding["speaker"] == line.who:
            holding["end_s"] = row["end_s"]
            holding["text"] += " " + row["text"]
            holding["speech_s"] += row["speech_s"]
            holding["inward"] |= row["inward"]
            continue
        if line.kind == "turn":
            holding = row
        turns.append(row)
    for row in turns:
        row["question"] = row["kind"] == "turn" and row["text"].endswith("?")
        told = row["kind"] == "turn" and not row["logistics"]
        row["share"] = told and row["speech_s"] >= SHARE_S
    return turns


def transfers_of(turns: list[Row]) -> list[Row]:
    """Floor transfers between the turns, classified by the definitions."""
    held = [row for row in turns if row["kind"] == "turn"]
    out = []
    for told, answer in pairwise(held):
        if told["speaker"] == answer["speaker"]:
            continue
        fto = answer["start_s"] - told["end_s"]
        too_soon = told["share"] and not told["question"] and fto < BREATH_S - 1e-9
        row: Row = {"from": told["speaker"], "to": answer["speaker"], "at_s": answer["start_s"], "fto_s": fto}
        row |= {"after_share": told["share"], "too_soon": too_soon, "over": too_soon and fto < OVER_S}
        row |= {"after_question": told["question"], "check_in": told["check_in"]}
        row |= {"haste": answer["haste"], "lost": lost(told, fto) if too_soon else None}
        out.append(row)
    return out


def lost(told: Row, fto: float) -> str | None:
    """What an answer `fto` seconds after the end of the turn `told` may take from it: the strongest reason."""
    if told["inward"]:
        return "inner"
    if fto <= -GOES_ON_S:
        return "mid-thought"
    return "long" if told["speech_s"] >= LONG_S else None


def cues_of(turns: list[Row], transfers: list[Row]) -> list[Row]:
    """The expected cues of `--cues drill` and their earliest times."""
    begins = next(row["start_s"] for row in turns if not row["check_in"])
    cues: list[Row] = []
    for row in transfers:
        if row["too_soon"]:
            early = row["at_s"] < begins + QUIET_FIRST_S
            held_back = "haste-excused" if row["haste"] else "quiet-first" if early else None
            cue: Row = {"kind": "over" if row["over"] else "too_soon", "to": row["to"], "near_s": row["at_s"] + WAIT_S}
            cues.append(cue | {"lost": row["lost"], "given": held_back is None, "held_back": held_back})
    for row in turns:
        if row["share"] and row["speech_s"] >= RUN_S and not row["inward"]:
            cue = {"kind": "inward", "to": row["speaker"], "near_s": row["end_s"] + INWARD_AFTER_S}
            cues.append(cue | {"given": True, "held_back": None})
    return sorted(cues, key=lambda cue: cue["near_s"])


def truth_of(lines: list[Line], script: Row) -> Row:
    """The complete annotation of the sample, in seconds from its start, to three decimals."""
    speech = []
    for who in script["people"]:
        stretches = closed([s for line in lines if line.who == who for s in line.on_clock()])
        speech += [{"speaker": who, "start_s": a, "end_s": b} for a, b in stretches]
    turns = turns_of(lines)
    transfers = transfers_of(turns)
    truth = {
        "people": list(script["people"]),
        "enrolment": {row["speaker"]: [row["start_s"], row["end_s"]] for row in turns if row["check_in"]},
        "speech": sorted(speech, key=lambda row: row["start_s"]),
        "turns": turns,
        "transfers": transfers,
        "cues": cues_of(turns, transfers),
    }
    return {name: rounded(value) for name, value in truth.items()}


def rounded(value: Any) -> Any:
    """A copy with every time rounded to the millisecond."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return round(value, 3) if isinstance(value, float) else value


# ------------------------------------------------------------------------------------------------------- writing


def written(path: Path, sound: np.ndarray) -> None:
    """Writes 16-bit audio at 16 kHz; frames along the first axis."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sf.write(path, np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16), RATE, subtype="PCM_16")


def stems(folder: Path, lines: list[Line], clean: Tracks, near: Tracks, dbfs: float) -> None:
    """Writes NAME.wav for each clean voice, and two_channels.wav with 18 dB crosstalk attenuation."""
    for who, track in clean.items():
        written(folder / f"{who.lower()}.wav", at_level(track, lines, who))
    leak = 10 ** (LEAK_DB / 20)
    whole = sum(near.values())
    own = [
        sound + leak * (whole - sound) + room_noise(len(sound), dbfs, seed) for seed, sound in enumerate(near.values())
    ]
    written(folder / "two_channels.wav", np.stack(own, 1))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=ASSETS, metavar="DIR")
    parser.add_argument("--stems", type=Path, metavar="DIR")
    chosen = parser.parse_args(arguments)
    script = tomllib.loads(SCRIPT.read_text(encoding="utf-8"))
    lines = laid_out(script)
    written(chosen.to / "sample.flac", in_the_room(lines, script))
    truth = json.dumps(truth_of(lines, script), indent=1, ensure_ascii=False)
    (chosen.to / "sample.truth.json").write_text(truth + "\n", encoding="utf-8")
    if chosen.stems:
        stems(chosen.stems, lines, tracks(lines, script), near_tracks(lines, script), script["room"]["noise_dbfs"])


if __name__ == "__main__":
    main()
