"""What the benches share. Read it in this order:

data.py       the folder of development data
truth.py      a recording and what is known to be true of it
made.py       conversations with exact truth, made from readers, rooms and noises
recorded.py   the real call and the meeting pieces
scores.py     how far what was heard is from what is true; pure
coach_says.py the coach as a user runs it
parts.py      what people use today: Silero, WebRTC, Praat, Moonshine
figures.py    the figures that are told of a score
mapped.py     names for people who were only numbered
diarized.py   who speaks when, with nobody enrolled
noises.py     sound that is not talk
depths.py     depth on unseen conversations
answers.py    kinds of response on unseen conversations
own_voice.py  the coach speaking in a room with a microphone
sayings.py    what people say into its cues
wishes.py     wishes said to the coach, in real time
said.py       sentences spoken, and heard by a recogniser
kept.py       results that need not be computed again
tables.py     text tables
watched.py    a bar for the person who waits
"""
