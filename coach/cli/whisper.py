"""`coach setup whisper`: what each Whisper model costs, said before one is fetched."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from coach.asr import (
    SPAN_S,
    TrialConfig,
    WhisperModel,
    download_whisper,
    hub_name,
    installed_whisper_models,
    languages_of,
    measured_encoder,
    size_on_disk,
    whisper_names,
    work_of,
)
from coach.cli.console import Console
from coach.cli.saying import say
from coach.core.errors import Missing

UNKNOWN = "not known"


class Fetch(Protocol):
    """Downloads a model, telling `progress` the bytes done and in all."""

    def __call__(self, name: str, progress: Callable[[int, int], None] | None = None) -> WhisperModel:
        """The model `name`, downloaded unless it is installed. Raises BadSetting and CoachError."""
        ...


def set_up_whisper(
    name: str | None, *, fetch: Fetch = download_whisper, measure: Callable[[], float] = measured_encoder
) -> None:
    """Prints what the models cost on this machine, then fetches `name` unless it is None or installed already.

    Raises BadSetting for an unknown name before anything else, and what `fetch` raises.
    """
    if name is not None:
        hub_name(name)
        if name.rpartition("/")[2] not in {model.name for model in installed_whisper_models()}:
            _print_costs(name, measure)
        with _progress(name) as progress:
            model = fetch(name, progress)
        say(f"Whisper {model.name} is installed in {model.folder}")
        return
    _print_costs("", measure)
    say("nothing was fetched; `coach setup whisper base` fetches base")


def _print_costs(chosen: str, measure: Callable[[], float]) -> None:
    try:
        encoder_s: float | None = measure()
    except Missing as error:
        say(f"{error}, so the speed of the models is not known")
        encoder_s = None
    print(f"{'':2}{'model':<16}{'on disk':>9}  {'languages':<15}here, {SPAN_S} s of speech take about")
    for name in whisper_names():
        mark = "*" if name == chosen else ""
        print(f"{mark:2}{name:<16}{_bytes(size_on_disk(name)):>9}  {languages_of(name):<15}{_speed(name, encoder_s)}")
    if chosen and chosen not in whisper_names():
        print(f"* {chosen}: its size, languages and speed are not known before it is here")
    print(flush=True)


def _speed(name: str, encoder_s: float | None) -> str:
    if encoder_s is None:
        return UNKNOWN
    work = work_of(name, encoder_s)
    late = "" if work < TrialConfig().keeps_up * SPAN_S else ": for recordings, too slow to listen"
    return f"{work:.1f} s{late}" if work < 10 else f"{work:.0f} s{late}"


def _bytes(size: int) -> str:
    """
    >>> _bytes(148_000_000), _bytes(3_100_000_000)
    ('150 MB', '3.1 GB')
    """
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{round(size / 1e6, -1):.0f} MB"


@contextmanager
def _progress(name: str) -> Iterator[Callable[[int, int], Any]]:
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    ) as bar:
        task = bar.add_task(f"Whisper {name}", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
