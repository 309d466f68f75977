"""`coach cues`: list, play and change the cues, their wordings and the voice that speaks them."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import click
import tomlkit
from rich.table import Table
from rich.text import Text

from coach.audio import Microphone, Player, Recording, Source, silence_native_stderr
from coach.cli.console import Console
from coach.cli.options import names_a_file
from coach.cli.saying import say
from coach.coaching import Catalogue, Entry, shipped_wordings, wording_faults, wording_languages
from coach.core.errors import BadSetting, CoachError, Missing
from coach.core.invocation import as_called
from coach.core.settings import Settings, data_folder, load_settings, private_folder
from coach.core.span import RATE
from coach.cues import (
    LONGEST_RECORDING,
    PIPERS,
    THE_RECORDING,
    CueSounds,
    Sound,
    accepted,
    calmest,
    copy_of,
    cue_language,
    cues_folder,
    foreign,
    heard_from,
    heard_well,
    own_catalogue,
    own_sounds,
    own_text,
    piper_voices,
    system_voices,
    voice_for,
    write_sound,
    write_text,
)

POLL_S = 0.05  # how often to check whether a cue has ended
SOMEBODY = "Ana"  # fills the name in a wording when the settings name nobody

name_argument = click.argument("name", metavar="NAME")


@dataclass(frozen=True, slots=True)
class _Cues:
    """The settings and files that all of these commands use."""

    settings: Settings

    @property
    def language(self) -> str:
        return cue_language(self.settings)

    @property
    def copy(self) -> Path:
        return copy_of(self.language)

    def catalogue(self) -> Catalogue:
        return own_catalogue(self.settings)


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
    ctx.obj = _Cues(settings)
    return _list(ctx.obj) if ctx.invoked_subcommand is None else None


# ------------------------------------------------------------------------------------------------------ the list


def _list(own: _Cues) -> int:
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
def play(own: _Cues, name: str) -> None:
    """Play NAME as it sounds in a session.

    For a kind of cue, all its wordings play in turn.
    """
    catalogue = own.catalogue()
    entry, wording = _named(catalogue, name)
    sounds = own_sounds(own.settings, catalogue)
    person = next(iter(own.settings.people), SOMEBODY)
    texts = [text.format(name=person) for text in ([wording] if wording else entry.wordings or ("",))]
    with silence_native_stderr():
        player = Player(own.settings.output or None)
        try:
            for text in texts:
                clip = sounds.ready(entry.kind, text)
                say(text or f"{entry.kind}, a tone")
                _play(player, clip, own.settings.volume_db)
        finally:
            player.close()


def _play(player: Player, clip: Sound, gain_db: float) -> None:
    player.play(clip, gain_db)
    while not (over := player.finished()):
        time.sleep(POLL_S)
    if over[0].failed:
        raise Missing(over[0].failed)


# ------------------------------------------------------------------------------------------------------ to change


@cues.command()
@click.pass_obj
def edit(own: _Cues) -> int:
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
def off(own: _Cues, kinds: tuple[str, ...]) -> None:
    """Switch cues off, until you switch them on again."""
    _switch(own, kinds, on=False)


@cues.command()
@click.argument("kinds", metavar="KIND...", nargs=-1, required=True)
@click.pass_obj
def on(own: _Cues, kinds: tuple[str, ...]) -> None:
    """Switch cues on again."""
    _switch(own, kinds, on=True)
    for kind in set(kinds) & set(own.settings.cues_off):
        say(f"{kind} is also in cues_off in your settings; remove it there")


def _switch(own: _Cues, kinds: tuple[str, ...], *, on: bool) -> None:
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
def take(own: _Cues, name: str, file: Path) -> None:
    """Use the recording FILE for NAME.

    FILE is WAV, FLAC or OGG, of any sample rate and bit depth. Its level is matched to the coach's cues.
    """
    entry, _ = _recordable(own.catalogue(), name)
    _keep(name, accepted(file, entry.form))


@cues.command()
@name_argument
@click.option("--input", "input_", metavar="DEVICE|FILE", help="A microphone or a recording.")
@click.pass_obj
def record(own: _Cues, name: str, input_: str | None) -> None:
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
def restore(own: _Cues, name: str) -> None:
    """Delete your recording of NAME, so that the coach's is used."""
    _named(own.catalogue(), name)
    path = cues_folder() / f"{name}.wav"
    if not path.is_file():
        raise CoachError(f"there is no recording of {name} to delete; `coach cues` lists yours")
    path.unlink()
    say(f"deleted your recording of {name}")


# -------------------------------------------------------------------------------------------------------- voices


@cues.command()
@click.pass_obj
def voices(own: _Cues) -> None:
    """List the voices for the coach's language, marking the one used."""
    folder = cues_folder() / PIPERS
    piper, system = piper_voices(folder), system_voices()
    fit = [voice for voice in (*piper, *system) if voice.speaks(own.language)]
    best = calmest(system, own.language)
    speaks = voice_for(own.language, own.settings.voice, folder) or (best.id if best else "")
    for voice in fit:
        mark = "*" if speaks.lower() in (voice.id.lower(), voice.name.lower()) else " "
        print(f"{mark} {voice.name if voice in piper else voice.id}  {'Piper' if voice in piper else voice.name}")
    if not fit:
        say(f"no voice on this machine speaks {own.language!r}; a voice of another language will read it")
    say(f'to choose a voice, set voice = "…" in your settings; voices for Piper, if it is installed, go in {folder}')
