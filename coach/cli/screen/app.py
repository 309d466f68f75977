"""The textual app of `coach listen`.

    loop's thread ── post(event) ──► inbox ──► ten times a second: Viewer ──► rows ──► cells that changed
    keys ──► Commands (callbacks of the loop)

The loop never waits for the screen: `post` enqueues and returns. The screen decides nothing: a key calls the loop, and
the screen shows the result when the loop's event arrives. It closes on `Ended`.
"""

from __future__ import annotations

import asyncio
import queue
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from coach.cli.screen import rows
from coach.cli.screen.terminal import terminal_to_itself
from coach.core.errors import CoachError
from coach.core.events import Ended, Event
from coach.runtime import View, Viewer

LOOK = 0.1  # seconds between updates; the rate of InputLevel
HEIGHTS = [(0, "-low"), (18, "-middle"), (32, "-tall")]  # minimum rows, style class
WIDTHS = [(0, "-narrow"), (76, "-middling"), (100, "-wide")]  # minimum columns, style class
END_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # by name, because some systems lack some of them


@dataclass(frozen=True, slots=True)
class Commands:
    """The actions of the keys. They run on the screen's thread and must return at once.

    `hush` toggles quiet, `mark` bookmarks this moment, `yes` answers the rising tone, `skip` leaves the check-in, `end`
    asks the loop to end.
    """

    hush: Callable[[], None]
    mark: Callable[[], None]
    yes: Callable[[], None]
    skip: Callable[[], None]
    end: Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Prompt:
    text: str


class Row(Widget):
    """A text widget that redraws only when its content changes."""

    def __init__(self, draw: Callable[[View, Size], Content], *, id: str | None = None, classes: str = "") -> None:
        super().__init__(id=id, classes=classes)
        self._draw = draw
        self._view: View | None = None
        self.drawn = Content("")

    def show(self, view: View) -> None:
        """Draws `view` if that changes the text. A row without text gets the style class "empty"."""
        self._view = view
        drawn = self._draw(view, self.size)
        if not drawn.is_same(self.drawn):
            self.drawn = drawn
            self.refresh(layout=self.has_class("text"))
        self.set_class(not drawn.plain, "empty")

    def on_resize(self) -> None:
        """Draws the last view anew, since what fits into the row has changed."""
        if self._view is not None:
            self.show(self._view)

    def render(self) -> Content:
        """What textual puts on the screen: the content that `show` drew last."""
        return self.drawn


class ListenScreen(App[str]):
    """The screen of one session with `people` and a target breath of `breath` samples at first.

    `channels` maps each person with a separate microphone to a channel, from 0. `badge` says all the time what is kept,
    and whether it is the sample. `show()` blocks the main thread until the session ends; `post`, `phase` and `finish`
    may be called from any thread, even before `show`.
    """

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "screen.tcss"
    VERTICAL_BREAKPOINTS = HEIGHTS
    HORIZONTAL_BREAKPOINTS = WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "hush"),
        Binding("m", "mark"),
        Binding("y", "yes"),
        Binding("s", "skip"),
        Binding("q,ctrl+c,ctrl+q", "end", priority=True),
    ]

    def __init__(
        self,
        people: Sequence[str],
        breath: int,
        commands: Commands,
        *,
        channels: Mapping[str, int] | None = None,
        badge: str = "",
    ) -> None:
        super().__init__(ansi_color=True)  # the terminal's palette works on light and dark backgrounds
        self._commands = commands
        self._inbox: queue.SimpleQueue[Event | _Prompt] = queue.SimpleQueue()
        self._viewer = Viewer(people, breath, channels)
        self._each_own_channel = bool(channels) and all(name in (channels or {}) for name in people)
        self._badge = badge
        self._ending = False
        self._failure: Exception | None = None

    # ------------------------------------------------------------------------------------- from other threads

    def post(self, event: Event) -> None:
        """Enqueue `event` and return at once. Thread-safe."""
        self._inbox.put(event)

    def phase(self, text: str) -> None:
        """Show `text` as the prompt of the check-in; an empty text ends the check-in. Thread-safe."""
        self._inbox.put(_Prompt(text))

    def finish(self, reason: str) -> None:
        """Close the screen without an `Ended` event, for example when the loop has failed. Thread-safe."""
        self._inbox.put(Ended(at=0, reason=reason))

    # ------------------------------------------------------------------------------------------- from the CLI

    def show(self) -> str:
        """Take over the terminal until the session ends, restore it, and return why the session ended.

        Call it on the main thread. Raises CoachError if the screen itself fails.
        """
        with terminal_to_itself():
            reason = self.run(mouse=False)  # no mouse, so that the terminal can select and copy text
            if self._failure is not None or self.return_code:
                why = f" ({self._failure})" if self._failure else ""
                raise CoachError(
                    f"the screen stopped{why}; the session is stored, and `coach listen --plain` works without a screen"
                ) from self._failure
        return reason or "left"

    # ----------------------------------------------------------------------------------------------- drawing

    def compose(self) -> ComposeResult:
        """One row under the other: those of the session, one per person, and the keys.

        The room has a row of its own unless each person has a microphone.
        """
        with Vertical(id="page"):
            yield Row(lambda view, size: rows.headline(view, size.width, ending=self._ending), id="headline")
            yield Row(lambda view, _: rows.saying(view), id="saying", classes="text")
            yield Row(lambda view, size: rows.silence(view, size.width), id="silence", classes="bar")
            for n, _ in enumerate(self._viewer.view().people):
                yield Row(partial(_person, n), id=f"person-{n}", classes="bar")
            if not self._each_own_channel:
                yield Row(lambda view, size: rows.room(view, size.width), id="room", classes="bar")
            yield Row(lambda view, _: rows.cue(view), id="cue", classes="text")
            yield Row(lambda view, size: rows.notices(view, size.width, size.height), id="notices")
            yield Row(lambda view, _: rows.badge(self._badge), id="badge", classes="text")
            yield Row(lambda view, _: rows.keys(view), id="keys")

    def on_mount(self) -> None:
        """Begins to look into the inbox. The end signals do what the key `q` does from now on."""
        loop = asyncio.get_running_loop()
        for name in END_SIGNALS:
            with suppress(
                AttributeError, NotImplementedError, RuntimeError, ValueError
            ):  # off the main thread, or Windows
                loop.add_signal_handler(getattr(signal, name), self.action_end)
        self._draw(self._viewer.view())
        self.set_interval(LOOK, self._look)

    def on_unmount(self) -> None:
        """Gives the end signals back."""
        loop = asyncio.get_running_loop()
        for name in END_SIGNALS:
            with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                loop.remove_signal_handler(getattr(signal, name))

    def _look(self) -> None:
        """Process the inbox, and redraw if there was anything in it."""
        try:
            if self._hear_inbox():
                view = self._viewer.view()
                self._draw(view)
                if view.phase == "ended":
                    self.exit(view.saying)
        except Exception as failure:
            self._stop_because_of(failure)

    def _hear_inbox(self) -> bool:
        heard = False
        with suppress(queue.Empty):
            while True:
                item = self._inbox.get_nowait()
                heard = True
                if isinstance(item, _Prompt):
                    self._viewer.check_in(item.text)
                else:
                    self._viewer.hear(item)
        return heard

    def _draw(self, view: View) -> None:
        for row in self.query(Row):
            row.show(view)

    def _stop_because_of(self, failure: Exception) -> None:
        self._failure = failure
        self.exit(return_code=1)

    # --------------------------------------------------------------------------------------------------- keys

    def _call(self, command: Callable[[], None]) -> None:
        try:
            command()
        except Exception as failure:
            self._stop_because_of(failure)

    def action_hush(self) -> None:
        """Ask the loop to hush the coach, or to let it speak again."""
        self._call(self._commands.hush)

    def action_mark(self) -> None:
        """Ask the loop to bookmark this moment."""
        self._call(self._commands.mark)

    def action_yes(self) -> None:
        """Tell the loop of a yes, if the rising tone has just asked; otherwise do nothing."""
        if self._viewer.view().asking:
            self._call(self._commands.yes)

    def action_skip(self) -> None:
        """Ask the loop to leave the check-in, if there is one now; otherwise do nothing."""
        if self._viewer.view().phase == "check-in":
            self._call(self._commands.skip)

    def action_end(self) -> None:
        """Ask the loop to end and wait for its `Ended`; the second call leaves at once."""
        if self._ending:
            self.exit("left at once")
            return
        self._ending = True
        self._draw(self._viewer.view())
        self._call(self._commands.end)


def _person(n: int, view: View, size: Size) -> Content:
    return rows.person(view, view.people[n], size.width)
