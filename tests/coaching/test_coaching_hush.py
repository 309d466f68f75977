"""Voice commands make the coach quiet or active; merely mentioning a coach does not."""

from __future__ import annotations

import re

import pytest

from coach.coaching import Catalogue, wish_in


@pytest.mark.parametrize(
    "text",
    [
        "Coach, quiet.",
        "coach quiet",
        "COACH! QUIET!",
        "Coach. Quiet.",
        "Coach… quiet, please.",
        "Okay, coach, be quiet now.",
        "Coach. Coach, quiet.",
        "And then we went home. Coach, quiet.",
        "Coach, keep quiet, thanks.",
        "Coach, coach! Quiet, quiet.",
    ],
)
def test_the_name_and_the_words_for_quiet_are_a_command(text: str) -> None:
    assert wish_in(text) == "quiet"


@pytest.mark.parametrize("text", ["Coach, go on.", "Coach. Go on, please.", "Hey coach, go ahead.", "Coach, carry on."])
def test_the_name_and_the_words_for_going_on_are_a_command(text: str) -> None:
    assert wish_in(text) == "go on"


@pytest.mark.parametrize(
    "text",
    [
        "Coach, stop listening.",
        "Coach. Stop listening.",
        "Hm. Coach, please stop listening now.",
        "Couch, stop listening.",
        "And then he left. Coach, stop listening.",
    ],
)
def test_the_name_and_stop_listening_are_a_command(text: str) -> None:
    assert wish_in(text) == "stop"


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Couch quiet.", "quiet"),
        ("Coach, quite.", "quiet"),
        ("Coat quiet", "quiet"),
        ("Couch, go one.", "go on"),
        ("Codes, he quiet.", "quiet"),
        ("Cote, quiet town.", "quiet"),
    ],
)
def test_misrecognised_spellings_of_a_command_are_understood(text: str, wish: str) -> None:
    assert wish_in(text) == wish


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Coach.",
        "Quiet.",
        "Go on.",
        "Please be quiet.",
        "The coach said quiet.",
        "My coach, quiet as ever, went on.",
        "I told the coach to go on.",
        "Coach, quiet is not what I need.",
        "Coach quiet and then he went home",
        "Which seats are ours? Quiet coach.",
        "I went there with my coach. Quiet.",
        "Coach, quiet. No, not like that.",
        "We bought a couch. Go on.",
        "Coaching, quiet.",
        "Cool, go on.",
        "Of course, go on.",
        "Cold. Quiet.",
        "Stop listening.",
        "Coach, stop.",
        "Coach, no.",
        "Coach, stop listening to him.",
        "Coach, did you stop listening?",
        "I said to the coach, stop listening.",
        "Coach, stop listening. Or rather not.",
        "Coach stopped listening.",
        "Coach, stop the listening.",
        "Coach, you stop listening.",
        "Coaches stop listening.",
        "Couches stop listening.",
        "So goats stop listening.",
        "The code. Codes stop listening.",
        "It was close. Quiet.",
    ],
)
def test_talk_about_a_coach_is_not_a_command(text: str) -> None:
    assert wish_in(text) is None


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_coachs_own_line_on_how_to_stop_it_is_no_command(language: str) -> None:
    line = Catalogue.load(language).line("consent_aloud")
    assert wish_in(line, language) is None
    name, rest = re.split(r"(?<=[Cc]oach), ", line)
    assert wish_in(f"{name}. {rest}", language) is None
    assert wish_in(f"Coach. {rest}", language) is None


def test_commands_are_in_the_language_that_people_speak() -> None:
    assert wish_in("Coach, Ruhe bitte.", "de") == "quiet"
    assert wish_in("Coach, mach weiter.", "de") == "go on"
    assert wish_in("Coach, hör bitte nicht mehr zu.", "de") == "stop"
    assert wish_in("Coachs hör nicht mehr zu.", "de") is None
    assert wish_in("Coach, stop listening.", "de") is None
    assert wish_in("Coach, quiet.", "de") is None
    assert wish_in("Coach, quiet.", "fi") is None
