"""Stretches that share the speaker's own experience, in typed and in recognised sentences."""

import re

import pytest

from coach.meaning import ReadingConfig, read


def recognised(text: str) -> str:
    """The text as a poor recogniser would write it: lower case, no punctuation but apostrophes."""
    return " ".join(re.sub(r"[^a-z0-9' ]", " ", text.lower()).split())


INNER = [
    ("lonely_after_event", "Then the door closed and I felt so lonely in that big kitchen.", "feelings"),
    ("short_plain_one", "I was terrified.", "feelings"),
    ("negated_is_still_inner", "I'm not sad about it, honestly, I'm relieved.", "feelings"),
    ("hedged", "I guess I was, um, kind of ashamed of myself.", "feelings"),
    ("caused", "It makes me so angry when I hear myself say that.", "feelings"),
    ("left_me", "The whole evening left me numb.", "feelings"),
    ("verb_dread", "I've been dreading this conversation for a month.", "feelings"),
    ("coordinated_subject", "I sat down on the stairs and felt completely empty.", "feelings"),
    ("list_of_states", "I feel tired, angry and sad, all of it at once.", "feelings"),
    ("elided_subject", "Felt so helpless, standing there.", "feelings"),
    ("possessed_fear", "My fear is that I'll end up just like my father.", "feelings"),
    ("body_of_grief", "My heart sank when I saw the empty chair.", "feelings"),
    ("proud_british", "I was dead chuffed with myself, I felt ten feet tall.", "feelings"),
    ("love_for_child", "I love her so much it scares me.", "feelings"),
    ("cannot_bear", "I can't bear the quiet in that house.", "feelings"),
    ("touched", "I was so touched that I couldn't say a word.", "feelings"),
    ("need_to_be_seen", "I just want to be seen, that's really all.", "needs"),
    ("longing", "I'm longing for somebody to hold me.", "needs"),
    ("need_of_rest", "What I need is some peace inside myself.", "needs"),
    ("matters", "Honesty is so important to me, it's who I am.", "needs"),
    ("urge_to_run", "I wanted to run away and hide from everyone.", "impulses"),
    ("almost", "I almost screamed, I had to stop myself.", "impulses"),
    ("urge_noun", "I have this urge to slam the door on myself.", "impulses"),
    ("tongue", "I bit my tongue but I wanted to scream.", "impulses"),
    ("self_talk", "I keep telling myself that it wasn't my fault.", "thoughts"),
    ("part_of_me", "Part of me still believes I could have stopped it.", "thoughts"),
    ("wonder_why", "I wonder why I always go quiet with him.", "thoughts"),
    ("self_inquiry", "I don't know why I do this to myself.", "thoughts"),
    ("made_me_realise", "It made me realise how hard I am on myself.", "thoughts"),
    ("good_enough", "I never feel like I'm good enough.", "thoughts"),
    ("drained", "I'm drained.", "energy"),
    ("tight_chest", "My chest gets tight and I can't breathe.", "energy"),
    ("worn_out", "I feel so worn out by all of it.", "energy"),
    ("running_on_empty", "I'm running on empty, I've got nothing left.", "energy"),
    ("no_sleep", "I lie awake and my stomach is in knots.", "energy"),
    ("alive", "I felt awake and light again, full of energy.", "energy"),
    ("night_dream", "I had a dream that I was back in my old bedroom and I was so happy.", "dreams"),
    ("life_dream", "My dream is to sing again, it always was.", "dreams"),
    ("hope", "I'm hoping that we find each other again.", "hopes"),
    ("hope_given", "It gives me hope, for the first time in years.", "hopes"),
    ("wish_for_future", "I wish I could be braver with my kids.", "hopes"),
    ("miss_her", "I miss her every single day.", "mourning"),
    ("wish_it_had", "I wish it had been different between us.", "mourning"),
    ("regret", "I regret that so much.", "mourning"),
    ("goodbye", "I never got to say goodbye and it haunts me.", "mourning"),
    ("grieving", "I'm still grieving, I think.", "mourning"),
    ("stutter", "I- I was, I was just so scared.", "feelings"),
    ("fillers", "Uh, I'm, like, really worried about myself, you know.", "feelings"),
    ("contraction_lost", "im so ashamed i cant look at myself", "feelings"),
    ("happy_too", "I'm so happy, I could cry.", "feelings"),
    ("guilt", "I feel so guilty about leaving him there.", "feelings"),
    ("judged_but_also_hurt", "I felt ignored, and underneath I was so sad and lonely.", "feelings"),
]

NOT_INNER = [
    ("table", "I felt the table to see if it was dry."),
    ("her_fury", "She was furious with the waiter."),
    ("their_sadness", "They were all so sad when the shop closed."),
    ("she_told_of_her_fear", "She said she was scared of the dog."),
    ("opinion_that", "I feel that you never help with the dishes."),
    ("opinion_like", "I feel like he should call his mother."),
    ("opinion_people", "I feel like people drive too fast on this road."),
    ("ignored", "I felt ignored by the whole committee."),
    ("feel_free", "Feel free to take the last one."),
    ("hope_greeting", "I hope you're well and the move went fine."),
    ("coffee", "I'd love a coffee if you're making one."),
    ("sad_story", "It was a sad story on the news last night."),
    ("bus", "I missed the bus and had to walk to the station."),
    ("pizza", "I feel like pizza tonight."),
    ("dream_job", "He got his dream job at the airport."),
    ("afraid_not", "I'm afraid the kitchen is closed on Sundays."),
    ("sick_leave", "My colleague is on sick leave until March."),
    ("heavy_traffic", "There was heavy traffic on the bridge so we turned back."),
    ("energy_bill", "The energy bill came and it was two hundred pounds."),
    ("first_person_events", "I got up, I made the tea, I put the bins out and I drove to work."),
    ("what_he_said", "He said the boiler was broken and they'd send someone on Friday."),
    ("what_she_did", "She took the car keys and went to her sister's place."),
    ("plan", "I'm going to paint the back bedroom next month."),
    ("habit", "I usually walk to the office because the parking is expensive."),
    ("opinion_on_him", "I think he's a good teacher but he talks too much."),
    ("job_fact", "I've been working there for eleven years now."),
    ("stance", "I mean, I guess I don't know, it depends on the weather."),
    ("world", "The government put the tax up and nobody said anything."),
    ("how_engines_work", "You turn the valve and then the pump starts."),
    ("her_dream", "She dreams of opening a bakery."),
    ("his_needs", "He needs a new passport before the trip."),
    ("moved_house", "We moved to Leeds when my brother was four."),
    ("sure", "I'm sure the shop is open until eight."),
    ("lost_keys", "I lost my keys at the swimming pool."),
    ("down_the_road", "I was down the road talking to the neighbours."),
    ("hard_drive", "The hard drive died so I bought a new one."),
    ("sorry_to_hear", "I'm sorry to hear that your mother is ill."),
    ("reported_you_feel", "You said you were angry with the landlord."),
    ("weight_loss", "They sell a weight loss program at the chemist."),
    ("light_lunch", "I had a light lunch and went back to the meeting."),
    ("want_beer", "I want a beer."),
    ("need_milk", "We need milk and eggs."),
    ("their_relationship", "He left her and she was heartbroken for a year."),
    ("told_her_she", "I told her that she looked tired."),
    ("tight_schedule", "The schedule was tight, so they skipped the museum."),
]


@pytest.mark.parametrize("as_written", [str, recognised], ids=["typed", "recognised"])
@pytest.mark.parametrize(("text", "kind"), [row[1:] for row in INNER], ids=[row[0] for row in INNER])
def test_own_experience_is_recognised(text, kind, as_written):
    reading = read(as_written(text))
    assert reading.p_experience is not None
    assert reading.p_experience >= ReadingConfig().inner, reading
    assert reading.level in ("2", "3")
    assert kind in reading.kinds
    assert reading.evidence


@pytest.mark.parametrize("as_written", [str, recognised], ids=["typed", "recognised"])
@pytest.mark.parametrize("text", [row[1] for row in NOT_INNER], ids=[row[0] for row in NOT_INNER])
def test_events_others_feelings_and_idioms_are_not_experience(text, as_written):
    reading = read(as_written(text))
    assert reading.p_experience is not None
    assert reading.p_experience < ReadingConfig().inner, reading
    assert reading.level in ("N", "1")
    assert reading.kinds == ()


FAUX = [
    ("that_you", "I feel that you never listen.", True),
    ("like_he", "I felt like he was doing it on purpose.", True),
    ("you_bare", "I feel you don't respect me.", True),
    ("as_if_they", "I feel as if they want me gone.", True),
    ("ignored", "I felt ignored.", True),
    ("so_used", "I just feel so used.", True),
    ("betrayed", "I'm feeling betrayed by my own brother.", True),
    ("left_out", "I felt a bit left out.", True),
    ("plain_feeling", "I felt sad.", False),
    ("was_used_as", "The barn was used as a garage.", False),
    ("was_ignored", "I was ignored by the waiter.", False),
    ("she_ignored", "She ignored the sign.", False),
    ("feel_like_i", "I feel like I am drowning.", False),
    ("he_felt_ignored", "He felt ignored at the party.", False),
    ("table", "I felt that table wobble.", False),
]


@pytest.mark.parametrize(("text", "faux"), [row[1:] for row in FAUX], ids=[row[0] for row in FAUX])
def test_a_judgement_in_the_form_of_a_feeling_is_recognised(text, faux):
    assert read(text).faux is faux
    assert read(recognised(text)).faux is faux


def test_a_judgement_alone_is_not_experience():
    for text in [row[1] for row in FAUX if row[2]]:
        assert read(text).level == "1", text


def test_the_evidence_names_the_words_behind_the_result():
    assert "lonely" in read("I felt so lonely when the train left").evidence
    assert any("ignored" in words for words in read("I felt ignored").evidence)


def test_feelings_alone_are_deeper_than_feelings_in_passing():
    passing = "And then my sister came and we went for a walk and I felt so guilty, and then we told my father."
    assert read("I feel so sad and so lonely.").level == "3"
    assert read(passing).level == "2"


def test_arrangements_and_general_talk_are_not_sharing():
    for text in ("The rain comes from the west.", "You turn it to the left.", "Who is next?", "What-- the, uh"):
        assert read(text).level == "N", text


def test_an_account_of_what_i_did_is_event_level():
    for text in (
        "I went to my sister's and we cooked and then my cousins came over.",
        "My boss told me on Monday that he had changed the plan, so I stayed until nine.",
    ):
        assert read(text).level == "1", text


def test_another_language_has_sentences_and_no_depth():
    reading = read("Ich war so traurig. Dann ging ich heim.", "de")
    assert (reading.sentences, reading.count) == (2, 8)
    assert (reading.level, reading.p_experience, reading.kinds) == (None, None, ())
    assert not reading.question


def test_empty_text_is_not_a_share():
    for text in ("", "   ", "...", "?!"):
        reading = read(text)
        assert (reading.count, reading.sentences, reading.level, reading.acknowledgement) == (0, 0, "N", False)


@pytest.mark.parametrize(
    "text", ["\x00", "I" * 1000, "a " * 1000, "I feel " * 500, "ñandú 😀 i am sad", "-" * 300, "'"]
)
def test_any_text_can_be_classified(text):
    reading = read(text)
    assert reading.p_experience is not None
    assert 0.0 <= reading.p_experience <= 1.0
