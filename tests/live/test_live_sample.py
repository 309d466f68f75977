"""The sample conversation through a virtual microphone and speaker: exactly the due cues play, at the right times."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.coaching.catalogue import Catalogue
from coach.core.understood import words_in
from scripts.simulate.live.sounds import sounding, tone_in, words_heard
from tests.live.evening import Evening
from tests.live.live_run import played

LATEST_S = 1.6  # after the earliest moment; 0.6 s may go to waiting for words, and a busy machine is late with them
CLOCK_S = 0.1  # accuracy with which the clocks of feeder and recorder agree
STOP_S = 0.2  # a cue stops within this time when somebody speaks

pytestmark = pytest.mark.timeout(1100)  # for three runs


@pytest.fixture(scope="module")
def evening(rendered_cues: Path) -> Evening:
    return played(Evening, rendered_cues)


def heard_in_talk(evening: Evening) -> list[tuple[float, float]]:
    """The audible stretches of the speaker from the first words after the check-in on, in seconds of the sample."""
    begins = next(row["start_s"] for row in evening.truth["turns"] if not row["check_in"])
    on_clock = [evening.recorded(stretch) for stretch in sounding(evening.recording)]
    return [stretch for stretch in on_clock if stretch[0] > begins]


def due(evening: Evening) -> list[dict[str, object]]:
    return [cue for cue in evening.truth["cues"] if cue["given"]]


def in_recording(evening: Evening, stretch: tuple[float, float]) -> tuple[float, float]:
    shift = evening.recorded((0.0, 0.0))[0]
    return stretch[0] - shift, stretch[1] - shift


def test_no_sound_was_lost_on_the_way_to_the_microphone(evening: Evening) -> None:
    evening.assert_heard()


def test_exactly_the_due_cues_play_and_on_time(evening: Evening) -> None:
    stretches = heard_in_talk(evening)
    assert len(stretches) == len(due(evening)), f"{stretches}\n{evening.said()}"
    for cue, (start, _) in zip(due(evening), stretches, strict=True):
        assert cue["near_s"] - CLOCK_S < start < cue["near_s"] + LATEST_S, f"{cue} sounded at {start}\n{evening.said()}"


def test_a_listener_who_began_too_soon_or_over_a_share_hears_the_matching_tone(evening: Evening) -> None:
    expected = {"too_soon": "tone_soon", "over": "tone_over", "inward": None}
    heard = [tone_in(evening.recording, in_recording(evening, stretch)) for stretch in heard_in_talk(evening)]
    assert heard == [expected[cue["kind"]] for cue in due(evening)]


def test_the_invitation_is_understood_word_for_word(evening: Evening) -> None:
    wordings = [set(words_in(wording)) for wording in Catalogue.load()["inward"].wordings]
    for cue, stretch in zip(due(evening), heard_in_talk(evening), strict=True):
        if cue["kind"] == "inward":
            words = set(words_heard(evening.recording, in_recording(evening, stretch)))
            assert max(len(words & wording) / len(wording) for wording in wordings) >= 0.6, words


def test_the_invitation_ends_before_anybody_speaks_or_stops_immediately(evening: Evening) -> None:
    for cue, (start, end) in zip(due(evening), heard_in_talk(evening), strict=True):
        if cue["kind"] == "inward":
            answer = min(row["start_s"] for row in evening.truth["speech"] if row["start_s"] > start)
            assert end < answer + STOP_S + CLOCK_S


def test_everyone_is_enrolled_and_the_printed_lines_agree_with_the_sound(evening: Evening) -> None:
    assert evening.listening is not None
    assert [line.details.split(",")[0] for line in evening.listening.of_kind("enrolled")] == ["Ana", "Ben"]
    cues = [line.details for line in evening.listening.of_kind("cue") if "sounded" not in line.details]
    held = [details for details in cues if details.startswith("held back")]
    assert len(cues) - len(held) == len(due(evening)), evening.said()
    for reason in {cue["held_back"] for cue in evening.truth["cues"] if not cue["given"]}:
        assert any("too soon" in details and reason in details for details in held), evening.said()


def test_the_session_ends_cleanly_and_can_be_reviewed(evening: Evening) -> None:
    assert evening.status == 0, evening.said()
    assert evening.review is not None
    assert evening.review.returncode == 0, evening.review.stderr
    for word in ("Ana", "Ben"):
        assert word in evening.review.stdout
    assert evening.lines()[-1].kind == "end"


def test_without_a_network_the_coach_understands_what_was_said(evening: Evening) -> None:
    words = [line.details for line in evening.lines() if line.kind == "words"]
    assert any("question" in details for details in words), evening.said()


def test_neither_words_nor_sound_are_kept_unless_requested(evening: Evening) -> None:
    assert evening.kept
    for path, content in evening.kept.items():
        assert b"kitchen" not in content, path
        assert path.suffix not in {".flac", ".wav"} or "cues" in path.parts, path  # the coach's own sentences
