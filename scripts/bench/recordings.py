"""Recordings of real people: calls, two people at a game, a session, a taped interview, and meeting pieces.

The reference annotation says who spoke when. Turns and transfers are derived from it by the coach's definitions,
because nobody has annotated them. A recording with a sound for each person is used with a channel each, and as one
microphone. For one microphone each voice is learnt from ten seconds of the recording (`window`), which are left out of
the score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile as sf

from coach.conversation import Conversation, Ipu, converse
from coach.core.span import RATE, Span, as_samples, joined
from scripts.bench.kinds import (
    CALLS,
    CALLS_ONE,
    GAME,
    GAME_ONE,
    MEETING,
    ROOMS,
    SESSION,
    SESSION_ONE,
    UNKNOWN_PEOPLE,
)
from scripts.bench.results.scores import FRAME, frames
from scripts.cache import FOLDER, key
from scripts.simulate.rooms import impulse
from scripts.simulate.truth import Given, Take, Truth, heard, rttm

WINDOW = as_samples(10.0)
WINDOW_STEP = as_samples(0.1)
WINDOW_LEAST = as_samples(3.0)  # least speech alone in a window
LOOSE = as_samples(0.25)  # left out on each side of an edge that is not exact


# ------------------------------------------------------------------------------------------------------ recordings


def calls(data: Path) -> Iterator[Take]:
    """The real calls with a channel each, and summed to one microphone."""
    for folder, truth, sides in _calls(data):
        two, one = as_channels(sides), summed(sides)
        yield Take(folder.name, CALLS, two, truth, channels=_columns(sides), real=True)
        yield enrolled(Take(folder.name, CALLS_ONE, one, truth, real=True))


def calls_in_rooms(data: Path) -> Iterator[Take]:
    """The calls on one microphone, with the two people in different rooms."""
    for folder, truth, sides in _calls(data):
        yield enrolled(Take(folder.name, ROOMS, in_rooms(data, sides), truth, real=True))


def _calls(data: Path) -> Iterator[tuple[Path, Truth, dict[str, Path]]]:
    audio = data / "data" / "audio"
    for folder in (audio / "call40", *sorted((audio / "woz").iterdir())):
        sides = {who: next(folder.glob(f"{who}.*")) for who in ("agent", "caller")}
        yield folder, exact(rttm(folder / "truth.rttm", "call"), sides["agent"]), sides


def dyads(data: Path) -> Iterator[Take]:
    """Two people at a game, and a session of two on two microphones; each also on one microphone."""
    folder = data / "data" / "audio" / "dyads"
    game = folder / "game_es"
    sides = {who: game / f"{who}.flac" for who in ("A", "B")}
    truth = exact(rttm(game / "truth.rttm", game.name), sides["A"])
    yield Take(game.name, GAME, as_channels(sides), truth, channels=_columns(sides), real=True)
    yield enrolled(Take(game.name, GAME_ONE, summed(sides), truth, real=True))
    session = _session(data)
    both = folder / session.name / "both.flac"
    columns = {"therapist": 0, "client": 1}
    yield replace(session, kind=SESSION, file=both, channels=columns)
    yield enrolled(replace(session, kind=SESSION_ONE))


def unknown_people(data: Path) -> Iterator[Take]:
    """Two people on one microphone, nobody enrolled, annotated loosely."""
    yield replace(_session(data), kind=UNKNOWN_PEOPLE)
    tape = data / "data" / "audio" / "dyads" / "interview_tape"
    file = tape / "one.flac"
    yield Take(tape.name, UNKNOWN_PEOPLE, file, loose(rttm(tape / "truth.rttm", tape.name), file), real=True)


def _session(data: Path) -> Take:
    folder = data / "data" / "audio" / "dyads" / "session_de"
    both = folder / "both.flac"
    one = _made("mean", [both], lambda: (_read(both).mean(axis=1), sf.info(both).samplerate))
    return Take(folder.name, SESSION_ONE, one, loose(rttm(folder / "truth.rttm", folder.name), both), real=True)


def meetings(data: Path) -> Iterator[Take]:
    """The meeting excerpts that have both audio and segments."""
    folder = data / "data" / "audio" / "ami"
    labels = next(folder.glob("*.rttm"))
    for file in sorted(folder.glob("*.wav")):
        speech = tuple(rttm(labels, file.stem))
        yield Take(file.stem, MEETING, file, Truth(_whole(file), speech, follows=False), real=True)


# ------------------------------------------------------------------------------------------------------ annotations


def exact(speech: Iterable[Ipu], file: Path) -> Truth:
    """Speech with exact edges, over the whole file, with the turns and transfers that follow from it."""
    units = tuple(speech)
    talk = converse(units)
    of_kind = {
        kind: tuple(Ipu(t.who, t.span) for t in talk.turns if t.kind == kind) for kind in ("turn", "backchannel")
    }
    return Truth(
        _whole(file),
        speech=units,
        turns=of_kind["turn"],
        transfers=transfers(talk),
        backchannels=of_kind["backchannel"],
    )


def transfers(talk: Conversation) -> tuple[Given, ...]:
    """The transfers that have an FTO."""
    return tuple(Given(t.who, t.onset, t.fto, t.too_soon) for t in talk.transfers if t.fto is not None)


def loose(speech: Iterable[Ipu], file: Path) -> Truth:
    """Speech whose edges are not exact: the frames around them are left out, and no turn follows from it."""
    units = tuple(speech)
    return Truth(_whole(file), units, follows=False, left_out=tuple(around_edges(unit.span for unit in units)))


def around_edges(spans: Iterable[Span]) -> list[Span]:
    """A quarter of a second on each side of every edge."""
    edges = [edge for span in spans for edge in (span.start, span.end)]
    return joined(Span(max(0, edge - LOOSE), edge + LOOSE) for edge in edges)


# -------------------------------------------------------------------------------------------------------- enrolment


def enrolled(take: Take) -> Take:
    """The take with a window of each person to learn their voice from, which is left out of the score."""
    windows = {who: window(who, take.truth.speech, take.truth.scored) for who in take.truth.people}
    return replace(
        take,
        enrolment={who: [(span.start_s, span.end_s)] for who, span in windows.items()},
        truth=replace(take.truth, left_out=(*take.truth.left_out, *windows.values())),
    )


def window(who: str, speech: Iterable[Ipu], scored: Span) -> Span:
    """The ten seconds that `who` has most to themselves: most own speech alone, minus the others' speech.

    Of equal windows the first. Raises SystemExit if every window has less than three seconds of `who` alone.
    """
    units = list(speech)
    own, other = (frames((u.span for u in units if (u.who == who) is mine), scored) for mine in (True, False))
    alone, others = (np.concatenate([[0], np.cumsum(each)]) for each in (own & ~other, other))
    starts = np.arange(0, max(scored.duration - WINDOW, 0) + 1, WINDOW_STEP)
    first, last = starts // FRAME, np.minimum(starts + WINDOW, scored.duration) // FRAME
    free = (alone[last] - alone[first]) * FRAME
    gain = np.where(free >= WINDOW_LEAST, free - (others[last] - others[first]) * FRAME, -WINDOW)
    best = int(np.argmax(gain))
    if free[best] < WINDOW_LEAST:
        raise SystemExit(f"no ten seconds have three seconds of {who} alone")
    return Span(scored.start + int(starts[best]), scored.start + int(starts[best]) + WINDOW) & scored


# ----------------------------------------------------------------------------------------------------------- sounds


def as_channels(sides: Mapping[str, Path]) -> Path:
    """A file with the people's sounds as channels, in the order of `sides`."""
    return _made("channels", sides.values(), lambda: (_together(sides), _rate(sides)))


def summed(sides: Mapping[str, Path]) -> Path:
    """A file with the people's sounds added to one channel."""
    return _made("sum", sides.values(), lambda: (_together(sides).sum(axis=1), _rate(sides)))


def in_rooms(data: Path, sides: Mapping[str, Path]) -> Path:
    """A file with the sum of the people's sounds, the first in the kitchen and the second in the other room."""
    from scipy.signal import fftconvolve

    rooms = dict(zip(sides.values(), ("kitchen", "room"), strict=True))

    def mixed() -> tuple[np.ndarray, int]:
        wet = [fftconvolve(heard(side)[:, 0], impulse(data, room)) for side, room in rooms.items()]
        return np.sum([each[: min(map(len, wet))] for each in wet], axis=0), RATE

    return _made(f"in rooms {list(rooms.values())}", sides.values(), mixed)


def _together(sides: Mapping[str, Path]) -> np.ndarray:
    sounds = [_read(side)[:, 0] for side in sides.values()]
    return np.stack([each[: min(map(len, sounds))] for each in sounds], axis=1)


def _read(file: Path) -> np.ndarray:
    return np.asarray(sf.read(file, always_2d=True)[0])


def _rate(sides: Mapping[str, Path]) -> int:
    return int(sf.info(next(iter(sides.values()))).samplerate)


def _made(how: str, sounds: Iterable[Path], make: Callable[[], tuple[np.ndarray, int]]) -> Path:
    """The file of what `make` returns, samples (n,) or (n, channels) and their rate; cached."""
    file = FOLDER / "made" / f"{key(how, *sounds)}.wav"
    if not file.exists():
        x, rate = make()
        file.parent.mkdir(parents=True, exist_ok=True)
        sf.write(file, np.clip(x, -1, 1), rate, subtype="PCM_16")
    return file


def _columns(sides: Mapping[str, Path]) -> dict[str, int]:
    return {who: i for i, who in enumerate(sides)}


def _whole(file: Path) -> Span:
    return Span(0, as_samples(sf.info(file).duration))
