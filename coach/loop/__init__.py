"""The loop: the one room that knows all the others, and wires them for live talk and for files.

table.py      from a hop of sound to every event that follows from it; the same for all drivers
beginning.py  the check-in: names meet voices
files.py      the fast driver: a recording, as quickly as it goes
live.py       the paced driver: microphone or file in real time, with threads for words, store and voice
mouth.py      the thread that renders and plays what the coach says
"""
