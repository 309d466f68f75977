"""What a session's page leads with: three sentences, a moment, one thing to try; no score and no comparison."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.core.events import (
    AudioGap,
    Consented,
    Cue,
    CueFailed,
    Enrolled,
    Event,
    HeardLess,
    Hushed,
    Marked,
    Speech,
    Words,
)
from coach.core.span import RATE, Span
from coach.core.texts import texts
from coach.review import Analysis, LookedBack, analyse_events, looked_back, stopped
from coach.review.wording import in_unit
from tests.made_language import SHIPPING

EN = texts("en")


def spoken(who: str, start: float, end: float, text: str = "", level: str = "1", **told: object) -> list[Event]:
    span = Span.seconds(start, end)
    words = Words(at=span.end, who=who, span=span, count=12, text=text, sentences=2, level=level, **told)  # type: ignore[arg-type]
    return [Speech(at=span.end, who=who, span=span, confidence=1.0), words]


def back(*events: Event, language: str = "en") -> LookedBack:
    return looked_back(analysed(*events), list(events), texts(language))


def analysed(*events: Event) -> Analysis:
    return analyse_events(
        events, name="talk", duration=120 * RATE, channels=1, settings={"pause": 2.0}, people=("Ana", "Ben"), words=True
    )


CLOSE = [*spoken("Ana", 0, 8), *spoken("Ben", 8.2, 16), *spoken("Ana", 16.3, 24)]
ROOM = [*spoken("Ana", 0, 8, "It was late."), *spoken("Ben", 12, 20), *spoken("Ana", 23, 31)]
DEEP = [*spoken("Ana", 0, 8), *spoken("Ben", 11, 19, "I am afraid.", level="3", p_experience=0.9, kinds=("feelings",))]


def test_there_are_three_sentences_for_a_talk_and_one_if_nobody_spoke():
    assert len(back(*CLOSE).sentences) == 3
    quiet = back(Marked(at=RATE))
    assert quiet.sentences == (EN["back.nobody"],)
    assert (quiet.moment, quiet.to_try) == (None, "")


def test_the_longest_silence_is_told_with_who_left_it():
    assert "lasted 4.0 s: Ben left it after Ana" in back(*ROOM).sentences[1]
    assert back(*CLOSE).sentences[1] == EN["back.no_pause"]


def test_a_short_word_ends_a_silence_in_the_sentence_as_well_as_among_the_figures():
    thanks = spoken("Ben", 8.3, 8.8)[0]  # a second later he goes on: it took no floor
    talk = [*spoken("Ana", 0, 8), thanks, *spoken("Ben", 12.8, 20)]
    (answer,) = analysed(*talk)["transfers"]
    assert (answer["fto_s"], answer["silence_at_s"], answer["silence_s"]) == (4.8, 8.8, 4.0)
    assert "at 0:08, lasted 4.0 s: Ben left it after Ana" in back(*talk).sentences[1]
    assert analysed(*talk)["statistics"]["holding_s.Ben"]["value"] == 4.0


def test_a_machine_that_was_too_busy_to_listen_closely_is_told_of_in_one_more_sentence():
    busy = [HeardLess(at=5 * RATE, without=("windows",)), HeardLess(at=25 * RATE, without=())]
    assert back(*CLOSE, *busy).sentences[3:] == (EN["told.heard_less"].format(time="20 s"),)
    assert "20 s lang" in back(*CLOSE, *busy, language="de").sentences[3]


def test_a_busy_machine_is_told_of_even_if_nobody_was_heard_and_not_for_a_moment():
    busy = HeardLess(at=5 * RATE, without=("windows",))
    assert back(busy).sentences == (EN["back.nobody"], EN["told.heard_less"].format(time="1 min 55 s"))
    assert back(*CLOSE, busy, HeardLess(at=5 * RATE + 100, without=())).sentences == back(*CLOSE).sentences


def test_no_silence_is_no_lost_sound():
    assert back(*spoken("Ana", 0, 8), *spoken("Ben", 7.9, 16)).sentences[1] == EN["back.no_pause"]


def test_a_silence_is_as_long_in_the_sentence_as_among_the_figures():
    talk = [*spoken("Ana", 0, 8), *spoken("Ben", 11.5, 20)]
    told = back(*talk)
    assert in_unit(analysed(*talk)["statistics"]["holding_s.Ben"]["value"], "s") == "3.5 s"
    assert "lasted 3.5 s:" in told.sentences[1]
    assert told.moment is not None
    assert "left 3.5 s before" in told.moment.says


def test_the_talk_lasted_from_the_first_word_to_the_last_and_not_what_came_before_and_after():
    talk = [
        Enrolled(at=40 * RATE, who="Ben", span=Span.seconds(30, 38)),
        *spoken("Ana", 50, 60),
        *spoken("Ben", 61, 80),
    ]
    assert "talked for 30 s, and you took turns once." in back(*talk).sentences[0]
    assert "30 s" in back(*talk[:3], *spoken("Ana", 61, 80)).sentences[0]  # of one person, too


# ----------------------------------------------------------------------------- when it is not known who spoke

UNKNOWN_ALL = [*spoken("?", 0, 8), *spoken("?", 53, 60)]  # 45 seconds of silence between them


@pytest.mark.parametrize("language", SHIPPING)
def test_nothing_is_said_about_pauses_if_the_coach_could_not_tell_who_spoke(language):
    told = back(*UNKNOWN_ALL, language=language)
    assert told.sentences[1] == texts(language)["back.pause_unknown"]
    assert told.moment is None


def test_nothing_is_said_about_pauses_or_turns_if_it_is_unsure_who_spoke_in_a_part_of_it():
    told = back(*ROOM, *spoken("?", 50, 60))
    assert told.sentences[0].endswith("Ana and Ben talked for 1 min 0 s.")
    assert told.sentences[1] == EN["back.pause_unsure"].format(part="29%")
    assert told.moment is None
    assert told.to_try != EN["try.breath"]


def test_pauses_between_two_are_not_spoken_of_where_one_was_heard():
    assert back(*spoken("Ana", 0, 8)).sentences[1] == EN["back.pause_one"].format(who="Ana")
    alone = analyse_events(
        spoken("Ana", 0, 8), name="talk", duration=RATE, channels=1, settings={}, people=("Ana",), words=False
    )
    assert len(looked_back(alone, [], EN).sentences) == 2


def test_no_silence_is_called_short_that_lost_sound_leaves_unmeasured():
    lost = AudioGap(at=50 * RATE, span=Span.seconds(30, 45), reason="unplugged")
    assert back(*CLOSE, lost, *spoken("Ben", 50, 60)).sentences[1] == EN["back.pause_lost"]
    assert back(*spoken("Ana", 0, 8), lost, *spoken("Ben", 50, 60)).sentences[1] == EN["back.pause_lost"]


def test_the_moment_is_one_of_inner_life_with_its_words_or_else_one_with_room():
    deep = back(*DEEP).moment
    assert deep is not None
    assert (deep.start, deep.end, deep.text) == (11.0, 19.0, "I am afraid.")
    room = back(*ROOM).moment
    assert room is not None
    assert (room.start, room.text) == (0.0, "It was late.")
    assert back(*CLOSE).moment is None


def test_the_thing_to_try_fits_the_talk():
    assert back(*CLOSE).to_try == EN["try.breath"]
    assert back(*ROOM).to_try == EN["try.inward"]


def test_what_was_told_is_said_only_if_words_were_recognised():
    assert "feelings" in back(*DEEP).sentences[2]
    assert back(*ROOM).sentences[2] == EN["back.events"]
    without = [event for event in ROOM if isinstance(event, Speech)]
    assert back(*without).sentences[2] == EN["back.no_words"]


def test_kinds_that_the_sentence_leaves_out_are_hinted_at():
    def told(*kinds: str) -> str:
        return back(*CLOSE, *spoken("Ben", 30, 40, level="3", kinds=kinds)).sentences[2]

    three = "probably feelings, needs and hopes"
    assert told("feelings", "needs", "hopes").endswith(f"{three}.")
    assert told("feelings", "needs", "hopes", "mourning").endswith(f"{three}, among others.")


# ----------------------------------------------------------------------------- when somebody took their yes back


def taken_back(who: str, how: str = "tap") -> Consented:
    return Consented(at=30 * RATE, who=who, to="listen", yes=False, how=how)


def without_words(*events: Event, of: str = "Ana Ben") -> list[Event]:
    return [replace(each, text=None) if isinstance(each, Words) and each.who in of else each for each in events]


@pytest.mark.parametrize("keep", ["stats", "words", "audio"])
@pytest.mark.parametrize("language", SHIPPING)
def test_it_leads_with_who_asked_it_to_stop_and_what_is_erased(keep, language):
    said = texts(language)
    told = stopped([*without_words(*ROOM), taken_back("Ben")], keep, said)
    assert told == (said["stopped.who"].format(who="Ben"), said[f"stopped.{keep}"])
    assert stopped([*ROOM], keep, said) == ()


def test_with_a_microphone_each_the_words_of_the_others_are_said_to_remain():
    events = [*spoken("Ana", 0, 8, "It was late."), *without_words(*spoken("Ben", 12, 20, "Yes.")), taken_back("Ben")]
    assert stopped(events, "audio", EN)[1] == EN["stopped.audio_theirs"].format(who="Ben")


def test_nothing_is_said_to_be_erased_that_is_still_there():
    events = [*spoken("Ana", 0, 8, "It was late."), *spoken("Ben", 12, 20, "Yes."), taken_back("Ben")]
    assert stopped(events, "words", EN) == (EN["stopped.who"].format(who="Ben"),)


def test_if_it_is_not_sure_who_asked_nothing_is_said_to_be_erased():
    assert stopped([*ROOM, taken_back("?", "voice")], "words", EN) == (EN["stopped.unsure"],)
    assert back(*ROOM, taken_back("?", "voice")).stopped == (EN["stopped.unsure"],)


def test_marks_cues_hushes_and_consent_are_told_in_order():
    cue = Cue(
        at=5 * RATE, kind="inward", form="spoken", text="…in you?", to="Ana", given=True, held_back=None, because={}
    )
    said = Consented(at=0, who="Ana", to="audio", yes=True, how="tap")
    told = back(said, *ROOM, cue, Hushed(at=6 * RATE, on=True), Marked(at=7 * RATE, note="the boat"))
    assert told.cues == (("0:05", "“…in you?” for Ana"), ("0:06", EN["cue.hushed"]))
    assert [(mark.at, mark.time, mark.note) for mark in told.marks] == [(7 * RATE, "0:07", "the boat")]
    assert told.said == ("Ana said yes to keeping words and sound, with a tap.",)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (Consented(at=0, who="Ana", to="aloud", yes=True, how="key"), "Ana said yes to answering aloud, with a key."),
        (
            Consented(at=9, who="Ana", to="listen", yes=False, how="voice"),
            "Ana no longer agreed and said so aloud, and the coach stopped.",
        ),
        (
            Consented(at=9, who="?", to="listen", yes=False, how="voice"),
            "Somebody asked the coach aloud to stop. It was not sure who, so it stopped and erased nothing.",
        ),
    ],
)
def test_it_is_told_how_somebody_answered(said, told):
    assert back(*ROOM, said).said == (told,)


@pytest.mark.parametrize("language", SHIPPING)
def test_every_answer_can_be_told_in_each_language(language):
    every = [
        Consented(at=0, who=who, to=to, yes=yes, how=how)
        for to in ("listen", "words", "audio", "aloud")
        for yes in (True, False)
        for how in ("tap", "key", "voice")
        for who in (("Ana", "?") if (to, yes) == ("listen", False) else ("Ana",))
    ]
    assert not any("{" in sentence for sentence in back(*every, language=language).said)


def tone(**because: object) -> Cue:
    return Cue(
        at=5 * RATE, kind="over", form="tone", text="", to="Ben", given=True, held_back=None, because={**because}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cue", "what"),
    [
        (tone(fto_s=-0.7, after="Ana"), "a soft tone for Ben, who began 0.70 s before Ana had finished"),
        (
            tone(fto_s=0.4, after="Ana", lost="inner"),
            "a soft tone for Ben, who began 0.40 s after Ana; Ana had just told something inner",
        ),
        (replace(tone(told_s=61.2), text="…in you?"), "“…in you?” for Ben, after 1 min 1 s of telling what happened"),
        (replace(tone(), to=None), "a soft tone"),
    ],
)
def test_a_cue_is_told_with_whom_it_was_for_and_why(cue, what):
    assert back(*ROOM, cue).cues == (("0:05", what),)


def test_a_cue_that_could_not_be_played_is_not_said_to_have_sounded():
    assert back(*ROOM, tone(), CueFailed(at=6 * RATE, kind="over", reason="no speaker")).cues == ()


# ----------------------------------------------------------------------------- why no tone came


def held(reason: str, *, times: int = 1) -> list[Event]:
    return [replace(tone(), at=(5 + n) * RATE, given=False, held_back=reason) for n in range(times)]


def inward_tone() -> list[Event]:
    return [replace(tone(), at=4 * RATE, kind="inward")]


@pytest.mark.parametrize(
    ("cues", "why"),
    [
        (held("quiet-first"), "in the first 60 seconds the coach stays quiet"),
        (held("quiet-first") + held("nothing-lost", times=2), "nothing seemed to be lost"),
        (held("budget"), EN["back.why.tones_are_few"]),  # there was no other cue before it
        (held("budget") + inward_tone(), "another cue had sounded shortly before"),
        (held("hushed"), "the coach had been asked to be quiet"),
        (held("logistics"), "it was about arrangements"),
    ],
)
def test_where_no_tone_followed_an_answer_that_came_soon_it_is_said_why(cues, why):
    assert back(*CLOSE, *cues).no_tone == f"No tone followed an answer that came sooner than your breath: {why}."


def test_the_quiet_time_is_the_one_that_was_set_and_is_counted_from_the_end_of_the_introduction():
    events = [Enrolled(at=RATE, who="Ben", span=Span.seconds(0, 1)), *CLOSE, *held("quiet-first")]
    talk = analysed(*events)
    talk["settings"]["quiet_first"] = 20.0
    talk["recording"]["counted_from_s"] = 1.0
    told = looked_back(talk, events, EN).no_tone
    assert told.endswith(": in the first 20 seconds after the introduction the coach stays quiet.")


def test_where_no_cues_were_wanted_that_is_the_reason():
    talk = analysed(*CLOSE, *held("quiet-first", times=3))
    talk["settings"]["cues"] = "none"
    assert looked_back(talk, [], EN).no_tone.endswith(": no cues were wanted in this session.")


@pytest.mark.parametrize(
    "events",
    [
        [*ROOM, *held("quiet-first")],  # every answer waited
        CLOSE,  # it is not known why
        [*CLOSE, *held("of-another-version")],  # nor is it in words
        [*CLOSE, *held("budget"), tone()],
        [*CLOSE, *spoken("?", 30, 60), *held("quiet-first")],  # it is unsure who answered
    ],
    ids=["waited", "unknown", "unnamed", "given", "unsure"],
)
def test_nothing_is_said_of_tones_where_one_came_or_none_was_due(events):
    assert back(*events).no_tone == ""


@pytest.mark.parametrize("language", SHIPPING)
def test_a_recording_has_tones_that_would_have_followed(language):
    says = texts(language)
    events = [*CLOSE, *held("too-late")]
    told = looked_back(analysed(*events), events, says, of_recording=True).no_tone
    assert told == says["back.no_tone_recording"].format(why=says["back.why.too_late"])


def test_two_bowls_say_what_each_means():
    bowls = [replace(tone(), at=at * RATE, kind="turn_over", to=None) for at in (30, 60)]
    assert [what for _, what in back(*ROOM, *bowls).cues] == [EN["sounded.half"], EN["sounded.over"]]


def test_of_a_mark_one_hears_what_came_just_before_it():
    (early, later) = back(*ROOM, Marked(at=7 * RATE), Marked(at=60 * RATE)).marks
    assert (early.start, early.end) == (0.0, 12.0)
    assert (later.start, later.end) == (45.0, 65.0)


def test_what_the_coach_asked_is_told_and_that_nothing_was_said_after_it():
    asked = Cue(at=5 * RATE, kind="ask", form="tone", text="", to="Ana", given=True, held_back=None, because={})
    unsaid = replace(
        asked,
        at=13 * RATE,
        kind="inward",
        form="spoken",
        text="…in you?",
        given=False,
        held_back="not-taken-up",
        because={"asked_s": 5.0},
    )
    never_asked = replace(unsaid, at=14 * RATE, held_back="budget", because={})
    assert back(*ROOM, asked, unsaid, never_asked).cues == (
        ("0:05", EN["sounded.asked_for"].format(who="Ana")),
        ("0:13", EN["cue.not_taken_up"]),
    )


@pytest.mark.parametrize("language", SHIPPING)
@pytest.mark.parametrize("events", [CLOSE, ROOM, DEEP], ids=["close", "room", "deep"])
def test_no_blank_stays_unfilled_and_nothing_judges(language, events):
    told = back(*events, language=language)
    whole = " ".join([*told.sentences, told.to_try, told.moment.says if told.moment else ""])
    assert "{" not in whole
    assert not {"score", "better", "worse", "well", "good", "interrupt", "too"} & set(whole.lower().split())
