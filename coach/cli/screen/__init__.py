"""The full-screen view of `coach listen`.

app.py       the textual app: keys, an inbox for events from other threads, ten updates a second
rows.py      each row of the screen as text: pure functions of a View and a width
terminal.py  keeps output of native libraries off the screen
"""

from coach.cli.screen.app import Commands, ListenScreen

__all__ = ["Commands", "ListenScreen"]
