"""`coach analyze`: the same coach over recordings."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from coach.cli.options import (
    channels_option,
    parsed_channels,
    parsed_enrolments,
    people_option,
    settings_for,
    transcriber_option,
)
from coach.errors import CoachError
from coach.loop.files import Analysed, Who, analyse
from coach.loop.segments import told
from coach.review.analysis import analysis
from coach.review.imports import holds_segments
from coach.review.terminal import summary
from coach.settings import Settings
from coach.words import choose


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a file, a line each.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write NAME.json for each file there.")
@click.option("--words", is_flag=True, help="Put what was said into the result.")
@people_option
@channels_option
@click.option(
    "--enrol", multiple=True, metavar="A=0.5-6.0", help="Where A speaks alone: seconds in the file, or a clip."
)
@click.option("--pause", type=float, metavar="S", help="The target breath in seconds.")
@transcriber_option
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="How many files at the same time.")
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
    jobs: int,
) -> int:
    """Who spoke when, pauses, turns, cues, in recordings that any player would play.

    Of files that say who spoke when (.rttm, .TextGrid, .eaf): the same figures; --people takes only these of them.
    """
    columns = parsed_channels(channels)
    settings = settings_for(people, columns, pause=pause, transcriber=transcriber)
    who = Who(settings.people, columns, parsed_enrolments(enrol))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    status = 0
    asked = settings.people if people else ()
    for file, results in zip(files, _results(files, who, settings, words, asked, jobs), strict=True):
        if isinstance(results, str):
            print(f"coach: {results}", file=sys.stderr)
            status = 1
            continue
        for result in results:
            text = json.dumps(result, ensure_ascii=False)
            if out is not None:
                (out / f"{_stem(file, result)}.json").write_text(text + "\n", encoding="utf-8")
            if as_json:
                print(text, flush=True)
            elif out is None:
                Console().print(summary(result))
    return status


def _stem(file: Path, result: dict[str, Any]) -> str:
    """What the result is called in --out: the file's name and, where it holds several recordings, the recording's."""
    part = result["recording"]["name"].removeprefix(f"{file.name}: ")
    return file.stem if part == result["recording"]["name"] else f"{file.stem}.{quote(part, safe=' ')}"


def _results(
    files: tuple[Path, ...], who: Who, settings: Settings, words: bool, asked: tuple[str, ...], jobs: int
) -> Any:
    """For each file, in order, its analyses (mostly one), or one line that says why there is none."""
    if jobs > 1 and len(files) > 1:
        with ProcessPoolExecutor(min(jobs, len(files))) as pool:
            yield from pool.map(_quietly, files, *([each] * len(files) for each in (who, settings, words, asked)))
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    ) as bar:
        for file in files:
            yield _one(file, who, settings, words, asked, bar)


def _quietly(
    file: Path, who: Who, settings: Settings, words: bool, asked: tuple[str, ...]
) -> list[dict[str, Any]] | str:
    return _one(file, who, settings, words, asked, None)


def _one(
    file: Path, who: Who, settings: Settings, words: bool, asked: tuple[str, ...], bar: Progress | None
) -> list[dict[str, Any]] | str:
    if holds_segments(file):
        try:
            return [_analysis(found, settings, words) for found in told(file, settings, asked)]
        except CoachError as error:
            return str(error)
    task = bar.add_task(file.name, total=None) if bar else None
    try:
        engine, reason = choose(
            settings.transcriber, language=settings.language, model=settings.whisper_model or None, threads=2
        )
        if engine is None and settings.transcriber != "none":
            print(f"coach: {reason}", file=sys.stderr)

        def progress(done: int, of: int | None) -> None:
            if bar and task is not None:
                bar.update(task, completed=done, total=of)

        found = analyse(file, who, settings, engine, progress=progress)
    except CoachError as error:
        return str(error)
    finally:
        if bar and task is not None:
            bar.remove_task(task)
    for notice in found.notices:
        print(f"coach: {notice}", file=sys.stderr)
    return [_analysis(found, settings, words)]


def _analysis(found: Analysed, settings: Settings, words: bool) -> dict[str, Any]:
    return analysis(
        found.events,
        name=found.name,
        duration=found.duration,
        channels=found.channels,
        settings=settings.as_dict(),
        people=found.people,
        words=words,
    )
