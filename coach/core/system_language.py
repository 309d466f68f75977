"""The language of this system, as its locale says.

>>> system_language({"LANG": "de_DE.UTF-8"})
'de'
>>> system_language({"LC_ALL": "C", "LANG": "de_DE.UTF-8"})
''
"""

from __future__ import annotations

import os
from collections.abc import Mapping

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # POSIX: the first of these that is not empty counts


def system_language(environment: Mapping[str, str] = os.environ) -> str:
    """The code of the language in which programs should speak, two or three letters; empty if the locale names none.

    Windows sets none of these variables by itself.
    """
    locale = next((value for name in VARIABLES if (value := environment.get(name, ""))), "")
    code = locale.partition(".")[0].partition("_")[0].lower()
    return code if 2 <= len(code) <= 3 and code.isalpha() else ""
