"""Asking aloud whether the coach may listen, before a session, of people who agreed earlier to answer aloud.

    source ─► echo canceller ─► ear ─► a voice that is short ─► recogniser ─► AskedAloud: yes or no
    speaker ◄── "Ana, may the coach listen?" ◄──────────────────────────────────┘

There is no store here, and no event leaves: what is recognised is a yes or a no, or it is forgotten at once. Taps and
keys work all the time beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import Protocol

from coach.asr import CommandWindow, Job, Transcriber, Worker, choose_for
from coach.audio import (
    Block,
    EchoCanceller,
    Microphone,
    NoPlayer,
    Played,
    Source,
    Waiting,
    hops,
    silence_native_stderr,
)
from coach.coaching import AskedAloud, Catalogue
from coach.conversation import SpeechState
from coach.core.events import UNKNOWN, Event, VoiceOff, VoiceOn
from coach.core.span import HOP
from coach.cues import CueOutput, own_wordings
from coach.diarization import Ear, Senses, heard_at
from coach.runtime.check_in import InStep
from coach.runtime.devices import SAMPLE, names_a_file, open_speaker
from coach.runtime.languages import answers_understood
from coach.runtime.live import Options, offers_spoken_answers
from coach.runtime.pipeline import Memory
from coach.sessions import Store, agreed_earlier
from coach.vad import SILERO, Detector, choose_detector

Waits = Callable[[], Collection[str]]  # whose answer is still missing; nobody's, once somebody has said no
Answered = Callable[[str, bool], None]  # who said yes (True) or no
Prompt = Callable[[str], None]  # who is being asked; "" at the end


class Asks(InStep, Protocol):
    """The part of `CueOutput` that asks."""

    def say(self, kind: str, text: str) -> None:
        """Say `text` of the catalogue's `kind`; nothing if people have switched that kind off. Returns at once."""
        ...

    def finished(self) -> list[Played]:
        """What has ended since the last call, heard to its end or not."""
        ...

    @property
    def busy(self) -> bool:
        """Whether anything given to `say` is playing or waiting."""
        ...


def may_ask_aloud(store: Store, options: Options) -> bool:
    """Whether the people of `options` may be asked aloud: all agreed to that earlier, and could be understood.

    Not with a microphone each: nothing here looks at which of them an answer came from.
    """
    settings = options.settings
    if options.channels or not offers_spoken_answers(settings) or not answers_understood(settings.language):
        return False
    if settings.input == SAMPLE or names_a_file(settings.input):
        return False
    return agreed_earlier(store, settings.people)


def ask_people_aloud(options: Options, *, waiting: Waits, answered: Answered, prompt: Prompt) -> None:
    """Opens the devices and asks; closes them again. Does nothing where the coach cannot be heard or hears no words.

    The microphone is opened last, and only while an answer is missing. Raises BadInput and Missing, as it does.
    """
    settings = options.settings
    if not waiting():
        return
    detector = choose_detector(options.voice_activity)
    with ExitStack() as opened:
        with silence_native_stderr():
            speaker, _ = open_speaker(settings)
        opened.callback(speaker.close)
        if isinstance(speaker, NoPlayer):
            return
        engine, _ = choose_for(settings)
        if engine is None:
            return
        unused = opened.enter_context(ExitStack())
        unused.callback(engine.close)
        catalogue, sounds = own_wordings(settings, settings.language)
        questions = [(f"may_{settings.keep}", catalogue.line(f"may_{settings.keep}", name=who)) for who in waiting()]
        output = opened.enter_context(
            closing(CueOutput(speaker, sounds, catalogue, ahead=questions, gain_db=settings.volume_db))
        )
        if not waiting():  # the recogniser took a while
            return
        with silence_native_stderr():
            source = Microphone(settings.input or None, 1)
        unused.pop_all()  # `ask_aloud` closes it
        ask_aloud(
            source,
            settings.people,
            keep=settings.keep,
            catalogue=catalogue,
            output=output,
            transcriber=engine,
            waiting=waiting,
            answered=answered,
            prompt=prompt,
            detector=detector,
        )


def ask_aloud(
    source: Source,
    people: Collection[str],
    *,
    keep: str,
    catalogue: Catalogue,
    output: Asks,
    transcriber: Transcriber,
    waiting: Waits,
    answered: Answered,
    prompt: Prompt,
    detector: Detector = SILERO,
) -> None:
    """Asks each of `people` whose answer is missing, and closes `source` and `transcriber` at the end.

    Returns when nobody is left to be asked. Everything is called on this thread.
    """
    asked, shown = AskedAloud(people, catalogue.language), ""
    with closing(source), closing(Worker(transcriber)) as words:
        room = _Room(source.channels, detector, output, words)
        for item in hops(source.blocks()):
            for who in set(people).difference(waiting()):
                asked.leave(who)
            if asked.person is None or words.notices():  # the recogniser was given up
                break
            if asked.person != shown:
                shown = asked.person
                prompt(shown)
            if isinstance(item, Waiting):
                continue
            for question in room.hear(item):
                asked.ended(room.now, whole=not (question.cut or question.failed))
            hearing = room.hearing
            for result in words.results():
                if (said := asked.heard(result.text, result.span)) is not None:
                    answered(said[0], said[1] == "yes")
            if not waiting():
                break
            if (who_now := asked.tick(room.now, speaking=output.busy, hearing=hearing)) is not None:
                output.say(f"may_{keep}", catalogue.line(f"may_{keep}", name=who_now))
                if not output.busy:  # people have switched this question off
                    asked.ended(room.now, whole=False)
    prompt("")


class _Room:
    """What is heard in the room: short voices go to the recogniser, and everything else is forgotten."""

    def __init__(self, channels: int, detector: Detector, output: Asks, words: Worker) -> None:
        quick = replace(detector, networks=False)  # nobody has to be told apart, so no network has to listen
        self._ear, self._echo = Ear(senses=Senses(quick)), EchoCanceller(channels)
        self._memory, self._window, self._speech = Memory(None), CommandWindow(), SpeechState()
        self._output, self._words = output, words

    @property
    def now(self) -> int:
        return self._ear.now

    @property
    def hearing(self) -> bool:
        """Whether somebody speaks, or their words are not recognised yet."""
        return self._speech.somebody or self._words.behind > 0

    def hear(self, item: Block | Event) -> list[Played]:
        """Hears `item`, and returns the questions that have ended, heard to their end or not."""
        if isinstance(item, Block):
            self._output.skip(item.start - self._ear.now)
            heard = Block(item.start, self._echo.clean(item.samples, self._output.reference(HOP)))
            self._memory.keep(heard)
            for event in heard_at(self._ear, heard.start, heard.samples):
                if isinstance(event, VoiceOn | VoiceOff):  # no voice has a name yet
                    self._voice(event)
            self._speech = self._speech.at(self._ear.now)
        else:
            self._speech = self._speech.after(item)
        self._output.follow(self._speech)
        return self._output.finished()

    def _voice(self, event: VoiceOn | VoiceOff) -> None:
        self._speech = self._speech.after(event)
        short = self._window.hear(event, self._speech)
        if short is not None:
            self._words.submit(Job(UNKNOWN, short, self._memory.cut(UNKNOWN, short)))
