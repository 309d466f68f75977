"""The calm full-terminal view of `coach listen`.

app.py       the textual app: keys, the inbox that other threads post into, ten looks a second
rows.py      each row of the screen as text, from a View and a width alone
terminal.py  keeps what native libraries print from being drawn over the screen
"""

from coach.cli.screen.app import Commands, ListenScreen

__all__ = ["Commands", "ListenScreen"]
