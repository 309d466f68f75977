"""Plays the sample conversation to a running coach: its people, its annotation, and when it can start."""

from __future__ import annotations

import json
from typing import Any

from coach.core.resources import asset
from scripts.simulate.live.listening import Listening

PEOPLE = ("--people", "Ana,Ben")


def truth() -> dict[str, Any]:
    """The annotation of the sample, in seconds from its start."""
    whole: dict[str, Any] = json.loads(asset("sample.truth.json").read_text(encoding="utf-8"))
    return whole


def ready(listening: Listening) -> None:
    """Waits until the coach is listening, has spoken its introduction and asks for the first sentence."""
    listening.wait_for_line(
        "that a microphone is open", lambda line: line.kind == "device" and "opened" in line.details, seconds=30
    )
    listening.wait_for_prompt("Ana, please", seconds=60)
