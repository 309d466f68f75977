"""`coach cues`: list, play and change the cues, their wordings and the voice that speaks them."""

from __future__ import annotations

import sys
import threading
from contextlib import closing
from pathlib import Path

import click
import tomlkit
from rich.table import Table
from rich.text import Text

from coach.audio import Microphone, Player, Recording, Source, play_to_end, silence_native_stderr
from coach.cli.console import Console
from coach.cli.own_cues import OwnCues
from coach.cli.saying import say
from coach.cli.voices import say_name, voices
from coach.coaching import Catalogue, Entry, shipped_wordings, wording_faults, wording_languages
from coach.core.errors import BadSetting, CoachError
from coach.core.invocation import as_called
from coach.core.settings import Settings, data_folder, load_settings, private_folder
from coach.core.span import RATE
from coach.cues import (
    LONGEST_RECORDING,
    THE_RECORDING,
    CueSounds,
    Sound,
    accepted,
    cues_folder,
    foreign,
    heard_from,
    heard_well,
    own_sounds,
    own_text,
    write_sound,
    write_text,
)
from coach.runtime import names_a_file

NOBODY = ("Ana", "Ben")  # fill the names in a wording when the settings name nobody

name_argument = click.argument("name", metavar="NAME")


@click.group(invoke_without_command=True)
@click.option(
    "--language", metavar="CODE", help=f"{' or '.join(wording_languages())}; by default the language in your settings."
)
@click.pass_context
def cues(ctx: click.Context, language: str | None) -> int | None:
    """List, hear and change everything the coach may sound or say.

    You can also use your own voice. A NAME is a kind of cue, such as inward, or one of its wordings, such as inward-2.
    """
    settings = load_settings().with_options(language=language)
    if language is not None:
        shipped_wordings(language)  # raises if the requested language does not exist
    ctx.obj = OwnCues(settings)
    return _list(ctx.obj) if ctx.invoked_subcommand is None else None


# ------------------------------------------------------------------------------------------------------ the list


def _list(own: OwnCues) -> int:
    if wrong := wording_faults(own.language, own_text(own.language) or "", str(own.copy)):
        for line in wrong:
            say(line)
        return 2
    catalogue = own.catalogue()
    sounds = own_sounds(own.settings, catalogue)
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for overflow in ("ignore", "fold", "ignore"):
        table.add_column(overflow=overflow, no_wrap=overflow == "ignore")
    for entry in catalogue.entries.values():
        table.add_row(Text(entry.kind, "bold"), Text(_state(entry, own.settings)), _instead(sounds, entry.kind))
        for number, text in enumerate(entry.wordings, 1):
            aim = Text(entry.toward.get(text, ""), "dim")
            table.add_row(Text(f"  {entry.kind}-{number}", "dim"), text, _instead(sounds, entry.kind, text) or aim)
    console = Console()
    console.print(table)
    there = "" if own.copy.is_file() else " (not there, so nothing is changed; `coach cues edit` creates it)"
    console.print(Text(as_called(f"your copy: {own.copy}{there}"), style="dim"), soft_wrap=True)
    for line in (*sounds.unusable(), foreign(own.settings)):
        if line:
            say(line)
    return 0


def _state(entry: Entry, settings: Settings) -> str:
    if entry.form == "line":
        return "spoken at the beginning or the end"
    what = "a tone" if entry.form == "tone" else "a few words"
    if entry.kind in settings.cues_off:
        return f"{what}, off (cues_off in the settings)"
    return what if entry.enabled else f"{what}, off"


def _instead(sounds: CueSounds, kind: str, text: str = "") -> Text:
    """The owner of the recording that replaces this cue; empty if the coach's own sound is used."""
    path = sounds.replacement(kind, text)
    return Text(f"your {path.name}" if path else "", "italic")


def _named(catalogue: Catalogue, name: str) -> tuple[Entry, str]:
    """The entry, and the one wording that NAME selects; empty for all wordings. Raises BadSetting."""
    kind, _, number = name.partition("-")
    entry = catalogue[kind]
    if not number:
        return entry, ""
    if not number.isdecimal() or not 0 < int(number) <= len(entry.wordings):
        have = f"its wordings are {kind}-1 to {kind}-{len(entry.wordings)}" if entry.wordings else "it has no wordings"
        raise BadSetting(f"there is no cue {name!r}; {have}")
    return entry, entry.wordings[int(number) - 1]


# -------------------------------------------------------------------------------------------------------- to hear


@cues.command()
@name_argument
@click.pass_obj
def play(own: OwnCues, name: str) -> None:
    """Play NAME as it sounds in a session.

    For a kind of cue, all its wordings play in turn.
    """
    catalogue = own.catalogue()
    entry, wording = _named(catalogue, name)
    sounds = own_sounds(own.settings, catalogue)
    texts = [_filled(text, own.settings.people) for text in ([wording] if wording else entry.wordings or ("",))]
    with silence_native_stderr(), closing(Player(own.settings.output or None)) as player:
        for text in texts:
            clip = sounds.ready(entry.kind, text)
            for notice in sounds.notices():
                say(notice)
            say(text or f"{entry.kind}, a tone")
            play_to_end(player, clip, own.settings.volume_db)


def _filled(text: str, people: tuple[str, ...]) -> str:
    """`text` with names, figures and kinds in its placeholders."""
    first, second, *_ = (*people, *NOBODY) if len(people) < 2 else people
    return text.format(name=first, sharer=first, listener=second, seconds=90, kinds="feelings, hopes")


# ------------------------------------------------------------------------------------------------------ to change


@cues.command()
@click.pass_obj
def edit(own: OwnCues) -> int:
    """Edit a copy of the wordings, and check it for mistakes."""
    if own_text(own.language) is None:
        write_text(own.copy, shipped_wordings(own.language))
    while True:
        click.edit(filename=str(own.copy))
        wrong = wording_faults(own.language, own_text(own.language) or "", str(own.copy))
        for line in wrong:
            say(line)
        if not wrong:
            say(f"your copy is {own.copy}; delete it to restore the coach's wordings")
            return 0
        if not sys.stdin.isatty() or not click.confirm("Edit it again?", default=True, err=True):
            return 2


@cues.command()
@click.argument("kinds", metavar="KIND...", nargs=-1, required=True)
@click.pass_obj
def off(own: OwnCues, kinds: tuple[str, ...]) -> None:
    """Switch cues off, until you switch them on again."""
    _switch(own, kinds, on=False)


@cues.command()
@click.argument("kinds", metavar="KIND...", nargs=-1, required=True)
@click.pass_obj
def on(own: OwnCues, kinds: tuple[str, ...]) -> None:
    """Switch cues on again."""
    _switch(own, kinds, on=True)
    for kind in set(kinds) & set(own.settings.cues_off):
        say(f"{kind} is also in cues_off in your settings; remove it there")


def _switch(own: OwnCues, kinds: tuple[str, ...], *, on: bool) -> None:
    catalogue = own.catalogue()  # raises if the user's copy has mistakes
    document = tomlkit.parse(own_text(own.language) or "")
    for kind in kinds:
        catalogue[kind]
        table = document.setdefault(kind, tomlkit.table())
        table["enabled"] = on
    text = tomlkit.dumps(document)
    Catalogue.load(own.language, text)
    write_text(own.copy, text)
    say(f"{' and '.join(kinds)} switched {'on' if on else 'off'} in {own.copy}")


# ------------------------------------------------------------------------------------------------- one's own voice


@cues.command()
@name_argument
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def take(own: OwnCues, name: str, file: Path) -> None:
    """Use the recording FILE for NAME.

    FILE is WAV, FLAC or OGG, of any sample rate and bit depth. Its level is matched to the coach's cues.
    """
    entry, _ = _recordable(own.catalogue(), name)
    _keep(name, accepted(file, entry.form))


@cues.command()
@name_argument
@click.option("--input", "input_", metavar="DEVICE|FILE", help="A microphone or a recording.")
@click.pass_obj
def record(own: OwnCues, name: str, input_: str | None) -> None:
    """Record NAME in your own voice: speak, then press Enter."""
    entry, wording = _recordable(own.catalogue(), name)
    private_folder(data_folder())  # before anybody speaks: is there a place for the recording?
    wanted = own.settings.with_options(input=input_).input
    with silence_native_stderr():
        source: Source = Recording(wanted) if names_a_file(wanted) else Microphone(wanted or None)
        say(f"say slowly: {wording}" if wording else f"recording {entry.kind}")
        if isinstance(source, Microphone) and sys.stdin.isatty():
            say("press Enter when you are done")
            threading.Thread(target=_close_at_enter, args=(source,), daemon=True).start()
        sound = heard_from(source, LONGEST_RECORDING[entry.form] + RATE)
    heard_well(sound, entry.form, THE_RECORDING)
    _keep(name, sound)


def _recordable(catalogue: Catalogue, name: str) -> tuple[Entry, str]:
    """Like `_named`. Raises BadSetting for wordings that contain people's names."""
    entry, wording = _named(catalogue, name)
    if any("{" in text for text in entry.wordings):
        raise BadSetting(f"{entry.kind} contains people's names, so one recording cannot replace it")
    return entry, wording


def _close_at_enter(source: Source) -> None:
    sys.stdin.readline()
    source.close()


def _keep(name: str, sound: Sound) -> None:
    write_sound(cues_folder() / f"{name}.wav", sound)
    say(f"{name} is now your recording; `coach cues play {name}` plays it, `coach cues restore {name}` removes it")


@cues.command()
@name_argument
@click.pass_obj
def restore(own: OwnCues, name: str) -> None:
    """Delete your recording of NAME, so that the coach's is used."""
    _named(own.catalogue(), name)
    path = cues_folder() / f"{name}.wav"
    if not path.is_file():
        raise CoachError(f"there is no recording of {name} to delete; `coach cues` lists yours")
    path.unlink()
    say(f"deleted your recording of {name}")


cues.add_command(say_name)
cues.add_command(voices)
