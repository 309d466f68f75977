"""One live session from its options to what is kept of it: the same for the terminal and for the page.

    Options ─► get_ready ─► Ready ─► begin ─► LiveSession ─► run ─► settle: kept, or forgotten
               devices open          threads started

Whoever shows the session gives `begin` its `show` and `prompt`, calls `run` on a thread of its own, and then `settle`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from coach import __version__
from coach.asr import choose_for
from coach.audio import silence_native_stderr
from coach.coaching import Line
from coach.core.errors import BadSetting
from coach.core.events import Consented
from coach.core.messages import Message
from coach.core.settings import AUTO_LANGUAGE, Settings, data_folder
from coach.cues import cue_language, cues_folder, foreign, own_wordings
from coach.diarization import Voice, stored_voice, warm_up
from coach.runtime.build import build_session
from coach.runtime.devices import Devices, open_devices, open_speaker
from coach.runtime.earlier import earlier_pause
from coach.runtime.guided_practice import say_closing_lines
from coach.runtime.languages import answers_understood
from coach.runtime.plan import Plan
from coach.runtime.session import LiveSession, Prompt, Show
from coach.sessions import (
    Store,
    forget_if_nobody_spoke,
    kept_voices,
    may_answer_aloud,
    objection,
)
from coach.vad import Detector, VoiceActivity, choose_detector

SAMPLE_PEOPLE = ("Ana", "Ben")
NAMELESS = ("One", "Two")  # default names


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What people choose before a session; `Plan` says what the fields mean.

    `or_sample`: without a microphone, play the sample. `silent`: do not let people hear it. `shown_in`: the language
    of the page on which they choose.
    """

    settings: Settings
    channels: Mapping[str, int] = field(default_factory=dict)
    voice_activity: VoiceActivity = "auto"
    check_in: bool = True
    minutes: float = 0.0
    practice: bool = False
    turns: float = 0.0
    or_sample: bool = False
    silent: bool = False
    shown_in: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A session that could begin: its plan, with its devices open. `close` closes them if it does not."""

    plan: Plan
    devices: Devices
    detector: Detector
    told: tuple[str, ...]

    def close(self) -> None:
        """Closes the devices of a session that was not begun."""
        self.devices.close()


def get_ready(options: Options) -> Ready:
    """Opens the devices, loads the networks and plans the session. Closes the devices if that fails.

    Raises BadSetting for options that contradict each other, what `open_devices` raises, and CoachError for kept voices
    or earlier sessions that cannot be read.
    """
    settings = options.settings
    if options.turns and len(settings.people) not in (0, 2):
        raise BadSetting(
            "--take-turns is for two people: one shares, the other listens; name both with --people Ana,Ben"
        )
    detector = choose_detector(options.voice_activity)
    if detector.networks:
        warm_up()
    columns = options.channels
    devices = open_devices(
        settings, max(columns.values(), default=0) + 1, or_sample=options.or_sample, silent=options.silent
    )
    with ExitStack() as opened:
        opened.callback(devices.close)
        settings = replace(settings, volume_db=settings.volume_db + devices.louder_db)
        names = settings.people or (SAMPLE_PEOPLE if devices.sample else NAMELESS)
        known = settings.pause_grows and settings.people and not devices.played_back
        voices, told = ({}, "") if columns or not options.check_in or devices.played_back else _kept(names)
        plan = Plan(
            people=names,
            settings=settings,
            version=__version__,
            channels=columns,
            voices=voices,
            check_in=options.check_in,
            minutes=options.minutes,
            practice=options.practice,
            turns=options.turns,
            shown_in=options.shown_in,
            played_back=devices.played_back,
            sample=devices.sample,
            earlier_pause=earlier_pause(data_folder(), names) if known else None,
        )
        opened.pop_all()
    return Ready(plan, devices, detector, (*devices.told, *filter(None, [told])))


def _kept(names: tuple[str, ...]) -> tuple[dict[str, Voice], str]:
    """The kept voices of all `names`, none if one is missing or of an earlier version; and a line about the latter."""
    found = {who: stored_voice(arrays) for who, arrays in kept_voices(data_folder(), names).items()}
    known = {who: voice for who, voice in found.items() if voice is not None}
    if len(known) < len(found):
        return {}, Message("notice.old_voices", who=tuple(who for who in found if who not in known))
    return known, ""


def begin(
    ready: Ready,
    store: Store,
    *,
    consents: tuple[Consented, ...],
    show: Show,
    prompt: Prompt,
    name_recogniser: bool = True,
) -> LiveSession:
    """Builds the session, ready to `run`. Closes the devices if that fails.

    `name_recogniser`: people are told which recogniser was chosen and why; otherwise only that there is none.

    Raises NotAgreed if somebody has said no, or has not said yes where their words or sound are to be kept.
    """
    plan = ready.plan
    with ExitStack() as opened:
        opened.callback(ready.close)
        if not plan.played_back and (no := objection(consents, plan.people, plan.settings.keep)):
            raise no
        catalogue, sounds = own_wordings(plan.settings, cue_language(plan.settings, plan.shown_in))
        engine, words = choose_for(plan.settings)
        opened.pop_all()  # `build_session` closes them
    session = build_session(
        plan,
        source=ready.devices.source,
        speaker=ready.devices.speaker,
        sounds=sounds,
        catalogue=catalogue,
        transcriber=engine,
        store=store,
        show=show,
        prompt=prompt,
        detector=ready.detector,
        consents=consents,
        wordings=partial(own_wordings, plan.settings),
    )
    aloud = _not_aloud(plan, consents, words_on=engine is not None)
    chosen = words if name_recogniser or engine is None else ""
    for line in (chosen, ready.detector.notice, *ready.told, foreign(plan.settings), aloud):
        if line:
            session.notice(line)
    return session


def offers_spoken_answers(settings: Settings) -> bool:
    """Whether each person is asked if their yes and no may be said aloud: only where they could be understood."""
    understood = settings.language == AUTO_LANGUAGE or answers_understood(settings.language)
    return settings.spoken_consent and understood and settings.transcriber != "none"


def _not_aloud(plan: Plan, consents: tuple[Consented, ...], *, words_on: bool) -> str:
    """Why answers cannot be said aloud although the settings ask for that; empty if they can."""
    if plan.played_back or not plan.settings.spoken_consent:
        return ""
    if not (words_on and offers_spoken_answers(plan.settings)):
        return Message("notice.not_heard")
    return "" if may_answer_aloud(consents, plan.people) else Message("notice.not_aloud")


def tell_that_it_stopped(plan: Plan, session: LiveSession) -> str:
    """After `settle`: says aloud that the coach no longer listens, if somebody asked for that aloud.

    Returns why it could not be said; empty otherwise. Nothing is raised, because what had to be erased is erased.
    """
    if not session.stopped_aloud:
        return ""
    try:
        line = Line("stopped", session.catalogue.line("stopped"))
        with silence_native_stderr(), closing(open_speaker(plan.settings)[0]) as speaker:
            own, voice = cues_folder(), plan.settings.voice or None
            say_closing_lines([line], speaker, session.catalogue, own=own, voice=voice, gain_db=plan.settings.volume_db)
    except Exception as error:
        return f"it has stopped, and could not say so aloud: {error}"
    return ""


def call_off(store: Store, session: LiveSession) -> None:
    """Instead of `run`: closes a session that nobody has been listened to in, and keeps nothing of it."""
    session.parts.source.close()
    session.parts.output.close()
    if session.parts.words:
        session.parts.words.close()
    session.parts.recorder.close()
    settle(store, session)


def settle(store: Store, session: LiveSession) -> bool:
    """After `run`: forgets a session in which nobody spoke, and erases what somebody no longer agrees to.

    Returns whether the session is kept.
    """
    if session.number is None:
        return False
    session.erase_withdrawn()
    return not (session.missing == 0 and forget_if_nobody_spoke(store, session.number))


@contextmanager
def awake() -> Iterator[None]:
    """The machine does not fall asleep meanwhile, where its system can be asked for that."""
    from wakepy import keep

    with keep.running(on_fail="pass"):
        yield
