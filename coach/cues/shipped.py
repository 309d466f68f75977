"""The recordings that belong to a language: every wording without a name, so that the coach speaks at once.

    languages/en/voice/index.json     {"voice": "neural/heart", "wordings": {"…and you?": "inward-1.ogg"}, …}
    languages/en/voice/inward-1.ogg   Opus, one channel; shaped as every other cue

`python -m scripts.make_voice` makes them. A wording that somebody has changed has no recording and is rendered.
"""

from __future__ import annotations

import json
from pathlib import Path

from coach.core.languages import VOICE, languages

INDEX = "index.json"


class ShippedVoice:
    """The recordings in `language`, a two-letter code; there are none if its folder has none."""

    def __init__(self, language: str) -> None:
        found = languages().get(language)
        self._folder = found.folder / VOICE if found else Path()
        try:
            index = json.loads((self._folder / INDEX).read_text(encoding="utf-8")) if found else {}
        except (OSError, ValueError):
            index = {}
        self.voice: str = index.get("voice", "")  # the id of the voice that was recorded
        self.says: str = index.get("says", "")  # what it is, for people
        self._wordings: dict[str, str] = index.get("wordings", {})

    def recording(self, text: str) -> Path | None:
        """The recording of the wording `text`; None if there is none."""
        path = self._folder / self._wordings.get(text, "")
        return path if text in self._wordings and path.is_file() else None
