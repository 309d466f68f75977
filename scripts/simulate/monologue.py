"""The monologue and its pauses for the rehearsal in `scripts/bench/run session`.

The speaker tells events calmly, then in a rush, then with pauses, and finally talks about feelings. Each line starts
with the seconds of silence before it.
"""

from __future__ import annotations

from scripts.simulate.tts import Line

CALM_PACE, RUSH_PACE = 1.2, 0.85  # relative to the voice's own duration

CALM = """
2 On Monday we got the keys to the new flat, and I went there before work to measure the rooms.
1.2 The caretaker showed me the cellar and the place for the bicycles.
1.5 After that I drove to the shop and ordered the shelves and a lamp for the hall.
1.3 They said that it would take ten days, and that somebody would call us.
1.6 On Tuesday my brother came with the van, and we carried the boxes up to the third floor.
1.2 He had brought the big table from our parents, and two of the chairs.
1.8 We put the table into the kitchen, and the chairs by the window.
1.4 In the evening the neighbour rang, and she gave us bread and salt.
1.5 Then we ordered pizza for everyone, and ate it on the floor between the boxes.
1.7 On Wednesday the man from the power company read the meter and wrote it down.
1.4 He said that the cellar was damp, and that the owner knew about it.
1.5 I wrote to the owner the same day, and he promised to send somebody.
"""
RUSHED = """
1 And then the shop called and said the shelves had come early.
0.25 So I left the office at noon and took the bus across the town.
0.25 But the bus was late, and when I got there the shop had closed for lunch.
0.25 I called my brother, and he was on the other side of the river with the van.
0.25 He drove back, and we loaded the shelves, and one of them fell onto the road.
0.25 The driver behind us got out and shouted, and we had to move the van.
0.25 Then we drove home, and there was no place to park, so we stopped at the corner.
0.25 We carried everything up, and the lift was broken, and the light went out.
0.25 I dropped the screws on the stairs and went back down to pick them up.
0.25 And then the caretaker came and said that the van had to go at once.
0.25 So my brother left, and I put the shelves up by myself until ten.
"""
PAUSING = """
6 On Thursday I painted the small room, and the walls needed a second coat.
4 The paint ran out, so I walked to the shop and bought another two cans.
3.6 On Friday the plumber came, and he put in the new tap.
4.2 He said that the old pipe had been leaking since the winter.
3.8 My parents drove over on Saturday, and they brought the books and the plants.
4.4 My father put up the lamp in the hall, and my mother washed the windows.
3.7 They left at six, because they wanted to be home before dark.
4.1 After that I carried the empty boxes down to the cellar.
4.5 On Sunday the shop sent two men with the bed, and they set it up in an hour.
3.9 They took the old one with them in their van, and I signed the paper.
4.3 On Monday I went back to work, and in the evening I unpacked the kitchen.
3.8 There were nine plates left, and the big pot had lost its lid.
4.2 The neighbour's son came over and asked whether we had seen their cat.
4 We looked in the cellar and behind the bicycles, and found it in our own hall.
4.4 On Tuesday the owner sent a man who looked at the walls of the cellar.
"""
INWARD = """
7 And I notice how tired I am, and how sad.
3 I miss the old street, and the people who knew me there.
4 I feel lonely in these rooms at night, and a little afraid.
3.5 What I need is somebody to sit with me here, without doing anything.
4.5 I hope that it will feel like home one day.
"""


def lines(text: str, pace: float) -> tuple[Line, ...]:
    pairs = (line.split(" ", 1) for line in text.strip().splitlines())
    return tuple(Line(float(pause), said, pace) for pause, said in pairs)


REHEARSED = (
    *lines(CALM, CALM_PACE),
    *lines(RUSHED, RUSH_PACE),
    *lines(PAUSING, CALM_PACE),
    *lines(INWARD, CALM_PACE),
)
