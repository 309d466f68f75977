"""What the speaker of `scripts/bench/session` tells in a rehearsal, and with which pauses.

First calmly what happened; then in a rush; then with pauses again, and a long silence at the end of a run of events, to
which an invitation belongs; then inwardly.
"""

from __future__ import annotations

from measuring.aloud import Line

RUSH = 0.72  # of the time that the voice takes by itself

CALM = (
    Line(2.0, "On Monday we got the keys to the new flat, and I went there before work to measure the rooms."),
    Line(1.2, "The caretaker showed me the cellar and the place for the bicycles."),
    Line(1.5, "After that I drove to the shop and ordered the shelves and a lamp for the hall."),
    Line(1.3, "They said that it would take ten days, and that somebody would call us."),
    Line(1.6, "On Tuesday my brother came with the van, and we carried the boxes up to the third floor."),
    Line(1.2, "He had brought the big table from our parents, and two of the chairs."),
    Line(1.8, "We put the table into the kitchen, and the chairs by the window."),
    Line(1.4, "In the evening the neighbour rang, and she gave us bread and salt."),
    Line(1.5, "Then we ordered pizza for everyone, and ate it on the floor between the boxes."),
    Line(1.7, "On Wednesday the man from the power company read the meter and wrote it down."),
)
RUSHED = (
    Line(1.0, "And then the shop called and said the shelves had come early.", RUSH),
    Line(0.1, "So I left the office at noon and took the bus across the town.", RUSH),
    Line(0.1, "But the bus was late, and when I got there the shop had closed for lunch.", RUSH),
    Line(0.1, "I called my brother, and he was on the other side of the river with the van.", RUSH),
    Line(0.1, "He drove back, and we loaded the shelves, and one of them fell onto the road.", RUSH),
    Line(0.1, "The driver behind us got out and shouted, and we had to move the van.", RUSH),
    Line(0.1, "Then we drove home, and there was no place to park, so we stopped at the corner.", RUSH),
    Line(0.1, "We carried everything up, and the lift was broken, and the light went out.", RUSH),
    Line(0.1, "I dropped the screws on the stairs and went back down to pick them up.", RUSH),
    Line(0.1, "And then the caretaker came and said that the van had to go at once.", RUSH),
    Line(0.1, "So my brother left, and I put the shelves up by myself until ten.", RUSH),
)
PAUSING = (
    Line(8.0, "On Thursday I painted the small room, and the walls needed a second coat."),
    Line(2.0, "The paint ran out, so I walked to the shop and bought another two cans."),
    Line(2.2, "On Friday the plumber came, and he put in the new tap."),
    Line(1.8, "He said that the old pipe had been leaking since the winter."),
    Line(2.4, "My parents drove over on Saturday, and they brought the books and the plants."),
    Line(2.0, "My father put up the lamp in the hall, and my mother washed the windows."),
    Line(2.1, "They left at six, because they wanted to be home before dark."),
    Line(2.2, "After that I carried the empty boxes down to the cellar."),
    Line(1.9, "On Sunday the shop sent two men with the bed, and they set it up in an hour."),
    Line(2.0, "They took the old one with them in their van, and I signed the paper."),
)
INWARD = (
    Line(9.0, "And I notice how tired I am, and how sad."),
    Line(3.0, "I miss the old street, and the people who knew me there."),
    Line(4.0, "I feel lonely in these rooms at night, and a little afraid."),
    Line(3.5, "What I need is somebody to sit with me here, without doing anything."),
    Line(4.5, "I hope that it will feel like home one day."),
)
REHEARSED = (*CALM, *RUSHED, *PAUSING, *INWARD)
