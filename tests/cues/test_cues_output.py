"""Spoken cues never start during speech; tones may."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from coach.audio.playback_queue import Played
from coach.audio.player import NoPlayer
from coach.audio.source import Samples
from coach.coaching import Catalogue
from coach.conversation import SpeechState
from coach.core.messages import Message
from coach.core.span import RATE
from coach.cues.loudness import CONFIG as LOUDNESS
from coach.cues.output import CONFIG, HUSHED, LATE, SPEAKING, CueOutput
from coach.cues.recordings import Sound
from coach.cues.sounds import CueSounds
from tests.runtime.staged import VOICELESS, sounds
from tests.waiting import PATIENCE_S, wait

Make = Callable[..., tuple[CueOutput, "WatchedPlayer"]]
FIRST = "Hello."
SPEAKS, SILENT = SpeechState(voice=0), SpeechState()


class WatchedPlayer(NoPlayer):
    """A silent player that counts how often it is asked whether it is playing."""

    looks = 0

    @property
    def playing(self) -> bool:
        self.looks += 1
        return super().playing

    def wait_for_looks(self) -> None:
        """Returns once the voice thread has checked several more times."""
        enough = self.looks + 5
        wait("more looks", lambda: self.looks >= enough)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[CueOutput] = []

    def output(cue_sounds: CueSounds | None = None, **options: bool) -> tuple[CueOutput, WatchedPlayer]:
        player = WatchedPlayer()
        made.append(CueOutput(player, cue_sounds or sounds(tmp_path), Catalogue.load(), ahead=[], **options))
        return made[-1], player

    yield output
    for each in made:
        each.close()


def over(output: CueOutput) -> Played:
    """The next cue that ends; the speaker is not served meanwhile."""
    found: list[Played] = []
    wait("the end of a cue", lambda: found.extend(output.finished()) or found)
    (played,) = found
    return played


def test_a_cue_plays_to_its_end_when_nobody_speaks(make: Make) -> None:
    output, player = make()
    output.say("inward", "…and how is that in you?")
    wait("the cue", lambda: player.playing)
    output.reference(5 * RATE)
    assert over(output) == Played("inward", 4 * RATE, cut=False)


def test_a_line_begins_a_breath_after_the_sound_before_it(make: Make) -> None:
    output, player = make()
    for text in ("Hello.", "And welcome."):
        output.say("practice", text)
    wait("the first line", lambda: player.playing)
    for samples in (4 * RATE - 320, 320):  # to its end
        output.reference(samples)
        player.wait_for_looks()  # the second one could have begun
    assert player.played == ["practice"]
    output.reference(CONFIG.breath)
    wait("the second line", lambda: player.played == ["practice", "practice"])


def test_no_spoken_cue_starts_while_somebody_speaks(make: Make) -> None:
    output, player = make()
    output.follow(SPEAKS)
    output.say("inward", "…and how is that in you?")
    assert over(output) == Played("inward", 0, cut=False, failed=Message(SPEAKING))
    assert player.played == []


def test_a_tone_plays_while_somebody_speaks(make: Make) -> None:
    output, player = make()
    output.follow(SPEAKS)
    output.say("too_soon", "")
    wait("the tone", lambda: player.played == ["too_soon"])
    output.reference(3 * RATE)
    assert not over(output).cut


def test_after_somebody_stops_cues_play_again(make: Make) -> None:
    output, player = make()
    output.follow(SPEAKS)
    output.follow(SILENT)
    output.say("inward", "…and how is that in you?")
    wait("the cue", lambda: player.played == ["inward"])


def test_a_voice_stops_a_spoken_cue_within_a_fifth_of_a_second(make: Make) -> None:
    output, player = make()
    output.say("inward", "…and how is that in you?")
    wait("the cue", lambda: player.playing)
    output.reference(RATE)
    output.follow(SPEAKS)
    output.reference(RATE)
    played = over(output)
    assert played.cut
    assert RATE <= played.samples <= RATE + RATE // 5


def test_a_voice_does_not_stop_a_tone(make: Make) -> None:
    output, player = make()
    output.say("too_soon", "")
    wait("the tone", lambda: player.playing)
    output.reference(320)
    output.follow(SPEAKS)
    output.reference(3 * RATE)
    assert not over(output).cut


def test_a_cue_that_waited_for_a_tone_does_not_start_over_somebody_who_began_meanwhile(make: Make) -> None:
    output, player = make()
    output.say("too_soon", "")
    wait("the tone", lambda: player.playing)
    output.say("inward", "…and how is that in you?")
    player.wait_for_looks()  # it is waiting by now
    output.follow(SPEAKS)
    output.reference(3 * RATE)
    assert over(output).name == "too_soon"
    assert over(output) == Played("inward", 0, cut=False, failed=Message(SPEAKING))
    assert player.played == ["too_soon"]


def test_a_line_waits_for_a_line_that_everybody_must_hear_however_long_it_is(make: Make) -> None:
    output, player = make()
    output.say("consent", "")
    output.say("checkin_ask", "Ana, please.")
    wait("the line", lambda: player.playing)
    output.reference(CONFIG.latest + RATE)
    assert over(output).name == "consent"
    output.reference(CONFIG.breath)  # the voice thread may have looked for the last time when the line had just ended
    wait("the next", lambda: player.played == ["consent", "checkin_ask"])


@pytest.mark.parametrize("kind", ["inward", "too_soon"])
def test_a_cue_that_could_not_begin_within_four_seconds_is_dropped(make: Make, kind: str) -> None:
    output, player = make()
    output.say("consent", "")
    wait("the line", lambda: player.playing)
    output.say(kind, "")
    output.reference(CONFIG.latest + RATE)
    assert over(output).name == "consent"
    assert over(output) == Played(kind, 0, cut=False, failed=Message(LATE))


def test_a_cue_that_can_begin_within_four_seconds_plays(make: Make) -> None:
    output, player = make()
    output.say("consent", "")
    wait("the line", lambda: player.playing)
    output.reference(RATE)
    output.say("too_soon", "")
    output.reference(3 * RATE)
    assert over(output).name == "consent"
    wait("the tone", lambda: player.played == ["consent", "too_soon"])


@pytest.mark.parametrize("kind", ["inward", "too_soon"])
def test_a_coach_that_is_hushed_stops_within_a_fifth_of_a_second_and_starts_nothing(make: Make, kind: str) -> None:
    output, player = make()
    output.say(kind, "")
    wait("the cue", lambda: player.playing)
    output.reference(RATE // 10)
    output.hush(True)
    output.reference(RATE)
    played = over(output)
    assert played.cut
    assert played.samples <= RATE // 10 + RATE // 5
    output.say(kind, "")
    assert over(output) == Played(kind, 0, cut=False, failed=Message(HUSHED))
    output.hush(False)
    output.say(kind, "")
    wait("the cue again", lambda: player.played == [kind, kind])


def test_lines_that_everybody_must_hear_play_even_while_the_coach_is_hushed(make: Make) -> None:
    output, player = make()
    output.say("consent", "")
    wait("the line", lambda: player.playing)
    output.hush(True)
    output.reference(4 * RATE)
    assert not over(output).cut


def test_lines_that_everybody_must_hear_are_not_cut_short(make: Make) -> None:
    output, player = make()
    output.say("consent", "")
    assert output.announcing
    wait("the line", lambda: player.playing)
    output.reference(RATE)
    output.follow(SPEAKS)
    output.reference(4 * RATE)
    assert over(output) == Played("consent", 4 * RATE, cut=False)
    assert not output.announcing


def test_lines_to_the_room_are_left_out_if_nobody_can_hear_them(make: Make) -> None:
    output, player = make(heard=False)
    output.say("checkin_ask", "Ana, please.")
    output.say("consent", "")
    output.say("too_soon", "")
    wait("the tone", lambda: player.played)
    assert player.played == ["too_soon"]
    assert not output.announcing


def test_a_tone_that_is_switched_off_never_plays(tmp_path: Path) -> None:
    player, catalogue = NoPlayer(), Catalogue.load(override="[heard]\nenabled = false")
    output = CueOutput(player, sounds(tmp_path), catalogue, ahead=[])
    output.say("heard", "")
    output.say("too_soon", "")
    wait("the tone", lambda: player.played)
    output.close()
    assert player.played == ["too_soon"]


class Levels(NoPlayer):
    """A speaker that records the peak level of each clip in dBFS."""

    def __init__(self) -> None:
        super().__init__()
        self.peaks: list[float] = []

    def play(self, clip: Samples, gain_db: float = 0.0, name: str = "") -> None:
        self.peaks.append(20 * np.log10(np.abs(clip).max()) + gain_db)
        super().play(clip, gain_db, name)


def test_the_gain_for_the_room_is_applied_and_never_clips(tmp_path: Path) -> None:
    player = Levels()
    output = CueOutput(player, sounds(tmp_path), Catalogue.load(), ahead=[], gain_db=-2.0)
    for wanted in (0.0, -10.0, 60.0):
        output.room_db = wanted
        output.say("too_soon", "")
        wait("the tone", lambda: player.playing)
        output.reference(2 * RATE)
        over(output)
    output.close()
    usual, softer, loudest = player.peaks
    assert softer == pytest.approx(usual - 10)
    assert loudest == pytest.approx(LOUDNESS.ceiling)


class Rendering(CueSounds):
    """Records renderings: the first runs once it is `asked` for, the others once they are `allowed`."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        super().__init__(folder, catalogue)
        self.rendered: list[str] = []
        self.asked, self.allowed = threading.Event(), threading.Event()

    def ready(self, kind: str, text: str = "") -> Sound:
        (self.allowed if text != FIRST else self.asked).wait(PATIENCE_S)
        if text not in self.rendered:
            self.rendered.append(text)
        return np.full(RATE, 0.01, np.float32)


def test_the_first_sentence_plays_as_soon_as_it_is_rendered_and_the_others_are_rendered_in_order(
    tmp_path: Path,
) -> None:
    catalogue, player = Catalogue.load(), NoPlayer()
    rendering = Rendering(tmp_path, catalogue)
    output = CueOutput(
        player, rendering, catalogue, ahead=[("consent", FIRST), ("checkin_ask", "Ana?"), ("inward", "…what now?")]
    )
    output.say("consent", FIRST)
    rendering.asked.set()
    wait("the first sentence", lambda: player.played == ["consent"])
    rendering.allowed.set()
    everything = [FIRST, "Ana?", "…what now?"]
    wait("the others", lambda: rendering.rendered == everything)
    output.close()


def test_a_machine_without_a_voice_says_so_once_and_reports_cues_that_could_not_play(
    make: Make, tmp_path: Path
) -> None:
    output, player = make(CueSounds(tmp_path / "none", Catalogue.load(), shipped=False, **VOICELESS))
    output.say("inward", "…and how is that in you?")
    played = over(output)
    assert (played.name, played.samples) == ("inward", 0)
    assert played.failed
    (notice,) = output.notices()
    assert "no voice on this machine" in notice
    output.say("inward", "…and how is that in you?")
    assert over(output).failed
    assert output.notices() == []
    output.say("too_soon", "")  # tones need no voice
    wait("the tone", lambda: player.played == ["too_soon"])


class Shut(NoPlayer):
    """A speaker that records clips played after it was closed, for which a real one would open again."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = False
        self.opened_again = False

    def play(self, clip: Samples, gain_db: float = 0.0, name: str = "") -> None:
        self.opened_again |= self.closed
        super().play(clip, gain_db, name)

    def close(self) -> None:
        self.closed = True


class Slow(Rendering):
    """Also records the thread on which it renders."""

    thread: threading.Thread | None = None

    def ready(self, kind: str, text: str = "") -> Sound:
        self.thread = threading.current_thread()
        return super().ready(kind, text)


@pytest.mark.parametrize("kind", ["inward", "too_soon", "consent"])
def test_a_cue_still_being_rendered_at_the_end_does_not_open_the_speaker_again(tmp_path: Path, kind: str) -> None:
    catalogue, player = Catalogue.load(), Shut()
    rendering = Slow(tmp_path, catalogue)
    output = CueOutput(player, rendering, catalogue, ahead=[])
    output.say(kind, "…what now?")
    output.say(kind, "…and what else?")
    wait("the rendering", lambda: rendering.thread)
    assert rendering.thread
    output.close()
    rendering.allowed.set()
    rendering.thread.join(PATIENCE_S)
    assert not rendering.thread.is_alive()
    assert not player.opened_again
    assert rendering.rendered == ["…what now?"], "nothing is rendered for nobody"


class Broken(CueSounds):
    """A voice that raises unexpected errors for chosen texts, once it is `allowed`."""

    def __init__(self, folder: Path, at: str) -> None:
        super().__init__(folder / "cache", Catalogue.load())
        self._at = at

    def unusable(self) -> list[str]:
        if self._at == "own recordings":
            raise RuntimeError("the folder burns")
        return super().unusable()

    def ready(self, kind: str, text: str = "") -> Sound:
        if self._at == text:
            raise RuntimeError("the synthesiser burns")
        return np.full(RATE, 0.01, np.float32)


@pytest.mark.parametrize(("at", "told"), [("own recordings", "the folder burns"), (FIRST, "the synthesiser burns")])
def test_an_unexpected_error_is_reported_once_and_affects_no_other_cue(tmp_path: Path, at: str, told: str) -> None:
    player = NoPlayer()
    ahead = [("practice", FIRST), ("practice", FIRST), ("inward", "…what now?")]
    output = CueOutput(player, Broken(tmp_path, at), Catalogue.load(), ahead=ahead)
    notices: list[str] = []
    wait("the notice", lambda: notices.extend(output.notices()) or notices)
    output.say("inward", "…what now?")
    wait("the cue", lambda: player.playing)
    output.reference(RATE)
    assert over(output) == Played("inward", RATE, cut=False)
    assert not output.busy
    assert [told in notice for notice in [*notices, *output.notices()]] == [True]
    output.close()


def test_a_cue_whose_rendering_fails_is_reported_and_blocks_nothing(tmp_path: Path) -> None:
    output = CueOutput(NoPlayer(), Broken(tmp_path, FIRST), Catalogue.load(), ahead=[("practice", FIRST)])
    wait("the notice", output.notices)
    output.say("practice", FIRST)
    assert "the synthesiser burns" in (over(output).failed or "")
    assert not output.busy
    output.close()


def test_cues_of_another_language_play_from_its_sounds_and_are_made_ahead(make: Make, tmp_path: Path) -> None:
    output, player = make()
    german = Catalogue.load("de")
    text = german["inward"].wordings[0]
    made: list[str] = []

    class Counting(CueSounds):
        def ready(self, kind: str, text: str = "") -> Sound:
            made.append(text)
            return super().ready(kind, text)

    output.speak(Counting(tmp_path / "cache", german, **VOICELESS), german, [("inward", text)])
    wait("the cue, made ahead", lambda: made == [text])
    output.say("inward", text)
    wait("the cue", lambda: player.played == ["inward"])
