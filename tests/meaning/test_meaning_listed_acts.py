"""German questions, requests and acknowledgements, which lists of phrases tell apart from other talk."""

from __future__ import annotations

import pytest

from coach.meaning import read


@pytest.mark.parametrize(
    "text",
    [
        "Und wie war das für dich?",
        "wie war das für dich",
        "Also, hast du mit ihr gesprochen?",
        "Was brauchst du gerade?",
        "Du gehst da jetzt jeden Tag hin?",
        "Du kommst auch, oder?",
        "Das ist ja weit. Wann bist du denn losgefahren? Heute früh?",
        "Darf ich dich etwas fragen? Nur kurz.",
        "Und du?",
        "Weißt du noch, wie die Straße hieß?",
        "Was hat er gesagt?",
        "Hat er gefragt?",
        "Was sagt sie?",
        "Wer weiß davon?",
        "was hat sie gesagt",
        "warum machst du das",
        "wie machst du das",
        "na, geht's dir gut",
        "seit wann wohnst du da",
    ],
)
def test_a_question_is_understood(text: str) -> None:
    assert read(text, "de").question


@pytest.mark.parametrize(
    "text",
    [
        "Es war so heiß, weißt du?",
        "Wer weiß, ob sie noch kommt?",
        "Und dann hat er gefragt, kommst du mit?",
        "Da sagt sie, was machst du denn hier?",
        "Vielleicht war es besser so, wer weiß?",
        "Na, wer weiß?",
        "Wie schön das war, am Morgen am See.",
        "War das schön!",
        "Ist das schön!",
        "Hast du das gehört? Ich bin jedenfalls gleich hinausgelaufen und habe nachgesehen.",
        "Ich habe nicht gewusst, was ich sagen soll.",
        "Dann hat er angerufen.",
        "Dann hat er angerufen",
        "Und dann hat sie geweint.",
        "Und dann hat sie geweint",
        "Jetzt geht es mir besser.",
        "Jetzt geht es mir besser",
        "So war das.",
        "So war das",
        "Also hat sie mich angerufen.",
        "Also hat sie mich angerufen",
        "Nun ist es so.",
        "Gut ist das nicht",
        "Und ihr Mann ist gestorben.",
        "Und ihr Mann ist gestorben",
        "Und du hast ja gesehen, wie…",
        "Und du hast ja gesehen, wie",
        "Und selbst sie hat es gewusst",
        "Und bei dir war es so schön",
        "Kann ich verstehen.",
        "War das schön.",
        "Wie oft ich das schon gehört habe.",
        "Ist es kalt, bleibe ich zu Hause.",
        "",
    ],
)
def test_other_talk_is_no_question(text: str) -> None:
    assert not read(text, "de").question


@pytest.mark.parametrize(
    "text",
    [
        "Ja.",
        "Mhm, genau.",
        "Ach so, verstehe.",
        "Hahaha, oh je.",
        "[laughs]",
        "Ja, ja. Echt?",
        "Mm-hm.",
        "Hmhm, ich versteh.",
        "Äh, ähm.",
        "Boah! Puh.",
        "Bitte schön.",
        "Bitte sehr.",
    ],
)
def test_an_acknowledgement_is_understood_and_asks_nothing(text: str) -> None:
    reading = read(text, "de")
    assert reading.acknowledgement
    assert not reading.question


@pytest.mark.parametrize("text", ["Ja, ich bin dann gegangen.", "Genau das wollte sie nicht.", "Mein Bruder.", ""])
def test_more_than_an_acknowledgement_is_none(text: str) -> None:
    assert not read(text, "de").acknowledgement


@pytest.mark.parametrize(
    "text", ["Erzähl weiter.", "Und sag mir, wie das ging.", "Bitte setz dich.", "Noch einmal, bitte."]
)
def test_a_request_is_understood(text: str) -> None:
    assert read(text, "de").request


@pytest.mark.parametrize("text", ["Bitte.", "Ich habe erzählt, was geschah.", "Er sagte mir nichts."])
def test_other_talk_is_no_request(text: str) -> None:
    assert not read(text, "de").request


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("Oh nein, das tut mir leid.", True),
        ("Danke dir.", True),
        ("Ich habe ihr dann gesagt, danke, aber das ist zu viel, und bin am Abend allein nach Hause gegangen.", False),
        ("Wir sind gegangen.", False),
        ("Stopp!", True),
        ("Das ist halt so.", False),
        ("Das liegt halt an ihm.", False),
    ],
)
def test_thanks_comfort_and_warnings_may_come_at_once(text: str, may: bool) -> None:
    assert read(text, "de").excuses_haste is may


def test_depth_is_not_judged_by_lists() -> None:
    reading = read("Ich war so traurig. Wie geht es dir?", "de")
    assert (reading.question, reading.level, reading.p_experience, reading.kinds) == (True, None, None, ())
