"""Changes in the settings file, which leave everything else in it as it is: comments, order, other settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import tomlkit

from coach.core.errors import CoachError, not_writable, reason_of
from coach.core.files import read_text, write_private
from coach.core.settings import Settings, checked_settings, load_settings, private_folder, settings_path


def change_settings(changes: Mapping[str, Any]) -> Settings:
    """Sets `changes`, by the settings' names, in the user's file. Returns all settings as they are then.

    A value that is the default is removed from the file, so that a later default holds. Raises BadSetting, and changes
    nothing, if a value is not allowed or the file has mistakes; NotWritable or another CoachError if it cannot be
    written.
    """
    now = load_settings()
    wanted = checked_settings(changes)
    path = settings_path()
    document = tomlkit.parse(read_text(path) or "")
    defaults = {spec.name: spec.default for spec in fields(Settings)}
    changed = False
    for key, value in wanted.items():
        if value == getattr(now, key):
            continue
        changed = True
        if value == defaults[key]:
            document.pop(key, None)
        else:
            document[key] = list(value) if isinstance(value, tuple) else value
    if changed:
        private_folder(path.parent)
        try:
            write_private(path.resolve(), tomlkit.dumps(document).encode())  # of a link, its target
        except OSError as error:
            raise not_writable(error, path) or CoachError(
                f"the settings file {path} cannot be written ({reason_of(error)})"
            ) from error
    return load_settings()
