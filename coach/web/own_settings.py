"""The settings that people change on the page: each goes into the settings file, under the rules of that file.

A session that runs already keeps the settings with which it began.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import cache
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from coach.audio import Player, play_to_end, silence_native_stderr
from coach.core.errors import BadInput, BadSetting
from coach.core.settings import Settings, allowed_range, checked_settings, data_folder, load_settings
from coach.core.settings_file import change_settings
from coach.core.texts import texts
from coach.cues import (
    PIPERS,
    CueSounds,
    MachineVoice,
    cue_language,
    cues_folder,
    installed_voices,
    named,
    own_wordings,
)
from coach.sessions import names_kept
from coach.web.house import House
from coach.web.pages import spoken_languages
from coach.web.rendering import language_of, render

HEARD = "inward"  # the cue whose first wording lets a voice be heard
NUMBERS = ("pause", "quiet_first", "volume_db", "keep_days")  # settings with a smallest and a largest value
CHOSEN = ("keep", "cues", "cue_style", "voice", "language", "pause_grows", "spoken_consent")


async def settings(house: House, request: Request) -> Response:
    """What is usual here, to be changed, and kept voices."""
    now = await run_in_threadpool(load_settings)
    return render(
        request,
        "settings.html.jinja",
        settings=now,
        ranges={name: allowed_range(name) for name in NUMBERS},
        spoken=spoken_languages(now.language, texts(language_of(request))),
        coach_voices=await run_in_threadpool(_coach_voices, now, language_of(request)),
        voices=await run_in_threadpool(names_kept, data_folder()),
        saved=request.query_params.get("saved", ""),
    )


async def change(house: House, request: Request, form: dict[str, Any]) -> dict[str, Any]:
    """Writes what was changed into the settings file."""
    says = texts(language_of(request))
    wanted: dict[str, Any] = {name: form[name] for name in (*NUMBERS, *CHOSEN) if name in form}
    if "names" in form:
        wanted["people"] = [name for each in str(form["names"]).split(",") if (name := each.strip())]
    for name, value in wanted.items():
        _check(name, value, says)
    await run_in_threadpool(_keep, wanted)
    house.table.chosen = None
    return {"to": "/settings?saved=1"}


async def hear(house: House, request: Request, form: dict[str, Any]) -> dict[str, Any]:
    """Says a few words in a voice: that of the id `voice`, or the usual one for ""."""
    if house.table.stage in ("starting", "live") or (house.table.asking is not None and house.table.asking.hears):
        raise BadInput(texts(language_of(request))["settings.hear.later"])
    await run_in_threadpool(_say, str(form.get("voice", "")), language_of(request))
    return {}


def _say(voice: str, shown_in: str) -> None:
    settings = load_settings()
    catalogue, usual = own_wordings(settings, cue_language(settings, shown_in))
    folder = cues_folder()
    chosen = CueSounds(folder / "cache", catalogue, own=folder, voice=voice, shipped=False) if voice else usual
    clip = chosen.ready(HEARD, catalogue[HEARD].wordings[0])
    with silence_native_stderr(), closing(Player(settings.output or None)) as player:
        play_to_end(player, clip, settings.volume_db)


def _check(name: str, value: Any, says: Mapping[str, str]) -> None:
    """Raises BadInput, in the words of the page, for a number that is not allowed, and BadSetting for anything else."""
    try:
        checked_settings({name: value})
    except BadSetting as error:
        if name not in NUMBERS:
            raise
        low, high = allowed_range(name)
        label = says[f"settings.{name}"]
        raise BadInput(says["settings.range"].format(label=label, low=f"{low:g}", high=f"{high:g}")) from error


def _keep(wanted: dict[str, Any]) -> None:
    now = load_settings()
    if wanted.get("voice", now.voice) not in ("", now.voice):
        wanted = wanted | {"voice": named(_installed(), wanted["voice"]).id}
    change_settings(wanted)


def _coach_voices(now: Settings, shown_in: str) -> dict[str, str]:
    """What each voice for the language of the cues is called, by its id; and the one that is chosen."""
    language = cue_language(now, shown_in)
    fit = [voice for voice in _installed() if voice.speaks(language)]
    names = [voice.name for voice in fit]
    called = {each.id: f"{each.name}, {each.engine}" if names.count(each.name) > 1 else each.name for each in fit}
    return called if now.voice in ("", *called) else {now.voice: now.voice, **called}


@cache
def _installed() -> Sequence[MachineVoice]:
    """All voices of this machine. They are asked for once: some systems take seconds to list theirs."""
    return installed_voices(cues_folder() / PIPERS)
