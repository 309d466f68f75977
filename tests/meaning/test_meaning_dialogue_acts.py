"""Dialogue acts: acknowledgements, questions, requests and plans. The sentences were written for these tests."""

import pytest

from coach.meaning import read

ACKNOWLEDGED = [
    "mm-hm",
    "Mm hmm.",
    "mhm",
    "Mmm.",
    "Hmm.",
    "uh-huh",
    "Uh huh, uh huh.",
    "yeah yeah",
    "Yeah. Right.",
    "Oh no!",
    "oh wow",
    "Right, right.",
    "I see.",
    "I know.",
    "haha",
    "hahahahaha",
    "Hahaha, oh my god.",
    "[laughs]",
    "He he he he.",
    "a ha ha ha ha ha",
    "Ho, ho, ho! Oh wow.",
    "(laughter)",
    "Yeah. [laughter]",
    "Wow",
    "Really?",
    "Oh, really?",
    "No way!",
    "Yeaaah",
    "Okay, sure.",
    "That's awful.",
    "Oh dear",
    "Blimey",
    "Of course.",
    "ah",
    "That makes sense.",
    "Tell me about it.",
    "Aww",
    "Oh my goodness, wow.",
    "hmmm mmm",
]
MORE_THAN_ACKNOWLEDGED = [
    "Yeah, I went there too.",
    "Right after lunch we left.",
    "Oh no, he fell.",
    "I see him on Fridays.",
    "I know her brother.",
    "Sure I can drive.",
    "Wow that dog is big.",
    "Really I wanted the blue one.",
    "Haha he laughed at me",
    "ha ha ha ha he laughed",
    "he he",
    "Mm-hm but why did he",
    "Well, my mother called.",
    "Good morning to your mother from me.",
]


@pytest.mark.parametrize("text", ACKNOWLEDGED)
def test_acknowledgements_are_recognised_in_every_spelling(text):
    reading = read(text)
    assert reading.acknowledgement
    assert (reading.level, reading.p_experience, reading.question) == ("N", 0.0, False)


@pytest.mark.parametrize("text", MORE_THAN_ACKNOWLEDGED)
def test_a_longer_turn_that_begins_like_an_acknowledgement_is_not_one(text):
    assert not read(text).acknowledgement


QUESTIONS = [
    "What did he say?",
    "what did he say",
    "so how was it for you",
    "Do you want to sit down?",
    "do you want to sit down",
    "are you coming on Sunday",
    "Where did you put the ladder.",
    "You went to Paris?",
    "It was cold, wasn't it?",
    "it was cold wasn't it",
    "you knew that, right?",
    "how about you",
    "What about your mother?",
    "why not",
    "is there any soup left",
    "Should I bring wine?",
    "what time is it",
    "how many people did they invite",
    "did she ever call",
    "have you thought about it",
    "I was at the market. Did you go?",
    "we had a good time there and did you see the lights",
    "So what happened then?",
    "Have you eaten? I mean it.",
    "can you hear me",
    "what do you think",
    "which one is yours",
    "Who told you that?",
    "Ben, are you cold",
    "and what did you do",
    "it was a mess don't you think",
    "How do I get there?",
    "Does the oven work?",
]
NOT_QUESTIONS = [
    "It was just so hot, you know?",
    "and I left, you know what I mean?",
    "What was I to do?",
    "what was i supposed to do",
    "why did I ever agree to it?",
    "Who am I to judge?",
    "and he asked me where are you going",
    "And she's like, why?",
    "She said do you want some.",
    "I don't know what you want",
    "I know who did it",
    "when she called I was out",
    "what he said was true",
    "that's how we did it",
    "I told him what I think",
    "you have to turn it twice",
    "they are coming on Sunday",
    "I wonder if he remembers.",
    "Do you remember the lake? We went there every summer, with the old boat and my uncle's dog, until they sold it.",
    "how could I have known",
    "where we lived there was a mill",
    "So I did what you do.",
    "The man who had the keys was away.",
    "I have never seen it and neither have you",
    "We had a boat. Do you remember we went there every summer with my uncle's dog until they sold it to the mill.",
    "we had a good time and did you see the lights were all along the river for the queen until the bridge was closed",
]


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_direct_question_is_recognised(text):
    assert read(text).question


@pytest.mark.parametrize("text", NOT_QUESTIONS)
def test_text_that_only_looks_like_a_question_is_not_one(text):
    assert not read(text).question


REQUESTS = [
    "Could you pass me the salt?",
    "could you open the window",
    "can you hold this",
    "Tell me more about him.",
    "Please sit down.",
    "would you mind waiting",
    "Give me a minute.",
    "Can I have the red one?",
    "let me know when you're there",
    "So, could you drive?",
    "Hold it there, please.",
    "will you help me with the tent",
    "Ben, can you get the door",
    "do you mind if I open the window",
]
NOT_REQUESTS = [
    "She told me a secret.",
    "could you believe that",
    "He said give me the money.",
    "You could open a shop.",
    "I did it to please my mother.",
    "Tell me about it.",
    "what could you do",
    "I can give you a lift.",
    "and he asked could you wait",
    "Tell me about it, my brother does the same.",
    "if you can drive it's easier",
    "Let me think.",
    "can you imagine that",
]


@pytest.mark.parametrize("text", REQUESTS)
def test_a_request_is_recognised(text):
    assert read(text).request


@pytest.mark.parametrize("text", NOT_REQUESTS)
def test_narratives_and_offers_are_not_requests(text):
    assert not read(text).request


LOGISTICS = [
    "I'll pick up the kids at five.",
    "who's fetching the children from nursery",
    "We need to get milk and bread.",
    "I'll email you the link.",
    "can you call the plumber tomorrow",
    "let's meet at the station at half past six",
    "What's for dinner tonight?",
    "you need to be there by nine, the meeting is at ten",
    "we're out of milk",
    "I'll be there by 6",
    "I'll be back at seven, the laundry is in the machine.",
    "don't forget the dentist appointment on Tuesday",
    "Should we book a table for Friday?",
]
NOT_LOGISTICS = [
    "We got to the station and my brother was already there, he had been waiting since five and he was laughing.",
    "I cried in the car when I dropped off the kids and I felt so alone.",
    "She's a plumber.",
    "I will be home at six and I feel so ashamed of myself.",
    "My father was a baker and he worked at night.",
    "I will never be like my mother.",
    "the store was closed when I got there and I had to walk",
    "He should be more honest.",
]


@pytest.mark.parametrize("text", LOGISTICS)
def test_plans_and_errands_are_logistics_and_not_a_share(text):
    reading = read(text)
    assert reading.logistics
    assert reading.level == "N"


@pytest.mark.parametrize("text", NOT_LOGISTICS)
def test_a_story_with_errands_in_it_is_not_logistics(text):
    assert not read(text).logistics


SENTENCES = [
    ("one", "I went home.", 1),
    ("three", "I went home. She stayed! Why?", 3),
    ("dots_once", "Well... I went home...", 2),
    (
        "unmarked",
        "we got in the car and drove to the coast and my brother had the map upside down so we went wrong for an hour",
        2,
    ),
    ("long_unmarked", "and then he went " * 15, 5),
    ("unmarked_after_marked", "Listen. " + "and then he went " * 9, 4),
    ("none", "", 0),
    ("japanese", "悲しかった。家に帰った。", 2),
]


@pytest.mark.parametrize(("text", "count"), [row[1:] for row in SENTENCES], ids=[row[0] for row in SENTENCES])
def test_sentences_are_counted_by_end_marks_or_by_length_if_marks_are_missing(text, count):
    assert read(text).sentences == count


def test_words_are_counted_with_their_contractions():
    assert read("I can't, don’t ask me 2 times").count == 7
