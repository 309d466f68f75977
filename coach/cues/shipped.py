"""The recordings that ship: every wording without a name, in English and German, so that the coach speaks at once.

    audio_assets/voice/en/index.json     {"voice": "neural/heart", "wordings": {"…and you?": "inward-1.ogg"}, …}
    audio_assets/voice/en/inward-1.ogg   Opus, one channel; shaped as every other cue

`python -m scripts.make_voice` makes them. A wording that somebody has changed has no recording and is rendered.
"""

from __future__ import annotations

import json
from pathlib import Path

from coach.core.errors import Missing
from coach.core.resources import asset

INDEX = "index.json"


class ShippedVoice:
    """The recordings in `language`, a two-letter code; there are none for a language that has no folder."""

    def __init__(self, language: str) -> None:
        self._folder = f"voice/{language}"
        try:
            index = json.loads(asset(f"{self._folder}/{INDEX}").read_text(encoding="utf-8"))
        except (Missing, OSError, ValueError):
            index = {}
        self.voice: str = index.get("voice", "")  # the id of the voice that was recorded
        self.says: str = index.get("says", "")  # what it is, for people
        self._wordings: dict[str, str] = index.get("wordings", {})

    def recording(self, text: str) -> Path | None:
        """The recording of the wording `text`; None if there is none."""
        try:
            return asset(f"{self._folder}/{self._wordings[text]}") if text in self._wordings else None
        except Missing:
            return None
