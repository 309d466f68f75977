"""The analysis of one item: the same function in this process, in another one and on another machine.

It raises nothing: whatever goes wrong with a recording becomes a `Failure`, so that the others are analysed.
"""

from __future__ import annotations

import json
import os
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shlex import quote as quoted
from typing import Any
from urllib.parse import quote

from coach.asr import MoonshineTranscriber, Transcriber, choose_for
from coach.audio import Placed, TogetherRecordings
from coach.core.errors import BadInput, CoachError, reason_of
from coach.core.files import write_private
from coach.core.networks import batch_threads
from coach.core.settings import Settings
from coach.corpora.items import Item
from coach.corpora.request import Request
from coach.review import SCHEMA, analyse_events, holds_segments
from coach.runtime import Analysed, analyse, segment_events

Progress = Callable[[int, int | None], None]
Result = dict[str, Any]  # an object of "coach.analysis/1"

_WRITTEN = {".vtt", ".srt", ".txt", ".jsonl", ".md", ".docx", ".json"}  # what `coach read` reads
_alone = threading.Lock()  # recognisers and networks serve one analysis at a time in each process


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a recording has no analysis: the message for the user, and the traceback for a developer."""

    says: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """The analysis of one recording, and what it was made from."""

    analysis: Result
    found: Analysed


@dataclass(frozen=True, slots=True)
class Task:
    """An item to analyse. `place` is where its result is written, None if it is only returned.

    `once`: it is one of very many. Nothing is computed if the same is at its place, and no results are returned.
    """

    number: int
    item: Item
    place: Path | None = None
    once: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task: usually one result. `written` are the files of the results.

    `before`: it was there already, and nothing was computed.
    """

    task: Task
    results: tuple[Heard | Failure, ...]
    notices: tuple[str, ...] = ()
    written: tuple[Path, ...] = ()
    before: bool = False

    @property
    def failures(self) -> list[Failure]:
        """Those of `results` that are no analysis, in their order; empty if all went well."""
        return [each for each in self.results if isinstance(each, Failure)]


def analysed(request: Request, task: Task, progress: Progress | None = None, beside: bool = False) -> Outcome:
    """Analyses one item, and writes its results if they have a place. `beside`: it may use a second core."""
    with _alone, batch_threads(_cores(beside)):
        try:
            return _analysed(request, task, progress, beside)
        except CoachError as error:
            return Outcome(task, (failure_of(error),))
        except OSError as error:
            return Outcome(task, (Failure(f"{task.item.path} cannot be read: {reason_of(error)}", _trace(error)),))
        except Exception as error:  # a bug that one recording shows must not stop the others
            says = f"{task.item.path}: an error in the coach itself: {type(error).__name__}: {error}"
            return Outcome(task, (Failure(" ".join(says.split()), _trace(error)),))


def failure_of(error: CoachError) -> Failure:
    """The failure that `error` stands for: its message on one line, and its traceback."""
    return Failure(" ".join(str(error).split()), _trace(error))


def _trace(error: Exception) -> str:
    return "".join(traceback.format_exception(error))


def _analysed(request: Request, task: Task, progress: Progress | None, beside: bool) -> Outcome:
    fingerprint = request.fingerprint(task.item) if task.once and _readable(task.item) else ""
    if fingerprint and task.place is not None and _is_there(task.place, fingerprint):
        return Outcome(task, (), (), (task.place,), before=True)
    notices: list[str] = []
    found = _heard(request, task.item, progress, beside, notices)
    results: list[Heard | Failure] = []
    for each in found:
        if isinstance(each, BadInput):
            results.append(failure_of(each))
        else:
            notices += each.notices
            results.append(Heard(_result(each, request, fingerprint), each))
    written = _written(task, results) if task.place is not None else ()
    kept = [each for each in results if isinstance(each, Failure)] if task.once else results
    return Outcome(task, tuple(kept), tuple(notices), written)


def _readable(item: Item) -> bool:
    return all(path.is_file() for path in item.files)


def _heard(
    request: Request, item: Item, progress: Progress | None, beside: bool, notices: list[str]
) -> list[Analysed | BadInput]:
    if not item.tracks and holds_segments(item.path):
        return segment_events(item.path, request.settings, request.tiers)
    if item.path.suffix.casefold() in _WRITTEN and not item.tracks:
        raise BadInput(f"{item.path} is a transcript, not a recording; `coach read {quoted(str(item.path))}` reads it")
    engines, reason = _engines(request.settings, beside)
    if reason:
        notices.append(reason)
    sound: Path | TogetherRecordings = item.path
    if item.tracks:
        name = item.path.name if item.one_device else ", ".join(track.path.name for track in item.tracks)
        sound = TogetherRecordings(item.tracks, name, one_device=item.one_device, progress=progress)
    who = request.of(item)
    return [analyse(sound, who, request.settings, engines, progress=progress, detector=request.detector)]


@cache
def _engines(settings: Settings, beside: bool) -> tuple[list[Transcriber], str]:
    """The recogniser, if there is one, or why there is none; with `beside` as many as keep the cores busy.

    They are kept for the next recording of this process.
    """
    engine, reason = choose_for(settings, threads=2 if beside else 1)
    if engine is None:
        return [], reason if settings.transcriber != "none" else ""
    if _cores(beside) > 1 and isinstance(engine, MoonshineTranscriber):
        return [engine, MoonshineTranscriber()], ""  # each uses only one core
    return [engine], ""


def _cores(beside: bool) -> int:
    return min(2, os.cpu_count() or 1) if beside else 1


def _result(found: Analysed, request: Request, fingerprint: str) -> Result:
    result = analyse_events(
        found.events,
        name=found.name,
        duration=found.duration,
        channels=found.channels,
        settings=request.settings.as_dict(),
        people=found.people,
        words=request.words,
    )
    if found.tracks:
        zero = min(each.clock.starts_s for each in found.tracks)
        result["recording"]["tracks"] = [_track(each, zero) for each in found.tracks]
    if fingerprint:
        result["recording"]["fingerprint"] = fingerprint
    return result


def _track(placed: Placed, zero: float) -> dict[str, Any]:
    return {
        "who": placed.track.who,
        "file": placed.track.path.name,
        "starts_s": round(placed.clock.starts_s - zero, 3),
        "drift_ppm": round(placed.clock.drift * 1e6, 1),
        "by": placed.by,
    }


# -------------------------------------------------------------------------------------------------------- results


def _is_there(place: Path, fingerprint: str) -> bool:
    """Whether the result at `place` was made from the same."""
    try:
        return bool(json.loads(place.read_bytes())["recording"]["fingerprint"] == fingerprint)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _written(task: Task, results: list[Heard | Failure]) -> tuple[Path, ...]:
    """Writes each result, whole or not at all; several of one file have names of their own."""
    assert task.place is not None
    places = []
    for heard in results:
        if isinstance(heard, Failure):
            continue
        place = part_of(task.place, task.item, heard) if len(results) > 1 else task.place
        refuse_to_lose(place)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            data = json.dumps(heard.analysis, ensure_ascii=False) + "\n"
            write_private(place, data.encode(errors="backslashreplace"))
        except OSError as error:
            raise CoachError(f"{place} cannot be written: {reason_of(error)}") from error
        places.append(place)
    return tuple(places)


def refuse_to_lose(place: Path) -> None:
    """Raises BadInput if there is a file at `place` that is no earlier result, such as somebody's transcript."""
    try:
        result = json.loads(place.read_bytes())
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        result = None
    if not (isinstance(result, dict) and result.get("schema") == SCHEMA):
        raise BadInput(f"{place} already exists and is not a result of the coach; choose another folder for --out")


def part_of(place: Path, item: Item, heard: Heard) -> Path:
    """The output path for one recording of a file that contains several."""
    part = heard.analysis["recording"]["name"].removeprefix(f"{item.path.name}: ")
    return place.with_name(f"{place.stem}.{quote(part, safe=' ')}{place.suffix}")
