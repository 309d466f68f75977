"""`coach listen`: the live coach, shown full-screen or as plain lines."""

from __future__ import annotations

from contextlib import ExitStack, closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from coach.audio import silence_native_stderr
from coach.cli.consent import Said, asked_aloud, asked_in_turn
from coach.cli.console import Console
from coach.cli.options import (
    channels_option,
    language_option,
    parsed_channels,
    pause_option,
    people_option,
    settings_for,
    transcriber_option,
    voice_activity_option,
)
from coach.cli.saying import say
from coach.cli.showing import Lines, Screen, kept_as, shown_on_screen
from coach.coaching import Catalogue, turn_questions
from coach.core.errors import NotWritable
from coach.core.settings import data_folder
from coach.cues import cues_folder
from coach.review import Analysis, remembered, summary, unstored_analysis
from coach.runtime import (
    LiveSession,
    Options,
    Plan,
    Ready,
    awake,
    begin,
    get_ready,
    open_speaker,
    say_closing_lines,
    settle,
    tell_that_it_stopped,
)
from coach.sessions import DATABASE_FILE, DiskFull, Store
from coach.vad import VoiceActivity


@click.command()
@click.option("--input", "input_", metavar="DEVICE|FILE|sample", help="A microphone, a recording, or the sample.")
@people_option
@channels_option
@pause_option
@click.option(
    "--cues",
    type=click.Choice(["none", "tones", "full", "drill"]),
    help="No cues, tones only, tones and a few words, or a tone for every answer that came too soon.",
)
@click.option(
    "--cue-style",
    type=click.Choice(["speak", "ask"]),
    help="Speak an invitation at once, or ask first with a rising tone and wait for a yes.",
)
@click.option(
    "--keep", type=click.Choice(["stats", "words", "audio"]), help="What is stored; only times and counts by default."
)
@click.option("--spoken-consent", is_flag=True, help="Also ask each person if their yes and no may be said aloud.")
@click.option(
    "--minutes", type=click.FloatRange(min=0, min_open=True), help="End automatically after this many minutes."
)
@language_option
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
@click.option("--silent", is_flag=True, help="Do not play the sample conversation through the speaker.")
@click.option("--yes", "agreed", is_flag=True, help="Everybody has already agreed: do not ask.")
@click.option("--plain", "as_lines", is_flag=True, help="Print one line per event instead of the screen.")
def listen(
    input_: str | None = None,
    people: str | None = None,
    channels: str | None = None,
    pause: float | str | None = None,
    cues: str | None = None,
    cue_style: str | None = None,
    keep: str | None = None,
    spoken_consent: bool = False,
    minutes: float | None = None,
    language: str | None = None,
    transcriber: str | None = None,
    voice_activity: VoiceActivity = "auto",
    no_check_in: bool = False,
    practice: bool = False,
    take_turns: float | None = None,
    silent: bool = False,
    agreed: bool = False,
    as_lines: bool = False,
    anything: bool = False,
) -> int:
    """Listen while two people talk, or to a recording in real time."""
    columns = parsed_channels(channels)
    options = Options(
        settings=settings_for(
            people,
            columns,
            pause=pause,
            cues=cues,
            cue_style=cue_style,
            keep=keep,
            spoken_consent=spoken_consent or None,
            transcriber=transcriber,
            input=input_,
            language=language,
        ),
        channels=columns,
        voice_activity=voice_activity,
        check_in=not no_check_in,
        minutes=minutes or 0.0,
        practice=practice,
        turns=take_turns or 0.0,
        or_sample=anything,
        silent=silent,
    )
    already = asked_aloud(options, agreed)  # before the devices are opened for the session
    ready = get_ready(options)
    try:
        return _listen(ready, agreed, shown_on_screen(as_lines), already)
    finally:
        ready.close()


def _listen(ready: Ready, agreed: bool, on_screen: bool, already: Said) -> int:
    """Runs the session and prints its review. The sample is stored in a folder that is deleted afterwards."""
    plan = ready.plan
    consents = asked_in_turn(plan, agreed, already)
    with ExitStack() as temporary, closing(Store(_folder(temporary, plan.sample) / DATABASE_FILE)) as store:
        with suppress(DiskFull, NotWritable):  # the session reports it and continues without storing
            store.open()
        shown = Screen(plan) if on_screen else Lines(plan)
        session = begin(ready, store, consents=consents, show=shown.show, prompt=shown.prompt)
        with awake():
            shown.run(session)
        _tell(store, session, sample=plan.sample)
    if unsaid := tell_that_it_stopped(plan, session):
        say(unsaid)
    if plan.turns and not session.withdrawn:
        _look_back(plan, session.catalogue)
    return 0


def _folder(temporary: ExitStack, sample: bool) -> Path:
    """The folder of the store; for the sample, one that is deleted when `temporary` ends."""
    return Path(temporary.enter_context(TemporaryDirectory(prefix="coach-"))) if sample else data_folder()


def _tell(store: Store, session: LiveSession, *, sample: bool) -> None:
    """Prints the review of a session that has ended, and what was kept of it."""
    analysis = _analysis(store, session)
    kept = settle(store, session)
    Console().print(summary(analysis, when="just now"))
    if session.withdrawn or session.stopped_aloud:
        say(_erased(session))
    if sample:
        say("this was the sample conversation; nothing of it was kept")
    elif kept:
        shows = "shows what was stored" if session.missing else "shows it again"
        say(
            f"{kept_as(session)}; `coach review {session.number}` {shows}, "
            f"`coach afterwards {session.number}` asks each of you how it was"
        )
    elif session.number is None:
        say("this session could not be stored, so nothing was kept")
    else:
        say("there was no talk after the beginning, so nothing was kept")


def _erased(session: LiveSession) -> str:
    """What was erased because somebody no longer agrees."""
    if not session.withdrawn:
        return (
            "somebody asked it to stop, and it is not sure who: nothing was erased, and `coach forget` deletes it all"
        )
    names = " and ".join(session.withdrawn)
    whose = "all words" if session.one_microphone else f"the words of {names}"
    return f"{names} no longer agreed: all sound and {whose} of this talk are erased"


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
        with silence_native_stderr(), closing(open_speaker(plan.settings)[0]) as speaker:
            own, voice = cues_folder(), plan.settings.voice or None
            say_closing_lines(lines, speaker, catalogue, own=own, voice=voice, gain_db=plan.settings.volume_db)
