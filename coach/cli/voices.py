"""`coach cues voices` and `coach cues say`: hear the voices of this machine, and how they say a name."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

import click
import tomlkit

from coach.audio import Player, play_to_end, silence_native_stderr
from coach.cli.own_cues import OwnCues
from coach.cli.saying import say
from coach.core.errors import BadSetting, CoachError
from coach.core.names import composed
from coach.cues import (
    NEURAL,
    OWN_NAMES,
    PIPERS,
    CueSounds,
    MachineVoice,
    SaidNames,
    calmest,
    cues_folder,
    installed_voices,
    own_sounds,
    sayable,
    write_text,
)

COMPARED = "inward"  # the cue whose first wording lets voices be compared


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--play", "aloud", is_flag=True, help="Play the same words in each voice, or in each NAME.")
@click.pass_obj
def voices(own: OwnCues, names: tuple[str, ...], aloud: bool) -> None:
    """List the voices for the coach's language, marking the one used.

    With --play you hear them.
    """
    fit = [voice for voice in installed_voices(cues_folder() / PIPERS) if voice.speaks(own.language)]
    used = own_sounds(own.settings, own.catalogue()).voice or _calmest_system_voice(fit, own.language)
    for voice in fit:
        mark = "*" if used.lower() in (voice.id.lower(), voice.name.lower()) else " "
        print(f"{mark} {short(voice)}  {voice.engine}, {voice.name}")
    if not fit:
        say(f"no voice on this machine speaks {own.language!r}; a voice of another language will read it")
    say(f"`coach setup voice NAME` chooses one; voices for Piper, if it is installed, go in {cues_folder() / PIPERS}")
    if aloud or names:
        _compare(own, names or tuple(short(voice) for voice in fit))


def short(voice: MachineVoice) -> str:
    """What to type for `voice`."""
    return voice.name if voice.engine == "Piper" else voice.id.removeprefix(NEURAL)


def _calmest_system_voice(voices: Iterable[MachineVoice], language: str) -> str:
    best = calmest((voice for voice in voices if voice.engine == "system"), language)
    return best.id if best else ""


def _compare(own: OwnCues, names: tuple[str, ...]) -> None:
    """Plays one wording in each of the voices. Raises what the last voice raises that cannot speak."""
    catalogue = own.catalogue()
    text = catalogue[COMPARED].wordings[0]
    with silence_native_stderr(), closing(Player(own.settings.output or None)) as player:
        for name in names:
            sounds = CueSounds(cues_folder() / "cache", catalogue, own=cues_folder(), voice=name, shipped=False)
            clip = sounds.ready(COMPARED, text)
            say(name)
            play_to_end(player, clip, own.settings.volume_db)


# --------------------------------------------------------------------------------------------------------- names


@click.command("say")
@click.argument("name", metavar="NAME[=SPELLING]")
@click.pass_obj
def say_name(own: OwnCues, name: str) -> None:
    """Hear how the coach says a NAME, or spell it as it sounds.

    For example: coach cues say "Jürgen=Yoorgen". With nothing after the equals sign, your spelling is deleted.
    """
    name, equals, spelling = (composed(part) for part in name.partition("="))
    if not name:
        raise BadSetting("there is no name to say; write it like this: coach cues say Ana")
    if equals:
        _respell(name, spelling)
    catalogue = own.catalogue()
    sounds = own_sounds(own.settings, catalogue)
    clip = sounds.ready("checkin_more", catalogue.line("checkin_more", name=name))
    if SaidNames.of(cues_folder()).said(name, with_phonemes=False) is None:
        say(f'no voice can say this name, so it is left out; to spell it as it sounds: coach cues say "{name}=…"')
    for notice in sounds.notices():
        say(notice)
    with silence_native_stderr(), closing(Player(own.settings.output or None)) as player:
        play_to_end(player, clip, own.settings.volume_db)


def _respell(name: str, spelling: str) -> None:
    """Keeps the person's `spelling` of `name`; an empty one deletes it. Raises BadSetting, CoachError."""
    if spelling and not sayable(spelling):
        raise BadSetting(f"{spelling!r} cannot be read aloud; spell the name in plain letters, such as Yoorgen")
    names = dict(SaidNames.of(cues_folder()).respelt)
    if not spelling and name not in names:
        raise CoachError(f"there is no spelling of {name} to delete")
    names.pop(name, None)
    if spelling:
        names[name] = spelling
    write_text(cues_folder() / OWN_NAMES, tomlkit.dumps(names))
    say(f"{name} is now said as {spelling!r}" if spelling else f"deleted your spelling of {name}")
