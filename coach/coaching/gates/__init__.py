"""The gates that a case must pass before its cue is played.

`gate` defines a gate and its context. The gates in `relevance` decide whether the case calls for a cue at all. Those in
`permission` decide whether a cue may be played now. `order` lists them all.
"""
