"""Runs whole sessions of `coach listen` and `coach rehearse`, records them, and reports every sound of the coach.

    scripts/bench/run session                     all three; seventeen minutes in real time
    scripts/bench/run session --only rehearse     only one of them; listen-de is in German
    scripts/bench/run session --to DIR            also writes a picture (SVG) and the two channels (WAV) of each
    scripts/bench/run session --room -4           the microphone picks up the speaker at -4 dB
    scripts/bench/run session --json              one JSON object

A private sound server plays the talk into a virtual microphone and records both the microphone and a virtual speaker.
`listen` hears the sample conversation; `rehearse`, with `--practice`, hears a voice that talks calmly, then in a rush,
then with pauses, then about feelings (`simulate/monologue.py`). `listen --language de`, with Whisper base, hears
`simulate/german_talk.py` and keeps the words, which are compared with the script. The microphone does not pick up the
speaker, as with headphones, unless `--room` gives the gain in dB; both are then in a simulated room.

Each sound of the speaker is printed on a line: its onset in seconds from the command, its level, its attack time, the
silence before it, its overlap with speech, and its identity: a tone found by matched filter, or words as Moonshine
recognised them (in German, Whisper base). The summary rows show the targets; nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile as sf

from coach.audio.source import Samples
from coach.coaching import Catalogue
from coach.core.events import Words
from coach.core.resources import asset
from coach.core.span import as_seconds
from coach.core.understood import words_in
from coach.sessions import DATABASE_FILE, Store
from scripts.bench.machine import machine
from scripts.bench.results.coach_sounds import heard, talk_in
from scripts.bench.results.session import Run, as_lines, keep, rows
from scripts.bench.results.tables import Row, tell
from scripts.bench.voice import errors
from scripts.simulate import german_talk
from scripts.simulate.live.feeder import RATE
from scripts.simulate.live.listening import Listening
from scripts.simulate.live.sample import PEOPLE, ready, truth
from scripts.simulate.live.soundserver import Playing, Recording, SoundServer
from scripts.simulate.monologue import REHEARSED
from scripts.simulate.tts import told
from scripts.whisper_weights import whisper_weights

VOICE = "slt"  # flite voice of the person who rehearses
AFTER_S = 3.0  # seconds of silence between the last word and Ctrl-C
WORD_S = 0.44  # seconds per word at 135 words a minute
QUESTION_S = 4.0  # seconds until a person answers the check-in's question
GERMAN = "--language de --transcriber whisper --keep words --yes"
LAST_WORDS_S = 120.0  # seconds to wait for the closing words


@dataclass(frozen=True)
class RecordedSession:
    """A command, and the talk that it hears."""

    options: tuple[str, ...]
    talk: Callable[[SoundServer, Listening], None]
    command: str = "listen"
    language: str = "en"


def converse(server: SoundServer, listening: Listening) -> None:
    """Plays the sample conversation; in the check-in each person waits for the end of the question."""
    sample, turns = asset("sample.flac"), truth()["turns"]
    between = (turns[0]["end_s"] + turns[1]["start_s"]) / 2
    ready(listening)
    time.sleep(QUESTION_S)
    wait(server.play(sample, end_s=between), listening)
    listening.wait_for_prompt("Ben, please", seconds=30)
    time.sleep(QUESTION_S)
    wait(server.play(sample, start_s=between), listening)


def tell_alone(server: SoundServer, listening: Listening) -> None:
    """Plays `scripts/simulate/monologue.py` after the opening."""
    talk, opening = server.folder / "rehearsed.wav", Catalogue.load()["opening"].wordings[0]
    sf.write(talk, told(VOICE, REHEARSED), RATE, subtype="PCM_16")
    listening.wait_for_prompt(opening, seconds=300)
    time.sleep(WORD_S * len(opening.split()))  # the text is shown when speech begins
    wait(server.play(talk), listening)


def converse_in_german(server: SoundServer, listening: Listening) -> None:
    """Plays the German talk; in the check-in each person waits for the end of the question."""
    talk = german_talk.write(server.folder)
    turns = json.loads(talk.with_suffix(".truth.json").read_text(encoding="utf-8"))["turns"]
    between, wordings = (turns[0]["end_s"] + turns[1]["start_s"]) / 2, Catalogue.load("de")
    for who, part in zip(german_talk.PEOPLE, ({"end_s": between}, {"start_s": between}), strict=True):
        listening.wait_for_prompt(wordings.line("checkin_ask", name=who), seconds=60)
        time.sleep(QUESTION_S)
        wait(server.play(talk, **part), listening)


SESSIONS = {
    "listen": RecordedSession((*PEOPLE, "--transcriber", "moonshine"), converse),
    "rehearse": RecordedSession(("--practice", "--transcriber", "moonshine"), tell_alone, "rehearse"),
    "listen-de": RecordedSession(
        ("--people", ",".join(german_talk.PEOPLE), *GERMAN.split()), converse_in_german, language="de"
    ),
}


def run(name: str, room_db: float | None) -> Run:
    """Runs a whole session, from the command to its last words."""
    session = SESSIONS[name]
    with SoundServer() as server:
        data = Path(server.env["XDG_DATA_HOME"], "coach")
        if session.language != "en":
            (data / "models").mkdir(parents=True)
            (data / "models" / "base").symlink_to(whisper_weights("base"), target_is_directory=True)
        speaker, microphone = server.record_speaker(), server.record_microphone()
        if room_db is not None:
            server.in_a_room(room_db)
        began = time.monotonic()
        with Listening(server.env, *session.options, session=session.command) as listening:
            session.talk(server, listening)
            time.sleep(AFTER_S)
            listening.interrupt(LAST_WORDS_S)
        time.sleep(1.0)
        words = kept_words(data / DATABASE_FILE)
        return Run(since(began, microphone), since(began, speaker), listening.said(), words)


def kept_words(database: Path) -> list[tuple[float, str, str]]:
    """What the latest session has kept of people's words: second of the session, person and text of each span."""
    with Store(database) as store:
        events = store.events(max(session.id for session in store.sessions()))
        return [
            (as_seconds(each.span.start), each.who, each.text)
            for each in events
            if isinstance(each, Words) and each.text
        ]


def wait(playing: Playing, listening: Listening) -> None:
    while (left := playing.left()) > 0:
        if listening.child.poll() is not None:
            raise SystemExit(f"the coach ended before the talk did\n{listening.said()}")
        time.sleep(min(left, 0.5))


def since(began: float, recording: Recording) -> Samples:
    """The recording from the moment `began`."""
    sound = recording.stop()
    return sound[max(0, round((began - recording.begun) * RATE)) :].astype(np.float32)


def understood(name: str, session: Run) -> list[Row]:
    """How many of the words of the talk after the check-in were recognised, person by person in their order."""
    turns = [turn for turn in german_talk.talk()[1]["turns"] if not turn["check_in"]]
    wrong = spoken = named = 0
    for who in german_talk.PEOPLE:
        said = [word for turn in turns if turn["speaker"] == who for word in words_in(turn["text"])]
        told = [word for _, speaker, text in session.words if speaker == who for word in words_in(text)]
        wrong, spoken, named = wrong + errors(said, told), spoken + len(said), named + len(told)
    return [
        Row(f"{name}: words spoken after the check-in", spoken, "words"),
        Row(f"{name}: words recognised as theirs", named, "words"),
        Row(f"{name}: wrong, missing or added, or given to the other", wrong / spoken, "of the words"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", choices=list(SESSIONS), help="only one of them")
    parser.add_argument("--to", type=Path, metavar="DIR", help="folder for pictures and recordings")
    parser.add_argument("--room", type=float, metavar="DB", help="gain from the speaker to the microphone")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    where = machine()
    figures: list[Row] = []
    more: dict[str, object] = {}
    for name in [chosen.only] if chosen.only else list(SESSIONS):
        session = run(name, chosen.room)
        language = SESSIONS[name].language
        sounds = heard(session.speaker, talk_in(session.microphone), language)
        figures += rows(name, session, sounds)
        if language != "en":
            figures += understood(name, session)
        more[name] = [asdict(each) for each in sounds] if chosen.json else "\n" + as_lines(sounds)
        if session.words:
            more[f"{name}, words"] = "\n" + "\n".join(f"{at:6.1f}  {who}: {text}" for at, who, text in session.words)
        print(session.said, file=sys.stderr)
        if chosen.to:
            chosen.to.mkdir(parents=True, exist_ok=True)
            keep(chosen.to, name, session, sounds, where["date"][:10])
    tell("session", where, figures, more, as_json=chosen.json)


if __name__ == "__main__":
    main()
