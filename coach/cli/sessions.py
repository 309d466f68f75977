"""`coach sessions`: list what is stored and where, back it up to one file, and restore it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from coach.asr import installed_whisper_models, models_folder
from coach.cli.console import Console
from coach.cli.keeping import forget_old
from coach.cli.progress import bar
from coach.cli.saying import say
from coach.core.errors import BadSetting, CoachError
from coach.core.settings import data_folder, load_settings, settings_path
from coach.review import counted, listed, sessions_table
from coach.sessions import DATABASE_FILE, Restored, Store, StoredSession, back_up, names_kept, old_sessions, restore
from coach.sessions import LOCKS_FOLDER as RUNNING
from coach.sessions import VOICES_FOLDER as VOICES

KEPT = {
    "stats": "times, counts and cues; no words, no sound",
    "words": "times, counts, cues and words",
    "audio": "times, counts, cues, words and sound",
}


@click.command()
@click.option("--where", is_flag=True, help="Show where the coach keeps everything, and how large it is.")
@click.option("--backup", type=click.Path(path_type=Path), metavar="FILE", help="Copy all sessions into one file.")
@click.option(
    "--restore", "source", type=click.Path(path_type=Path), metavar="FILE", help="Add the sessions from a backup."
)
def sessions(where: bool, backup: Path | None, source: Path | None) -> None:
    """List the stored sessions, back them up, or restore them.

    A backup also works while a session is running.
    """
    if where + (backup is not None) + (source is not None) > 1:
        raise BadSetting("--where, --backup and --restore do different things; choose one of them")
    with Store(data_folder() / DATABASE_FILE) as store:
        if source is not None:
            _restore(store, source)
        elif backup is not None:
            _back_up(store, backup)
        elif where:
            _where(store)
        else:
            forget_old(store)
            _list(store)


# ------------------------------------------------------------------------------------------------------ the list


def _list(store: Store) -> None:
    stored = store.sessions()
    running = {each.id for each in stored if each.ended is None and store.running(each.id)}
    sound = {each.id: _size(path) for each in stored if (path := store.sound_file(each.id)).is_file()}
    console = Console()
    console.print(sessions_table(stored, running, {each.id: store.holds(each) for each in stored}, sound))
    settings = load_settings()
    age = f"deleted after {counted(settings.keep_days, 'day')}" if settings.keep_days else "kept until you delete them"
    told = f"{decimal(_stored_size(store))} in all. New sessions keep {KEPT[settings.keep]}. Sessions are {age}."
    console.print(Text(told, style="dim"))


def _stored_size(store: Store) -> int:
    return _size(store.path, *_companions(store.path), store.sound_folder)


def _companions(path: Path) -> list[Path]:
    """The files that SQLite keeps beside an open database."""
    return [path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal")]


def _size(*paths: Path) -> int:
    """Total bytes of the files and folders; a missing path counts as 0."""
    files = (file for path in paths for file in ([path] if path.is_file() else path.rglob("*")))
    return sum(file.lstat().st_size for file in files if not file.is_dir())


# ----------------------------------------------------------------------------------------------------- the places


@dataclass(frozen=True, slots=True)
class Place:
    """A group of files or folders, and a description of what they hold."""

    paths: tuple[Path, ...]
    holds: str

    @property
    def name(self) -> str:
        """The name of the first path, with a slash if it is a folder or would be one."""
        first = self.paths[0]
        return f"{first.name}/" if first.is_dir() or not first.suffix else first.name


def _where(store: Store) -> None:
    """Prints every place where the coach keeps data, including those that do not exist yet."""
    console, data, settings = Console(), store.path.parent, settings_path()
    places = _data_places(store)
    known = {path for place in places for path in place.paths}
    if others := tuple(sorted(set(data.iterdir()) - known)):
        names = ", ".join(path.name for path in others)
        places.append(Place(others, f"not made by the coach: {names}"))
    folders = {data: places, settings.parent: [Place((settings,), _settings_say(settings))]}
    for folder, within in folders.items():
        console.print(Text(f"{folder}"), soft_wrap=True)
        console.print(_places_table(within))
    console.print(Text("The coach keeps nothing anywhere else, and writes no log.", style="dim"))


def _data_places(store: Store) -> list[Place]:
    data, stored, cues = store.path.parent, store.sessions(), store.path.parent / "cues"
    voices, models = names_kept(data), [model.name for model in installed_whisper_models()]
    return [
        Place((store.path, *_companions(store.path)), _database_says(store, stored)),
        Place((store.sound_folder,), _sound_says(store, stored)),
        Place((data / VOICES,), f"the voice of {listed(voices)}, as averages; no sound" if voices else "no kept voice"),
        Place((cues,), "your own cues; in cache/ the coach's lines, rendered in advance, with your names"),
        Place((models_folder(),), f"Whisper models: {', '.join(models)}" if models else "no Whisper model"),
        Place((data / RUNNING,), "a lock for each running session"),
    ]


def _with_words(store: Store, stored: list[StoredSession]) -> int:
    """How many sessions hold any words; those that were erased do not count."""
    return sum(store.holds(each) in ("words", "audio") for each in stored)


def _database_says(store: Store, stored: list[StoredSession]) -> str:
    words = _with_words(store, stored)
    held = f"words of {counted(words, 'session')}" if words else "no words"
    return f"{counted(len(stored), 'session')}: names, times, counts, cues, notes; {held}"


def _sound_says(store: Store, stored: list[StoredSession]) -> str:
    kept = [str(each.id) for each in stored if store.sound_file(each.id).is_file()]
    return f"sound of session {listed(kept)}" if kept else "no sound"


def _settings_say(path: Path) -> str:
    if not path.is_file():
        return "not there, so the defaults apply"
    try:
        load_settings()
    except CoachError as error:
        return f"cannot be used: {error}"
    return "your settings"


def _places_table(places: Iterable[Place]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(width=15)
    table.add_column(justify="right", width=9)
    table.add_column(overflow="fold")
    for place in places:
        there = any(path.exists() for path in place.paths)
        table.add_row(Text(f"  {place.name}"), Text(decimal(_size(*place.paths)) if there else "–"), Text(place.holds))
    return table


# ------------------------------------------------------------------------------------------- backup and restoration


def _back_up(store: Store, target: Path) -> None:
    with bar(f"copying to {target.name}") as progress:
        back_up(store, target, progress)
    stored = store.sessions()
    words = _with_words(store, stored)
    holds = "and the words of " + counted(words, "session") if words else "and no words"
    say(f"{counted(len(stored), 'session')} in {target}, with names and notes {holds}: as private as the original")
    if any(store.sound_file(each.id).is_file() for each in stored):
        say(f"the backup holds no sound; copy {store.sound_folder} as well")
    say("what you delete from now on stays in this backup until you delete the backup")


def _restore(store: Store, source: Path) -> None:
    with bar(f"restoring from {source.name}") as progress:
        restored = restore(store, source, progress)
    say(f"{counted(len(restored.added), 'session')} restored, {_left(restored)}; nothing else was changed")
    if restored.renumbered:
        pairs = ", ".join(f"{theirs} is now {ours}" for theirs, ours in restored.renumbered.items())
        say(f"some numbers were taken: {pairs}")
    _warn_of_age(store, restored)


def _left(restored: Restored) -> str:
    there = f"{len(restored.there)} were there already" if len(restored.there) != 1 else "1 was there already"
    return there + (f", {len(restored.continued)} continued from the backup" if restored.continued else "")


def _warn_of_age(store: Store, restored: Restored) -> None:
    days = load_settings().keep_days
    old = set(restored.added) & set(old_sessions(store, days))
    if old:
        are, them = ("is", "it") if len(old) == 1 else ("are", "them")
        say(f"{len(old)} of them {are} older than {days} days and will be deleted; to keep {them}, raise keep_days")
