"""One run over many items: in order for somebody who reads them, or into a folder that remembers what is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coach.core.errors import CoachError, reason_of
from coach.corpora.analysed import Outcome, Progress, Task, refuse_to_lose
from coach.corpora.items import Item
from coach.corpora.record import Record
from coach.corpora.request import Request
from coach.corpora.workers import Where, worked

Following = Callable[[Task], Progress]


@dataclass(slots=True)
class Counts:
    """How many items were analysed now, were done before, and failed."""

    analysed: int = 0
    before: int = 0
    failed: int = 0


def outcomes(
    tasks: Sequence[Task], request: Request, where: Where, follow: Following | None = None
) -> Iterator[Outcome]:
    """The outcome of each of `tasks`, in their order."""
    early: dict[int, Outcome] = {}
    due = iter([task.number for task in tasks])
    wanted = next(due, None)
    for outcome in worked(iter(tasks), request, where, follow):
        early[outcome.task.number] = outcome
        while wanted in early:
            yield early.pop(wanted)
            wanted = next(due, None)


def outcomes_into(
    out: Path,
    items: Iterable[Item],
    request: Request,
    where: Where,
    counts: Counts,
    follow: Following | None = None,
) -> Iterator[Outcome]:
    """The outcome of each item that was not done before, as they are ready; results go to NAME.json in `out`.

    An item counts as done if its files, the options and the version are those of its results. Raises CoachError if
    nothing can be written to `out`.
    """
    made(out)
    record = Record(out)
    identity = request.identity

    def left() -> Iterator[Task]:
        for number, item in enumerate(items):
            if record.holds(item, identity):
                counts.before += 1
            else:
                yield Task(number, item, place_of(item, out), once=True)

    for outcome in worked(left(), request, where, follow):
        record.add(outcome, identity)
        if outcome.failures:
            counts.failed += 1
        elif outcome.before:
            counts.before += 1
        else:
            counts.analysed += 1
        yield outcome


def output_paths(items: Sequence[Item], out: Path | None) -> list[Path | None]:
    """The output path of each item that was named: NAME.json in `out`, numbered in order where names repeat.

    Raises BadInput if there is a file of that name that is no result.
    """
    if out is None:
        return [None] * len(items)
    made(out)
    taken: dict[str, Path] = {}
    places: list[Path | None] = []
    for item in items:
        names = (f"{item.name}.json", *(f"{item.name}-{n}.json" for n in range(2, len(items) + 2)))
        name = next(name for name in names if taken.get(name, item.path) == item.path)
        taken[name] = item.path
        refuse_to_lose(out / name)
        places.append(out / name)
    return places


def place_of(item: Item, out: Path) -> Path:
    """Where the result of an item of a folder is written: below `out` as it lies below that folder."""
    return out / f"{item.name}.json"


def made(out: Path) -> None:
    """Makes the folder `out`. Raises CoachError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CoachError(f"the folder {out} cannot be made: {reason_of(error)}") from error
