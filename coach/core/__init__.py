"""Shared by all packages: time in whole samples, events, errors, settings, and the files that ship with the coach.

The modules are the public face: `from coach.core.span import Span`.
"""

__all__ = [
    "errors",
    "events",
    "files",
    "invocation",
    "languages",
    "messages",
    "names",
    "networks",
    "placeholders",
    "resources",
    "settings",
    "settings_file",
    "span",
    "system_language",
    "texts",
    "times",
    "understood",
]
