"""Twenty scenarios rendered as audio for the real ear: the same cues at the same times."""

from pathlib import Path

import pytest

from coach.core.span import MILLISECOND
from scripts.simulate.scenario import Scenario, scenarios, told
from scripts.simulate.scenario_sound import on_channels

HEARD = 100 * MILLISECOND  # samples; the largest error of the ear at an edge
FOLDER = Path(__file__).parent / "scenarios"
TOLD = {scenario.title: scenario for file in FOLDER.glob("*.txt") for scenario in scenarios(file)}
SOUNDED = (
    "A listener who starts a third of a second after a share hears a tone",
    "The tone does not wait for silence: it sounds under the listener's words",
    "Both may be listeners",
    "Without a recogniser the tone comes just as soon",
    "A second and a half is still too soon for a target breath of two",
    "Words that come later than that hold the tone back",
    "A listener who leaves a full breath hears nothing",
    "Mm-hm is listening",
    "The answer to a question is no jumping in",
    "A few words are no share",
    "A sharer who goes on after a breath of their own has jumped in on nobody",
    "A sharer who told events for a minute, and stops, is invited inward a second later",
    "A listener's mm-hm puts the invitation off",
    "Advice is followed by an invitation to be curious",
    "Too soon, said in words, waits until the listener has ended",
    "The third too-soon turn within fifteen minutes is answered in words, once it is silent",
)


@pytest.mark.parametrize("scenario", [pytest.param(TOLD[title], id=title) for title in SOUNDED])
def test_with_real_sound_the_coach_acts_as_the_scenario_says(scenario: Scenario) -> None:
    cues = on_channels(scenario)
    assert scenario.meets(cues, slack=HEARD), "\n".join(map(told, cues))
