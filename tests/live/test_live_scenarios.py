"""Scenarios through a real sound server: the speaker plays exactly the expected cues on time."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.coaching.catalogue import Catalogue
from coach.core.span import as_seconds
from coach.core.understood import words_in
from scripts.simulate.live.sounds import sounding, tone_in, words_heard
from scripts.simulate.scenario import Wanted
from tests.live.live_run import played
from tests.live.scenes import TITLES, PlayedScenario, Scenes

CLOCK_S = 0.1  # accuracy with which the clocks of feeder and recorder agree
TONE_S = 1.3  # the longest delay of a tone after its decision; half of it may be the wait for words
WORDS_S = 4.3  # the longest delay of a spoken cue, which waits for silence and for the last words

pytestmark = pytest.mark.timeout(600)
every_scene = pytest.mark.parametrize("title", TITLES)


@pytest.fixture(scope="module")
def scenes(rendered_cues: Path) -> Scenes:
    return played(Scenes, rendered_cues)


def given(scene: PlayedScenario) -> list[Wanted]:
    return [wanted for wanted in scene.scenario.wanted if wanted.how != "held"]


@every_scene
def test_the_cues_that_play_are_those_of_the_scenario(scenes: Scenes, title: str) -> None:
    scene = scenes.scenes[title]
    heard = [tone_in(scene.recording, stretch) for stretch in sounding(scene.recording)]
    tones = {"too_soon": "tone_soon"}
    assert heard == [tones.get(wanted.kind) for wanted in given(scene)], scenes.said()


@every_scene
def test_each_cue_plays_at_the_time_of_the_scenario(scenes: Scenes, title: str) -> None:
    scene = scenes.scenes[title]
    for wanted, (start, _) in zip(given(scene), sounding(scene.recording), strict=True):
        assert wanted.within is not None
        late = TONE_S if wanted.how == "tone" else WORDS_S
        earliest, latest = as_seconds(wanted.within.start) - CLOCK_S, as_seconds(wanted.within.end) + late
        assert earliest < start < latest, scenes.said()


@every_scene
def test_words_are_understood(scenes: Scenes, title: str) -> None:
    scene = scenes.scenes[title]
    for wanted, stretch in zip(given(scene), sounding(scene.recording), strict=True):
        if wanted.how == "words":
            words = set(words_heard(scene.recording, stretch))
            wordings = [set(words_in(wording)) for wording in Catalogue.load()[wanted.kind].wordings]
            assert max(len(words & wording) / len(wording) for wording in wordings) >= 0.6, words


def test_the_scenes_were_heard_completely_and_ended_cleanly(scenes: Scenes) -> None:
    scenes.assert_heard()
    assert scenes.status == 0, scenes.said()
