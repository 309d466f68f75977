"""Wordings are data, and mistakes in them give a one-line error."""

import pytest

from coach.coaching import Catalogue
from coach.coaching.catalogue import shipped_wordings, wording_faults, wording_languages
from coach.coaching.entries import MOST_WORDS, count_words
from coach.core.errors import BadSetting
from coach.core.events import KINDS
from tests.made_language import SHIPPING

NOT_THE_COACHS_WORDS = {  # praise, advice, soothing, wellness; of the coach itself; and "why", which asks for reasons
    "en": {
        "good", "great", "well", "should", "try", "must", "relax", "calm", "breathe", "wonderful", "proud", "healing",
        "why", "i", "me", "my", "we", "us", "our",
    },
    "de": {
        "gut", "toll", "schön", "super", "solltest", "sollst", "musst", "versuch", "versuche", "entspann", "ruhig",
        "atme", "wunderbar", "stolz", "heilung", "warum", "wieso", "ich", "mich", "mir", "mein", "wir", "uns",
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=SHIPPING)
def in_language(request):
    return Catalogue.load(request.param)


def test_there_are_cues_in_english_and_german():
    assert SHIPPING == ("de", "en")
    assert set(SHIPPING) <= set(wording_languages())


def test_every_language_has_the_same_cues_in_the_same_form(in_language, catalogue):
    def built(entries):
        return {kind: (entry.form, entry.tone, set(entry.toward.values())) for kind, entry in entries.items()}

    assert built(in_language.entries) == built(catalogue.entries)


def test_no_two_languages_share_a_wording():
    texts = [text for language in SHIPPING for _, text in Catalogue.load(language).spoken()]
    assert len(set(texts)) == len(texts)


def test_every_cue_has_at_most_eight_words(in_language):
    assert in_language.spoken()
    assert all(1 <= count_words(text) <= MOST_WORDS for _, text in in_language.spoken())


def test_no_cue_praises_advises_soothes_or_mentions_itself(in_language):
    words = {word.strip("…,.?").lower() for _, text in in_language.spoken() for word in text.split()}
    assert not words & NOT_THE_COACHS_WORDS[in_language.language]


def test_every_spoken_kind_has_several_wordings(in_language):
    assert all(len(e.wordings) >= 3 for e in in_language.entries.values() if e.form == "spoken")


def test_there_is_a_wording_for_every_kind_of_experience(in_language):
    assert set(in_language["inward"].toward.values()) == set(KINDS)


# ------------------------------------------------------------------------------------------- which words are next


def said_in_turn(catalogue, times, mentioned=()):
    said = []
    for _ in range(times):
        said.append(catalogue.wording("inward", said, mentioned))
    return said


def test_no_wording_is_repeated_before_all_of_them_were_used(in_language):
    wordings = in_language["inward"].wordings
    said = said_in_turn(in_language, 2 * len(wordings))
    assert sorted(said[: len(wordings)]) == sorted(wordings)
    assert said[len(wordings) :] == said[: len(wordings)]


def test_successive_wordings_ask_for_different_kinds(catalogue):
    inward = catalogue["inward"]
    aims = [inward.toward.get(text) for text in said_in_turn(catalogue, len(inward.wordings))]
    assert aims[:9] == [None, *KINDS]


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_asked_for_a_kind_that_they_have_mentioned(catalogue, kind):
    inward = catalogue["inward"]
    said = said_in_turn(catalogue, 3 * len(inward.wordings), mentioned={kind})
    assert kind not in {inward.toward.get(text) for text in said}
    assert {*KINDS} - {kind} < {inward.toward.get(text) for text in said}


def test_one_persons_kinds_do_not_repeat_a_recent_wording_for_the_other_person(catalogue):
    said = said_in_turn(catalogue, 3)
    assert catalogue.wording("inward", said, mentioned={"feelings", "needs"}) not in said
    assert catalogue.wording("inward", [*said, catalogue.wording("inward", said, {"dreams"})]) not in said


def test_there_is_a_wording_even_if_every_kind_was_mentioned():
    mine = Catalogue.load(override='[inward.toward]\nhopes = ["…what are you hoping for?"]')
    assert mine.wording("inward", mentioned=KINDS) == "…what are you hoping for?"


def test_a_tone_has_no_words(catalogue):
    assert catalogue.wording("too_soon", ["", "", ""]) == ""


def test_a_line_is_filled_in_with_the_person_s_name(catalogue):
    assert catalogue.line("checkin_ask", name="Ana") == "Ana, please say a sentence or two about your day."


def test_there_is_a_line_for_every_value_of_keep(catalogue):
    assert "times and counts only" in catalogue.line("keep_stats")
    assert "keeps your words" in catalogue.line("keep_words")
    assert "keeps your words and a recording" in catalogue.line("keep_audio")
    assert "Nothing leaves this machine" in catalogue.line("consent")


def test_a_person_s_own_wordings_replace_those_of_the_coach():
    mine = Catalogue.load(override='[inward]\nwordings = ["…and you?"]\n')
    assert mine["inward"].wordings == ("…and you?",)
    assert mine["let_it_land"] == Catalogue.load()["let_it_land"]


def test_a_cue_that_is_switched_off_is_not_rendered():
    mine = Catalogue.load(override="[let_it_land]\nenabled = false\n")
    assert {kind for kind, _ in mine.spoken()} == {"inward", "slower"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[inwards]\nenabled = false", "[inwards] is unknown; did you mean 'inward'?"),
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
        ("[inward]\nwordings = ['and you {']", "[inward] 'and you {' has a stray brace; write {{ or }} for one"),
        ("[checkin_ask]\nwordings = ['{name!r}, a sentence?']", "has {name!r}; write only a name in braces"),
        ("[inward]\nwordings = ['and you?', 'and you?']", "'and you?' appears twice"),
        ("[inward]\nwordings = ['and you?']\ntoward.hopes = ['and you?']", "'and you?' appears twice"),
        ('[inward]\nwordings = ["and\\u0007 you?"]', "an invisible character"),
        ("[inward.toward]\nhope = ['and you?']", "toward.hope is not a kind of experience; did you mean 'hopes'?"),
        ("[inward.toward]\nhopes = 'and you?'", "[inward] toward.hopes must be a list of texts"),
        ("[inward.toward]\nhopes = ['1 2 3 4 5 6 7 8 9']", "has 9 words"),
        ("[inward]\ntoward = ['and you?']", "toward holds lists by kind of experience"),
        ("[consent]\ntoward.hopes = ['and you?']", "toward holds lists by kind of experience, for spoken cues only"),
        ("[too_soon]\ntoward.hopes = ['and you?']", "[too_soon] is a tone and has no wordings"),
        ("[consent]\nwordings = []", "[consent] needs at least one wording"),
        ("[consent]\nenabled = false", "[consent] belongs to the beginning or the end and cannot be switched off"),
        ("[inward\n", "your cues: this is not valid TOML"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_persons_own_cues_is_reported_in_one_line(text, said):
    with pytest.raises(BadSetting) as caught:
        Catalogue.load(override=text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_mistake_is_listed_and_the_first_one_stops_the_coach():
    text = "[inwards]\nenabled = true\n[let_it_land]\nwordings = []\n[inward]\nenabled = 1\n"
    told = wording_faults("en", text, "my.toml")
    assert len(told) == 3
    assert all(line.startswith("my.toml: [") and "\n" not in line for line in told)
    with pytest.raises(BadSetting) as caught:
        Catalogue.load("en", text, "my.toml")
    assert str(caught.value) == told[0] + " (and 2 more; `coach cues` lists them)"


@pytest.mark.parametrize("language", SHIPPING)
def test_a_full_copy_of_the_file_is_a_valid_override(language):
    assert Catalogue.load(language, shipped_wordings(language)) == Catalogue.load(language)


def test_a_persons_wordings_of_a_kind_replace_all_that_ship():
    mine = Catalogue.load(override='[inward]\nwordings = ["…and you?"]')
    assert mine["inward"].toward == {}
    assert Catalogue.load(override="[inward]\nenabled = false")["inward"].toward


def test_a_line_may_be_longer_than_a_cue():
    Catalogue.load(override="[consent]\nwordings = ['one two three four five six seven eight nine ten']")


def test_the_error_for_a_language_without_cues_names_those_that_have_some():
    with pytest.raises(BadSetting, match="there are no cues in 'xx'; the languages are de, en"):
        Catalogue.load("xx")


def test_the_error_for_an_unknown_kind_names_the_nearest(catalogue):
    with pytest.raises(BadSetting, match="there is no cue 'inwrd'; did you mean 'inward'"):
        catalogue.wording("inwrd")
