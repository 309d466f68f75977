"""What may be said is data, and mistakes in it are named in one line."""

import pytest

from coach.coaching import Catalogue
from coach.coaching.catalogue import MOST_WORDS, count_words
from coach.errors import BadSetting

NOT_THE_COACHS_WORDS = {
    "good", "great", "well", "should", "try", "must", "relax", "calm", "breathe", "wonderful", "proud", "healing",
    "why",
}  # fmt: skip


def test_every_cue_has_at_most_eight_words(catalogue):
    assert catalogue.spoken()
    assert all(1 <= count_words(text) <= MOST_WORDS for _, text in catalogue.spoken())


def test_no_cue_praises_advises_or_soothes(catalogue):
    words = {word.strip("…,.?").lower() for _, text in catalogue.spoken() for word in text.split()}
    assert not words & NOT_THE_COACHS_WORDS


def test_no_cue_speaks_of_itself_or_in_the_first_person(catalogue):
    words = {word.strip("…,.?").lower() for _, text in catalogue.spoken() for word in text.split()}
    assert not words & {"i", "me", "my", "we", "us", "our"}


def test_every_spoken_kind_has_several_wordings(catalogue):
    assert all(len(e.wordings) >= 3 for e in catalogue.entries.values() if e.form == "spoken")


def test_wordings_come_round_in_order(catalogue):
    wordings = catalogue["inward"].wordings
    assert [catalogue.wording("inward", n) for n in range(len(wordings) + 1)] == [*wordings, wordings[0]]


def test_a_tone_has_no_words(catalogue):
    assert catalogue.wording("too_soon", 3) == ""


def test_a_line_is_filled_in_with_the_person_s_name(catalogue):
    assert catalogue.line("checkin_ask", name="Ana") == "Ana, please say a sentence or two about your day."


def test_what_is_kept_is_said_for_every_way_of_keeping(catalogue):
    assert "times and counts only" in catalogue.line("keep_stats")
    assert "keeps your words" in catalogue.line("keep_words")
    assert "keeps a recording of your voices" in catalogue.line("keep_audio")
    assert "Nothing leaves this machine" in catalogue.line("consent")


def test_a_person_s_own_wordings_replace_those_of_the_coach():
    mine = Catalogue.load(override='[inward]\nwordings = ["…and you?"]\n')
    assert mine["inward"].wordings == ("…and you?",)
    assert mine["let_it_land"] == Catalogue.load()["let_it_land"]


def test_a_cue_that_is_switched_off_is_not_rendered():
    mine = Catalogue.load(override="[let_it_land]\nenabled = false\n")
    assert {kind for kind, _ in mine.spoken()} == {"inward"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[inwards]\nenabled = false", "[inwards] is not known; did you mean 'inward'?"),
        ("[inward]\nwording = ['…and you?']", "[inward] has no key 'wording'; did you mean 'wordings'?"),
        ("[inward]\nform = 'tone'", "[inward] form cannot be changed"),
        ("[too_soon]\ntone = 'x.wav'", "[too_soon] tone cannot be changed"),
        ("[inward]\nwordings = ['1 2 3 4 5 6 7 8 9']", "has 9 words; a spoken cue has at most 8"),
        ("[inward]\nwordings = ['… ']", "[inward] has an empty wording"),
        ("[inward]\nwordings = []", "[inward] needs at least one wording"),
        ("[inward]\nwordings = 'and you?'", "[inward] wordings must be a list of texts"),
        ("[inward]\nwordings = [3]", "[inward] wordings must be a list of texts"),
        ("[too_soon]\nwordings = ['ping']", "[too_soon] is a tone and has no wordings"),
        ("[inward]\nenabled = 'no'", "[inward] enabled must be true or false"),
        ("inward = 3", "inward must be a table; write [inward]"),
        ("[checkin_ask]\nwordings = ['please say a sentence']", "must have {name}"),
        ("[inward]\nwordings = ['and you, {name}?']", "must have no braces"),
        ("[inward]\nwordings = ['and you {']", "stray brace"),
        ("[inward\n", "this is not TOML"),
    ],
)  # fmt: skip
def test_a_mistake_in_one_s_own_cues_is_named_in_one_line(text, said):
    with pytest.raises(BadSetting) as caught:
        Catalogue.load(override=text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_line_may_be_longer_than_a_cue():
    Catalogue.load(override="[closing]\nwordings = ['one two three four five six seven eight nine ten']")


def test_a_language_without_cues_names_those_that_have_some():
    with pytest.raises(BadSetting, match="there are no cues in 'xx'; there are cues in: en"):
        Catalogue.load("xx")


def test_an_unknown_kind_is_answered_with_the_nearest(catalogue):
    with pytest.raises(BadSetting, match="there is no cue 'inwrd'; did you mean 'inward'"):
        catalogue.wording("inwrd", 0)
