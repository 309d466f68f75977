"""Each cue can be off, a tone, or words."""

import pytest

from coach.coaching import Catalogue, with_forms
from coach.core.errors import BadSetting


def test_a_tone_in_words_has_no_tone_and_the_words_of_let_it_land(catalogue: Catalogue) -> None:
    over = with_forms(catalogue, in_words=["over"])["over"]
    assert (over.form, over.tone, over.wordings) == ("spoken", None, catalogue["let_it_land"].wordings)


def test_a_spoken_cue_as_a_tone_has_no_words_and_is_not_rendered(catalogue: Catalogue) -> None:
    quieter = with_forms(catalogue, as_tones=["inward"])
    inward = quieter["inward"]
    assert (inward.form, inward.tone, inward.wordings) == ("tone", catalogue["heard"].tone, ())
    assert "inward" not in {kind for kind, _ in quieter.spoken()}


def test_a_cue_that_is_switched_on_is_rendered_ahead(catalogue: Catalogue) -> None:
    assert "curious" not in {kind for kind, _ in catalogue.spoken()}
    assert "curious" in {kind for kind, _ in with_forms(catalogue, on=["curious"]).spoken()}


def test_a_cue_may_be_switched_on_and_be_a_tone(catalogue: Catalogue) -> None:
    curious = with_forms(catalogue, on=["curious"], as_tones=["curious"])["curious"]
    assert (curious.enabled, curious.form) == (True, "tone")


def test_the_other_cues_are_unchanged(catalogue: Catalogue) -> None:
    changed = with_forms(catalogue, on=["curious"], in_words=["too_soon"], as_tones=["inward"])
    assert {k: e for k, e in changed.entries.items() if k not in ("curious", "too_soon", "inward")} == {
        k: e for k, e in catalogue.entries.items() if k not in ("curious", "too_soon", "inward")
    }


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"on": ["curios"]}, "did you mean 'curious'"),
        ({"in_words": ["inward"]}, "cues_in_words: 'inward' cannot be spoken in words; choose among too_soon, over"),
        ({"as_tones": ["let_it_land"]}, "cues_as_tones: 'let_it_land' cannot sound as a tone; choose among inward"),
    ],
)
def test_an_impossible_form_is_refused(catalogue: Catalogue, wanted: dict[str, list[str]], said: str) -> None:
    with pytest.raises(BadSetting, match=said):
        with_forms(catalogue, **wanted)
