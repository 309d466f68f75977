"""The one session of a server: asking, starting, several pages, nobody looking, ending, taking a yes back."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from coach.audio.player import NoPlayer
from coach.core.errors import BadInput, CoachError
from coach.core.events import (
    AudioGap,
    Consented,
    Cue,
    DeviceLost,
    Ended,
    InputLevel,
    Marked,
    Notice,
    TakenUp,
    Words,
)
from coach.core.messages import Message
from coach.core.settings import Settings
from coach.core.span import RATE, Span
from coach.runtime import Devices, Options, Viewer
from coach.sessions import DiskFull, SessionHeader, Store, answer
from coach.web.stream import Stream
from coach.web.table import Table, TableConfig, glance, shown
from tests.runtime.staged import Stage, excerpt
from tests.waiting import PATIENCE_S, wait
from tests.web.serving import Clock


@dataclass
class Kitchen:
    """A table whose sessions hear a recording."""

    folder: Path
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.store = Store(self.folder / "coach.db")
        self.stream, self.glances = Stream(), Stream()
        self.table = Table(self.store, self.stream, self.glances, now=self.clock)

    def options(self, *people: str, start: float = 20.0, end: float = 50.0) -> Options:
        source = excerpt(self.folder, start, end)
        settings = Settings(people=people or ("Ana", "Ben"), transcriber="none", input=str(source))
        return Options(settings=settings, check_in=False)

    async def until(self, stage: str) -> None:
        for _ in range(round(PATIENCE_S / 0.02)):
            self.table.look()
            if self.table.stage == stage:
                return
            await asyncio.sleep(0.02)
        pytest.fail(f"never {stage}")


def at_the_table(folder: Path, evening: Callable[[Kitchen], object]) -> Kitchen:
    kitchen = Kitchen(folder)

    async def run() -> None:
        try:
            await evening(kitchen)  # type: ignore[misc]
        finally:
            await kitchen.table.close()
            kitchen.store.close()

    asyncio.run(run())
    return kitchen


def test_a_session_starts_only_when_everybody_has_said_yes(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        table = kitchen.table
        await table.ask(kitchen.options("Ana", "Ben"))
        await table.answered("Ana", yes=True)
        assert (table.stage, table.number) == ("asking", None)
        await table.answered("Ben", yes=True)
        assert table.stage == "live"
        number = table.number
        assert number is not None
        table.command("end")
        await kitchen.until("ended")

    kitchen = at_the_table(tmp_path, evening)
    assert kitchen.table.state() == {"stage": "ended", "session": None, "why": "nobody spoke"}


def spoken_consent(options: Options) -> Options:
    return replace(options, settings=replace(options.settings, spoken_consent=True, transcriber="auto"))


@pytest.mark.parametrize("ben", [True, False])
def test_a_yes_may_be_taken_back_aloud_only_if_everybody_tapped_that(tmp_path, ben):
    async def evening(kitchen: Kitchen) -> None:
        await kitchen.table.ask(spoken_consent(kitchen.options("Ana", "Ben")))
        await kitchen.table.answered("Ana", yes=True, aloud=True)
        await kitchen.table.answered("Ben", yes=True, aloud=ben)
        assert kitchen.table.state()["aloud"] == ben
        await spoken(kitchen)
        kitchen.table.command("end")
        await kitchen.until("ended")

    store = at_the_table(tmp_path, evening).store
    said = {(e.who, e.to): e.yes for e in store.events(store.session().id) if isinstance(e, Consented)}
    assert (said["Ana", "aloud"], said["Ben", "aloud"]) == (True, ben)


@pytest.mark.parametrize(("transcriber", "told"), [("auto", False), ("none", True)])
def test_the_page_says_that_no_words_are_recognised_and_not_by_which_program_they_are(tmp_path, transcriber, told):
    async def evening(kitchen: Kitchen) -> None:
        options = kitchen.options()
        await kitchen.table.start(replace(options, settings=replace(options.settings, transcriber=transcriber)))
        await spoken(kitchen)
        kitchen.table.command("end")
        await kitchen.until("ended")

    store = at_the_table(tmp_path, evening).store
    notices = [event.text for event in store.events(store.session().id) if isinstance(event, Notice)]
    assert any(text.startswith("words:") for text in notices) == told


def test_nobody_is_asked_about_answering_aloud_unless_it_was_chosen(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        await kitchen.table.ask(kitchen.options("Ana", "Ben"))
        await kitchen.table.answered("Ana", yes=True, aloud=True)
        assert kitchen.table.asking is not None
        assert [each.to for each in kitchen.table.asking.answers.said["Ana"]] == ["listen"]

    at_the_table(tmp_path, evening)


def asked_aloud(kitchen: Kitchen, *said: tuple[str, bool], then: tuple[str, bool] | None = None) -> list[list[str]]:
    """Lets the coach of the kitchen ask aloud, and `said` be answered; gives whose answer was missing at each look.

    `then` is understood only after everybody has tapped.
    """
    missing: list[list[str]] = []

    def ask(_: Options, *, waiting: Any, answered: Any, prompt: Any) -> None:
        prompt("Ana")
        for who, yes in said:
            answered(who, yes)
        for _ in range(round(PATIENCE_S / 0.02)):
            missing.append(list(waiting()))
            if not missing[-1]:
                if then is not None:
                    answered(*then)
                return
            time.sleep(0.02)

    kitchen.table = Table(kitchen.store, kitchen.stream, kitchen.glances, now=kitchen.clock, ask_aloud=ask)
    number = kitchen.store.begin(SessionHeader(people=("Ana", "Ben")))
    both = [answer(who, "stats", yes=True, how="tap", aloud=True) for who in ("Ana", "Ben")]
    kitchen.store.write(number, [*(each for one in both for each in one), Ended(at=RATE, reason="ended")])
    return missing


def at_a_microphone(options: Options) -> Options:
    """The same, for people at a microphone that is not there."""
    return replace(spoken_consent(options), settings=replace(spoken_consent(options).settings, input="nosuch"))


def test_those_who_agreed_to_it_earlier_are_asked_aloud_and_a_tap_beside_it_counts(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        missing = asked_aloud(kitchen, ("Ana", True))
        table = kitchen.table
        await table.ask(at_a_microphone(kitchen.options("Ana", "Ben")))
        await table.ask_also_aloud()
        for _ in range(round(PATIENCE_S / 0.02)):
            if ["Ben"] in missing:
                break
            await asyncio.sleep(0.02)
        assert table.state() == {"stage": "asking", "answers": 1, "asked_aloud": "Ana"}
        assert table.asking is not None
        assert {(e.to, e.how) for e in table.asking.answers.said["Ana"]} == {("listen", "voice"), ("aloud", "earlier")}
        with pytest.raises(BadInput):  # the microphone is opened only now, once nobody is asked aloud any more
            await table.answered("Ben", yes=True, aloud=True)
        assert missing[-1] == []

    at_the_table(tmp_path, evening)


def test_a_spoken_no_means_no_session(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        missing = asked_aloud(kitchen, ("Ana", True), ("Ben", False), ("Ben", True))
        await kitchen.table.ask(at_a_microphone(kitchen.options("Ana", "Ben")))
        await kitchen.table.ask_also_aloud()
        await kitchen.until("begin")
        assert kitchen.table.state() == {"stage": "begin", "said_no": True}
        assert len(kitchen.store.sessions()) == 1  # the earlier one
        await kitchen.table.close()
        assert missing == [[]], "nobody else is asked"

    at_the_table(tmp_path, evening)


def test_a_no_that_is_said_while_the_last_yes_is_tapped_means_no_session(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        asked_aloud(kitchen, then=("Ben", False))
        table = kitchen.table
        await table.ask(at_a_microphone(kitchen.options("Ana", "Ben")))
        await table.ask_also_aloud()
        await table.answered("Ana", yes=True)
        await table.answered("Ben", yes=True)  # no device is opened: there is none, and that would raise
        assert table.state() == {"stage": "begin", "said_no": True}
        assert table.fault == ""
        assert len(kitchen.store.sessions()) == 1  # the earlier one

    at_the_table(tmp_path, evening)


@pytest.mark.parametrize("who", ["Ana", "Ben"])
def test_a_no_while_it_starts_means_no_session(tmp_path, who):
    async def evening(kitchen: Kitchen) -> None:
        table = kitchen.table
        await table.ask(kitchen.options("Ana", "Ben"))
        await table.answered("Ana", yes=True)
        last = asyncio.create_task(table.answered("Ben", yes=True))
        while table.stage != "starting":
            await asyncio.sleep(0)
        await table.answered(who, yes=False)
        await last
        assert table.state() == {"stage": "begin", "said_no": True}
        assert kitchen.store.sessions() == []
        await table.ask(kitchen.options("Ana", "Ben"))  # and they may be asked again
        await table.answered("Ana", yes=True)
        await table.answered("Ben", yes=True)
        assert table.stage == "live"

    at_the_table(tmp_path, evening)


def test_a_no_while_the_session_is_put_together_means_no_session(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        table, loop = kitchen.table, asyncio.get_running_loop()

        class Opened(Store):
            """A store that is opened on the thread that puts the session together; Ana says no just then."""

            def open(self) -> None:
                super().open()
                no = asyncio.run_coroutine_threadsafe(table.answered("Ana", yes=False), loop)
                no.result(PATIENCE_S)

        kitchen.store.close()
        kitchen.store = Opened(tmp_path / "coach.db")
        table = kitchen.table = Table(kitchen.store, kitchen.stream, kitchen.glances, now=kitchen.clock)
        await table.ask(kitchen.options("Ana", "Ben"))
        await table.answered("Ana", yes=True)
        await table.answered("Ben", yes=True)
        assert table.state() == {"stage": "begin", "said_no": True}
        assert kitchen.store.sessions() == []

    at_the_table(tmp_path, evening)
    running = ("ear", "voice", "store")  # the voice of a session that has ended finishes by itself
    wait("the end of its threads", lambda: not any(each.name in running for each in threading.enumerate()))


def test_the_page_no_longer_says_that_it_hears_once_it_does_not(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        asked_aloud(kitchen)

        def breaks(_: Options, *, prompt: Any, **others: Any) -> None:
            prompt("Ana")
            raise BadInput("the microphone is gone")

        table = kitchen.table = Table(kitchen.store, kitchen.stream, kitchen.glances, ask_aloud=breaks)
        await table.ask(at_a_microphone(kitchen.options("Ana", "Ben")))
        await table.ask_also_aloud()
        asking = table.asking
        assert asking is not None
        for _ in range(round(PATIENCE_S / 0.02)):
            if not asking.hears:
                break
            await asyncio.sleep(0.02)
        assert not asking.hears
        assert table.state() == {"stage": "asking", "answers": 0, "asked_aloud": ""}

    at_the_table(tmp_path, evening)


def test_a_full_disk_does_not_keep_people_from_being_asked(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        class Full(Store):
            """A store that cannot be read."""

            def sessions(self) -> Any:
                raise DiskFull("the disk is full")

        table = kitchen.table = Table(Full(tmp_path / "coach.db"), kitchen.stream, kitchen.glances)
        await table.ask(at_a_microphone(kitchen.options("Ana", "Ben")))
        await table.ask_also_aloud()
        assert table.asking is not None
        assert not table.asking.hears

    at_the_table(tmp_path, evening)


def test_nobody_is_asked_aloud_who_did_not_agree_to_that_earlier(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        missing = asked_aloud(kitchen)
        chosen = at_a_microphone(kitchen.options("Ana", "Ben"))
        not_chosen = replace(chosen, settings=replace(chosen.settings, spoken_consent=False))
        with_cleo = replace(chosen, settings=replace(chosen.settings, people=("Ana", "Cleo")))
        in_finnish = replace(chosen, settings=replace(chosen.settings, language="fi"))
        played = spoken_consent(kitchen.options("Ana", "Ben"))
        for options in (not_chosen, with_cleo, in_finnish, played):
            await kitchen.table.ask(options)
            await kitchen.table.ask_also_aloud()
            assert kitchen.table.asking is not None
            assert not kitchen.table.asking.hears
        assert missing == []

    at_the_table(tmp_path, evening)


def test_a_no_before_the_start_means_no_session(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        await kitchen.table.ask(kitchen.options("Ana", "Ben"))
        await kitchen.table.answered("Ana", yes=True)
        await kitchen.table.answered("Ben", yes=False)
        assert kitchen.table.stage == "begin"
        with pytest.raises(BadInput):
            await kitchen.table.answered("Ben", yes=True)

    assert at_the_table(tmp_path, evening).store.sessions() == []


def test_nobody_can_answer_for_somebody_who_is_not_there(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        await kitchen.table.ask(kitchen.options("Ana", "Ben"))
        with pytest.raises(BadInput):
            await kitchen.table.answered("Carla", yes=True)

    at_the_table(tmp_path, evening)


def test_a_session_that_nobody_looks_at_ends_after_a_minute_and_is_kept(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        table = kitchen.table
        page = kitchen.stream.states()
        await anext(page)
        await table.start(kitchen.options())
        await spoken(kitchen)
        kitchen.clock.now += 3600
        table.look()
        await page.aclose()  # type: ignore[attr-defined]
        kitchen.clock.now += TableConfig().alone - 1
        table.look()
        assert table.stage == "live"
        kitchen.clock.now += 1
        await kitchen.until("ended")
        assert table.ending is not None
        (stored,) = kitchen.store.sessions()
        assert (stored.id, stored.ended) == (table.ending.session, "ended by hand")

    at_the_table(tmp_path, evening)


async def spoken(kitchen: Kitchen) -> None:
    """Returns once somebody is heard, and has been silent again: so there is speech to keep."""
    for _ in range(round(PATIENCE_S / 0.02)):
        kitchen.table.look()
        if any(event for event in kitchen.store.events(kitchen.table.number or 0) if type(event).__name__ == "Speech"):
            return
        await asyncio.sleep(0.02)
    pytest.fail("nobody was heard")


def test_a_second_session_is_refused_while_one_runs(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        await kitchen.table.start(kitchen.options())
        with pytest.raises(BadInput, match="running already"):
            await kitchen.table.start(kitchen.options())
        with pytest.raises(BadInput, match="running already"):
            await kitchen.table.ask(kitchen.options())

    at_the_table(tmp_path, evening)


def test_the_last_yes_on_one_page_begins_no_second_session_while_another_page_begins_one(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        table, options = kitchen.table, kitchen.options("Ana", "Ben")
        await table.ask(options)
        await table.answered("Ana", yes=True)
        begun = asyncio.create_task(table.start(options))
        while table.stage != "starting":
            await asyncio.sleep(0)
        with pytest.raises(BadInput, match="nobody is being asked"):
            await table.answered("Ben", yes=True)
        await begun
        assert (table.stage, table.running) == ("live", 1)
        assert len(kitchen.store.sessions()) == 1

    at_the_table(tmp_path, evening)


def test_nobody_is_asked_if_another_page_begins_a_session_while_the_store_is_read(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        options, loop = kitchen.options("Ana", "Ben"), asyncio.get_running_loop()
        begun = threading.Event()

        class Slow(Store):
            """A store that takes so long to be read first that another page begins a session meanwhile."""

            def sessions(self) -> Any:
                if not begun.is_set():
                    begun.set()
                    asyncio.run_coroutine_threadsafe(table.start(options), loop).result(PATIENCE_S)
                return super().sessions()

        table = kitchen.table = Table(Slow(tmp_path / "coach.db"), kitchen.stream, kitchen.glances)
        with pytest.raises(BadInput, match="running already"):
            await table.ask(options)
        assert (table.stage, table.asking) == ("live", None)

    at_the_table(tmp_path, evening)


def test_nobody_is_asked_aloud_who_went_back_while_the_store_was_read(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        missing = asked_aloud(kitchen)
        await kitchen.table.ask(at_a_microphone(kitchen.options("Ana", "Ben")))
        asking = kitchen.table.asking
        assert asking is not None
        also_aloud = asyncio.create_task(kitchen.table.ask_also_aloud())
        await asyncio.sleep(0)  # it reads the store now
        kitchen.table.take_back()
        await also_aloud
        assert (asking.hears, missing) == (False, [])

    at_the_table(tmp_path, evening)


def test_nobody_is_asked_aloud_any_more_once_another_page_has_begun_a_session(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        missing = asked_aloud(kitchen, ("Ana", True))
        options = kitchen.options("Ana", "Ben")
        await kitchen.table.ask(at_a_microphone(options))
        await kitchen.table.ask_also_aloud()
        await kitchen.table.start(options)
        assert missing[-1] == []

    at_the_table(tmp_path, evening)


def test_a_session_in_a_terminal_is_told_of(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        other = Kitchen(tmp_path)
        options = other.options()  # once: this writes the file that the session hears
        await other.table.start(options)
        try:
            with pytest.raises(BadInput, match=f"session {other.table.number} is running in a terminal"):
                await kitchen.table.ask(options)
        finally:
            await other.table.close()
            other.store.close()
        await kitchen.table.ask(options)

    at_the_table(tmp_path, evening)


def test_somebody_who_takes_their_yes_back_ends_the_session(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        await kitchen.table.start(kitchen.options())
        await spoken(kitchen)
        await kitchen.table.withdraw("Ben")
        await kitchen.until("ended")

    kitchen = at_the_table(tmp_path, evening)
    (stored,) = kitchen.store.sessions()
    assert stored.ended == "Ben asked it to stop"
    (said,) = [event for event in kitchen.store.events(stored.id) if isinstance(event, Consented)]
    assert (said.who, said.to, said.yes, said.how) == ("Ben", "listen", False, "tap")


def test_a_device_that_cannot_be_opened_leads_back_to_the_beginning(tmp_path):
    async def evening(kitchen: Kitchen) -> None:
        options = Options(settings=Settings(people=("Ana", "Ben"), input="/nowhere.flac"))
        with pytest.raises(BadInput):
            await kitchen.table.start(options)
        assert kitchen.table.stage == "begin"
        assert "nowhere.flac" in kitchen.table.fault

    at_the_table(tmp_path, evening)


def test_if_the_store_cannot_be_opened_the_devices_are_closed(tmp_path, monkeypatch):
    devices = Devices(source=Stage(iter(())), speaker=NoPlayer(), sample=False, played_back=True)
    monkeypatch.setattr("coach.runtime.live.open_devices", lambda *_, **__: devices)

    async def evening(kitchen: Kitchen) -> None:
        class Damaged(Store):
            """A store that is damaged once it is opened."""

            def sessions(self) -> Any:
                return []

            def open(self) -> None:
                raise CoachError("the store is damaged")

        table = kitchen.table = Table(Damaged(tmp_path / "coach.db"), kitchen.stream, kitchen.glances)
        with pytest.raises(CoachError, match="damaged"):
            await table.start(kitchen.options())
        assert devices.source.closed
        assert table.stage == "begin"

    at_the_table(tmp_path, evening)


# -------------------------------------------------------------------------------------------------------- the stream


def test_a_stalled_viewer_gets_the_newest_state_and_no_other_waits(tmp_path):
    async def evening() -> None:
        stream = Stream()
        stalled, quick = stream.states(), stream.states()
        assert [await anext(stalled), await anext(quick)] == ["{}", "{}"]
        for n in range(1000):
            stream.publish({"n": n})
            assert await anext(quick) == f'{{"n":{n}}}'
        assert await anext(stalled) == '{"n":999}'
        assert stream.viewers == 2
        await quick.aclose()  # type: ignore[attr-defined]
        assert stream.viewers == 1

    asyncio.run(evening())


def test_an_unchanged_state_is_not_sent_again():
    async def evening() -> None:
        stream = Stream()
        states: AsyncIterator[str] = stream.states()
        await anext(states)
        stream.publish({"n": 1})
        stream.publish({"n": 1})
        assert await anext(states) == '{"n":1}'
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(states), 0.05)

    asyncio.run(evening())


# --------------------------------------------------------------------------------------------------- what is shown


def view_of(*events: object) -> dict[str, object]:
    viewer = Viewer(["Ana", "Ben"], 2 * RATE)
    viewer.hear(InputLevel(at=RATE, dbfs=(-30.0,)))
    for event in events:
        viewer.hear(event)  # type: ignore[arg-type]
    return shown(viewer.view())


def test_the_page_gets_the_words_of_a_cue_and_never_those_of_people():
    words = Words(at=2 * RATE, who="Ana", span=Span(0, RATE), count=2, text="secret words")
    cue = Cue(
        at=2 * RATE, kind="inward", form="spoken", text="…and how is that in you?", to="Ana", given=True,
        held_back=None, because={"told_s": 61.0},
    )  # fmt: skip
    state = view_of(words, cue)
    assert state["cue"] == {"at": 2 * RATE, "text": "…and how is that in you?"}
    assert "secret" not in repr(state)


def test_the_page_is_told_that_the_coach_asks_and_a_phone_that_a_cue_sounded():
    asked = Cue(at=2 * RATE, kind="ask", form="tone", text="", to="Ana", given=True, held_back=None, because={})
    state = view_of(asked)
    assert state["asking"]
    assert not view_of(asked, TakenUp(at=3 * RATE))["asking"]
    assert glance({"stage": "live", **state, "keep": "stats", "sample": False})["cue"] == {"at": 2 * RATE, "text": ""}


def test_each_page_can_show_a_notice_in_its_own_language():
    gap = AudioGap(at=2 * RATE, span=Span(RATE, 2 * RATE), reason=Message("gap.slept"))
    state = view_of(gap, Marked(at=3 * RATE))
    assert state["notices"] == [
        {
            "en": "1.0 s not heard (the machine slept, or its sound stopped)",
            "de": "1,0 s nicht gehört (das Gerät schlief, oder es kam kein Ton)",
        },
        {"en": "marked", "de": "gemerkt"},
    ]


def test_each_page_can_say_in_its_own_language_why_the_microphone_is_lost_and_why_it_ended():
    lost = DeviceLost(at=2 * RATE, device="mic", reason=Message("gone.no_more"))
    assert view_of(lost)["saying"] == {"en": "no sound arrives from it any more", "de": "von ihm kommt kein Ton mehr"}
    ended = Ended(at=3 * RATE, reason=Message("ended.time"))
    assert view_of(ended)["saying"] == {"en": "the time is up", "de": "die Zeit ist um"}


def test_a_text_from_elsewhere_is_shown_as_it_is():
    told = Notice(at=2 * RATE, text="[Errno 5] the device says no")
    lost = DeviceLost(at=3 * RATE, device="mic", reason="Host error")
    state = view_of(told, lost)
    assert (state["notices"], state["saying"]) == (["[Errno 5] the device says no"], "Host error")


def test_a_phone_sees_no_words_no_notices_and_no_session():
    cue = Cue(
        at=2 * RATE, kind="inward", form="spoken", text="…in you?", to="Ana", given=True, held_back=None, because={}
    )  # fmt: skip
    seen = glance({"stage": "live", **view_of(cue), "keep": "words", "sample": False})
    assert seen["cue"] == {"at": 2 * RATE, "text": ""}
    assert set(seen) == {"stage", "phase", "people", "somebody", "silence", "breath", "sample", "cue"}
    assert glance({"stage": "ended", "session": 7, "why": ""}) == {"stage": "ended"}
