"""The choice of voice: from a fake machine's list, from this machine's, and Piper if it is installed."""

from __future__ import annotations

import json
import os
import wave
from importlib.util import find_spec
from pathlib import Path

import pytest

from coach.coaching import Catalogue
from coach.core.errors import Missing
from coach.core.span import RATE
from coach.cues.recordings import read
from coach.cues.sounds import CueSounds
from coach.cues.tts.installed import HEART, installed_voices, pico_voices, piper_voices, voices_for
from coach.cues.tts.rendering import render, system_voices
from coach.cues.tts.voices import MachineVoice, calmest, named

MAC = [
    MachineVoice("com.apple.speech.synthesis.voice.Zarvox", "Zarvox", ("en_US",)),
    MachineVoice("com.apple.eloquence.en-US.Eddy", "Eddy", ("en_US",)),
    MachineVoice("com.apple.voice.compact.de-DE.Anna", "Anna", ("de_DE",)),
    MachineVoice("com.apple.voice.compact.en-US.Samantha", "Samantha", ("en_US",)),
    MachineVoice("com.apple.voice.enhanced.en-GB.Serena", "Serena", ("en_GB",)),
    MachineVoice("com.apple.voice.premium.en-US.Zoe", "Zoe", ("en_US",)),
]
WINDOWS = [
    MachineVoice(r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Speech\Voices\Tokens\TTS_MS_DE-DE_HEDDA_11.0", "Hedda"),
    MachineVoice(r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Speech\Voices\Tokens\TTS_MS_EN-US_ZIRA_11.0", "Zira"),
]
ESPEAK = [
    MachineVoice("gmw/en-029", "English (Caribbean)", ("en-029",)),
    MachineVoice("gmw/en", "English (Great Britain)", ("en-gb",)),
    MachineVoice("gmw/en-us-nyc", "English (America, New York City)", ("en-us-nyc",)),
    MachineVoice("gmw/de", "German", ("de",)),
]


@pytest.mark.parametrize(
    ("voices", "language", "name"),
    [
        (MAC, "en", "Zoe"),
        (MAC[:-1], "en", "Serena"),
        (MAC[:-2], "en", "Samantha"),
        (MAC[:2], "en", "Eddy"),
        (MAC, "de", "Anna"),
        (WINDOWS, "de", "Hedda"),
        (WINDOWS, "en", "Zira"),
        (ESPEAK, "en", "English (Great Britain)"),
        (ESPEAK, "de", "German"),
        ([MachineVoice("old", "Old", ("\x05en",))], "en", "Old"),
    ],
)
def test_the_calmest_voice_of_the_language_is_chosen(voices, language, name):
    assert calmest(voices, language).name == name


def test_a_machine_without_a_voice_for_the_language_has_none():
    assert calmest(MAC, "fr") is None
    assert calmest([], "en") is None
    assert calmest(MAC[:1], "en") is None  # only a novelty voice is left


def test_a_voice_is_found_by_its_id_or_its_name():
    assert named(MAC, "zoe") is MAC[-1]
    assert named(ESPEAK, "gmw/DE") is ESPEAK[-1]
    with pytest.raises(Missing, match="there is no voice 'gmw/d'; did you mean 'gmw/de'"):
        named(ESPEAK, "gmw/d")
    with pytest.raises(Missing, match="there is no voice 'x'"):
        named([], "x")


# ------------------------------------------------------------------------------------------------- this machine's


def test_this_machines_voices_are_listed_with_their_languages():
    ids = {voice.id for voice in system_voices() if voice.speaks("de")}
    assert "gmw/de" in ids
    assert not any(voice.id == "gmw/en" for voice in system_voices() if voice.speaks("de"))


def test_a_machine_whose_voices_cannot_be_listed_says_so(tmp_path):
    with pytest.raises(Missing, match="no voice on this machine"):
        system_voices(speak=(str(tmp_path / "no such program"),))


def test_german_words_are_spoken_by_a_german_voice(tmp_path):
    text = "…was war dir daran wichtig?"
    for name, options in {"calmest": {}, "german": {"voice": "gmw/de"}, "english": {"voice": "gmw/en"}}.items():
        render(text, tmp_path / f"{name}.wav", language="de", **options)
    calm, german, english = ((tmp_path / f"{name}.wav").read_bytes() for name in ("calmest", "german", "english"))
    assert calm == german
    assert german != english


def test_the_same_words_in_another_language_are_another_rendering(tmp_path):
    texts = '[inward]\nwordings = ["hello"]\n[let_it_land]\nenabled = false'
    english, german = (CueSounds(tmp_path, Catalogue.load(language, texts)) for language in ("en", "de"))
    assert english.clip("inward", "hello") is None
    english.ready("inward", "hello")
    assert english.clip("inward", "hello") is not None
    assert german.clip("inward", "hello") is None


# -------------------------------------------------------------------------------------------------------- Piper's

PIPER = '''
import dataclasses, struct

@dataclasses.dataclass
class SynthesisConfig:
    length_scale: float = 1.0
    volume: float = 1.0

class PiperVoice:
    """Speaks each letter as a tenth of a second of a square wave; as slowly as it is asked to."""

    @staticmethod
    def load(model):
        open(model).close()
        return PiperVoice()

    def synthesize_wav(self, text, wav_file, syn_config=None):
        wav_file.setframerate(22050), wav_file.setsampwidth(2), wav_file.setnchannels(1)
        n = int(len(text) * 2205 * syn_config.length_scale)
        wav_file.writeframes(b"".join(struct.pack("<h", 9000 if i // 50 % 2 else -9000) for i in range(n)))
'''


@pytest.fixture
def piper(tmp_path, monkeypatch) -> Path:
    """A fake Piper package, and a folder with voices for it."""
    package, folder = tmp_path / "package", tmp_path / "own" / "voices"
    package.mkdir()
    folder.mkdir(parents=True)
    (package / "piper.py").write_text(PIPER)
    monkeypatch.syspath_prepend(package)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(package), os.environ.get("PYTHONPATH", "")]))
    for name, says in {
        "de_DE-one-medium": {"language": {"code": "de_DE"}},
        "en_US-two-low": {"language": {"code": "en_US"}},
        "en_GB-three-high": {"language": {"code": "en_GB"}},
        "en_US-four-medium": {"espeak": {"voice": "en-us"}},
    }.items():
        (folder / f"{name}.onnx").write_bytes(b"")
        (folder / f"{name}.onnx.json").write_text(json.dumps(says))
    (folder / "en_US-alone-high.onnx").write_bytes(b"")  # without its description
    (folder / "en_US-torn-high.onnx").write_bytes(b"")
    (folder / "en_US-torn-high.onnx.json").write_text("[]")
    return folder


def test_pico_speaks_every_language_of_its_package():
    found = find_spec("py_nanotts")
    assert found is not None
    places = [Path(each) for each in found.submodule_search_locations or ()]
    there = {file.name.partition("_")[0] for place in places for file in place.rglob("*_ta.bin")}
    assert {voice.id for voice in pico_voices()} == {f"pico/{code}" for code in there}
    assert voices_for("fr")[0] == "pico/fr-FR"


def test_the_best_piper_voice_of_the_language_is_preferred_to_the_systems_voices(piper):
    assert len(piper_voices(piper)) == 4
    assert list(voices_for("en", folder=piper))[:2] == [HEART, str(piper / "en_GB-three-high.onnx")]
    assert voices_for("de", folder=piper)[0] == str(piper / "de_DE-one-medium.onnx")
    assert voices_for("pt", folder=piper) == [None]


def test_the_wanted_voice_may_be_a_piper_voice_or_a_system_voice(piper):
    assert voices_for("en", "en_US-two-low", piper) == [str(piper / "en_US-two-low.onnx")]
    assert voices_for("en", "gmw/en-us", piper) == ["gmw/en-us"]
    assert voices_for("en", "heart-lower", piper) == [f"{HEART}-lower"]


def test_without_the_piper_package_its_voices_are_not_available(piper, monkeypatch):
    monkeypatch.setattr("coach.cues.tts.installed.find_spec", lambda name: None)
    assert piper_voices(piper) == pico_voices() == []
    assert voices_for("de", folder=piper) == [None]
    assert {voice.engine for voice in installed_voices(piper)} == {"system"}


def test_cues_are_spoken_slowly_by_piper_if_it_is_installed(piper, tmp_path):
    texts = '[inward]\nwordings = ["one two three"]\n[let_it_land]\nenabled = false'
    sounds = CueSounds(tmp_path / "cache", Catalogue.load(override=texts), own=piper.parent, voice="en_GB-three-high")
    clip = sounds.ready("inward", "one two three")
    assert clip.size / RATE == pytest.approx(0.1 * len("one two three") * 180 / 135, abs=0.1)


def test_piper_output_is_shaped_like_all_other_speech(piper, tmp_path):
    render("hello", tmp_path / "out.wav", voice=str(piper / "en_US-two-low.onnx"))
    with wave.open(str(tmp_path / "out.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
    assert max(abs(read(tmp_path / "out.wav"))) < 0.5
