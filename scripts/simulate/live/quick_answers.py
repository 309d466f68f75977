"""A made talk in which every answer to a share comes too soon, cut from the sample conversation.

It begins with the sample's check-in. Then the two take turns at sharing; the other says "mm-hm" in the middle of each
share, and answers before its target pause:

    sharer    ════════ ·0.9 s· ════════
    listener           mm-hm           ·FTO· ═══════════ ····· 2.5 s, and the other way round
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import soundfile as sf

from coach.conversation import Ipu
from coach.core.resources import asset
from coach.core.span import Span, as_samples

T = TypeVar("T")
Piece = tuple[float, float]  # seconds of the sample

CHECK_IN = Span.seconds(0, 17.5)
FTO_S = (0.3, -0.6, 0.8, 0.5, 1.2, 0.2, -0.3)  # seconds from the end of the share to the answer, in turn
SHARES = {  # two halves of a share each; nobody else is heard in them
    "Ana": (
        ((47.52, 51.61), (52.31, 55.61)),
        ((67.34, 70.49), (71.04, 74.72)),
        ((79.63, 83.93), (84.53, 88.67)),
        ((89.67, 92.81), (93.41, 97.60)),
        ((102.41, 105.60), (106.10, 110.39)),
        ((110.99, 115.37), (115.92, 119.84)),
    ),
    "Ben": (
        ((152.43, 155.91), (157.11, 161.27)),
        ((161.87, 165.39), (171.16, 177.18)),
        ((177.78, 181.78), (182.88, 186.10)),
        ((186.70, 190.11), (190.71, 192.99)),
        ((193.59, 197.86), (198.46, 200.86)),
    ),
}
ANSWERS = {
    "Ana": ((40.41, 44.25), (203.93, 207.30), (130.67, 133.15), (133.65, 136.44), (220.55, 222.58)),
    "Ben": ((127.37, 129.87), (248.37, 252.18), (32.53, 35.46), (209.50, 212.09)),
}
BACKCHANNELS = {"Ana": ((156.31, 156.55), (182.08, 182.37)), "Ben": ((56.06, 56.37), (88.92, 89.30))}
WITHIN_S, BEFORE_MM_HM_S, AFTER_ANSWER_S = 0.9, 0.2, 2.5
EDGE_S = 0.03  # seconds of sound around a piece, in which it fades in and out
ROOM_DBFS = -57.0  # as in the sample


@dataclass(frozen=True, slots=True)
class QuickAnswers:
    """The sound after the check-in too, (n,) float32 at 16 kHz, and who speaks when after it."""

    sound: np.ndarray
    speech: list[Ipu]


def quick_answers(answers: int) -> QuickAnswers:
    """A talk with this number of answers."""
    placed: list[tuple[str, float, Piece]] = []
    now = CHECK_IN.end_s + 2.0
    for n in range(answers):
        sharer, listener = ("Ana", "Ben") if n % 2 == 0 else ("Ben", "Ana")
        first, second = _turned(SHARES[sharer], n // 2)
        answer, mm_hm = _turned(ANSWERS[listener], n // 2), _turned(BACKCHANNELS[listener], n // 2)
        placed += [(sharer, now, first), (listener, now + _length(first) + BEFORE_MM_HM_S, mm_hm)]
        now += _length(first) + WITHIN_S
        placed.append((sharer, now, second))
        now += _length(second) + _turned(FTO_S, n)
        placed.append((listener, now, answer))
        now += _length(answer) + AFTER_ANSWER_S
    speech = [Ipu(who, Span.seconds(at, at + _length(piece))) for who, at, piece in placed]
    return QuickAnswers(_mixed(as_samples(now), [(at, piece) for _, at, piece in placed]), speech)


def _turned(row: Sequence[T], n: int) -> T:
    return row[n % len(row)]


def _length(piece: Piece) -> float:
    return piece[1] - piece[0]


def _mixed(length: int, placed: list[tuple[float, Piece]]) -> np.ndarray:
    """(n,): the check-in, and after it each piece at its second, over the noise of a room."""
    sample = sf.read(asset("sample.flac"), dtype="float32")[0]
    sound = np.random.default_rng(1).normal(size=length).astype(np.float32) * np.float32(10 ** (ROOM_DBFS / 20))
    sound[: CHECK_IN.end] = sample[: CHECK_IN.end]
    edge = as_samples(EDGE_S)
    fade = np.linspace(0, 1, edge, dtype=np.float32)
    for at, piece in placed:
        cut = sample[as_samples(piece[0]) - edge : as_samples(piece[1]) + edge].copy()
        cut[:edge] *= fade
        cut[-edge:] *= fade[::-1]
        begin = as_samples(at) - edge
        sound[begin : begin + len(cut)] += cut
    return np.asarray(np.clip(sound, -1, 1))
