"""What the words of a turn probably were: its level, and how it answers the share before it.

The words of a turn are read in stretches. This module combines the readings of its stretches to one for the turn.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.conversation import Turn


def combined_level(levels: Sequence[tuple[str, int]]) -> str | None:
    """The level of a turn from the levels of its stretches, each with its number of words.

    Among the words that share anything: 3 if more than half are at level 3, else 2 if any is at level 2 or 3, else 1. N
    if no stretch shares anything, None if no stretch has a level. So a single inner sentence makes a long story
    "mixed", never "experience".

    >>> combined_level([("1", 80), ("3", 20)]), combined_level([("N", 50), ("3", 20)]), combined_level([])
    ('2', '3', None)
    """
    if not levels:
        return None
    sharing = [(level, max(1, count)) for level, count in levels if level != "N"]
    if not sharing:
        return "N"
    inner = sum(count for level, count in sharing if level == "3")
    if 2 * inner > sum(count for _, count in sharing):
        return "3"
    return "2" if any(level in ("2", "3") for level, _ in sharing) else "1"


def combined_response(responses: Sequence[tuple[str, int]]) -> str | None:
    """The kind of response of a turn from the kinds of its stretches, each with its number of words.

    The kind with the most words wins, and the earlier one in a tie. "other" and "backchannel" win only if there is no
    other kind, because an "okay, well" before advice does not make it less advice.

    >>> combined_response([("backchannel", 1), ("advice", 9), ("other", 20)]), combined_response([])
    ('advice', None)
    """
    weights: dict[str, int] = {}
    for kind, count in responses:
        weights[kind] = weights.get(kind, 0) + max(1, count)
    specific = {kind: weight for kind, weight in weights.items() if kind not in ("other", "backchannel")}
    chosen = specific or weights
    return max(chosen, key=lambda kind: chosen[kind]) if chosen else None


def turn_responses(turns: Sequence[Turn]) -> list[str | None]:
    """The response of each turn that follows another person's share; None for other turns.

    A backchannel does not end a share.
    """
    found: list[str | None] = []
    sharer: str | None = None  # of the last share, while nobody has answered it
    for turn in turns:
        answers = sharer is not None and turn.who != sharer
        responses = [(each.response, each.count) for each in turn.words if each.response is not None]
        found.append(combined_response(responses) if answers else None)
        if turn.kind == "turn":
            sharer = turn.who if turn.share else None
    return found


def turn_level(turn: Turn) -> str | None:
    """The level of a turn, from the levels of its stretches."""
    return combined_level([(each.level, each.count) for each in turn.words if each.level is not None])


def turn_kinds(turn: Turn) -> list[str]:
    """The kinds of experience in a turn, each once, in order of mention."""
    return list(dict.fromkeys(kind for each in turn.words for kind in each.kinds))
