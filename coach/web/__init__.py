"""The page on the table: a server for this machine alone, which a browser shows.

command   `coach open`
server    listens on a port of this machine, opens the browser, ends with the last page
access    who may ask for anything: host, origin, cookie, sizes, connections
app       which address shows which of the `pages`, and which of the `buttons` does what
relabel   who spoke, put right afterwards
own_settings  the settings that people change
table     the one session that runs, whoever looks at it
stream    what is shown live, sent to every page that is open
recordings  files that are dropped on the page, analysed one after another
glance    the live view for a phone or tablet in the same network
trial     hears a microphone for five seconds

What the pages say is in `coach.core.texts`.
"""

__all__ = ["command"]
