"""People's names: said as people say them, respelt, or left out; sixty of them, from many languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from coach.coaching import Catalogue
from coach.core.errors import BadSetting
from coach.cues.names import NamedWordings, SaidNames, pronunciations, sayable
from coach.cues.sounds import CueSounds
from coach.cues.tts.installed import neural_package
from tests.made_language import SHIPPING
from tests.runtime.staged import VOICELESS

# What the neural voice's phonemes must look like, without their stress: the sounds by which people know their name.
HEARD = {
    "Ana": "ɑnə", "Ben": "bɛn", "Jürgen": "j[ʊɜ]ɹɡən", "Jörg": "jɜɹ[kɡ]", "Heike": "hIkə", "Matthias": "mətiəs",
    "Jens": "jɛns", "Anja": "ɑnjə", "José": "h[Oɔ]sA", "Jorge": "h[Oɔ]ɹhA", "Javier": "hɑvjɛɹ", "Begoña": "bA?.?ɡOnjə",
    "Guillermo": "ɡijɛɹmO", "Lucía": "lusiə", "Xiomara": "sjOmɑɹə", "Nguyen": "wɪn", "Nguyễn": "wɪn",
    "Siobhan": "ʃəvɔn", "Aoife": "ifə", "Niamh": "niv", "Saoirse": "sɜɹʃə", "Caoimhe": "kwivə", "Sinéad": "ʃɪnAd",
    "Rhys": "ɹis", "François": "fɹɑnswɑ", "Guillaume": "ɡijOm", "Jean-Luc": "ʒɑn l[uʊ]k", "Geneviève": "ʒɛnvjɛv",
    "Chloé": "klOA", "Zoë": "zOi", "Sjoerd": "ʃʊɹt", "Gijs": "[hɡ]Is", "Björn": "bjɜɹn", "Søren": "sɜɹən",
    "Åsa": "Osə", "Göran": "jɜɹɑn", "Agnieszka": "ɑɡnjɛʃkə", "Wojciech": "v[ɔY].*ʧɛ.", "Paweł": "pɑvɛw",
    "Łukasz": "wukɑʃ", "Giulia": "ʤuljə", "Chiara": "kjɑɹə", "Michele": "mikAlA", "João": "ʒwWn", "Xin": "ʃɪn",
    "Qiang": "ʧjɑŋ", "Ayşe": "IʃA", "Gökhan": "ɡɜkhɑn", "Đorđe": "ʤɔɹʤA", "Jelena": "jɛlɛnə", "László": "lɑslO",
    "Zsófia": "ʒOfiə", "Ngozi": "əŋɡOzi", "Priya": "pɹ[iɪ]jə", "Kenji": "kɛnʤi", "Fatima": "fətimə",
}  # fmt: skip
LEFT_OUT = ("愛", "Ольга", "محمد", "[Ana]", "Ana/Ben", "🙂", "R2", "Ἀθηνᾶ")


@pytest.fixture(scope="module")
def phonemes():
    from hibari.g2p import G2P

    return G2P()


@pytest.mark.parametrize(("name", "like"), HEARD.items())
def test_the_neural_voice_says_a_name_as_its_people_do(name: str, like: str, phonemes) -> None:
    said = SaidNames().said(name, with_phonemes=True)
    assert said is not None
    sounds = re.sub("[ˈˌᵊ]", "", phonemes(said))
    assert re.fullmatch(like, sounds), sounds


@pytest.mark.parametrize("name", LEFT_OUT)
@pytest.mark.parametrize("language", SHIPPING)
def test_a_name_that_no_voice_can_say_is_left_out_of_the_wording(name: str, language: str, tmp_path: Path) -> None:
    assert not sayable(name)
    catalogue = Catalogue.load(language)
    lines = [(kind, catalogue.line(kind, name=name)) for kind in ("checkin_ask", "checkin_more", "checkin_again")]
    lines += [(k, catalogue.line(k, sharer="Ana", listener=name)) for k in ("turns_begin", "turns_change")]
    sounds = CueSounds(tmp_path, catalogue, **VOICELESS)
    assert sounds.prepare(lines) == []
    clip, again = (sounds.clip("checkin_ask", catalogue.line("checkin_ask", name=each)) for each in (name, "Ø"))
    assert clip is not None
    assert again is None, "a name that can be said is rendered"


def test_there_are_sixty_names() -> None:
    assert len(HEARD) + len(LEFT_OUT) >= 60


def test_a_persons_own_spelling_is_used_even_for_a_name_in_another_script(tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text('"愛" = "Eye"\n"Jürgen" = "Yoorgen"\n', encoding="utf-8")
    names = SaidNames.of(tmp_path)
    assert names.said("愛", with_phonemes=True) == "Eye"
    assert names.said("Ju\u0308rgen", with_phonemes=False) == "Yoorgen"
    wordings = NamedWordings(Catalogue.load(), names)
    assert wordings.said("checkin_more", "A little more, 愛.", with_phonemes=True) == "A little more, Eye."
    assert wordings.said("let_it_land", "…let it land.", with_phonemes=True) == "…let it land."


def test_a_wording_may_say_a_name_twice(tmp_path: Path) -> None:
    mine = Catalogue.load(override='[checkin_ask]\nwordings = ["{name}, say a few words. Thank you, {name}."]')
    wordings = NamedWordings(mine, SaidNames({"愛": "Eye"}))
    text = mine.line("checkin_ask", name="愛")
    assert wordings.said("checkin_ask", text, with_phonemes=True) == "Eye, say a few words. Thank you, Eye."


def test_a_wording_of_a_name_alone_is_looked_for_in_its_own_kind_only() -> None:
    mine = Catalogue.load(override='[checkin_more]\nwordings = ["{name}"]')
    wordings = NamedWordings(mine, SaidNames())
    assert wordings.said("checkin_more", "愛", with_phonemes=True) != "愛"
    for text in mine["inward"].wordings:
        assert wordings.said("inward", text, with_phonemes=True) == text


def test_a_byte_order_mark_in_the_file_of_names_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text('"Jürgen" = "Yoorgen"\n', encoding="utf-8-sig")
    assert SaidNames.of(tmp_path).said("Jürgen", with_phonemes=False) == "Yoorgen"


@pytest.mark.parametrize("text", ['"Ana" = 3', '"Ana" = "[x]"', "Ana"])
def test_a_file_of_names_with_a_mistake_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "names.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadSetting, match=r"names\.toml"):
        SaidNames.of(tmp_path)


def test_the_table_uses_only_phonemes_that_the_voice_knows() -> None:
    package = neural_package()
    assert package is not None
    known = set(json.loads((package / "assets" / "vocab.json").read_text(encoding="utf-8")))
    assert {name: set(said) - known for name, said in pronunciations().items() if set(said) - known} == {}
