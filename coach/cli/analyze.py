"""`coach analyze`: run the coach on recordings."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing import active_children, get_context
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any
from urllib.parse import quote

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from coach.asr import MoonshineTranscriber, Transcriber, choose
from coach.cli.console import Console
from coach.cli.options import (
    channels_option,
    parsed_channels,
    parsed_enrolments,
    settings_for,
    transcriber_option,
    voice_activity_option,
)
from coach.cli.output import json_line, print_json
from coach.cli.saying import say
from coach.core.errors import BadInput, BadSetting, CoachError, reason_of
from coach.core.files import write_private
from coach.core.settings import Settings
from coach.hearing import MOST_PEOPLE, SILERO, Detector, VoiceActivity, choose_detector
from coach.review import analyse_events, holds_segments, listed, summary
from coach.runtime import Analysed, Who, analyse, segment_events


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file, one per line.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Write NAME.json for each file into this folder."
)
@click.option("--words", is_flag=True, help="Include what was said.")
@click.option("--people", metavar="Ana,Ben|N", help="Who talks, in the order of their first words; or how many people.")
@channels_option
@click.option(
    "--enrol", multiple=True, metavar="A=0.5-6.0", help="Where A speaks alone: seconds in the file, or a clip."
)
@click.option("--pause", type=float, metavar="S", help="The target breath in seconds.")
@transcriber_option
@voice_activity_option
@click.option(
    "--jobs", type=click.IntRange(1), default=1, show_default=True, help="How many files to analyse at the same time."
)
def analyze(
    files: tuple[Path, ...],
    as_json: bool,
    out: Path | None,
    words: bool,
    people: str | None,
    channels: str | None,
    enrol: tuple[str, ...],
    pause: float | None,
    transcriber: str | None,
    voice_activity: VoiceActivity,
    jobs: int,
) -> int:
    """Analyse recordings: who spoke when, pauses, turns and cues.

    FILE is sound or film in any common format, or a file of segments (.rttm, .TextGrid, .eaf), which gives the same
    figures; --people then takes only the people or tiers named.
    """
    columns = parsed_channels(channels)
    count = _count(people)
    for_sound = {"--people N": count, "--channels": columns, "--enrol": enrol}
    _say_what_segments_ignore(files, [option for option, value in for_sound.items() if value])
    of_segments = all(map(holds_segments, files))  # their names are those of the file, not only names in settings
    if people is not None and not people.strip(", "):
        raise BadSetting("--people names nobody; write it like --people Ana,Ben, or leave it out")
    named = None if count or of_segments else people
    settings = settings_for(named, columns, pause=pause, transcriber=transcriber)
    if count:
        settings = replace(settings, people=tuple(columns))
    request = Request(
        Who(settings.people, columns, parsed_enrolments(enrol), count),
        settings,
        words,
        tuple(people.split(",")) if people and not count else (),
        _detector(voice_activity, files),
    )
    status = 0
    targets = output_paths(files, out)
    for file, target, results in zip(files, targets, _results(files, request, jobs), strict=True):
        if isinstance(results, Failure):
            _complain(results)
            status = 1
            continue
        for result in results:
            if isinstance(result, Failure):
                _complain(result)
                status = 1
                continue
            if target is not None:
                place = _part(target, file, result) if len(results) > 1 else target
                _write(place, result)
            if as_json:
                print_json(result)
            elif target is None:
                Console().print(summary(result, when="all of it counts, a check-in too"))
    return status


def _write(place: Path, result: dict[str, Any]) -> None:
    try:
        write_private(place, json_line(result))
    except OSError as error:
        raise CoachError(f"{place} cannot be written: {reason_of(error)}") from error


@dataclass(frozen=True, slots=True)
class Request:
    """The options that apply to every file. `tiers`: the people to read from files of segments; () for all."""

    who: Who
    settings: Settings
    words: bool
    tiers: tuple[str, ...]
    detector: Detector


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file has no analysis: the message for the user, and the traceback for a developer."""

    says: str
    where: str


def _complain(failure: Failure) -> None:
    if click.get_current_context().find_root().params.get("debug"):
        print(failure.where, end="", file=sys.stderr)
    say(failure.says)


def _say_what_segments_ignore(files: tuple[Path, ...], options: list[str]) -> None:
    """Raises BadSetting for options that only sound can follow; beside sound, a notice names the other files."""
    segments = [file.name for file in files if holds_segments(file)]
    if not (segments and options):
        return
    told = (
        f"{listed(options)} can only be followed for sound; it is already written who spoke when in {listed(segments)}"
    )
    if len(segments) == len(files):
        raise BadSetting(f"{told}; choose people by name, as in --people Ana,Ben, or leave that out")
    say(told)


def _detector(voice_activity: VoiceActivity, files: tuple[Path, ...]) -> Detector:
    """The voice activity detector for the files. Prints a notice if the best one is not available."""
    if all(map(holds_segments, files)):
        return SILERO  # never called
    detector = choose_detector(voice_activity)
    if detector.notice:
        say(f"{detector.notice}")
    return detector


def _count(people: str | None) -> int | None:
    """The number in `--people 2`; None if `people` lists names. Raises BadSetting."""
    if people is None or not people.strip().isdecimal():
        return None
    if not 1 <= int(people) <= MOST_PEOPLE:
        raise BadSetting(
            f"--people is {people.strip()}, but the coach can tell apart the voices of 1 to {MOST_PEOPLE} people"
        )
    return int(people)


def output_paths(files: tuple[Path, ...], out: Path | None) -> list[Path | None]:
    """The output path for each file: NAME.json in `out`, numbered in order where names repeat."""
    if out is None:
        return [None] * len(files)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CoachError(f"the folder {out} cannot be made: {reason_of(error)}") from error
    taken: dict[str, Path] = {}
    targets: list[Path | None] = []
    for file in files:
        names = (f"{file.stem}.json", *(f"{file.stem}-{n}.json" for n in range(2, len(files) + 2)))
        name = next(name for name in names if taken.get(name, file) == file)
        taken[name] = file
        targets.append(out / name)
    return targets


def _part(target: Path, file: Path, result: dict[str, Any]) -> Path:
    """The output path for one recording of a file that contains several."""
    part = result["recording"]["name"].removeprefix(f"{file.name}: ")
    return target.with_name(f"{target.stem}.{quote(part, safe=' ')}.json")


def _results(
    files: tuple[Path, ...], request: Request, jobs: int
) -> Iterator[list[dict[str, Any] | Failure] | Failure]:
    """For each file, in order, its analyses (usually one), or a Failure in place of one or of all."""
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    ) as bar:
        if jobs == 1 or len(files) == 1:
            engines = cache(partial(_engines, request.settings, beside=True))
            for file in files:
                yield _one(file, request, engines, bar)
            return
        with _in_processes(files, request, jobs) as found:
            yield from bar.track(found, total=len(files), description=f"{len(files)} files")


@contextmanager
def _in_processes(
    files: tuple[Path, ...], request: Request, jobs: int
) -> Iterator[Iterator[list[dict[str, Any] | Failure] | Failure]]:
    """The results of `files`, in order, computed in `jobs` processes, which are terminated if the caller fails.

    The processes are spawned, because a fork could inherit locks held by the progress bar's thread. The terminal
    sends Ctrl-C to the whole process group; workers ignore it and are terminated, so none prints a traceback.
    """
    with ProcessPoolExecutor(min(jobs, len(files)), mp_context=get_context("spawn")) as pool:
        try:
            with _ignoring_ctrl_c():
                found = pool.map(_in_worker, files, [request] * len(files))
            yield found
        except BaseException:
            for process in active_children():
                process.terminate()
            pool.shutdown(cancel_futures=True)
            raise


@contextmanager
def _ignoring_ctrl_c() -> Iterator[None]:
    """Processes started in this context ignore Ctrl-C. Only the main thread can set a signal handler."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _engines(settings: Settings, *, beside: bool) -> list[Transcriber]:
    """The recogniser, if there is one; with `beside`, as many instances as keep the cores busy."""
    threads = 2 if beside else 1
    engine, reason = choose(
        settings.transcriber, language=settings.language, model=settings.whisper_model or None, threads=threads
    )
    if engine is None:
        if settings.transcriber != "none":
            say(reason)
        return []
    if beside and isinstance(engine, MoonshineTranscriber) and (os.cpu_count() or 1) > 1:
        return [engine, MoonshineTranscriber()]  # each uses only one core
    return [engine]


_worker_engines = cache(partial(_engines, beside=False))  # one per worker process, reused for each file


def _in_worker(file: Path, request: Request) -> list[dict[str, Any] | Failure] | Failure:
    """Analyses `file` in a worker process."""
    return _one(file, request, partial(_worker_engines, request.settings), None)


def _one(
    file: Path, request: Request, engines: Callable[[], list[Transcriber]], bar: Progress | None
) -> list[dict[str, Any] | Failure] | Failure:
    task = bar.add_task(file.name, total=None) if bar else None

    def progress(done: int, of: int | None) -> None:
        if bar and task is not None:
            bar.update(task, completed=done, total=of)

    try:
        if holds_segments(file):
            found = segment_events(file, request.settings, request.tiers)
            return [_failure(each) if isinstance(each, BadInput) else _analysis(each, request) for each in found]
        heard = analyse(file, request.who, request.settings, engines(), progress=progress, detector=request.detector)
    except CoachError as error:
        return _failure(error)
    finally:
        if bar and task is not None:
            bar.remove_task(task)
    return [_analysis(heard, request)]


def _analysis(found: Analysed, request: Request) -> dict[str, Any]:
    for notice in found.notices:
        say(notice)
    return analyse_events(
        found.events,
        name=found.name,
        duration=found.duration,
        channels=found.channels,
        settings=request.settings.as_dict(),
        people=found.people,
        words=request.words,
    )


def _failure(error: CoachError) -> Failure:
    return Failure(" ".join(str(error).split()), "".join(traceback.format_exception(error)))
