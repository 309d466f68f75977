"""The gates a case has to pass before its cue sounds: what each decides, and in which order they are asked.

`gate` says what a gate is and what it may look at, `relevance` asks whether it was too soon (or an event) at all,
`timing` whether a cue may sound now, `order` lists them.
"""
