"""Questions and requests in many forms, and sentences that only resemble them.

The sentences were written for these tests. Each is classified as typed and as a recogniser may return it, without
punctuation. Sentences that only punctuation distinguishes are in separate lists.
"""

import re

import pytest

from coach.meaning import read

ASKED = [
    "the soup is ready why don't you sit down",
    "on a scale of one to ten how important is it to you",
    "I was thinking, do you want to come?",
    "in the end what did you say",
    "You've met him, haven't you?",
    "he was there too wasn't he",
    "you're tired aren't you",
    "so you stayed, did you?",
    "you would tell me, wouldn't you",
    "they never called did they",
    "it's yours isn't it",
    "I wonder what you think.",
    "I wonder how you would feel about that",
    "I wonder if you'd like to come along",
    "I was wondering how you see it",
    "I'm curious what that was like for you",
    "i'd love to hear how it was for you",
    "I'd like to know what you think about it.",
    "what's it like for you",
    "and you, what about you",
    "and you?",
    "What do you mean by that?",
    "so what are you going to do now",
    "how long have you lived there",
    "how did that feel",
    "whose is it",
    "who's coming tonight",
    "is that what you wanted",
    "does that make sense",
    "did you like the film or not",
    "will she be all right do you think",
    "any idea where he went",
    "what happened",
    "what happened next",
    "who told you",
    "which of them won",
    "what made you stay",
    "where to",
    "how so",
    "since when",
    "would it help if I came",
    "have you got a minute",
    "weren't you scared",
    "isn't it strange",
    "don't you ever miss it",
    "or did you walk",
    "and do you still see her",
    "so are you going or staying",
    "Is it just me or is it cold in here?",
    "can I ask you something",
    "do you know where the key is",
    "you know where the key is, don't you",
    "we left at nine and it rained all the way and I was soaked. Have you ever been there?",
    "I don't know what to do. What would you do?",
    "anyway that was my week how was yours",
    "so that's where we are, what do you reckon",
    "My sister moved out last week. How's yours doing?",
    "What would you have done, you know?",
    "You said he'd call, did he?",
    "How can I help you?",
    "Do you want to come, or not?",
    "Are you listening? I mean it.",
]
REQUESTED = [
    "Could you please bring the big blue tent and both of the mats on Saturday? We are six this time.",
    "tell me, did he call",
    "Tell me about your mother.",
    "tell me about the house you grew up in",
    "tell me how it was",
    "tell me what happened",
    "Talk to me.",
    "Say more about that.",
    "say a bit more about the garden",
    "Go on, tell me.",
    "could you say that again",
    "Can you tell me more about that?",
    "would you help me carry it",
    "I'd like you to tell me about it",
    "I want you to look at this.",
    "help me understand",
    "Explain it to me.",
    "describe it to me",
    "Give me an example.",
    "keep going, please",
    "Show me how you did it.",
    "I wonder if you could open the window",
    "I was wondering if you could drive me",
    "Walk me through it.",
    "let me hear it",
    "Come and sit here, will you",
    "Remind me what her name is.",
    "Let's hear about your day.",
    "Would you mind telling me how it ended?",
    "just tell me one thing about it",
    "Please wait. Just a minute.",
]
NOT_FOR_THE_OTHER = [
    "My guess is you are right.",
    "Well, I think you know what to do, you have done it before.",
    "what happens is you get tired",
    "in the end what happens is you get tired",
    "what happened was a mess",
    "what made me stay",
    "it rained but the boys still did it",
    "you know she cried and so did you",
    "I want you to know that I love you.",
    "and he said, are you coming?",
    'And he said, "Are you coming?"',
    "she goes do you want some tea",
    "he was like, what are you doing here",
    "and I'm like, are you serious?",
    "They asked if we were coming.",
    "He asked me what I wanted.",
    'My mother asked, "Where have you been?"',
    "i said to him what do you think you are doing",
    "so I thought, what is she doing here?",
    "and I was thinking why is he doing this to me",
    "I kept asking myself, why me?",
    "I asked myself what am I doing here",
    "What was I thinking?",
    "Who cares?",
    "who knows",
    "God knows why",
    "who would do such a thing",
    "How could he do that to me?",
    "how dare he",
    "why would anyone say that",
    "What's the point?",
    "what can you do",
    "you know?",
    "It was so hot, you know?",
    "it was just too much right",
    "and then we went home, right, and she",
    "and I was alone, okay, and nobody called",
    "so there I was, you see?",
    "I wonder why he left.",
    "I wonder what she thinks of me.",
    "I always wondered where they went.",
    "I was wondering about it all week.",
    "I don't know if you remember him.",
    "I know what you mean.",
    "that's what you think",
    "whatever you say",
    "how I hated that place",
    "what a day it was",
    "What a mess!",
    "how lovely that was",
    "when you are tired you make mistakes",
    "if you ask me it was his fault",
    "whether or not he comes is up to him",
    "I can't tell you how happy I was",
    "I never knew who he was",
    "that is when I knew",
    "where I come from nobody asks",
    "which is what I said",
    "who I am is not what they see",
    "I told her how it was",
    "I couldn't say where it went",
    "no matter what you do they complain",
    "I asked her to stay.",
    "do you know what, I left",
    "you know what, I don't care",
    "guess what, she came back",
    "Had I known, I would have stayed.",
    "were it not for her I'd have left",
    "is what it is",
    "did my homework and went to bed",
    "can't complain",
    "have been there since May",
    "do what you like",
    "and did he help? No, he did not.",
    "Why did I stay? Because I was afraid.",
    "Did I cry? I cried all night.",
    "And you know what he did? He left.",
    "I had no idea what was going on",
    "nor did I",
    "so did she",
    "neither was he",
    "and boy was I wrong",
    "never have I been so cold",
    "only then did he tell me",
    "not only did he leave he took the dog",
    "as did my father",
    "than did the others",
    "What I want is a rest.",
    "may he rest in peace",
    "He told me to sit down.",
    "she said tell me about it",
    "I said could you please leave",
    "my father used to say give me a minute",
    'he said, "Help me understand."',
    "tell him I said hello was all she wrote",
    "I wanted to tell you about the boat and the day we nearly sank",
    "they want me to talk to them",
    "I had to show him how it works",
    "Did I cry? I did.",
    "And have it printed on a shirt",
    "Do this.",
    "Do you know what I mean?",
    "Hard to forget, you know what I mean?",
]
ONLY_BY_ITS_MARK = [
    "She asked me to wait, is that all right?",
    "So you'd rather stay? I mean.",
    "You're saying it is always there?",
    "That's the one, right?",
    "You mean the one by the river?",
    "You're coming, right?",
    "It's yours, okay?",
    "So you'd rather stay?",
    "You went back there? Again?",
]
LEFT_BEHIND = [
    'My mother, as always: "Where were you?"',
    "Did he call? Never.",
    "Could you pass the salt, I said. He did not even look up, he went on reading his paper all evening.",
    "Have you been there? We went last summer with my brother and it rained the whole week.",
    "Can you hold this? I asked him that and he simply left the room without a word.",
]
TAGS_IN_A_TALE = [
    "and then she left, right?",
    "So I was standing there in the rain, right?",
    "He had the keys the whole time, okay?",
    "I worked all night, yeah?",
]


def unmarked(text: str) -> str:
    """The text as a recogniser without punctuation returns it."""
    return re.sub(r"[?.!,\"]", "", text).lower()


def is_answered(text: str) -> bool:
    """Whether the next turn after `text` would be an answer."""
    reading = read(text)
    return reading.question or reading.request


@pytest.mark.parametrize("text", ASKED)
def test_a_question_to_the_other_person_is_recognised_with_and_without_punctuation(text):
    assert read(text).question
    assert read(unmarked(text)).question


@pytest.mark.parametrize("text", REQUESTED)
def test_a_request_is_recognised_with_and_without_punctuation(text):
    assert is_answered(text)
    assert is_answered(unmarked(text))


@pytest.mark.parametrize("text", ONLY_BY_ITS_MARK)
def test_a_question_by_intonation_alone_needs_its_question_mark(text):
    assert read(text).question
    assert not read(unmarked(text)).question


@pytest.mark.parametrize("text", [*NOT_FOR_THE_OTHER, *TAGS_IN_A_TALE])
def test_statements_and_rhetorical_questions_are_not_questions(text):
    assert not is_answered(text)
    assert not is_answered(unmarked(text))


@pytest.mark.parametrize("text", LEFT_BEHIND)
def test_a_question_that_was_answered_quoted_or_left_behind_does_not_count(text):
    assert not is_answered(text)


STORY = "We moved into that house in the spring and for a year we had no heating."


@pytest.mark.parametrize(
    "text", ["What would you have done?", "Tell me, would you have stayed?", "Is it cold at yours?"]
)
def test_the_last_words_decide_whether_a_stretch_ends_in_a_question(text):
    assert is_answered(f"{STORY} {text}")
    assert not is_answered(f"{text} {STORY}")


@pytest.mark.parametrize("behind", ["You know.", "I mean.", "Just curious."])
def test_a_few_words_after_a_question_do_not_take_it_back(behind):
    assert is_answered(f"{STORY} What would you have done? {behind}")
