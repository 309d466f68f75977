"""`coach rehearse`: one person rehearses aloud; the coach cues sparingly and gives a summary at the end."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial

import click

from coach import __version__
from coach.asr import choose_for
from coach.audio import silence_native_stderr
from coach.cli.console import Console
from coach.cli.options import language_option, settings_for, transcriber_option, voice_activity_option
from coach.cli.rounds import Round, figures_of_rounds, round_before, rounds
from coach.cli.saying import say
from coach.cli.showing import Lines, Screen, kept_as, shown_on_screen
from coach.coaching import Account, Catalogue, account, spoken_account
from coach.core.errors import NotWritable
from coach.core.events import Event, LanguageFound
from coach.core.settings import Settings, data_folder
from coach.cues import cues_folder, foreign, own_catalogue, own_sounds, own_wordings
from coach.diarization import warm_up
from coach.runtime import Plan, awake, build_session, open_devices, open_speaker, say_closing_lines, settle
from coach.sessions import DATABASE_FILE, DiskFull, Store
from coach.vad import Detector, VoiceActivity, choose_detector

YOU = "You"


@click.command()
@click.option("--input", "input_", metavar="DEVICE|FILE|sample", help="A microphone, a recording, or the sample.")
@click.option("--prompt", "question", metavar="TEXT", help="An opening of your own, instead of one of the coach's.")
@click.option(
    "--minutes", type=click.FloatRange(min=0, min_open=True), help="End automatically after this many minutes."
)
@click.option("--cues", type=click.Choice(["none", "tones", "full"]), help="A few words now and then, or no cues.")
@click.option(
    "--keep", type=click.Choice(["stats", "words", "audio"]), help="What is stored; only times and counts by default."
)
@language_option
@transcriber_option
@voice_activity_option
@click.option("--practice", is_flag=True, help="Begin with a spoken minute or two of arriving.")
@click.option("--plain", "as_lines", is_flag=True, help="Print one line per event instead of the screen.")
def rehearse(
    input_: str | None,
    question: str | None,
    minutes: float | None,
    cues: str | None,
    keep: str | None,
    language: str | None,
    transcriber: str | None,
    voice_activity: VoiceActivity,
    practice: bool,
    as_lines: bool,
) -> int:
    """Rehearse aloud, alone; at the end, see what you told.

    The coach offers an opening, leaves you room, and says a few words at a pause.
    """
    settings = settings_for(YOU, {}, cues=cues, keep=keep, transcriber=transcriber, input=input_, language=language)
    catalogue = own_catalogue(settings)
    detector = choose_detector(voice_activity)
    if detector.networks:
        warm_up()
    with closing(Store(data_folder() / DATABASE_FILE)) as store:
        with suppress(DiskFull, NotWritable):  # the session reports it and continues without storing
            store.open()
        asked, before = " ".join((question or "").split()) or catalogue["opening"].wordings[0], None
        with suppress(DiskFull, NotWritable):
            before = round_before(store)
            asked = asked if question else _next_opening(store, catalogue)
        first = True
        while True:
            plan = Plan(
                people=(YOU,),
                settings=settings,
                version=__version__,
                minutes=minutes or 0.0,
                practice=practice and first,
                question=asked,
            )
            live, told, catalogue, language = _round(plan, catalogue, detector, store, shown_on_screen(as_lines))
            settings = replace(settings, language=language)
            _tell(told, before, catalogue, settings if live else None)
            before, first = ("the round before", told), False
            if not (live and _another()):
                return 0


def _next_opening(store: Store, catalogue: Catalogue) -> str:
    """The next opening; each rehearsal takes the next one, in a cycle."""
    openings = catalogue["opening"].wordings
    return openings[len(rounds(store)) % len(openings)]


def _round(
    plan: Plan,
    catalogue: Catalogue,
    detector: Detector,
    store: Store,
    on_screen: bool,
) -> tuple[bool, Account, Catalogue, str]:
    """Runs one round. Returns whether it was live, its account, and the wordings and the language of the next round."""
    engine, words = choose_for(plan.settings)  # each round closes its own
    with closing(open_devices(plan.settings)) as devices:
        live = not devices.played_back
        plan = replace(plan, played_back=not live)
        shown = Screen(plan) if on_screen else Lines(plan)
        heard: list[Event] = []
        session = build_session(
            plan,
            source=devices.source,
            speaker=devices.speaker,
            sounds=own_sounds(plan.settings, catalogue),
            catalogue=catalogue,
            transcriber=engine,
            store=store,
            show=_both(heard.append, shown.show),
            prompt=shown.prompt,
            detector=detector,
            wordings=partial(own_wordings, plan.settings),
        )
        for line in (words, detector.notice, *devices.told, foreign(plan.settings)):
            if line:
                session.notice(line)
        with awake():
            shown.run(session)
        kept = settle(store, session)
        if kept:
            say(f"{kept_as(session)}; `coach forget {session.number}` deletes it")
        elif session.number is None:
            say("this round could not be stored, so nothing was kept")
        else:
            say("you did not speak, so nothing was kept")
        found = (event.language for event in heard if isinstance(event, LanguageFound) and event.sure)
        return live, account(heard), session.catalogue, next(found, plan.settings.language)


def _both(first: Callable[[Event], None], second: Callable[[Event], None]) -> Callable[[Event], None]:
    def show(event: Event) -> None:
        if event.stored:
            first(event)
        second(event)

    return show


def _tell(told: Account, before: Round | None, catalogue: Catalogue, aloud: Settings | None) -> None:
    """Prints the summary, and speaks it with the settings `aloud` unless they are None."""
    Console().print(figures_of_rounds(told, before, catalogue))
    lines = spoken_account(told, catalogue)
    if aloud is not None and lines:
        with silence_native_stderr(), closing(open_speaker(aloud)[0]) as speaker:
            own, voice = cues_folder(), aloud.voice or None
            say_closing_lines(lines, speaker, catalogue, own=own, voice=voice, gain_db=aloud.volume_db)


def _another() -> bool:
    """Whether the person wants another round; False if stdin is not a terminal."""
    if not sys.stdin.isatty():
        return False
    try:
        return click.confirm("Another round, from the same opening?", err=True)
    except click.Abort:
        return False
