"""The gates that a case must pass before its cue sounds.

`gate` defines a gate and its context. The gates in `relevance` decide whether the case calls for a cue at all, those in
`timing` whether a cue may sound now. `order` lists them.
"""
