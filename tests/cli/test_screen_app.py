"""The full-screen view, driven by keys and by events from another thread."""

import asyncio
import os
import pty
import re
import select
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from coach.cli.screen import Commands, ListenScreen
from coach.core.events import (
    Cue,
    DeviceLost,
    DeviceOpened,
    Ended,
    Enrolled,
    FloorTaken,
    Hushed,
    InputLevel,
    Lag,
    Notice,
    SpeechOn,
    TakenUp,
    VoiceOff,
    VoiceOn,
)
from coach.core.span import Span, as_samples

S = as_samples
SIZES = [(80, 24), (60, 20), (120, 40)]
OPENED = DeviceOpened(at=0, device="mic", rate=48_000, channels=1)


class Pressed:
    """Takes the place of the session: records the commands, and may fail on one."""

    def __init__(self, fails=None):
        self.names = []
        self._fails = fails

    def commands(self):
        return Commands(*(self._command(name) for name in ("hush", "mark", "yes", "skip", "end")))

    def _command(self, name):
        def command():
            self.names.append(name)
            if name == self._fails:
                raise RuntimeError(f"{name} failed")

        return command


def _screen(pressed=None, people=("Ana", "Ben"), **options):
    return ListenScreen(people, S(2.0), (pressed or Pressed()).commands(), **options)


def _drive(screen, steps, size=(80, 24)):
    """Runs the app headless and calls `steps(look, pilot)`; returns the exit reason."""

    async def driven():
        async with screen.run_test(size=size) as pilot:

            async def look():
                """Waits for two updates, so that all posted events are drawn."""
                await pilot.pause(0.25)

            await steps(look, pilot)
        return screen.return_value

    return asyncio.run(driven())


def _row(screen, name):
    return screen.query_one(f"#{name}").drawn.plain


def _picture(screen):
    """The visible lines of the terminal."""
    width, height = screen.size
    strips = screen.screen._compositor.render_strips(screen.size)
    assert len(strips) == height
    return [strip.text[:width] for strip in strips]


def _conversation(screen):
    """The events of a few minutes of talk that affect the screen."""
    for event in (
        OPENED,
        Notice(at=0, text="words: moonshine tiny (English), no Whisper model is installed on this machine"),
        VoiceOn(at=S(1), onset=S(1)),
        SpeechOn(at=S(2), who="Ana", onset=S(1), confidence=0.9),
        FloorTaken(
            at=S(61), who="Ben", after="Ana", onset=S(60), fto=S(0.3), after_share=True, too_soon=True, over=True
        ),
        SpeechOn(at=S(61), who="Ben", onset=S(60), confidence=0.9),
        Cue(
            at=S(62),
            kind="too_soon",
            form="tone",
            text="",
            to="Ben",
            given=True,
            held_back=None,
            because={"fto_s": 0.3},
        ),
        Lag(at=S(63), stage="words", behind=S(2.2)),
        InputLevel(at=S(64), dbfs=(-30.0,)),
    ):
        screen.post(event)


def test_the_screen_shows_who_is_speaking_who_has_the_floor_and_the_cue_that_sounded():
    screen = _screen(badge="sample · keeps words")

    async def steps(look, pilot):
        _conversation(screen)
        await look()
        assert _row(screen, "headline").split() == ["listening", "2", "s", "behind", "·", "01:04"]
        assert "●" in _row(screen, "person-1")
        assert _row(screen, "person-1").endswith("has the floor")
        assert "has the floor" not in _row(screen, "person-0")
        assert "━" in _row(screen, "room")
        assert _row(screen, "cue") == "♪  a soft tone"
        assert _row(screen, "badge") == "sample · keeps words"
        assert "soon" not in "".join(_picture(screen))

    _drive(screen, steps)


def test_the_bar_of_the_silence_fills_up_to_the_target_breath_and_turns_green():
    screen = _screen()

    async def steps(look, pilot):
        screen.post(OPENED)
        screen.post(VoiceOff(at=S(5), end=S(5)))
        screen.post(InputLevel(at=S(6), dbfs=(-70.0,)))
        await look()
        half = _row(screen, "silence")
        assert half.endswith("1.0 of 2.0 s")
        screen.post(InputLevel(at=S(8.2), dbfs=(-70.0,)))
        await look()
        full = _row(screen, "silence")
        assert full.endswith("3 s, a full breath")
        assert half.count("━") * 2 == pytest.approx(full.count("━"), abs=1)
        assert "─" not in full
        screen.post(VoiceOn(at=S(8.3), onset=S(8.3)))
        await look()
        assert "━" not in _row(screen, "silence")

    _drive(screen, steps)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_everything_fits_on_usual_terminals(size):
    screen = _screen(people=("Ana", "Bartholomew Fitzgerald the Third"))

    async def steps(look, pilot):
        _conversation(screen)
        screen.post(Notice(at=S(64), text="the disk is full: the session goes on, from here nothing is stored"))
        await look()
        picture = _picture(screen)
        for said in ("listening", "room", "Ana", "Bartholomew", "silence", "a soft tone", "nothing is stored"):
            assert any(said in line for line in picture), said
        assert any("h hush   m mark this moment   q end" in line for line in picture[-3:])
        assert [line for line in picture if "Fitzgerald the Third" in line] == []

    _drive(screen, steps, size)


def test_a_small_terminal_first_drops_the_blank_lines():
    screen = _screen()

    async def steps(look, pilot):
        _conversation(screen)
        await look()
        picture = _picture(screen)
        first_words = [line.replace("●", "").split()[0] for line in picture[:6]]
        assert first_words == ["listening", "silence", "Ana", "Ben", "room", "♪"]
        assert "q end" in picture[-1]

    _drive(screen, steps, (40, 10))


def test_the_keys_remain_visible_however_many_notices_there_are():
    screen = _screen(people=("Ana", "Ben", "Carla", "Dirk", "Eva"))

    async def steps(look, pilot):
        _conversation(screen)
        screen.post(DeviceLost(at=S(70), device="mic", reason="the microphone is gone; " * 8))
        await look()
        assert any("q end" in line for line in _picture(screen))

    _drive(screen, steps, (60, 20))


@pytest.mark.parametrize("size", [(20, 5), (300, 90)], ids=str)
def test_the_screen_grows_and_shrinks_with_the_terminal(size):
    screen = _screen()

    async def steps(look, pilot):
        _conversation(screen)
        await look()
        assert any("listening" in line for line in _picture(screen))
        await pilot.resize_terminal(80, 24)
        await look()
        line = next(line for line in _picture(screen) if "room" in line)
        assert 40 < line.count("━") + line.count("─") < 60

    _drive(screen, steps, size)


def test_notices_break_between_words_on_a_small_terminal():
    screen = _screen()
    told = "the microphone delivers pure silence; is it muted, or is this program not allowed to use it?"

    async def steps(look, pilot):
        screen.post(OPENED)
        screen.post(Notice(at=0, text=told))
        await look()
        said = [word for line in _row(screen, "notices").splitlines() for word in line.split()]
        assert said[1:] == told.split()

    _drive(screen, steps, (60, 16))


def test_a_rehearsal_shows_no_floor_and_no_early_answers():
    screen = _screen(people=("You",))

    async def steps(look, pilot):
        screen.post(OPENED)
        screen.post(SpeechOn(at=S(1), who="You", onset=0, confidence=1.0))
        await look()
        assert "floor" not in "".join(_picture(screen))

    _drive(screen, steps)


def test_names_and_notices_are_text_and_never_markup():
    screen = _screen(people=("[red]A", "Ben"))

    async def steps(look, pilot):
        screen.post(Notice(at=0, text="[b]see [/x] $me"))
        await look()
        assert any("[red]A" in line for line in _picture(screen))
        assert any("[b]see [/x] $me" in line for line in _picture(screen))

    _drive(screen, steps)


def test_with_one_microphone_per_person_there_is_no_bar_for_the_room():
    screen = _screen(channels={"Ana": 0, "Ben": 1})

    async def steps(look, pilot):
        screen.post(InputLevel(at=S(1), dbfs=(-60.0, -20.0)))
        await look()
        assert not screen.query("#room")
        assert "━" not in _row(screen, "person-0")
        assert "━" in _row(screen, "person-1")

    _drive(screen, steps)


# ------------------------------------------------------------------------------------------------------- keys


def test_the_keys_call_the_loop():
    pressed = Pressed()

    async def steps(look, pilot):
        await pilot.press("h", "m", "m", "x", "q")

    _drive(_screen(pressed), steps)
    assert pressed.names == ["hush", "mark", "mark", "end"]


def _asks(at):
    """The rising tone: the coach asks Ana whether an invitation is welcome."""
    return Cue(at=S(at), kind="ask", form="tone", text="", to="Ana", given=True, held_back=None, because={})


def test_yes_is_offered_and_works_only_while_the_coach_asks():
    pressed = Pressed()
    screen = _screen(pressed)

    async def steps(look, pilot):
        screen.post(OPENED)
        await pilot.press("y")
        assert "yes" not in _row(screen, "keys")
        screen.post(_asks(61))
        await look()
        assert _row(screen, "cue") == "♪  a rising tone: may the coach say a few words? Say “yes”, or press y"
        assert "y yes, say it" in _row(screen, "keys")
        await pilot.press("y")
        screen.post(TakenUp(at=S(63)))
        await look()
        assert _row(screen, "cue") == "♪  a soft tone"
        assert "yes" not in _row(screen, "keys")
        await pilot.press("y")

    _drive(screen, steps)
    assert pressed.names == ["yes"]


def test_half_a_minute_of_silence_in_the_check_in_brings_a_hint():
    screen = _screen()

    async def steps(look, _):
        screen.post(OPENED)
        screen.phase("Ana, please say a sentence.")
        screen.post(InputLevel(at=S(30), dbfs=(-70.0,)))
        await look()
        assert _row(screen, "saying") == "Ana, please say a sentence. (one or two sentences are enough; s skips this)"

    _drive(screen, steps)


def test_skip_is_offered_and_works_only_in_the_check_in():
    pressed = Pressed()
    screen = _screen(pressed)

    async def steps(look, pilot):
        screen.post(OPENED)
        screen.phase("Ana, please say a sentence.")
        await look()
        assert _row(screen, "saying") == "Ana, please say a sentence."
        assert "s skip" in _row(screen, "keys")
        assert _row(screen, "silence") == _row(screen, "cue") == ""
        screen.post(Enrolled(at=S(6), who="Ana", span=Span.seconds(0, 5)))
        await look()
        assert _row(screen, "person-0").endswith("voice learnt")
        await pilot.press("s")
        screen.phase("")
        await look()
        assert "skip" not in _row(screen, "keys")
        assert _row(screen, "saying") == ""
        await pilot.press("s")

    _drive(screen, steps)
    assert pressed.names == ["skip"]


def test_hush_is_shown_only_once_the_loop_reports_it():
    screen = _screen()

    async def steps(look, pilot):
        screen.post(OPENED)
        await pilot.press("h")
        await look()
        assert _row(screen, "headline").startswith("listening")
        screen.post(Hushed(at=S(1), on=True))
        await look()
        assert _row(screen, "headline").startswith("hushed")
        assert _row(screen, "keys").startswith("h go on")

    _drive(screen, steps)


def test_a_lost_microphone_is_shown_with_its_reason():
    screen = _screen()

    async def steps(look, pilot):
        screen.post(DeviceLost(at=S(3), device="mic", reason="the microphone was unplugged; waiting for it"))
        await look()
        assert _row(screen, "headline").startswith("microphone lost")
        assert _row(screen, "saying") == "the microphone was unplugged; waiting for it"

    _drive(screen, steps)


# ------------------------------------------------------------------------------------------------------ ending


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
def test_ending_asks_the_loop_and_waits_for_its_answer(key):
    pressed = Pressed()
    screen = _screen(pressed)

    async def steps(look, pilot):
        await pilot.press(key)
        await look()
        assert pressed.names == ["end"]
        assert _row(screen, "headline").startswith("ending…")
        screen.post(Ended(at=S(9), reason="you ended it"))
        await look()

    assert _drive(screen, steps) == "you ended it"


def test_a_second_request_to_end_leaves_even_if_the_loop_does_not_answer():
    pressed = Pressed()

    async def steps(look, pilot):
        await pilot.press("q", "q")
        await look()

    assert _drive(_screen(pressed), steps) == "left at once"
    assert pressed.names == ["end"]


def test_a_loop_that_died_can_close_the_screen():
    screen = _screen()

    async def steps(look, pilot):
        threading.Thread(target=screen.finish, args=("the loop stopped",)).start()
        await look()

    assert _drive(screen, steps) == "the loop stopped"


def test_events_that_another_thread_posts_are_not_lost():
    screen = _screen()

    def loop():
        for n in range(1, 2001):
            screen.post(Notice(at=n, text=f"notice {n}"))

    async def steps(look, pilot):
        thread = threading.Thread(target=loop)
        thread.start()
        await asyncio.to_thread(thread.join)
        await look()
        assert _row(screen, "notices").endswith("notice 2000")

    _drive(screen, steps)


def test_unchanged_content_is_not_drawn_again():
    screen = _screen()
    drawn = []

    async def steps(look, pilot):
        screen.post(InputLevel(at=S(1), dbfs=(-75.0,)))
        await look()
        for row in screen.query("Row"):
            row.refresh = lambda *_, name=row.id, **__: drawn.append(name)
        screen.post(InputLevel(at=S(1.1), dbfs=(-74.0,)))
        await look()
        assert drawn == []
        screen.post(InputLevel(at=S(2.1), dbfs=(-74.0,)))
        await look()
        assert drawn == ["headline"]  # the clock

    _drive(screen, steps)


# ---------------------------------------------------------------------------------- a real terminal (a pty)

PROGRAM = textwrap.dedent(
    """
    import os, sys, threading
    from coach.cli.screen import Commands, ListenScreen
    from coach.core.errors import CoachError
    from coach.core.events import Ended, InputLevel, Notice, VoiceOn

    def mark():
        raise RuntimeError("mark failed")

    screen = ListenScreen(["Ana"], 32000, Commands(
        hush=lambda: screen.post("nonsense"), mark=mark, yes=lambda: None, skip=lambda: None,
        end=lambda: screen.post(Ended(at=160_000, reason="you ended it"))))
    def noise():
        os.write(2, b"ALSA lib: noise\\n")
        screen.post(Notice(at=16_000, text="ready"))

    screen.post(VoiceOn(at=16_000, onset=16_000))
    screen.post(InputLevel(at=16_000, dbfs=(-30.0,)))
    threading.Timer(0.5, noise).start()
    try:
        print("reason:", screen.show())
    except CoachError as error:
        print("error:", error)
    sys.stdout.flush()
    os.write(2, b"over\\n")  # through the descriptor that was taken away meanwhile
    """
)


class Terminal:
    """The program in a pseudo-terminal of 80 by 24 cells."""

    def __init__(self, **environment):
        self._master, slave = pty.openpty()
        self.before = subprocess.run(["stty", "-a"], stdin=slave, capture_output=True, text=True, check=True).stdout
        self._slave = slave
        self.said = b""
        usual = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        self.program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**usual, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", **environment},
        )

    def read_until(self, text, timeout=30):
        until = time.monotonic() + timeout
        while text.encode() not in self.said:
            left = until - time.monotonic()
            assert left > 0, f"{text!r} did not come: {self.said[-2000:]!r}"
            if select.select([self._master], [], [], min(left, 0.2))[0]:
                self.said += os.read(self._master, 65_536)

    def press(self, key):
        os.write(self._master, key.encode())

    def end(self):
        self.read_until("over\r\n")
        self.program.wait(10)
        after = subprocess.run(["stty", "-a"], stdin=self._slave, capture_output=True, text=True, check=True).stdout
        os.close(self._slave)
        os.close(self._master)
        return after


def _left_as_it_was(terminal, after):
    assert after == terminal.before
    assert (
        terminal.said.count(b"\x1b[?1049h") == terminal.said.count(b"\x1b[?1049l") == 1
    )  # the alternate screen was left
    assert terminal.said.rindex(b"\x1b[?25h") > terminal.said.rindex(b"\x1b[?25l")  # the cursor is back


def _ended(how, **environment):
    """A terminal in which the program was ended by a key or by a signal, and what `stty` says afterwards."""
    terminal = Terminal(**environment)
    terminal.read_until("ready")  # comes after the noise
    if isinstance(how, str):
        terminal.press(how)
    else:
        terminal.program.send_signal(how)
    return terminal, terminal.end()


@pytest.fixture(scope="module")
def quitted():
    return _ended("q")


def test_the_terminal_is_restored_after_q(quitted):
    terminal, after = quitted
    assert b"reason: you ended it" in terminal.said
    _left_as_it_was(terminal, after)


@pytest.mark.parametrize("how", ["\x03", signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "SIGINT", "SIGTERM"])
def test_the_terminal_is_restored(how):
    terminal, after = _ended(how)
    assert b"reason: you ended it" in terminal.said
    _left_as_it_was(terminal, after)


@pytest.mark.parametrize(("key", "why"), [("m", b"mark failed"), ("h", b"has no attribute 'at'")])
def test_after_an_error_the_terminal_is_restored_and_one_line_says_what_to_do(key, why):
    terminal = Terminal()
    terminal.read_until("ready")
    terminal.press(key)
    after = terminal.end()
    assert b"error: the screen stopped (" in terminal.said
    assert why in terminal.said
    assert b"--plain" in terminal.said
    assert b"Traceback" not in terminal.said
    assert b"ALSA lib: noise" in terminal.said  # the captured output may explain the failure
    _left_as_it_was(terminal, after)


def test_output_of_sound_libraries_is_not_drawn_over_the_screen(quitted):
    terminal, _ = quitted
    assert b"ALSA" not in terminal.said


COLOURED = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-7]|4[0-7]|9[0-7]|10[0-7]|38;[\d;]+|48;[\d;]+)(?:;\d+)*m")


def test_colours_are_used_unless_they_are_switched_off(quitted):
    for (terminal, _), coloured in ((quitted, True), (_ended("q", NO_COLOR="1"), False)):
        assert bool(COLOURED.search(terminal.said)) == coloured
        assert not re.search(rb"[\[;](38|48);", terminal.said)  # the terminal's own sixteen, on its own background


def test_the_screen_shows_that_hearing_is_late():
    screen = _screen()

    async def steps(look, pilot):
        _conversation(screen)
        screen.post(Lag(at=S(64), stage="ear", behind=S(0.4)))
        await look()
        assert _row(screen, "headline").endswith("hearing 0.4 s behind · 2 s behind · 01:04")

    _drive(screen, steps)
