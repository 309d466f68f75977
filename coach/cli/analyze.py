"""`coach analyze`: run the coach on recordings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from coach.cli.console import Console
from coach.cli.options import (
    channels_option,
    language_option,
    parsed_channels,
    parsed_enrolments,
    parsed_tracks,
    pause_option,
    refuse_to_replace,
    settings_for,
    transcriber_option,
    voice_activity_option,
)
from coach.cli.output import print_json
from coach.cli.saying import say
from coach.core.errors import BadInput, BadSetting
from coach.core.names import one_line
from coach.core.settings import data_folder
from coach.core.texts import language_for
from coach.corpora import (
    Counts,
    Failure,
    Outcome,
    Request,
    Task,
    Where,
    named,
    outcomes,
    outcomes_into,
    output_paths,
    part_of,
    together,
    walked,
    write_tables,
)
from coach.diarization import MOST_PEOPLE
from coach.review import clock, counted, holds_segments, listed, summary
from coach.review.page import html, session_page, write_page
from coach.runtime import Analysed, Who, as_session, save_analysed
from coach.sessions import DATABASE_FILE, Store
from coach.vad import SILERO, Detector, VoiceActivity, choose_detector


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE…|FOLDER")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file, one per line.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Write NAME.json for each file into this folder."
)
@click.option("--words", is_flag=True, help="Include what was said.")
@click.option("--save", is_flag=True, help="Keep each as a session, to look back at; with --words, what was said too.")
@click.option("--page", is_flag=True, help="Write NAME.html for each file: here, or into the folder of --out.")
@click.option("--people", metavar="Ana,Ben|N", help="Who talks, in the order of their first words; or how many people.")
@channels_option
@click.option(
    "--enrol", multiple=True, metavar="A=0.5-6.0", help="Where A speaks alone: seconds in the file, or a clip."
)
@click.option("--track", "track", multiple=True, metavar="Ana=a.m4a", help="The recording of one person; one for each.")
@click.option("--starts", multiple=True, metavar="Ben=3.7", help="Seconds after the first track at which Ben's begins.")
@pause_option
@language_option
@transcriber_option
@voice_activity_option
@click.option(
    "--jobs", type=click.IntRange(1), default=1, show_default=True, help="How many files to analyse at the same time."
)
@click.option("--cluster", metavar="ADDRESS", help="Analyse on the workers of a Dask scheduler, as tcp://HOST:8786.")
def analyze(
    files: tuple[Path, ...],
    as_json: bool,
    out: Path | None,
    words: bool,
    save: bool,
    page: bool,
    people: str | None,
    channels: str | None,
    enrol: tuple[str, ...],
    track: tuple[str, ...],
    starts: tuple[str, ...],
    pause: float | str | None,
    language: str | None,
    transcriber: str | None,
    voice_activity: VoiceActivity,
    jobs: int,
    cluster: str | None,
) -> int:
    """Analyse recordings: who spoke when, pauses, turns and cues.

    FILE is sound or film in any common format, or a file of segments (.rttm, .TextGrid, .eaf), which gives the same
    figures; --people then takes only the people or tiers named. FOLDER, with --out, is analysed with all that is in
    it, and tables of everything are written; run it again to go on. --track names the recording of each person.
    """
    tracks = parsed_tracks(track, starts)
    if bool(files) == bool(tracks):
        raise click.UsageError("name the recordings to analyse: FILE…, a FOLDER, or a --track for each person")
    items = [together(tracks)] if tracks else [named(file) for file in files]
    folders = [item.path for item in items if item.path.is_dir() and not item.tracks]
    if folders and len(files) > 1:
        raise click.UsageError("name one FOLDER alone; it is analysed with all the folders in it")
    request = _request(
        files, words, people, channels, enrol, pause, language, transcriber, voice_activity, bool(tracks)
    )
    if folders:
        if as_json or save or page:
            raise click.UsageError("--json, --save and --page are for files; the results of a folder are in --out")
        return _folder(folders[0], out, request, Where(jobs, cluster))
    where = Where(min(jobs, len(items)), cluster)
    tasks = [Task(n, item, place) for n, (item, place) in enumerate(zip(items, output_paths(items, out), strict=True))]
    pages = [each.with_suffix(".html") for each in output_paths(items, out or Path()) if each is not None and page]
    refuse_to_replace(pages, overwrite=False)
    status = 0
    told: set[str] = set()
    with _following(len(tasks), alone=where == Where()) as shown:
        for outcome in shown.along(outcomes(tasks, request, where, shown.follow)):
            status |= _tell(outcome, told)
            for heard in outcome.results:
                if isinstance(heard, Failure):
                    continue
                if page:
                    place = pages[outcome.task.number]
                    if len(outcome.results) > 1:
                        place = part_of(place, outcome.task.item, heard)
                        refuse_to_replace([place], overwrite=False)
                    _write_page(place, heard.found, request)
                if save:
                    _save(heard.found, request)
                _print(heard.analysis, as_json=as_json, shown=out is None, words=words)
    return status


def _print(result: dict[str, Any], *, as_json: bool, shown: bool, words: bool) -> None:
    """The JSON object or, `shown`, the summary with what was said."""
    if as_json:
        print_json(result)
    elif shown:
        Console().print(summary(result, when="all of it counts, a check-in too", of_recording=True))
        if words:
            _print_words(result)


def _print_words(result: dict[str, Any]) -> None:
    """What was said, a line for each turn, with its time."""
    said = [turn for turn in result["turns"] if turn["text"]]
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(style="dim", justify="right")
    table.add_column(style="bold", max_width=14, overflow="fold")
    table.add_column()
    for turn in said:
        table.add_row(clock(turn["start_s"]), Text(turn["who"]), Text(one_line(turn["text"])))
    Console().print(table if said else Text("No words were recognised.", style="dim"))


def _write_page(place: Path, found: Analysed, request: Request) -> None:
    session = as_session(found, request.settings, words=request.words)
    write_page(place, html(session_page(session, found.events, language_for(request.settings.language, ""))))
    say(f"{place} shows {found.name}")


def _save(found: Analysed, request: Request) -> None:
    with Store(data_folder() / DATABASE_FILE) as store:
        number = save_analysed(store, found, request.settings, words=request.words)
    say(f"{found.name} is kept as session {number}; `coach review {number}` shows it")


def _folder(folder: Path, out: Path | None, request: Request, where: Where) -> int:
    """Analyses all that is in `folder` and was not done before, then writes the tables."""
    if out is None:
        raise BadInput(f"{folder} is a folder; add --out DIR for its results, or name a recording in it")
    items = list(walked(folder, leave_out=out))
    if not items:
        raise click.UsageError(f"{folder} holds no recordings and no files of segments; name another folder")
    counts = Counts()
    told: set[str] = set()
    with _following(len(items), alone=False) as shown:
        for outcome in shown.along(outcomes_into(out, items, request, where, counts)):
            _tell(outcome, told)
    write_tables(out, items)
    say(
        f"{counted(len(items), 'recording')}: {counts.analysed} analysed, {counts.before} done before, "
        f"{counts.failed} failed; results and tables are in {out}"
    )
    return 1 if counts.failed else 0


def _tell(outcome: Outcome, told: set[str]) -> int:
    """Prints what there is to say about an outcome, and was not `told` before; 1 if something failed."""
    for notice in outcome.notices:
        if notice not in told:
            say(notice)
    told.update(outcome.notices)
    for failure in outcome.failures:
        if failure.where and click.get_current_context().find_root().params.get("debug"):
            print(failure.where, end="", file=sys.stderr)
        say(failure.says)
    return 1 if outcome.failures else 0


def _request(
    files: tuple[Path, ...],
    words: bool,
    people: str | None,
    channels: str | None,
    enrol: tuple[str, ...],
    pause: float | str | None,
    language: str | None,
    transcriber: str | None,
    voice_activity: VoiceActivity,
    tracks: bool,
) -> Request:
    """The options that apply to every file. Raises BadSetting for those that contradict each other."""
    columns = parsed_channels(channels)
    count = _count(people)
    if tracks and (people or columns or enrol):
        raise BadSetting("--track already says who speaks where; leave out --people, --channels and --enrol")
    for_sound = {"--people N": count, "--channels": columns, "--enrol": enrol}
    _say_what_segments_ignore(files, [option for option, value in for_sound.items() if value])
    # the names in files of segments are those of the file, not only names in settings
    of_segments = bool(files) and all(map(holds_segments, files))
    if people is not None and not people.strip(", "):
        raise BadSetting("--people names nobody; write it like --people Ana,Ben, or leave it out")
    names = None if count or of_segments else people
    settings = settings_for(names, columns, pause=pause, transcriber=transcriber, language=language)
    if count:
        settings = replace(settings, people=tuple(columns))
    return Request(
        Who(settings.people, columns, parsed_enrolments(enrol), count),
        settings,
        words,
        tuple(people.split(",")) if people and not count else (),
        SILERO if of_segments else _detector(voice_activity),
    )


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


def _detector(voice_activity: VoiceActivity) -> Detector:
    """The voice activity detector for the files. Prints a notice if the best one is not available."""
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


class _Shown:
    """A progress bar on stderr: of all files or, alone in this process, of the sound of each."""

    def __init__(self, bar: Progress, total: int, alone: bool) -> None:
        self._bar, self._total, self._alone = bar, total, alone

    def along(self, found: Iterator[Outcome]) -> Iterator[Outcome]:
        if self._alone or self._total == 1:
            yield from found
            return
        task = self._bar.add_task(f"{self._total} recordings", total=self._total)
        for done, outcome in enumerate(found, 1):
            yield outcome
            self._bar.update(task, completed=done)

    def follow(self, task: Task) -> Any:
        shown = self._bar.add_task(task.item.path.name, total=None)

        def progress(done: int, of: int | None) -> None:
            self._bar.update(shown, completed=done, total=of, visible=of is None or done < of)

        return progress


@contextmanager
def _following(total: int, *, alone: bool) -> Iterator[_Shown]:
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    ) as bar:
        yield _Shown(bar, total, alone)
