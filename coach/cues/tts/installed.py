"""SHELL. The voices that can speak on this machine, and the order in which the coach tries them.

    neural      in the package `hibari`, and those that `coach setup voice` has fetched
    Piper       models in the person's folder, if the package `piper` is installed
    Pico        in the package `py_nanotts`, if it is installed
    system      those that pyttsx3 finds

The first that speaks the language is the coach's voice; if it cannot, the next one speaks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from coach.core.errors import BadSetting, CoachError, Missing
from coach.core.settings import private_folder
from coach.cues.tts.manners import MANNERS
from coach.cues.tts.rendering import system_voices
from coach.cues.tts.voices import NEURAL, PICO, PIPER, MachineVoice, calmest, named

HEART = f"{NEURAL}heart"  # the neural voice that lies in its package
NEURAL_LANGUAGES = ("en",)  # that the neural voice speaks
PICO_VOICES = {
    "de-DE": "German", "en-US": "English (America)", "en-GB": "English (Great Britain)", "es-ES": "Spanish",
    "fr-FR": "French", "it-IT": "Italian",
}  # fmt: skip


def neural_package() -> Path | None:
    """The folder of the neural voice's package; None if it is not installed. Imports nothing of it."""
    with suppress(ImportError, ValueError):
        found = find_spec("hibari")
        if found is not None and found.submodule_search_locations:
            return Path(next(iter(found.submodule_search_locations)))
    return None


def published_neural_voices() -> dict[str, dict[str, Any]]:
    """What the package says about its voices, by name: accent, file, sha256, bundled and more. Empty without it."""
    package = neural_package()
    try:
        return dict(json.loads((package / "assets" / "voices.json").read_text(encoding="utf-8"))) if package else {}
    except (OSError, ValueError):
        return {}


def neural_model(name: str, folder: Path | None) -> Path | None:
    """The file of a fetched neural voice in the person's `folder` of voices; None if there is none."""
    file = published_neural_voices().get(name, {}).get("file")
    path = folder / file if folder is not None and file else None
    return path if path is not None and path.is_file() else None


def neural_voices(folder: Path | None = None) -> list[MachineVoice]:
    """The neural voices that can speak: those in the package, and those fetched into `folder`, in every manner."""
    voices = []
    for name, about in published_neural_voices().items():
        if about.get("bundled") or neural_model(name, folder):
            for manner, how in MANNERS.items():
                called = f"{name}-{manner}" if manner else name
                says = f"{called}: {about.get('accent')} {about.get('gender')}, {how.says}"
                voices.append(MachineVoice(f"{NEURAL}{called}", says, (str(about.get("language")),)))
    return voices


def pico_voices() -> list[MachineVoice]:
    """Pico's voices; empty if its package is not installed."""
    if find_spec("py_nanotts") is None:
        return []
    return [MachineVoice(f"{PICO}{code}", says, (code,)) for code, says in PICO_VOICES.items()]


def piper_voices(folder: Path) -> list[MachineVoice]:
    """The Piper voices in `folder`: each model that has its JSON file beside it. Empty if Piper is not installed."""
    if find_spec("piper") is None:
        return []
    voices = []
    for model in sorted(folder.glob(f"*{PIPER}")):
        try:
            description = json.loads(model.with_name(f"{model.name}.json").read_text(encoding="utf-8"))
            code = (description.get("language") or {}).get("code") or description["espeak"]["voice"]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # Piper cannot load a model without its description
        voices.append(MachineVoice(str(model), model.stem, (str(code),)))
    return voices


def installed_voices(folder: Path | None = None) -> list[MachineVoice]:
    """All voices of this machine, in the order in which the coach prefers their kinds."""
    own = [*neural_voices(folder), *(piper_voices(folder) if folder else []), *pico_voices()]
    with suppress(Missing):  # no system voice: then the others are all there are
        own += system_voices()
    return own


def voices_for(language: str, wanted: str = "", folder: Path | None = None) -> Sequence[str | None]:
    """The ids of the voices to try, in order; None stands for the calmest system voice.

    A `wanted` voice is the only one. It is one of ours, by id or by name, or else taken for a system voice.
    """
    pipers = piper_voices(folder) if folder is not None else []
    if wanted:
        ours = [*neural_voices(folder), *pipers, *pico_voices()]
        short = [each.id for each in ours if each.id.lower() == f"{NEURAL}{wanted}".lower()]
        try:
            return short or [named(ours, wanted).id]
        except Missing:
            return [wanted]
    best = [calmest(kind, language) for kind in (pipers, pico_voices())]
    return [
        *([HEART] if language in NEURAL_LANGUAGES else []),
        *(voice.id for voice in best if voice is not None),
        None,
    ]


def fetch_neural_voice(name: str, folder: Path) -> None:
    """Makes sure that the neural voice `name` ("emma", "emma-lower") can speak: downloads its model, if it is not here.

    It is checked against the hash that the package states, and kept in `folder`. This and `coach setup whisper` alone
    use the network. Raises BadSetting for an unknown voice or manner, and CoachError if the download fails.
    """
    published = published_neural_voices()
    base, dash, manner = name.partition("-")
    known = {*published, *(f"{each}-{how}" for each in published for how in MANNERS if how)}
    if base not in published or (dash and manner not in MANNERS):
        nearest = get_close_matches(name, known, 1, 0.0)
        raise BadSetting(f"there is no voice {name!r}" + (f"; did you mean {nearest[0]!r}?" if nearest else ""))
    about = published[base]
    if about.get("bundled") or neural_model(base, folder):
        return
    from hibari.voices import BASE_URL, download

    private_folder(folder)
    try:
        download(BASE_URL + about["file"], str(folder / about["file"]), about["sha256"])
    except (RuntimeError, OSError) as error:
        raise CoachError(f"the voice {base} could not be downloaded ({error}); nothing was changed") from None
