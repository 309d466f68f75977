"""Long talk that is not a share and gets no invitation: films, news, jokes, plans, answers."""

import re

import pytest

from coach.core.events import Words
from coach.core.span import Span
from coach.meaning import Reader, RunEstimate, Runs, read

ELSEWHERE = [
    "There's this film where a nurse moves to the coast and nobody will talk to her.",
    "In the last episode he burns the house down with all the money in it.",
    "The main character is a baker and his wife is a spy.",
    "I watched a documentary about eels last night.",
    "On the news they said the bridge is closed until June.",
    "The prime minister stood up and half of them walked out.",
    "So an Englishman and a Welshman get stuck in a lift.",
    "The striker hit the post twice and the referee sent the captain off.",
    "I'm only joking, he never said that.",
]
OWN_LIFE = [
    "That film made me cry for my father.",
    "We went to see that film and my sister lost her bag in there.",
    "I was on the news once, they filmed me in front of my shop.",
    "My uncle met the prime minister at our school and she shook my hand.",
    "My son's game was on Saturday and I drove all five of them there.",
    "I told him a joke about my boss and my boss was standing behind me.",
    "She bought the book for me and I left it in my mother's car.",
]

STRETCH_S, SILENCE_S = 6, 0.5  # seconds: the longest span for a recogniser, and a breath

OWN_TALES = {
    "a weekend": [
        "So on Saturday we took the van down to my cousin's place in the valley.",
        "He'd rented one of those big saws and the man at the shop showed him how it starts.",
        "Then the neighbour came over and said the tree was on his side of the fence.",
        "My cousin went in and got the map and they put it on the bonnet and measured it twice.",
        "And in the end they called the council and a woman came out with a tape on Monday.",
        "She walked all the way round it and wrote it down and then she had a coffee with us.",
        "So we drove home with an empty van and the saw went back to the shop.",
        "And the neighbour cut the thing down himself the week after, without a word.",
        "My cousin sent me a picture of it, the stump and the fence and nothing else.",
    ],
    "an evening at the cinema that went wrong": [
        "We went to see that film on Friday, the two of us and my sister.",
        "My sister had booked the seats online but she'd booked them for the Thursday.",
        "So I went to the desk and I asked the man if he could change them.",
        "He called the manager and the manager looked at my phone and shook his head.",
        "We bought three more tickets and they put us in the front row on the left.",
        "Halfway through the fire alarm went and we all had to go out to the car park.",
        "My sister got talking to a man from her old school and she gave him her number.",
        "Then we went back in and I'd lost my coat, so I had to look under all the seats.",
        "And we got home at one and my sister had the man's coat instead of mine.",
        "So the next day I drove over there and we swapped them in the road.",
    ],
    "a day in court": [
        "I was called up for the jury in March, the letter came on a Monday.",
        "We had to be there at nine and they kept us in a room with no windows.",
        "The suspect was a boy of twenty, and my neighbour on the bench knew his mother.",
        "So I told the clerk, and the clerk told us both to wait outside.",
        "I waited for two hours and then they sent me home for the day.",
        "On the Tuesday I came back and they had put somebody else in my seat.",
        "My boss wanted a form for the two days and the clerk had no forms left.",
        "So I went back a third time and I stood in the line for the form.",
        "And I got it in the end, and my boss put it in a drawer.",
        "I still have the letter at home, it's on my fridge.",
    ],
}

NO_SHARES = {
    "the plot of a film": [
        "Oh, I watched this film last night, it's about a nurse who moves to the coast.",
        "She takes a job in this old hospital and everybody there is really strange.",
        "And then she finds a box of letters in the attic, from the woman before her.",
        "So she starts reading them at night and somebody keeps leaving new ones at the door.",
        "He goes and tells the doctor, and the doctor burns the whole lot of them.",
        "But she had copied them all, and she drives to the city with the copies.",
        "And the main character turns out to be the daughter of the woman in the letters.",
        "Then they all sit down in the kitchen and the doctor walks in with a gun.",
        "The brother throws the lamp at him and it all goes dark and you hear a shot.",
        "And the last scene is just the sea and the box floating on it.",
    ],
    "a series, with an onlooker's I": [
        "We've been watching that series, the one with the two detectives in Belfast.",
        "I think the older one did it, because he was in the car park in the first episode.",
        "He told his wife he was at work and she found the receipt in the coat.",
        "And then the young one goes to the harbour and finds the boat with nobody in it.",
        "I remember the boat was blue and later in the episode it was suddenly green.",
        "They dragged the water and they only found the other man's shoes.",
        "And I won't spoil it but the wife was not where she said she was either.",
        "She had taken the money out of the bank and she bought two tickets to Spain.",
        "I know, and the chief just lets them go at the airport.",
        "He shakes his hand and walks off and the music comes on.",
    ],
    "the news": [
        "Did you see it, the prime minister stood up and said the whole thing was off.",
        "They had promised it for the spring and the opposition walked out of the room.",
        "And then the minister went on the radio and said nobody had told him.",
        "The markets went down and the bank had to put out a statement by noon.",
        "He said there would be an inquiry and she said there had been two already.",
        "On the news they showed the same pictures of the bridge over and over.",
        "The council closed the road and they sent all the lorries round by the coast.",
        "And people stood there with signs and the police moved them on.",
        "They arrested a man who had climbed up the crane with a flag.",
        "The company said it was the weather and the union said it was the bolts.",
    ],
    "a joke": [
        "So a man walks into a bar with a parrot on his shoulder.",
        "The barman says where did you get that, and the parrot says in the market.",
        "He puts the parrot on the counter and orders two pints and a bowl of nuts.",
        "Then the parrot drinks the one pint and falls straight off the counter.",
        "The barman runs round and picks it up and puts it in the fridge to cool it down.",
        "And it screams and swears in there and then it goes completely quiet.",
        "So he opens the door and the parrot walks out and says it is very sorry.",
        "And the barman says that is quite all right, what changed your mind.",
        "And the parrot says nothing, it just points at the chicken.",
        "The man pays for the nuts and they both walk out of the door.",
    ],
    "arrangements": [
        "I'll pick up the kids from school on Tuesday and you can take the car.",
        "She goes to her mother's at five so the boiler man has to come before that.",
        "We need to book the dentist and I can call them in the morning.",
        "He was there last week and he said that he would bring the part.",
        "Then I'll do the shopping on the way back, we're out of milk and eggs.",
        "My sister comes on Thursday with the two boys and they stay until Sunday.",
        "Can you put the bins out tonight, they come at seven.",
        "You could ring the plumber and I'll email you the invoice.",
        "The train gets in at ten past six and she has a big suitcase.",
        "So I'll drop you off at the station and then fetch her from there at half past.",
        "We went with the blue van last time and it was cheaper.",
        "Let me know by Friday if we need to book the tickets.",
    ],
}


def recognised(text: str) -> str:
    """The text as a poor recogniser would write it: lower case, no punctuation but apostrophes."""
    return " ".join(re.sub(r"[^a-z0-9' ]", " ", text.lower()).split())


def told(*lines: tuple[str, str]) -> RunEstimate:
    """Ana's run after `lines` of (who, text), one after the other with a breath between them."""
    reader, runs, clock = Reader(), Runs(), 0.0
    for who, text in lines:
        reading = reader.read(who, text)
        span = Span.seconds(clock, clock + STRETCH_S)
        runs.hear(
            Words(
                at=span.end,
                who=who,
                span=span,
                count=reading.count,
                text=text,
                sentences=reading.sentences,
                acknowledgement=reading.acknowledgement,
                question=reading.question,
                request=reading.request,
                logistics=reading.logistics,
                elsewhere=reading.elsewhere,
                level=reading.level,
                p_experience=reading.p_experience,
            )
        )
        clock += STRETCH_S + SILENCE_S
    return runs.estimate("Ana")


def by_ana(lines: list[str]) -> list[tuple[str, str]]:
    return [("Ana", text) for text in lines]


@pytest.mark.parametrize("as_written", [str, recognised], ids=["typed", "recognised"])
@pytest.mark.parametrize("tale", OWN_TALES)
def test_a_minute_of_own_events_is_events_even_with_a_film_or_a_suspect_in_it(tale, as_written):
    assert told(*by_ana([as_written(text) for text in OWN_TALES[tale]])).events


@pytest.mark.parametrize("as_written", [str, recognised], ids=["typed", "recognised"])
@pytest.mark.parametrize("talk", NO_SHARES)
def test_a_minute_of_non_personal_talk_is_not_a_run_of_events(talk, as_written):
    assert not told(*by_ana([as_written(text) for text in NO_SHARES[talk]])).events


@pytest.mark.parametrize("as_written", [str, recognised], ids=["typed", "recognised"])
@pytest.mark.parametrize("text", ELSEWHERE)
def test_a_plot_the_news_and_a_joke_are_not_sharing(text, as_written):
    reading = read(as_written(text))
    assert (reading.elsewhere, reading.level) == (True, "N")


@pytest.mark.parametrize("as_written", [str, recognised], ids=["typed", "recognised"])
@pytest.mark.parametrize("text", OWN_LIFE)
def test_talk_in_which_the_speaker_appears_is_personal(text, as_written):
    assert not read(as_written(text)).elsewhere


def test_an_inner_response_to_a_film_is_inner():
    for text in ("That film made me cry for my father.", "I felt so lonely after that film."):
        assert read(text).level in ("2", "3")


def test_a_plot_goes_on_until_the_speaker_appears():
    plot, after = "Then she finds the letters in the attic.", "I drove to my mother's and she was out."
    reader = Reader()
    found = [reader.read("Ana", text).elsewhere for text in (ELSEWHERE[0], plot, plot, after, plot)]
    assert found == [True, True, True, False, False]


def test_a_question_about_the_plot_does_not_end_it():
    reader = Reader()
    reader.read("Ana", ELSEWHERE[0])
    assert reader.read("Ben", "Did I tell you about my cousin?").question
    assert reader.read("Ana", "Then she finds the letters in the attic.").elsewhere


def test_a_joke_in_a_long_stretch_takes_back_only_part_of_it():
    long = (
        "We drove my van up there and I'd left the map at home, I'm only joking, my wife had it, and we found the farm."
    )
    assert not read(long).elsewhere


TALE = by_ana(OWN_TALES["a weekend"])


def test_answers_to_questions_are_what_is_told():
    questions = ["Which van was it?", "Who had the saw?", "And then what happened?", "What did he say?"]
    lines = [line for k, answer in enumerate(TALE) for line in (("Ben", questions[k % 4]), answer)]
    assert told(*lines).events
    assert told(*lines).speech == told(*TALE).speech
