"""What can go wrong, as a person should read it.

    CoachError                 one line for the person, exit status 1
    ├── BadInput               a file, a device or a recording that cannot be used
    ├── BadSetting             a setting that is unknown or out of range
    └── Missing                a part of the machine that is not there (PortAudio, a voice, a model)

The message says what went wrong, what it means and what to do, in one line. The command line prints it to stderr
and shows no traceback unless `--debug` was given.
"""


class CoachError(Exception):
    """Base of everything that the coach raises on purpose."""


class BadInput(CoachError):
    """A file, device or recording that cannot be used."""


class BadSetting(CoachError):
    """A setting that is unknown or out of range."""


class Missing(CoachError):
    """A part of the machine that is not there."""
