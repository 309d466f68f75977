"""Hallucinated words are dropped."""

from __future__ import annotations

import numpy as np
import pytest

from coach.asr.hallucination_filter import audible, believable
from coach.core.span import RATE


@pytest.mark.parametrize(
    "said",
    [
        "No, no, no, no.",
        "Yeah. Yeah. Yeah.",
        "I was really, really, really glad that you came.",
        "ha ha ha ha ha ha ha ha",
        "Hahahahahahahahahahahahahahahaha",
        "It went on and on and on and then it stopped.",
        "Thank you.",
        "¿Qué tal? Muy bien.",
    ],
)
def test_natural_repetition_is_believed(said: str) -> None:
    assert believable(said, seconds=4.0, latin=True) == said


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("The first is the first is the first is the first", ""),
        ("We sat down. What? What? What? What? What? What? What?", "We sat down."),
        ("He said that I'm going to take a look at it. I'm going to take a look at it.", "He said that"),
        ("We left in 2021-2021-2021-2021-2021-2021-2021-2021-2021-2021-2021-2021-2021", "We left in"),
        ("Good night good night good night good night", ""),
    ],
)
def test_text_is_kept_up_to_the_point_where_the_recogniser_got_stuck(said: str, left: str) -> None:
    assert believable(said, seconds=5.0) == left


def test_a_sentence_that_is_said_twice_over_is_a_loop_in_any_script() -> None:
    twice = "I do not know what it was that I have ever seen in all those years over there."
    assert believable(f"{twice} {twice}", seconds=20.0) == ""
    chord = "Now then. The first thing I've ever seen is the first thing I've ever seen. "
    assert believable(chord + chord.removeprefix("Now then. "), seconds=20.0) == "Now then."
    assert believable("私は昨日友だちと映画を見ました。私は昨日友だちと映画を見ました。", seconds=8.0) == ""
    assert believable("そうですね。そうですね。", seconds=4.0) == "そうですね。そうですね。"


CLOSINGS = [
    "Thanks for watching!",
    "Please like and subscribe.",
    "Subtitles by the Amara.org community",
    "Vielen Dank fürs Zuschauen!",
    "Untertitelung des ZDF, 2020",
    "Untertitel der Amara.org-Community",
    "Merci d'avoir regardé cette vidéo !",
    "Sous-titrage Société Radio-Canada",
    "¡Gracias por ver el video!",
    "Subtítulos realizados por la comunidad de Amara.org",
    "Bedankt voor het kijken!",
    "Grazie per aver guardato il video.",
    "Sottotitoli e revisione a cura di QTSS",
    "Dziękuję za oglądanie.",
    "Napisy stworzone przez społeczność Amara.org",
    "Obrigado por assistir!",
    "Legendas pela comunidade Amara.org",
    "Tack för att ni tittade!",
    "Tak fordi du så med",
    "İzlediğiniz için teşekkürler.",
    "Děkuji za sledování.",
    "Спасибо за просмотр!",
    "Субтитры сделал DimaTorzok",
    "Продолжение следует...",
    "Дякую за перегляд!",
    "شكرا للمشاهدة",
    "Terima kasih telah menonton!",
    "ご視聴ありがとうございました",
    "チャンネル登録をお願いします。",
    "謝謝大家觀看",
    "字幕由Amara.org社区提供",
    "시청해주셔서 감사합니다.",
]


@pytest.mark.parametrize("line", CLOSINGS)
def test_the_last_line_of_a_video_is_dropped_in_any_language(line: str) -> None:
    assert believable(line, seconds=4.0) == ""
    assert believable(f"Das war gestern. {line}", seconds=9.0) == "Das war gestern."


@pytest.mark.parametrize(
    "said",
    [
        "Thank you for listening.",
        "See you next time.",
        "Vielen Dank.",
        "Danke fürs Zuhören.",
        "Merci d'avoir écouté.",
        "Gracias por todo.",
        "Untertitel sind mir egal.",
        "Спасибо.",
        "ありがとうございました。",
        "谢谢。",
        "감사합니다.",
    ],
)
def test_thanks_that_people_give_each_other_are_believed(said: str) -> None:
    assert believable(said, seconds=2.0) == said


@pytest.mark.parametrize("invented", ["♪ And so ♪", "© somebody", "Thank you for watching.", "...", "  "])
def test_music_credits_and_bare_punctuation_are_dropped(invented: str) -> None:
    assert believable(invented, seconds=5.0) == ""


def test_a_lone_you_is_dropped_if_the_sound_is_long() -> None:
    assert believable("You?", seconds=0.6) == "You?"
    assert believable("You", seconds=3.0) == ""


def test_text_with_more_words_than_can_be_spoken_is_dropped_entirely() -> None:
    told = "we drove to the coast and then my brother rang to say he was late"
    assert believable(told, seconds=2.5) == told
    assert believable(told, seconds=1.5) == ""


def test_a_foreign_script_is_dropped_only_for_a_language_in_latin_letters() -> None:
    assert believable("大家叫我", seconds=3.0, latin=True) == ""
    assert believable("大家叫我", seconds=3.0) == "大家叫我"


def test_silence_and_very_short_sounds_are_not_worth_recognising() -> None:
    rng = np.random.default_rng(3)
    noise = rng.normal(0, 1, RATE).astype(np.float32)
    assert not audible(np.zeros(RATE, dtype=np.float32))
    assert not audible(noise * 1e-4)  # -80 dBFS
    assert not audible(noise[:1600])
    assert not audible(noise[:0])
    assert audible(noise * 1e-3)  # -60 dBFS: a quiet microphone


def test_one_loud_frame_is_enough_to_be_audible() -> None:
    samples = np.zeros(2 * RATE, dtype=np.float32)
    samples[8000:8320] = 0.01
    assert audible(samples)
