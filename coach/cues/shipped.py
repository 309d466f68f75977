"""The recordings that belong to a language: every wording without a name, so that the coach speaks at once.

    languages/en/voice/index.json     {"voice": "neural/heart", "wordings": {"…and you?": "inward-1.ogg"}, …}
    languages/en/voice/inward-1.ogg   Opus, one channel; shaped as every other cue

`python -m scripts.make_voice` makes them. A wording that somebody has changed has no recording and is rendered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

from coach.core.errors import BadSetting
from coach.core.files import read_text
from coach.core.languages import VOICE, languages

INDEX = "index.json"


class ShippedVoice:
    """The recordings in `language`, a two-letter code; there are none if its folder has none.

    Raises BadSetting, in one line that names the file, if index.json has a mistake.
    """

    def __init__(self, language: str) -> None:
        found = languages().get(language)
        self._folder = found.folder / VOICE if found else Path()
        index = _index(self._folder / INDEX) if found else {}
        self.voice: str = index.get("voice", "")  # the id of the voice that was recorded
        self.says: str = index.get("says", "")  # what it is, for people
        self._wordings: dict[str, str] = index.get("wordings", {})

    def recording(self, text: str) -> Path | None:
        """The recording of the wording `text`; None if there is none."""
        path = self._folder / self._wordings.get(text, "")
        return path if text in self._wordings and path.is_file() else None


def _index(path: Path) -> Mapping[str, Any]:
    """What index.json says; nothing if there is no such file."""
    text = read_text(path)
    try:
        index = json.loads(text) if text is not None else {}
    except ValueError as error:
        raise BadSetting(f"{path} is not valid JSON: {error}; correct that place") from None
    if not isinstance(index, dict):
        raise BadSetting(f"{path} must be an object with voice, says and wordings, as in en/voice")
    for key in ("voice", "says"):
        if not isinstance(index.get(key, ""), str):
            raise BadSetting(f"{path}: {key} must be text in quotes")
    wordings = index.get("wordings", {})
    if not isinstance(wordings, dict) or not all(_is_plain(name) for name in wordings.values()):
        raise BadSetting(f"{path}: wordings must give the name of a file beside it for each wording")
    return index


def _is_plain(name: object) -> bool:
    """Whether `name` is the name of a file in the folder itself, on every system."""
    return isinstance(name, str) and Path(name).name == PureWindowsPath(name).name == name
