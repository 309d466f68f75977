"""`coach`: the command group and its error handling.

Results go to stdout, everything else to stderr. Exit status: 0 for success, 1 for a failure, 2 for wrong usage.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from coach import __version__
from coach.cli.saying import say
from coach.core.errors import BadSetting, CoachError, reason_of
from coach.core.invocation import as_called, command

COMMANDS = {
    "open": "coach.web.command:open_page",
    "listen": "coach.cli.listen",
    "rehearse": "coach.cli.rehearse",
    "practice": "coach.cli.practice",
    "analyze": "coach.cli.analyze",
    "read": "coach.cli.read",
    "review": "coach.cli.review",
    "afterwards": "coach.cli.afterwards",
    "sessions": "coach.cli.sessions",
    "relabel": "coach.cli.relabel",
    "export": "coach.cli.export",
    "forget": "coach.cli.forget",
    "cues": "coach.cli.cues",
    "setup": "coach.cli.setup",
    "doctor": "coach.cli.doctor",
    "devices": "coach.cli.devices",
}

NEVER_MEANT = ("forget",)  # no misspelt command is taken for one that deletes

# Environment variables that set the thread count of numpy's libraries, which read them once, on import.
# Our matrices are so small that a second thread costs more than it gains and takes a core from audio and recognition.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class AsCalled(click.Context):
    """Shows help under the command name that the user typed."""

    def get_help(self) -> str:
        """As in click, with hints as the person has to type them."""
        return as_called(super().get_help())


class ReaderGone(Exception):
    """Whoever read the output has closed the pipe."""


@contextmanager
def _reader() -> Iterator[None]:
    """Raises `ReaderGone` for a closed pipe, which click would turn into exit status 1."""
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGone from error


class Commands(click.Group):
    """Imports each command on first use, so that `coach devices` does not load the recogniser's libraries."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of `COMMANDS`, where click would sort them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the command's module; None if there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), name or cmd_name)
        found.context_class = AsCalled
        return found

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Prints --help and --version on the way. Raises ReaderGone if nobody reads them."""
        with _reader():
            return super().make_context(*args, **kwargs)  # prints --help and --version

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command. Raises ReaderGone if nobody reads what it prints."""
        with _reader():
            return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As in click. For an unknown command, raises UsageError with the nearest that deletes nothing."""
        wanted = args[0]
        if wanted not in COMMANDS and not wanted.startswith("-"):
            harmless = [name for name in COMMANDS if name not in NEVER_MEANT]
            nearest = get_close_matches(wanted, harmless, n=1, cutoff=0.0)[0]
            raise click.UsageError(
                f"there is no command {wanted!r}; did you mean {nearest}? `coach --help` lists all commands"
            )
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="coach")
@click.option("--debug", is_flag=True, help="Show where an error came from.")
@click.option("--silent", is_flag=True, help="Without a command: do not play the sample conversation.")
@click.pass_context
def coach(ctx: click.Context, debug: bool, silent: bool) -> None:
    """A listening coach for two people at a table, or for one person rehearsing aloud.

    Without a command it listens: on the default microphone or, without one, to the sample conversation, which it plays
    softly.
    """
    if ctx.invoked_subcommand is None:
        from coach.cli.listen import listen

        ctx.invoke(listen, anything=True, silent=silent)


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot encode "♪" still gets the line
    try:
        result: Any = coach.main(args=arguments, prog_name=command(), standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        return _say(error.format_message(), 2)
    except BadSetting as error:
        return _failed(error, 2, arguments)
    except CoachError as error:
        return _failed(error, 1, arguments)
    except (click.Abort, KeyboardInterrupt):
        return 130
    except (BrokenPipeError, ReaderGone):
        _write_no_more()
        return 0
    except OSError as error:
        _write_no_more()
        return _failed(_about_its_file(error), 1, arguments)
    except Exception as error:  # a bug: one line for the user, a traceback with --debug
        if "--debug" in arguments:
            traceback.print_exception(error)
        where = "" if "--debug" in arguments else "; `coach --debug …` shows where it came from"
        return _say(f"an error in the coach itself: {type(error).__name__}: {error}{where}", 1)


def _write_no_more() -> None:
    """Drops what still waits in the buffer of stdout, which Python would otherwise write when it ends."""
    with suppress(OSError):  # a stdout without a file, as in tests
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _about_its_file(error: OSError) -> CoachError:
    """A failure of the system as a sentence about the file that it names, or about stdout if it names none."""
    where = "the output" if error.filename is None else os.fsdecode(error.filename)
    done = "written" if error.errno in (errno.EROFS, errno.ENOSPC, errno.EDQUOT) else "used"
    return CoachError(f"{where} cannot be {done}: {reason_of(error)}")


def _failed(error: Exception, status: int, arguments: list[str]) -> int:
    if "--debug" in arguments:
        traceback.print_exception(error)
    return _say(str(error), status)


def _say(text: str, status: int) -> int:
    with suppress(OSError):  # nobody reads stderr any more, or its disk is full: the status tells
        say(text)
    return status
