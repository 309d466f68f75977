"""The sample conversation in front of a running coach: who is in it, what is known of it, and when it can begin."""

from __future__ import annotations

import json
from typing import Any

from coach.core.resources import asset
from scripts.simulate.live.listening import Listening

PEOPLE = ("--people", "Ana,Ben")


def truth() -> dict[str, Any]:
    """What is known of the sample; seconds from its start."""
    whole: dict[str, Any] = json.loads(asset("sample.truth.json").read_text(encoding="utf-8"))
    return whole


def ready(listening: Listening) -> None:
    """Wait until the coach hears the room, has said aloud what it is, and asks for the first sentence."""
    listening.wait_for_line(
        "that a microphone is open", lambda line: line.kind == "device" and "opened" in line.details, seconds=30
    )
    listening.wait_for_prompt("Ana, please", seconds=60)
