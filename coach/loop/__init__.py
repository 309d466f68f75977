"""The loop: the one room that knows all the others, and wires them for live talk and for files.

table.py      from a hop of sound to every event that follows from it; the same for all drivers
plan.py       what a session is to be
opening.py    what comes before the talk, one phase after another
beginning.py  the first of them, the check-in: names meet voices
exercise.py   a talk, a talk whose turns go by the clock, or one person's rehearsal
practising.py what the coach says while it listens to nobody: the guided beginning alone, the end of a session
files.py      the fast driver: a recording, as quickly as it goes
live.py       the paced driver: microphone or file in real time, with threads for words, store and voice
mouth.py      the thread that renders and plays what the coach says
"""
