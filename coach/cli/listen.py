"""`coach listen`: the live coach, shown full-screen or as plain lines."""

from __future__ import annotations

from contextlib import ExitStack, closing, suppress

import click

from coach import __version__
from coach.asr import choose
from coach.audio import Recording, Source, Speaker, silence_native_stderr
from coach.cli.console import Console
from coach.cli.options import (
    channels_option,
    parsed_channels,
    people_option,
    settings_for,
    transcriber_option,
    voice_activity_option,
)
from coach.cli.saying import say
from coach.cli.showing import Lines, Screen, kept_as, shown_on_screen
from coach.cli.sound import SAMPLE, source_for, speaker_for
from coach.coaching import Catalogue, turn_questions
from coach.core.errors import BadSetting, NotWritable
from coach.core.settings import data_folder
from coach.cues import cues_folder, foreign, own_catalogue, own_sounds
from coach.hearing import Detector, Voice, VoiceActivity, choose_detector, warm_up
from coach.review import Analysis, remembered, summary, unstored_analysis
from coach.runtime import LiveSession, Plan, build_session, say_closing_lines
from coach.sessions import DATABASE_FILE, DiskFull, Store, kept_voices

SAMPLE_PEOPLE = ("Ana", "Ben")
NAMELESS = ("One", "Two")  # default names


@click.command()
@click.option("--input", "input_", metavar="DEVICE|FILE|sample", help="A microphone, a recording, or the sample.")
@people_option
@channels_option
@click.option("--pause", type=float, metavar="S", help="The target breath in seconds; 2.0 by default.")
@click.option(
    "--cues", type=click.Choice(["none", "tones", "full"]), help="No cues, tones only, or tones and a few words."
)
@click.option(
    "--keep", type=click.Choice(["stats", "words", "audio"]), help="What is stored; only times and counts by default."
)
@click.option(
    "--minutes", type=click.FloatRange(min=0, min_open=True), help="End automatically after this many minutes."
)
@transcriber_option
@voice_activity_option
@click.option("--no-check-in", is_flag=True, help="Do not learn voices; there are then no cues for answering too soon.")
@click.option("--practice", is_flag=True, help="Begin with a spoken minute or two of arriving.")
@click.option(
    "--take-turns",
    metavar="MIN",
    type=click.FloatRange(min=0, min_open=True),
    help="One shares, the other listens; they swap after half of these minutes.",
)
@click.option("--plain", "as_lines", is_flag=True, help="Print one line per event instead of the screen.")
def listen(
    input_: str | None = None,
    people: str | None = None,
    channels: str | None = None,
    pause: float | None = None,
    cues: str | None = None,
    keep: str | None = None,
    minutes: float | None = None,
    transcriber: str | None = None,
    voice_activity: VoiceActivity = "auto",
    no_check_in: bool = False,
    practice: bool = False,
    take_turns: float | None = None,
    as_lines: bool = False,
    anything: bool = False,
) -> int:
    """Listen while two people talk, or to a recording in real time."""
    columns = parsed_channels(channels)
    settings = settings_for(people, columns, pause=pause, cues=cues, keep=keep, transcriber=transcriber, input=input_)
    if take_turns and len(settings.people) not in (0, 2):
        raise BadSetting(
            "--take-turns is for two people: one shares, the other listens; name both with --people Ana,Ben"
        )
    detector = choose_detector(voice_activity)
    if not (columns or no_check_in):
        warm_up()
    with ExitStack() as devices:  # closes the devices again at the end, whatever happens in between
        with silence_native_stderr():
            source, name = source_for(settings, max(columns.values(), default=0) + 1, anything)
            devices.callback(source.close)
            speaker, mute = speaker_for(settings)
            devices.callback(speaker.close)
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
            practice=practice,
            turns=take_turns or 0.0,
            played_back=played_back,
        )
        return _listen(plan, detector, source, speaker, mute, shown_on_screen(as_lines))


def _listen(plan: Plan, detector: Detector, source: Source, speaker: Speaker, mute: str, on_screen: bool) -> int:
    """Runs the session and prints its review. `mute` says why there is no speaker; empty if there is one."""
    settings = plan.settings
    catalogue = own_catalogue(settings)
    engine, words = choose(settings.transcriber, language=settings.language, model=settings.whisper_model or None)
    folder = data_folder()
    with closing(Store(folder / DATABASE_FILE)) as store:
        with suppress(DiskFull, NotWritable):  # the session reports it and continues without storing
            store.open()
        shown = Screen(plan) if on_screen else Lines(plan)
        session = build_session(
            plan,
            source=source,
            speaker=speaker,
            sounds=own_sounds(settings, catalogue),
            catalogue=catalogue,
            transcriber=engine,
            store=store,
            show=shown.show,
            prompt=shown.prompt,
            detector=detector,
        )
        for line in (words, detector.notice, mute, foreign(settings)):
            if line:
                session.notice(line)
        shown.run(session)
        Console().print(summary(_analysis(store, session), when="just now"))
        if session.number is None:
            say("this session could not be stored, so nothing was kept")
        else:
            shows = "shows what was stored" if session.missing else "shows it again"
            say(
                f"{kept_as(session)}; `coach review {session.number}` {shows}, "
                f"`coach afterwards {session.number}` asks each of you how it was"
            )
        if plan.turns:
            _look_back(plan, catalogue)
    return 0


def _analysis(store: Store, session: LiveSession) -> Analysis:
    """The analysis of a session that has ended: from the store, and from memory what the store lacks."""
    if session.number is None:
        return unstored_analysis(session.header, session.unstored)
    if session.unstored:
        return unstored_analysis(session.header, [*store.events(session.number), *session.unstored])
    return remembered(store, store.session(session.number))


def _look_back(plan: Plan, catalogue: Catalogue) -> None:
    """Asks each person a question after a session with timed turns."""
    lines = turn_questions(catalogue, plan.people)
    print("\n" + "\n".join(line.text for line in lines), flush=True)
    if not plan.played_back:
        with silence_native_stderr(), closing(speaker_for(plan.settings)[0]) as speaker:
            own, voice = cues_folder(), plan.settings.voice or None
            say_closing_lines(lines, speaker, catalogue, own=own, voice=voice, gain_db=plan.settings.volume_db)
