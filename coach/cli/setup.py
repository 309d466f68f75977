"""`coach setup`: one-time set-up of a recogniser, kept voices and settings."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import Any

import click

from coach.audio import Microphone, NoPlayer, Player, Recording, Source, Speaker, silence_native_stderr
from coach.cli import doctor, plain
from coach.cli.console import Console
from coach.cli.options import people_option, settings_for
from coach.cli.saying import say
from coach.cli.whisper import set_up_whisper
from coach.coaching import Catalogue
from coach.core.errors import BadInput, BadSetting, CoachError, Missing
from coach.core.events import Event
from coach.core.invocation import as_called
from coach.core.resources import asset
from coach.core.settings import Settings, data_folder, load_settings, private_folder, settings_explained, settings_path
from coach.core.settings_file import change_settings
from coach.cues import (
    PIPERS,
    CueOutput,
    cues_folder,
    fetch_neural_voice,
    installed_voices,
    named,
    own_catalogue,
    own_sounds,
    published_neural_voices,
)
from coach.diarization import Voice, warm_up
from coach.runtime import SAMPLE, Aloud, Unheard, learn_voices, names_a_file
from coach.sessions import keep_voice, names_kept
from coach.vad import choose_detector

DEFAULT_VOICE = "default"


@click.group(invoke_without_command=True)
@click.pass_context
def setup(ctx: click.Context) -> None:
    """Show the set-up (recogniser, voices, settings) and change it."""
    if ctx.invoked_subcommand is None:
        with silence_native_stderr():
            _overview()


def _overview() -> None:
    settings = load_settings()
    for part, check in (("words", doctor.words), ("Whisper", doctor.whisper), ("voice", doctor.voice)):
        print(as_called(str(doctor.tried(part, check, settings))), flush=True)
    print(as_called(str(_kept())), end="\n\n")
    path = settings_path()
    print(f"settings: {path}{'' if path.is_file() else ' (not there; create it to change a setting)'}\n")
    for name, meaning in settings_explained().items():
        print(f"{name} = {_toml(getattr(settings, name))}\n    {meaning}")


def _kept() -> doctor.Finding:
    names = names_kept(data_folder())
    if names:
        return doctor.Finding("ok", "kept voices", f"{', '.join(names)}; `coach forget voices` deletes them")
    return doctor.Finding(
        "ok", "kept voices", "none; after `coach setup voices --people Ana,Ben` you can skip the check-in"
    )


def _toml(value: Any) -> str:
    """`value` in TOML, as in the settings file."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


# ------------------------------------------------------------------------------------------------------ whisper


@setup.command()
@click.argument("name", metavar="[NAME]", required=False)
def whisper(name: str | None) -> None:
    """List Whisper models, or download one, such as base.

    Once downloaded, it works offline.
    """
    set_up_whisper(name)


# ------------------------------------------------------------------------------------------------ the coach's voice


@setup.command()
@click.argument("name", metavar="NAME")
def voice(name: str) -> None:
    """Choose the coach's voice, such as heart-lower, or default.

    `coach cues voices` lists the voices of this machine. The neural voices emma, fable (British), fenrir and kore
    (American) are downloaded once, 8 MB each.
    """
    folder = cues_folder() / PIPERS
    if name == DEFAULT_VOICE:
        name = ""
    elif name.partition("-")[0] in published_neural_voices():
        fetch_neural_voice(name, folder)
    else:
        name = named(installed_voices(folder), name).id
    change_settings({"voice": name})
    if name:
        say(f"the coach speaks as {name}; `coach cues play inward` plays it, `coach setup voice default` undoes this")
    else:
        say("the coach speaks in its own voice")


# --------------------------------------------------------------------------------------------- people's voices


@setup.command()
@people_option
@click.option("--input", "input_", metavar="DEVICE|FILE|sample", help="A microphone, a recording, or the sample.")
@click.option("--yes", is_flag=True, help="Everybody has already agreed: do not ask.")
def voices(people: str | None, input_: str | None, yes: bool) -> None:
    """Learn and keep voices, so that `coach listen` need not ask.

    Each person says a sentence.
    """
    settings = settings_for(people, {}, input=input_)
    if not settings.people:
        raise BadSetting("say whose voices to learn, such as --people Ana,Ben")
    private_folder(data_folder())  # before anybody speaks: is there a place for the voices?
    with silence_native_stderr():
        learnt = _learnt(settings)
    agreed = [who for who in settings.people if yes or _agrees(who)]
    for who in agreed:
        keep_voice(data_folder(), who, learnt[who].arrays())
    say(_outcome(settings.people, agreed))


def _learnt(settings: Settings) -> dict[str, Voice]:
    detector = choose_detector()
    if detector.notice:
        say(detector.notice)
    if detector.networks:
        warm_up()
    source = _source(settings.input)
    catalogue = own_catalogue(settings)
    output: Aloud = Unheard()
    if isinstance(source, Microphone) and settings.cues != "none":
        output = _voice_output(settings, catalogue)
    with Console(stderr=True).status("listening …") if _watched(source) else nullcontext():
        try:
            return learn_voices(
                source,
                settings.people,
                catalogue=catalogue,
                output=output,
                show=_show,
                prompt=say,
                detector=detector,
            )
        finally:
            if isinstance(output, CueOutput):
                output.close()


def _watched(source: Source) -> bool:
    return sys.stderr.isatty() and isinstance(source, Recording)


def _source(wanted: str) -> Source:
    if wanted == SAMPLE:
        return Recording(asset("sample.flac"))
    if names_a_file(wanted):
        return Recording(wanted)
    return Microphone(wanted or None)


def _voice_output(settings: Settings, catalogue: Catalogue) -> CueOutput:
    speaker: Speaker
    try:
        speaker = Player(settings.output or None)
    except (BadInput, Missing):
        speaker = NoPlayer()  # the prompts are printed as well
    asks = [("checkin_ask", catalogue.line("checkin_ask", name=who)) for who in settings.people]
    return CueOutput(
        speaker,
        own_sounds(settings, catalogue),
        catalogue,
        ahead=asks,
        gain_db=settings.volume_db,
    )


def _agrees(who: str) -> bool:
    try:
        return click.confirm(f"Keep the model of {who}'s voice for next time? No sound is kept.", err=True)
    except click.Abort:
        raise CoachError("nobody answered, so no voice was kept; use --yes if everybody has already agreed") from None


def _outcome(people: tuple[str, ...], agreed: list[str]) -> str:
    if not agreed:
        return "no voice was kept"
    kept = f"kept: {' and '.join(agreed)}; `coach forget voices` deletes them"
    if len(agreed) < len(people):
        return f"{kept}; the check-in is skipped once everybody's voice is kept"
    return f"{kept}, `coach listen --people {','.join(people)}` now skips the check-in"


def _show(event: Event) -> None:
    text = plain.line(event)
    if text is not None:
        print(text, file=sys.stderr, flush=True)
