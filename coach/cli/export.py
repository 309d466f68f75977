"""`coach export`: write a session in a format that other programs read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from coach.cli.options import overwrite_option, refuse_to_replace
from coach.cli.saying import say
from coach.core.errors import BadInput, reason_of
from coach.core.files import write_private
from coach.core.settings import data_folder
from coach.review.exports import (
    PARQUET_TABLES,
    TABLES,
    Exported,
    anonymous,
    as_csv,
    as_eaf,
    as_json,
    as_markdown,
    as_parquet,
    as_rttm,
    as_srt,
    as_textgrid,
    as_vtt,
)
from coach.sessions import DATABASE_FILE, Store

FORMS: dict[str, Callable[[Exported], bytes]] = {
    "json": as_json,
    "textgrid": as_textgrid,
    "eaf": as_eaf,
    "rttm": as_rttm,
    "vtt": as_vtt,
    "srt": as_srt,
    "md": as_markdown,
}
TABULAR: dict[str, tuple[Callable[[Exported, str], bytes], Sequence[str]]] = {
    "csv": (as_csv, tuple(TABLES)),
    "parquet": (as_parquet, PARQUET_TABLES),
}


@click.command()
@click.argument("session", type=int)
@click.option(
    "--format",
    "form",
    type=click.Choice([*FORMS, *TABULAR]),
    default="json",
    show_default=True,
    help="The file format.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE|DIR", help="Write to a file or folder instead of printing."
)
@overwrite_option
@click.option(
    "--table",
    type=click.Choice(list(PARQUET_TABLES)),
    help="With csv or parquet, only this table; when printing, turns by default.",
)
@click.option("--words", is_flag=True, help="Include what was said, if words were kept.")
@click.option("--anonymous", "nameless", is_flag=True, help="Use A, B, … for names; leave out words, notes and date.")
def export(
    session: int, form: str, out: Path | None, overwrite: bool, table: str | None, words: bool, nameless: bool
) -> None:
    """Export SESSION, by its number, for other programs.

    json holds everything; csv and parquet hold tables of turns, transfers, cues and statistics (with --out all of
    them, in a folder); textgrid is for Praat, eaf for ELAN, rttm for diarization tools; vtt and srt hold captions, md
    a transcript to read.
    """
    if table and form not in TABULAR:
        raise click.UsageError(f"--table works only with --format csv or parquet; {form} is one file")
    if table and table not in TABULAR[form][1]:
        raise click.UsageError(f"csv has the tables {', '.join(TABLES)}; {table} is in parquet")
    if words and nameless:
        raise click.UsageError("--anonymous leaves out what was said, so it cannot be combined with --words")
    exported = _exported(session, words, nameless)
    if words and not exported.worded:
        say(f"session {session} kept no words, so the export has none; `coach listen --keep words` keeps them")
    if form in FORMS:
        _deliver(FORMS[form](exported), out, overwrite)
        return
    as_table, tables = TABULAR[form]
    if out is None or table:
        _deliver(as_table(exported, table or "turns"), out, overwrite)
    else:
        _into(out, {f"{each}.{form}": as_table(exported, each) for each in tables}, overwrite)


def _exported(session: int, words: bool, nameless: bool) -> Exported:
    with Store(data_folder() / DATABASE_FILE) as store:
        found = store.session(session)
        events = list(store.events(found.id))
    if nameless:
        found, events = anonymous(found, events)
    return Exported.of(found, events, words=words)


def _deliver(data: bytes, out: Path | None, overwrite: bool) -> None:
    if out is None:
        sys.stdout.buffer.write(data)
    elif out.is_dir():
        raise BadInput(f"{out} is a folder, but this export is one file; name a file in it")
    else:
        refuse_to_replace([out], overwrite)
        _write(out, data)


def _into(folder: Path, files: dict[str, bytes], overwrite: bool) -> None:
    """Writes nothing if any of the files already exists and `overwrite` is not set."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"the folder {folder} cannot be created ({reason_of(error)}); name another place") from error
    refuse_to_replace([folder / name for name in files], overwrite)
    for name, data in files.items():
        _write(folder / name, data)


def _write(path: Path, data: bytes) -> None:
    """Writes `path` atomically, readable only by its owner, like everything the coach stores."""
    try:
        write_private(path, data)
    except OSError as error:
        raise BadInput(f"{path} cannot be written ({reason_of(error)}); name another place") from error
