"""The two displays of a running session: plain lines and the full screen; and what was kept of it at its end."""

from __future__ import annotations

import signal
import sys
import threading

from coach.audio import silence_native_stderr
from coach.cli import plain
from coach.cli.saying import say
from coach.core.events import Event
from coach.runtime import Command, LiveSession, Plan


def shown_on_screen(as_lines: bool) -> bool:
    """Whether to use the screen: all streams are terminals, and --plain was not given."""
    return not as_lines and all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


class Lines:
    """`--plain`: one line per event on stdout; Ctrl-C ends the session."""

    def __init__(self, plan: Plan) -> None:
        self._words = plan.settings.keep != "stats"

    def show(self, event: Event) -> None:
        """Prints the line of `event` at once; nothing for an event that has none. Called on the session's thread."""
        text = plain.line(event, show_words=self._words)
        if text is not None:
            print(text, flush=True)

    def prompt(self, text: str) -> None:
        """Says on stderr what the phase before the talk says; an empty text ends the phase and is not said."""
        if text:
            say(text)

    def run(self, session: LiveSession) -> None:
        """Runs the session on this thread, the main one, until it ends. SIGINT and SIGTERM ask it to end."""
        before = {
            number: signal.signal(number, lambda *_: session.command("end"))
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            with silence_native_stderr():  # the screen redirects descriptor 2 itself
                session.run()
        finally:
            for number, action in before.items():
                signal.signal(number, action)


class Screen:
    """The full-screen view; the session runs on a separate thread."""

    def __init__(self, plan: Plan) -> None:
        from coach.cli.screen import Commands, ListenScreen

        self._session: LiveSession | None = None
        self._failure: BaseException | None = None
        commands = Commands(
            hush=lambda: self._command("hush"),
            mark=lambda: self._command("mark"),
            yes=lambda: self._command("yes"),
            skip=lambda: self._command("skip"),
            end=lambda: self._command("end"),
        )
        self._app = ListenScreen(plan.people, plan.breath, commands, channels=plan.channels, badge=badge(plan))
        self.show = self._app.post
        self.prompt = self._app.phase

    def _command(self, command: Command) -> None:
        if self._session is not None:
            self._session.command(command)

    def run(self, session: LiveSession) -> None:
        """Shows the screen on this thread, the main one, and runs the session on another; both end together.

        Raises what the session raised, and CoachError if the screen itself failed.
        """
        self._session = session
        ear = threading.Thread(target=self._run, args=(session,), name="ear")
        ear.start()
        try:
            self._app.show()
        finally:
            session.command("end")
            ear.join()
        if self._failure is not None:
            raise self._failure

    def _run(self, session: LiveSession) -> None:
        try:
            session.run()
        except BaseException as failure:  # the main thread raises it again once the terminal is restored
            self._failure = failure
            self._app.finish("failed")


def badge(plan: Plan) -> str:
    """What is kept of the session, and whether it is the sample: shown as long as it lasts."""
    kept = {"stats": "keeps times and counts only", "words": "keeps words", "audio": "keeps words and sound"}
    return f"{'sample · ' if plan.sample else ''}{kept[plan.settings.keep]}"


def kept_as(session: LiveSession) -> str:
    """Under which number a session was stored when it ended, and how many of its events are missing there."""
    lost = session.missing
    missing = f", without its last {lost} event{'' if lost == 1 else 's'}, which could not be stored" if lost else ""
    return f"kept as session {session.number}{missing}"
