"""Somebody takes their yes back aloud: it ends at once, and erases what the button would erase."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from coach.asr import Job, Result
from coach.audio.source import Block
from coach.coaching import Catalogue
from coach.core.events import UNKNOWN, Consented, Ended, Event, LanguageFound, Notice, Speech, VoiceOff, VoiceOn, Words
from coach.core.messages import Message
from coach.core.settings import Settings
from coach.core.span import HOP, RATE, Span, as_samples
from coach.cues import LISTENED_TO
from coach.runtime.live import settle, tell_that_it_stopped
from coach.runtime.opening import HOW_TO_STOP, Opening
from coach.runtime.pipeline import Pipeline
from coach.runtime.session import LiveSession
from coach.sessions import Store, answer
from tests.asr.finding import ENGLISH, Finding
from tests.runtime.staged import PEOPLE, Evening, Script, Stage, Told, blocks, plan, room, sample
from tests.runtime.test_runtime_hush import Foreseeing

STOP = "Coach, stop listening."
STORY = "Yesterday my sister called me from the station."


def all_said(aloud: bool | None) -> tuple[Consented, ...]:
    return tuple(each for who in PEOPLE for each in answer(who, "audio", yes=True, how="key", aloud=aloud))


# ------------------------------------------------------------------------------------------------------ the pipeline


@dataclass
class HalfHeard(Foreseeing):
    """Its early words are the first half of what somebody says."""

    def ahead(self) -> list[Result]:
        return [Result(UNKNOWN, job.span, STOP) for job in self._begun()]

    def _begun(self) -> list[Job]:
        begun, self.waiting = self.waiting, []
        return begun


@dataclass
class Slow(Foreseeing):
    """It has recognised nothing before the session ends."""

    def ahead(self) -> list[Result]:
        return []

    def results(self) -> list[Result]:
        return []

    def finish(self, progress: Callable[[int, int], None] | None = None) -> list[Result]:
        return [Result("Ana", span, text) for span, text in ((job.span, STOP) for job in self.wanted)]


def told(
    text: str,
    *,
    aloud: bool | None,
    sure: float = 1.0,
    times: int = 1,
    recognised: type[Foreseeing] = Foreseeing,
    ends: bool = False,
) -> list[Event]:
    """Ana says `text`, for `times` times; gives what follows besides. `ends`: the session is over then."""
    events: list[Event] = []
    for n in range(times):
        span = Span.seconds(1.0 + 4 * n, 2.2 + 4 * n)
        events += [
            VoiceOn(at=span.start + RATE // 10, onset=span.start),
            VoiceOff(at=span.end + RATE // 5, end=span.end),
            Speech(at=span.end + RATE // 4, who="Ana", span=span, confidence=sure),
        ]
    ear = Told(events)
    texts = {Span.seconds(1.0 + 4 * n, 2.0 + 4 * n).start: text for n in range(times)}
    recogniser = recognised(texts, lambda: ear.now)
    table = Pipeline(
        ear,  # type: ignore[arg-type]
        Settings(),
        PEOPLE,
        catalogue=Catalogue.load(),
        recogniser=recogniser,
        aloud=aloud,
    )
    found: list[Event] = []
    for start in range(0, as_samples(4.0 * times + 1.0), HOP):
        found += table.hop(Block(start, np.zeros((HOP, 1), np.float32)))
    if ends:
        found += table.finish("the sound ended")
    return [event for event in found if isinstance(event, Consented | Notice)]


def test_a_yes_is_taken_back_within_two_seconds_of_the_words() -> None:
    (said,) = told(STOP, aloud=True)
    assert isinstance(said, Consented)
    assert (said.who, said.to, said.yes, said.how) == ("Ana", "listen", False, "voice")
    assert said.at <= as_samples(2.2 + 2.0)


def test_it_is_said_when_it_is_not_sure_who_takes_it_back() -> None:
    (said,) = told(STOP, aloud=True, sure=0.5)
    assert isinstance(said, Consented)
    assert said.who == UNKNOWN


def test_where_not_everybody_has_agreed_to_that_it_counts_for_nothing_and_is_explained_once() -> None:
    assert [event.text for event in told(STOP, aloud=False, times=2) if isinstance(event, Notice)] == [
        Message("notice.not_agreed")
    ]
    assert not [event for event in told(STOP, aloud=False) if isinstance(event, Consented)]


def test_in_a_recording_it_means_nothing() -> None:
    assert told(STOP, aloud=None) == []


def test_the_first_half_of_a_sentence_takes_nothing_back() -> None:
    assert told("Coach, stop listening to him.", aloud=True, recognised=HalfHeard) == []


def test_what_was_said_just_before_the_end_counts_although_its_words_come_after_it() -> None:
    assert told(STOP, aloud=True, recognised=Slow) == []
    (said,) = told(STOP, aloud=True, recognised=Slow, ends=True)
    assert isinstance(said, Consented)
    assert said.who == "Ana"


# ------------------------------------------------------------------------------------------------------- the session


def evening_of(folder: Path, *, aloud: bool | None) -> Evening:
    """Ana and Ben talk for sixteen seconds with words and sound kept; the third utterance is the command."""
    stage = Stage(iter(()))
    going_on = plan(settings=Settings(keep="audio", cues="none", transcriber="auto"), played_back=False)
    script = Script(STORY, STORY, STOP, STORY)
    evening = Evening(folder, stage, going_on, transcriber=script, consents=all_said(aloud))

    def talk() -> Iterator[Block]:
        for block in blocks(np.concatenate([sample()[as_samples(20.0) : as_samples(36.0)], room(3.0)])):
            if block.start % RATE == 0:
                evening.read_up()
            yield block

    stage.told = talk()
    evening.run()
    return evening


def test_it_ends_at_once_and_with_one_microphone_all_words_and_sound_are_erased(tmp_path: Path) -> None:
    evening = evening_of(tmp_path, aloud=True)
    (said,) = [event for event in evening.of(Consented) if not event.yes]
    (ended,) = evening.of(Ended)
    assert said.who in PEOPLE
    assert ended.reason == f"{said.who} asked it to stop"
    assert ended.at - said.at < RATE
    number = evening.session.number
    assert number is not None
    assert evening.store.sound_file(number).exists()
    assert settle(evening.store, evening.session)
    assert not evening.store.sound_file(number).exists()
    words = [event for event in evening.stored if isinstance(event, Words)]
    assert len(words) >= 2
    assert [event.text for event in words] == [None] * len(words)
    assert said in evening.stored
    assert evening.session.stopped_aloud


def test_without_everybodys_agreement_the_session_goes_on_and_keeps_its_words(tmp_path: Path) -> None:
    evening = evening_of(tmp_path, aloud=None)
    assert [event.reason for event in evening.of(Ended)] == ["the sound ended"]
    assert settle(evening.store, evening.session)
    assert any(event.text for event in evening.stored if isinstance(event, Words))


UNSURE = Consented(at=0, who=UNKNOWN, to="listen", yes=False, how="voice")
Does = Callable[[LiveSession], object]


def ended_by(
    folder: Path, *done: Does, finishing: Does | None = None, looks: Callable[[Event], object] = lambda event: None
) -> Evening:
    """Ana and Ben talk for fifteen seconds with words and sound kept. Then `done` happens; `finishing` at the end."""
    stage = Stage(iter(()))
    going_on = plan(settings=Settings(keep="audio", cues="none"), played_back=False)
    evening = Evening(folder, stage, going_on, transcriber=Script(STORY), consents=all_said(None), looks=looks)

    def talk() -> Iterator[Block]:
        for block in blocks(sample()[as_samples(20.0) : as_samples(36.0)]):
            if block.start % RATE == 0:
                evening.read_up()
            if block.start == as_samples(15.0):
                for each in done:
                    each(evening.session)
            yield block

    stage.told = talk()
    evening.session.run(lambda _done, _of: finishing(evening.session) if finishing else None)
    return evening


def taps(who: str) -> Does:
    return lambda session: session.withdraw(who, "tap")


def says(said: Consented) -> Does:
    return lambda session: session.parts.inbox.withdraw(said)


def kept(evening: Evening) -> tuple[bool, bool]:
    """Whether any words of the session are kept, and whether its sound is."""
    assert evening.session.number is not None
    words = [event.text for event in evening.stored if isinstance(event, Words)]
    assert words
    return any(words), evening.store.sound_file(evening.session.number).exists()


def test_if_it_is_not_sure_who_said_it_the_session_ends_and_nothing_is_erased(tmp_path: Path) -> None:
    evening = ended_by(tmp_path, says(UNSURE))
    assert [event.reason for event in evening.of(Ended)] == ["somebody asked it to stop"]
    assert settle(evening.store, evening.session)
    assert evening.session.withdrawn == ()
    assert kept(evening) == (True, True)


@pytest.mark.parametrize(
    "done", [(taps("Ana"), says(UNSURE)), (says(UNSURE), taps("Ana"))], ids=["unsure at last", "unsure at first"]
)
def test_an_unsure_voice_undoes_nobodys_taking_back(done: tuple[Does, ...], tmp_path: Path) -> None:
    evening = ended_by(tmp_path, *done)
    assert [event.reason for event in evening.of(Ended)] == ["Ana asked it to stop"]
    assert [event.who for event in evening.stored if isinstance(event, Consented) and not event.yes].count("Ana") == 1
    assert settle(evening.store, evening.session)
    assert kept(evening) == (False, False)
    assert evening.session.stopped_aloud


def test_a_tap_counts_while_the_last_words_are_recognised(tmp_path: Path) -> None:
    evening = ended_by(tmp_path, says(UNSURE), finishing=taps("Ben"))
    assert [event.reason for event in evening.of(Ended)] == ["Ben asked it to stop"]
    assert isinstance(evening.stored[-1], Ended)
    assert settle(evening.store, evening.session)
    assert kept(evening) == (False, False)


def test_a_tap_counts_even_after_the_session_was_settled(tmp_path: Path) -> None:
    evening = ended_by(tmp_path, says(UNSURE))
    assert settle(evening.store, evening.session)
    evening.session.withdraw("Ana", "tap")
    assert kept(evening) == (False, False)


def test_it_is_erased_although_the_session_breaks_afterwards(tmp_path: Path) -> None:
    class Breaks(Exception):
        pass

    def looks(event: Event) -> None:
        if isinstance(event, Ended):
            raise Breaks

    evenings: list[LiveSession] = []
    with pytest.raises(Breaks):
        ended_by(tmp_path, evenings.append, taps("Ana"), looks=looks)
    (session,) = evenings
    assert session.number is not None
    with Store(tmp_path / "coach.db") as store:
        words = [event for event in store.events(session.number) if isinstance(event, Words)]
        assert words
        assert [event.text for event in words] == [None] * len(words)
        assert not store.sound_file(session.number).exists()


def test_with_a_microphone_each_the_words_of_each_who_takes_a_yes_back_are_erased(tmp_path: Path) -> None:
    stage = Stage(iter(()), channels=2)
    columns = {"Ana": 0, "Ben": 1, "Cleo": 0}
    going_on = plan(settings=Settings(keep="words", cues="none"), played_back=False, voices={}, channels=columns)
    evening = Evening(tmp_path, stage, replace(going_on, people=tuple(columns)))

    def talk() -> Iterator[Block]:
        for block in blocks(room(2.0)):
            if block.start == RATE:
                for who in columns:
                    recorder, span = evening.session.parts.recorder, Span(0, RATE)
                    recorder.put(Speech(at=RATE, who=who, span=span, confidence=1.0))
                    recorder.put(Words(at=RATE, who=who, span=span, count=8, text=STORY))
                taps("Ana")(evening.session)
                says(replace(UNSURE, who="Ben"))(evening.session)
            yield Block(block.start, np.repeat(block.samples, 2, axis=1))

    stage.told = talk()
    evening.run()
    assert evening.session.withdrawn == ("Ana", "Ben")
    assert settle(evening.store, evening.session)
    texts = {event.who: event.text for event in evening.stored if isinstance(event, Words)}
    assert texts == {"Ana": None, "Ben": None, "Cleo": STORY}


def test_the_session_ends_in_the_name_of_whoever_said_it_just_before(tmp_path: Path) -> None:
    stage = Stage(iter(()))
    going_on = plan(settings=Settings(keep="audio", cues="none"), played_back=False)
    evening = Evening(tmp_path, stage, going_on, transcriber=Script(STOP), consents=all_said(True))

    def talk() -> Iterator[Block]:
        assert evening.session.parts.words is not None
        evening.session.parts.words.rest(True)
        yield from blocks(sample()[as_samples(20.0) : as_samples(30.0)])

    stage.told = talk()
    evening.run()
    names = evening.session.withdrawn
    assert names
    assert [event.reason for event in evening.of(Ended)] == [f"{' and '.join(names)} asked it to stop"]
    assert settle(evening.store, evening.session)
    assert kept(evening) == (False, False)


# --------------------------------------------------------------------------------------- being told that it is possible

HOW = Catalogue.load().line(HOW_TO_STOP)


@dataclass
class Listening:
    """People who have agreed to answer aloud, and talk. `told`: whether somebody spoke each time they were told how."""

    folder: Path
    settings: Settings = field(default_factory=lambda: Settings(keep="words", cues="none"))
    engine: Finding | Script = field(default_factory=lambda: Script(STORY))
    check_in: bool = False
    aloud: bool = True
    told: list[bool] = field(default_factory=list)
    before: list[bool] | None = None  # the same up to the end of the check-in

    def __post_init__(self) -> None:
        going_on = plan(settings=self.settings, played_back=False, **({"voices": {}} if self.check_in else {}))
        self.stage, consents = Stage(iter(())), all_said(self.aloud)
        self.evening = Evening(
            self.folder, self.stage, going_on, transcriber=self.engine, consents=consents, looks=self._look
        )

    def _look(self, event: Event) -> None:
        if isinstance(event, Notice) and event.text == HOW:
            self.told.append(self.evening.session.parts.pipeline.speech.somebody)

    def run(self, leaving: Does = lambda session: session.command("skip")) -> list[Event]:
        """They talk for sixteen seconds; `leaving` ends the check-in while somebody speaks."""

        def talk() -> Iterator[Block]:
            session = self.evening.session
            for block in blocks(sample()[as_samples(20.0) : as_samples(36.0)]):
                self.evening.read_up()
                speaks = session.parts.pipeline.speech.somebody
                if self.check_in and self.before is None and block.start > as_samples(5.0) and speaks:
                    self.before = list(self.told)
                    leaving(session)
                yield block

        self.stage.told = talk()
        return self.evening.run()


def test_people_are_told_how_to_take_a_yes_back_when_the_talk_begins_and_nobody_speaks(tmp_path: Path) -> None:
    listening = Listening(tmp_path, check_in=True)
    listening.run()
    assert listening.before == []
    assert listening.told == [False]
    assert HOW_TO_STOP in LISTENED_TO


def test_without_a_check_in_they_are_told_at_once(tmp_path: Path) -> None:
    listening = Listening(tmp_path)
    shown = [event for event in listening.run() if isinstance(event, Notice) and event.text == HOW]
    assert [event.at for event in shown] == [HOP]


@pytest.mark.parametrize("keep", ["stats", "words"])
def test_they_are_told_aloud_unless_the_coach_is_to_say_nothing(
    keep: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = Listening(tmp_path, Settings(keep=keep, cues="none"))
    spoken: list[str] = []
    monkeypatch.setattr(listening.evening.session.parts.output, "say", lambda kind, text: spoken.append(kind))
    listening.run()
    assert len(listening.told) == 1
    assert (HOW_TO_STOP in spoken) == (keep == "words")


def test_they_are_not_told_where_not_everybody_has_agreed(tmp_path: Path) -> None:
    listening = Listening(tmp_path, aloud=False)
    listening.run()
    assert listening.told == []
    assert not listening.evening.session.takes_back_aloud


def test_they_are_not_told_after_words_were_lost(tmp_path: Path) -> None:
    def leave(session: LiveSession) -> None:
        assert session.takes_back_aloud
        session.parts.pipeline.lose_words()
        session.command("skip")

    listening = Listening(tmp_path, check_in=True)
    listening.run(leave)
    assert listening.before == []
    assert listening.told == []
    assert not listening.evening.session.takes_back_aloud


@pytest.mark.parametrize(("spoken", "known"), [(ENGLISH, True), ({"fr": 0.97, "en": 0.03}, False)], ids=["en", "fr"])
def test_they_are_told_only_once_a_language_is_found_that_has_the_command(
    spoken: Mapping[str, float], known: bool, tmp_path: Path
) -> None:
    auto = Settings(keep="words", cues="none", language="auto")
    listening = Listening(tmp_path, auto, Finding(spoken))
    shown = listening.run()
    (found,) = [n for n, event in enumerate(shown) if isinstance(event, LanguageFound)]
    told = [n for n, event in enumerate(shown) if isinstance(event, Notice) and event.text == HOW]
    assert len(told) == known
    assert all(n > found for n in told)
    assert listening.evening.session.takes_back_aloud == known


@pytest.mark.parametrize("aloud", [True, False])
def test_the_line_on_it_is_rendered_ahead_but_not_said_before_the_coach_listens(aloud: bool) -> None:
    opening = Opening(plan(voices={}, played_back=False), Catalogue.load(), None, aloud)
    assert (HOW_TO_STOP in [kind for kind, _ in opening.ahead]) == aloud
    assert HOW_TO_STOP not in [kind for kind, _ in opening.announced]


def test_a_speaker_that_is_gone_at_the_end_does_not_make_the_session_fail(tmp_path: Path) -> None:
    evening = Evening(tmp_path, Stage(iter(())), plan(played_back=False))
    evening.session.parts.inbox.withdraw(Consented(at=RATE, who=UNKNOWN, to="listen", yes=False, how="voice"))
    evening.run()
    gone = plan(settings=Settings(output="nosuch"), played_back=False)
    assert tell_that_it_stopped(gone, evening.session).startswith("it has stopped, and could not say so aloud: ")
