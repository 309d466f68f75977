"""`coach listen`: the live coach, as a calm screen or as plain lines."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import closing, suppress

import click
from rich.console import Console

from coach import __version__
from coach.assets import asset
from coach.audio.microphone import Microphone
from coach.audio.player import NoPlayer, Player, Speaker
from coach.audio.quiet import quiet_libraries
from coach.audio.recording import Recording
from coach.audio.source import Source
from coach.cli import plain
from coach.cli.options import (
    channels_option,
    names_a_file,
    parsed_channels,
    people_option,
    settings_for,
    transcriber_option,
)
from coach.coaching import Catalogue
from coach.coaching.voice import CueSounds
from coach.errors import BadInput, Missing
from coach.events import Event
from coach.hearing.voices import Voice
from coach.loop.live import Command, Session
from coach.loop.plan import Plan
from coach.review.figures import remembered
from coach.review.terminal import summary
from coach.sessions import DiskFull, Store
from coach.sessions.store import FILE
from coach.sessions.voices import kept_voices
from coach.settings import Settings, data_folder
from coach.words import choose

SAMPLE = "sample"
SAMPLE_PEOPLE = ("Ana", "Ben")
NAMELESS = ("One", "Two")  # people who gave no names


@click.command()
@click.option("--input", "input_", metavar="DEVICE|FILE|sample", help="A microphone, a recording, or the sample.")
@people_option
@channels_option
@click.option("--pause", type=float, metavar="S", help="The target breath in seconds; 2.0 if not set otherwise.")
@click.option("--cues", type=click.Choice(["none", "tones", "full"]), help="Nothing, tones only, or also a few words.")
@click.option("--keep", type=click.Choice(["stats", "words", "audio"]), help="What is stored; timings only by default.")
@click.option("--minutes", type=click.FloatRange(min=0, min_open=True), help="End by itself after so many minutes.")
@transcriber_option
@click.option(
    "--no-check-in", is_flag=True, help="Do not learn voices; then nobody hears a cue for answering too soon."
)
@click.option("--plain", "as_lines", is_flag=True, help="One line an event instead of the screen.")
def listen(
    input_: str | None = None,
    people: str | None = None,
    channels: str | None = None,
    pause: float | None = None,
    cues: str | None = None,
    keep: str | None = None,
    minutes: float | None = None,
    transcriber: str | None = None,
    no_check_in: bool = False,
    as_lines: bool = False,
    anything: bool = False,
) -> int:
    """Listen while two people talk, or to a recording as if it were now."""
    columns = parsed_channels(channels)
    settings = settings_for(people, columns, pause=pause, cues=cues, keep=keep, transcriber=transcriber, input=input_)
    on_screen = not as_lines and all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
    with quiet_libraries():
        source, name = _source(settings, max(columns.values(), default=0) + 1, anything)
        speaker, mute = _speaker(settings)
    played_back = isinstance(source, Recording)
    names = settings.people or (SAMPLE_PEOPLE if name == SAMPLE else NAMELESS)
    voices = {} if columns or no_check_in or played_back else kept_voices(data_folder(), names)
    plan = Plan(
        people=names,
        settings=settings,
        version=__version__,
        channels=columns,
        voices={who: Voice(**arrays) for who, arrays in voices.items()},
        check_in=not no_check_in,
        minutes=minutes or 0.0,
        played_back=played_back,
    )
    return _listen(plan, source, speaker, mute, on_screen)


def _source(settings: Settings, channels: int, anything: bool) -> tuple[Source, str]:
    """The sound that is asked for; with `anything`, the sample where there is no microphone."""
    wanted = settings.input
    if wanted == SAMPLE:
        return Recording(asset("sample.flac"), block_s=0.02), SAMPLE
    if names_a_file(wanted):
        recording = Recording(wanted, block_s=0.02)
        if recording.channels < channels:
            raise BadInput(
                f"{recording.name} has {recording.channels} channel(s), but --channels names number {channels}"
            )
        return recording, wanted
    try:
        return Microphone(wanted or None, channels), wanted
    except (BadInput, Missing) as error:
        if not anything:
            raise
        print(f"coach: {error}", file=sys.stderr)
        print("coach: so here is the sample conversation, in real time; no microphone is used", file=sys.stderr)
        return Recording(asset("sample.flac"), block_s=0.02), SAMPLE


def _speaker(settings: Settings) -> tuple[Speaker, str]:
    """The speaker, or one that nobody hears and a line that says so."""
    if settings.cues == "none":
        return NoPlayer(), ""
    try:
        return Player(settings.output or None), ""
    except (BadInput, Missing) as error:
        if settings.output:
            raise
        return NoPlayer(), f"no cue will be heard, only shown: {error}"


def _listen(plan: Plan, source: Source, speaker: Speaker, mute: str, on_screen: bool) -> int:
    """The session from the first sound to the review; `mute` says why there is no speaker, if there is none."""
    settings = plan.settings
    engine, words = choose(settings.transcriber, language=settings.language, model=settings.whisper_model or None)
    catalogue = Catalogue.load()
    folder = data_folder()
    with closing(Store(folder / FILE)) as store:
        with suppress(DiskFull):  # the session goes on, and says so
            store.open()
        shown = _Screen(plan) if on_screen else _Lines(plan)
        session = Session(
            plan,
            source=source,
            speaker=speaker,
            sounds=CueSounds(folder / "cues" / "cache", catalogue, own=folder / "cues"),
            catalogue=catalogue,
            transcriber=engine,
            store=store,
            show=shown.show,
            prompt=shown.prompt,
        )
        for line in (words, mute):
            if line:
                session.notice(line)
        shown.run(session)
        if session.number is None:
            print("coach: nothing of this session was kept, because it could not be stored", file=sys.stderr)
        else:
            done = store.session(session.number)
            Console().print(summary(remembered(store, done), when="just now"))
            print(
                f"coach: kept as session {done.id}; `coach review {done.id}` shows it again, "
                f"`coach afterwards {done.id}` asks each of you how it was",
                file=sys.stderr,
            )
    return 0


class _Lines:
    """`--plain`: one line an event on stdout; Ctrl-C ends the session."""

    def __init__(self, plan: Plan) -> None:
        self._words = plan.settings.keep != "stats"

    def show(self, event: Event) -> None:
        text = plain.line(event, show_words=self._words)
        if text is not None:
            print(text, flush=True)

    def prompt(self, text: str) -> None:
        if text:
            print(f"coach: {text}", file=sys.stderr, flush=True)

    def run(self, session: Session) -> None:
        before = {
            number: signal.signal(number, lambda *_: session.command("end"))
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            with quiet_libraries():  # the screen keeps them quiet by itself
                session.run()
        finally:
            for number, action in before.items():
                signal.signal(number, action)


class _Screen:
    """The full-terminal view; the session runs on a thread of its own."""

    def __init__(self, plan: Plan) -> None:
        from coach.cli.screen import Commands, ListenScreen

        self._session: Session | None = None
        self._failure: BaseException | None = None
        commands = Commands(
            hush=lambda: self._command("hush"),
            mark=lambda: self._command("mark"),
            skip=lambda: self._command("skip"),
            end=lambda: self._command("end"),
        )
        self._app = ListenScreen(plan.people, plan.settings.pause, commands, channels=plan.channels)
        self.show = self._app.post
        self.prompt = self._app.phase

    def _command(self, command: Command) -> None:
        if self._session is not None:
            self._session.command(command)

    def run(self, session: Session) -> None:
        self._session = session
        ear = threading.Thread(target=self._run, args=(session,), name="ear")
        ear.start()
        try:
            self._app.show()
        finally:
            session.command("end")
            ear.join()
        if self._failure is not None:
            raise self._failure

    def _run(self, session: Session) -> None:
        try:
            session.run()
        except BaseException as failure:  # shown by the main thread, once the terminal is back
            self._failure = failure
            self._app.finish("failed")
