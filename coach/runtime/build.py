"""Builds a session part by part. If a part fails, the parts already started are closed.

source, speaker ─► recogniser's thread ─► voice thread ─► ear, phases, pipeline ─► row, lock and thread of the store
     ◄───────────────────── a part fails: the parts already started are closed, the last first ──────────────
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial

from coach.asr import Transcriber, Worker
from coach.audio import Clock, ResidualEchoGate, Source, Speaker
from coach.coaching import Catalogue
from coach.core.events import Consented
from coach.cues import CueOutput, CueSounds
from coach.diarization import Ear, MicrophonesEar, Senses
from coach.runtime.check_in_phase import CheckInPhase
from coach.runtime.exercise import exercise
from coach.runtime.opening import Opening
from coach.runtime.phases import InTurn
from coach.runtime.pipeline import Pipeline
from coach.runtime.plan import Plan
from coach.runtime.relief import Relief
from coach.runtime.session import Inbox, LiveSession, Parts, Prompt, Show, Wordings
from coach.sessions import Recorder, SessionHeader, Store, erase_words_and_sound, may_answer_aloud
from coach.vad import SILERO, Detector


def build_session(
    plan: Plan,
    *,
    source: Source,
    speaker: Speaker,
    sounds: CueSounds,
    catalogue: Catalogue,
    transcriber: Transcriber | None,
    store: Store,
    show: Show,
    prompt: Prompt = lambda text: None,
    clock: Clock | None = None,
    detector: Detector = SILERO,
    consents: tuple[Consented, ...] = (),
    wordings: Wordings | None = None,
) -> LiveSession:
    """Builds the session of `plan`. Its method `run` closes everything but the store.

    `show` gets every event, and `prompt` the text to show before the talk ("" when the talk begins). `consents` are
    stored as its first events. `wordings` returns the catalogue and its sounds in a language that was found during the
    session; without it, they stay. Raises what a part raises; then `source`, `speaker` and `transcriber` are closed, no
    thread is left, and the store keeps nothing.
    """
    with ExitStack() as begun:
        begun.callback(source.close)
        begun.callback(speaker.close)
        if transcriber is not None:
            begun.callback(transcriber.close)
        words = Worker(transcriber) if transcriber is not None else None
        if words is not None:
            begun.callback(words.close)
        talk = exercise(plan, catalogue, words_on=words is not None)
        aloud = words is not None and may_answer_aloud(consents, plan.people)
        opening = Opening(plan, catalogue, talk.opening, aloud)
        output = CueOutput(
            speaker,
            sounds,
            catalogue,
            ahead=opening.ahead,
            gain_db=plan.settings.volume_db,
            heard=not plan.played_back,
        )
        begun.callback(output.close)
        ear = _ear(plan, detector)
        phases = opening.phases(output)
        if plan.asked and isinstance(ear, Ear):
            phases.insert(0, CheckInPhase(ear, plan.people, catalogue, output))
        beginning = InTurn(phases) if phases else None
        pipeline = Pipeline(
            ear,
            plan.settings,
            plan.people,
            catalogue=catalogue,
            recogniser=words,
            columns=plan.channels,
            beginning=beginning,
            coach=talk.coach,
            timing=plan.timing,
            aloud=None if plan.played_back or plan.question else aloud,
        )
        gate = None if plan.played_back else ResidualEchoGate(source.channels)
        inbox = Inbox()
        header = SessionHeader(
            people=plan.people,
            keep=plan.settings.keep,
            source=source.name,
            channels=source.channels,
            attribution=plan.attribution,
            transcriber=transcriber.name if transcriber else "none",
            settings=plan.stored_settings,
            version=plan.version,
        )
        recorder = Recorder(store, header, inbox.notice, keep_days=plan.settings.keep_days)
        begun.callback(recorder.abandon)
        session = LiveSession(
            plan,
            Parts(source, words, output, gate, talk, opening, beginning, pipeline, Relief(ear, words), recorder, inbox),
            catalogue=catalogue,
            show=show,
            prompt=prompt,
            clock=clock or Clock(),
            erase=partial(erase_words_and_sound, store),
            consents=consents,
            wordings=wordings,
        )
        begun.pop_all()
        return session


def _ear(plan: Plan, detector: Detector) -> Ear | MicrophonesEar:
    if plan.channels:
        return MicrophonesEar(dict(plan.channels), detector)
    if plan.question:
        return Ear(everyone=plan.people[0], senses=Senses(detector))
    return Ear(dict(plan.voices), senses=Senses(detector))
