"""`coach practice`: plays only the guided beginning, without listening."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace

import click

from coach.audio import silence_native_stderr
from coach.cli.keys import single_keys
from coach.cli.plain import stamp
from coach.cli.progress import bar
from coach.cli.saying import say
from coach.coaching import Practice
from coach.core.settings import load_settings
from coach.cues import foreign, own_catalogue, own_sounds
from coach.runtime import open_speaker, practise

WIDEST = 72  # cells; a comfortable line length


@click.command()
@click.option("--plain", "as_lines", is_flag=True, help="Print one line per sentence, with its time.")
def practice(as_lines: bool = False) -> int:
    """Take a minute or two to arrive: the guided beginning, spoken."""
    settings = load_settings()
    whole = own_catalogue(settings)
    catalogue = replace(whole, entries={"practice": whole["practice"]})  # so that only these lines are rendered
    sentences = catalogue["practice"].wordings
    sounds = own_sounds(settings, catalogue)
    with silence_native_stderr(), bar("preparing the voice") as progress:
        notices = sounds.prepare([("practice", text) for text in sentences], progress)
        speaker, mute = open_speaker(settings)
    for notice in [*notices, mute, foreign(settings)]:
        if notice:
            say(notice)
    try:
        with silence_native_stderr(), asked_to_end() as enough:
            practise(
                Practice(sentences),
                speaker,
                lambda text: sounds.clip("practice", text),
                show=_line if as_lines else _paragraph,
                enough=enough.is_set,
                gain_db=settings.volume_db,
            )
    finally:
        speaker.close()
    return 0


@contextmanager
def asked_to_end() -> Iterator[threading.Event]:
    """An event that is set when q, Enter or Ctrl-C is pressed."""
    enough = threading.Event()
    before = {number: signal.signal(number, lambda *_: enough.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    keys = single_keys() if sys.stdin is not None and sys.stdin.isatty() else nullcontext()
    try:
        with keys as fd:
            if fd is not None:
                say("press q or Enter to end")
                threading.Thread(target=_wait_for_key, args=(fd, enough), name="keys", daemon=True).start()
            yield enough
    finally:
        for number, action in before.items():
            signal.signal(number, action)


def _wait_for_key(fd: int, enough: threading.Event) -> None:
    while os.read(fd, 1) not in b"qQ\r\n":  # b"" is in it: the terminal is gone
        pass
    enough.set()


def _line(at: int, text: str) -> None:
    print(f"{stamp(at)}  {text}", flush=True)


def _paragraph(_at: int, text: str) -> None:
    width = min(WIDEST, shutil.get_terminal_size().columns)
    print("\n".join(textwrap.wrap(text, width)) + "\n", flush=True)
