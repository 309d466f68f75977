"""The settings, and the errors for invalid ones."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from coach.core.errors import BadSetting, CoachError
from coach.core.settings import Settings, data_folder, load_settings, private_folder, settings_explained


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "settings.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def complaint(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(BadSetting) as caught:
        load_settings(written(tmp_path, text))
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_file_changes_the_settings_that_it_names_and_no_others(tmp_path):
    settings = load_settings(
        written(tmp_path, 'pause = 3\npeople = ["Ana", "Ben  Li"]\nkeep_days = 30\ncues_off = ["over"]\n')
    )
    assert settings == Settings(pause=3.0, people=("Ana", "Ben Li"), keep_days=30, cues_off=("over",))
    assert isinstance(settings.pause, float)


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path):
    assert load_settings(written(tmp_path, b"\xef\xbb\xbfpause = 1.0\n")).pause == 1.0


def test_without_a_file_the_defaults_apply(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert load_settings() == Settings()
    (tmp_path / "coach").mkdir()
    (tmp_path / "coach" / "settings.toml").write_text("pause = 4.5\n")
    assert load_settings().pause == 4.5


def test_an_explicitly_named_file_must_exist(tmp_path):
    with pytest.raises(BadSetting, match="there is no settings file"):
        load_settings(tmp_path / "nowhere.toml")
    with pytest.raises(BadSetting, match="cannot be read"):
        load_settings(tmp_path)


def test_a_misspelt_setting_is_reported_with_its_file_and_the_nearest_known_one(tmp_path):
    message = complaint(tmp_path, "quiet_frist = 30\n")
    assert "settings.toml" in message
    assert "quiet_frist" in message
    assert "did you mean quiet_first?" in message


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("pause = 0.4", "a number from 0.5 to 5"),
        ("pause = 5.1", "a number from 0.5 to 5"),
        ("pause = nan", "a number from 0.5 to 5"),
        ("pause = true", "a number from 0.5 to 5"),
        ('pause = "2"', "a number from 0.5 to 5"),
        ("keep_days = 1.5", "a whole number from 0 to 36500"),
        ("pause_grows = 1", "true or false"),
        ('cues = "some"', "none, tones, full"),
        ("cues = 1", "none, tones, full"),
        ("keep = []", "stats, words, audio"),
        ("input = 3", "text in quotes"),
        ('people = "Ana"', '["Ana", "Ben"]'),
        ("people = [1]", '["Ana", "Ben"]'),
        ('people = ["Ana", " Ana"]', "a different name"),
        ('people = ["?"]', "? stands for an unknown voice"),
        ('people = [""]', "at least one letter"),
        ('people = ["\\u200d"]', "at least one letter"),
        ('people = ["Ana\\u0007"]', "an invisible character (U+0007)"),
        ('people = ["An\\u200ba"]', "an invisible character (zero width space, U+200B)"),
        ('people = ["' + 41 * "a" + '"]', "41 letters, and a name has 40 at most"),
        ('people = ["a' + 400 * "\\u0301" + '"]', "too many to show"),
        ('people = ["Zo\\u00eb", "Zoe\\u0308"]', "a different name"),
        ('people = ["Ana=1"]', "neither a comma nor an equals sign"),
        ("[cues]\nform = 1", "none, tones, full"),
    ],
)
def test_an_invalid_value_is_reported_with_the_allowed_values(tmp_path, line, allowed):
    message = complaint(tmp_path, line + "\n")
    assert allowed in message
    assert "settings.toml" in message


def test_broken_toml_is_reported_with_its_line(tmp_path):
    assert "line 2" in complaint(tmp_path, "pause = 2.0\ncues = full\n")


def test_a_file_that_is_not_text_is_reported(tmp_path):
    assert "UTF-8" in complaint(tmp_path, b"\xff\xfe\x00p")


def test_an_option_overrides_the_file_and_is_checked_in_the_same_way():
    settings = Settings(pause=3.0).with_options(pause=1.5, people=("Ana",), keep=None)
    assert (settings.pause, settings.people, settings.keep) == (1.5, ("Ana",), "stats")
    with pytest.raises(BadSetting, match=r"--quiet-first is -1, but it must be a number from 0 to 86400"):
        settings.with_options(quiet_first=-1)
    with pytest.raises(BadSetting, match=r"--quiet-frist is not a setting"):
        settings.with_options(quiet_frist=1)


def test_every_setting_is_explained_in_one_sentence_and_its_default_is_allowed():
    defaults = Settings()
    assert all(says.endswith(".") and says.count(". ") == 0 for says in settings_explained().values())
    assert list(settings_explained()) == list(defaults.as_dict())
    assert defaults.with_options(**defaults.as_dict()) == defaults


def test_only_the_owner_can_read_the_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (tmp_path / "coach").mkdir(mode=0o755)
    folder = data_folder()
    assert folder == tmp_path / "coach"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_data_folder_that_cannot_be_made_is_reported_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CoachError, match="cannot be used"):
        private_folder(tmp_path / "file" / "coach")


@pytest.mark.parametrize(
    "name",
    [
        "\u0645\u0647\u200c\u0633\u0627",  # Persian, with a zero width non-joiner
        "\U0001f469\u200d\U0001f4bb Bo",  # a woman at a computer: two emoji and a joiner
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f Jo",  # the flag of England
        40 * "\u0e19\u0e34",  # Thai: forty letters, each with a vowel above
        20 * "\U0001f469\U0001f3fd\u200d\U0001f4bb",
    ],
    ids=["Persian", "emoji", "flag", "Thai", "many emoji"],
)
def test_a_name_may_be_in_any_script(name):
    assert Settings().with_options(people=[name]).people == (name,)


def test_a_name_is_kept_in_the_composed_form_however_it_is_typed():
    assert Settings().with_options(people=["Zoe\u0308"]).people == ("Zo\u00eb",)
