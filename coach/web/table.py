"""The one session of this server, whoever looks at it: who is being asked, what is shown, how it ended.

    ask ─► each person answers ─► start ─► live ─► ended ─► ask …
             a no: back to the beginning      └── 60 s without a page: ended and kept

The session runs on its own thread. `look` is called five times a second by the server; it hears what the session has
posted since, and publishes the state. Nothing here waits for a page, and no page waits for the ear.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Any, Literal

from coach.core.errors import BadInput, CoachError, NotWritable
from coach.core.events import Consented, Event
from coach.core.messages import in_page_languages
from coach.core.span import RATE, as_seconds
from coach.runtime import (
    SAMPLE,
    Command,
    LiveSession,
    Options,
    Plan,
    Ready,
    View,
    Viewer,
    ask_people_aloud,
    awake,
    begin,
    call_off,
    get_ready,
    may_ask_aloud,
    settle,
    tell_that_it_stopped,
)
from coach.sessions import VOICE, DiskFull, Store, StoredSession
from coach.web.asking import AskAloud, Asking
from coach.web.stream import Stream

Stage = Literal["begin", "asking", "starting", "live", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableConfig:
    """Times are in seconds."""

    look: float = 0.2  # between two states; a page moves on smoothly in between
    alone: float = 60.0  # without an open page, after which the session ends


@dataclass(frozen=True, slots=True)
class Ending:
    """How the last session ended: its number if it was kept, and otherwise why not."""

    session: int | None
    why: Literal["", "nobody spoke", "not stored", "failed"] = ""
    fault: str = ""


class Table:
    """The session of this server. All methods but `_begin` and `_run` belong to the server's event loop.

    The store is never read on the loop, because that may wait for whoever writes.
    """

    def __init__(
        self,
        store: Store,
        stream: Stream,
        glances: Stream,
        *,
        config: TableConfig = TableConfig(),
        now: Callable[[], float] = time.monotonic,
        ask_aloud: AskAloud = ask_people_aloud,
    ) -> None:
        self.stage: Stage = "begin"
        self.asking: Asking | None = None
        self.chosen: Options | None = None  # what was chosen last, until the settings are changed
        self.ending: Ending | None = None
        self.fault = ""  # why the last start failed
        self.run = 0  # counts the sessions of this server
        self.said_no = False  # somebody did, when they were asked last
        self._ask_aloud = ask_aloud
        self._asker: threading.Thread | None = None  # on which people are asked aloud
        self._beginning: Asking | None = None  # all have said yes, and the session does not listen yet
        self._store, self._stream, self._glances, self._config, self._now = store, stream, glances, config, now
        self._ready: Ready | None = None
        self._session: LiveSession | None = None
        self._thread: threading.Thread | None = None
        self._viewer: Viewer | None = None
        self._inbox: SimpleQueue[Event | str | Ending] = SimpleQueue()
        self._seen = now()  # when a page was last open

    # ------------------------------------------------------------------------------------------------ beginning

    async def ask(self, options: Options) -> None:
        """Begins to ask the people of `options`. Raises BadInput while another session runs."""
        elsewhere = await self.elsewhere()
        self._refuse_a_second()  # only now: another page may have begun one meanwhile
        _refuse_beside(elsewhere)
        self._ask_no_more()
        self.asking, self.stage, self.fault, self.said_no = Asking(options), "asking", "", False
        self.chosen = options

    async def ask_also_aloud(self) -> None:
        """Begins to ask aloud as well, if all agreed to that in an earlier session. Call it after `ask`."""
        asking, may = self.asking, False
        if asking is not None:
            with suppress(DiskFull, NotWritable):  # then nobody is known to have agreed
                may = await asyncio.to_thread(may_ask_aloud, self._store, asking.options)
        if asking is None or asking is not self.asking or not may:
            return
        loop = asyncio.get_running_loop()

        def said(who: str, yes: bool) -> None:
            asyncio.run_coroutine_threadsafe(self._said(asking, who, yes), loop)

        self._asker = asking.also_aloud(self._ask_aloud, said, after=self._asker)

    async def _said(self, asking: Asking, who: str, yes: bool) -> None:
        """An answer that was said aloud. A no always counts, a yes unless there was a tap before it."""
        if asking is self.asking and not (yes and who in asking.answers.said):
            await self.answered(who, yes=yes, how=VOICE)

    def take_back(self) -> None:
        """Nobody is asked any more: somebody said no, or went back."""
        if self.stage == "asking":
            self._ask_no_more()
            self.stage = "begin"

    def _ask_no_more(self) -> None:
        if self.asking is not None:
            self.asking.answers.over = True
            self.asking = None

    async def answered(self, who: str, *, yes: bool, aloud: bool = False, how: str = "tap") -> None:
        """One person's answer, and whether answers may be said `aloud`, too, if they were asked that.

        With the last yes to listening the session starts. A no ends the asking, also while the session starts.
        """
        if not yes and self._beginning is not None and who in self._beginning.people:
            self._beginning.answers.over = self.said_no = True
            return
        if self.asking is None or who not in self.asking.people:
            raise BadInput("nobody is being asked this now")
        if not yes:
            self.said_no = True
            self.take_back()
            return
        self.asking.agrees(who, aloud=aloud, how=how)
        if self.asking.answers.complete:
            asking, self.asking = self.asking, None
            self._beginning = asking
            try:
                await self.start(asking.options, asking.answers.consents)
            finally:
                self._beginning = None

    async def start(self, options: Options, consents: tuple[Consented, ...] = ()) -> None:
        """Opens the devices and begins; returns when the session listens. Raises what that raises.

        Nobody is asked any more, on whichever page. If somebody has said no meanwhile, it returns as well, and there is
        no session.
        """
        self._refuse_a_second()
        self._ask_no_more()
        self.stage, self.fault = "starting", ""
        try:
            _refuse_beside(await self.elsewhere())
            if self._asker is not None:  # it closes the microphone, which the session opens again
                await asyncio.to_thread(self._asker.join)
            ready = None if self._called_off else await asyncio.to_thread(get_ready, options)
            if ready is None or self._called_off:
                if ready is not None:
                    ready.close()
                self.stage, self.said_no = "begin", True
                return
            self._inbox = SimpleQueue()
            session = await asyncio.to_thread(self._begin, ready, consents)
            if self._called_off:
                await asyncio.to_thread(call_off, self._store, session)
                self.stage, self.said_no = "begin", True
                return
        except CoachError as error:
            self.stage, self.fault = "begin", str(error)
            raise
        except BaseException:
            self.stage = "begin"
            raise
        plan = ready.plan
        self._ready, self._session, self._seen = ready, session, self._now()
        self._viewer = Viewer(plan.people, plan.breath, plan.channels)
        self._thread = threading.Thread(target=self._run, args=(session, plan), name="ear")
        self._thread.start()
        self.run += 1
        self.stage = "live"
        self.look()

    @property
    def _called_off(self) -> bool:
        """Whether somebody has said no since the last yes."""
        return self._beginning is not None and self._beginning.answers.over

    def _begin(self, ready: Ready, consents: tuple[Consented, ...]) -> LiveSession:
        with ExitStack() as opened:
            opened.callback(ready.close)
            with suppress(DiskFull, NotWritable):  # the session reports it and continues without storing
                self._store.open()
            opened.pop_all()  # `begin` closes them
        put = self._inbox.put
        return begin(ready, self._store, consents=consents, show=put, prompt=put, name_recogniser=False)

    def _refuse_a_second(self) -> None:
        if self.stage in ("starting", "live"):
            raise BadInput("a session is running already")

    @property
    def running(self) -> int:
        """Which session of this server runs, counted from 1; 0 if none does."""
        return self.run if self.stage == "live" else 0

    @property
    def number(self) -> int | None:
        """The number of the session that runs, if one does."""
        return self._session.number if self._session is not None else None

    async def elsewhere(self) -> int | None:
        """The session that another process on this machine is recording, if there is one."""
        return await asyncio.to_thread(_running_beside, self.number, self._store)

    # --------------------------------------------------------------------------------------------- while it runs

    def command(self, command: Command) -> None:
        """Passes `command` on to the session that is live; does nothing if there is none."""
        if self._session is not None and self.stage == "live":
            self._session.command(command)

    async def withdraw(self, who: str) -> None:
        """Ends the session because `who` no longer agrees, and erases what was kept of them."""
        if self._session is not None and self._ready is not None and who in self._ready.plan.people:
            await asyncio.to_thread(self._session.withdraw, who, "tap")

    def look(self) -> None:
        """Hears what the session has posted, publishes the state, and ends a session that nobody looks at."""
        with suppress(Empty):
            while True:
                self._hear(self._inbox.get_nowait())
        state = self.state()
        self._stream.publish(state)
        self._glances.publish(glance(state))
        if self._stream.viewers or self.stage != "live":
            self._seen = self._now()
        elif self._now() - self._seen >= self._config.alone:
            self.command("end")

    def state(self) -> dict[str, Any]:
        """What every page is told, as JSON values."""
        state: dict[str, Any] = {"stage": self.stage}
        if self.stage == "live" and self._viewer is not None and self._ready is not None:
            plan, session = self._ready.plan, self._session
            state |= shown(self._viewer.view())
            aloud = session is not None and session.takes_back_aloud
            state |= {"keep": plan.settings.keep, "sample": plan.sample, "aloud": aloud}
            state |= {"learns": plan.asked, "apart": bool(plan.channels)}
        if self.stage == "asking" and self.asking is not None:
            state |= {"answers": len(self.asking.answers.said), "asked_aloud": self.asking.asked_aloud}
        if self.stage == "begin":
            state |= {"said_no": self.said_no}
        if self.stage == "ended" and self.ending is not None:
            state |= {"session": self.ending.session, "why": self.ending.why}
        return state

    async def close(self) -> None:
        """Ends a session that still runs, and waits until it is kept."""
        self.command("end")
        if self.asking is not None:
            self.asking.answers.over = True
        if self._asker is not None:
            await asyncio.to_thread(self._asker.join)
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)
        self.look()

    def _hear(self, item: Event | str | Ending) -> None:
        if isinstance(item, Ending):
            self.stage, self.ending, self._session, self._ready = "ended", item, None, None
        elif self._viewer is not None:
            if isinstance(item, str):
                self._viewer.check_in(item)
            else:
                self._viewer.hear(item)

    # ------------------------------------------------------------------------------------ on the session's thread

    def _run(self, session: LiveSession, plan: Plan) -> None:
        try:
            with awake():
                session.run()
            kept = settle(self._store, session)
            tell_that_it_stopped(plan, session)
        except Exception as fault:  # the page says so, and the server goes on
            self._inbox.put(Ending(session.number, "failed", f"{type(fault).__name__}: {fault}"))
            return
        number = session.number
        self._inbox.put(Ending(number) if kept else Ending(None, "not stored" if number is None else "nobody spoke"))


def _running_beside(own: int | None, store: Store) -> int | None:
    stored: list[StoredSession] = []
    with suppress(DiskFull, NotWritable):  # then nothing is stored, by nobody
        stored = store.sessions()
    running = (each.id for each in stored if each.ended is None and each.id != own)
    return next((number for number in running if store.running(number)), None)


def _refuse_beside(elsewhere: int | None) -> None:
    if elsewhere is not None:
        raise BadInput(f"session {elsewhere} is running in a terminal; end it there first")


def sample_options(options: Options) -> Options:
    """The same, for the sample conversation instead of a microphone."""
    return replace(options, settings=replace(options.settings, input=SAMPLE, people=()), or_sample=False)


def shown(view: View) -> dict[str, Any]:
    """A view as JSON values: times in seconds, levels in steps that can be seen, messages in every language."""
    return {
        "phase": view.phase,
        "saying": in_page_languages(view.saying),
        "at": view.at // RATE,
        "people": [
            {"name": each.name, "level": _step(each.level), "heard": each.heard, "learnt": each.learnt}
            for each in view.people
        ],
        "room": _step(view.room),
        "silence": None if view.silence is None else round(as_seconds(view.silence), 1),
        "breath": as_seconds(view.breath),
        "cue": None if view.cue is None else {"at": view.cue.at, "text": view.cue.text},
        "somebody": view.somebody,
        "unanswered": view.unanswered,
        "asking": view.asking,
        "notices": [in_page_languages(notice.text) for notice in view.notices],
        "late": bool(view.hearing_behind),
    }


def glance(state: dict[str, Any]) -> dict[str, Any]:
    """The part of `state` that a phone in the same network may see: who speaks, the silence, that a cue sounded."""
    if state["stage"] != "live":
        return {"stage": "ended" if state["stage"] == "ended" else "begin"}
    known = {name: state[name] for name in ("stage", "phase", "people", "somebody", "silence", "breath", "sample")}
    return known | {"cue": None if state["cue"] is None else {"at": state["cue"]["at"], "text": ""}}


def _step(level: float) -> float:
    return round(level * 20) / 20
