# Sourced by ./run and ./test: makes .venv and installs what the lock names. Needs only a Python with venv.
# prepare LOCK: LOCK is requirements.lock (to run) or requirements-dev.lock (to test; holds the former too).

step_started=0
step() {
  step_started=$(date +%s)
  printf '▸ %s … ' "$1"
}
done_step() {
  printf '%s s\n' $(($(date +%s) - step_started))
}

find_python() {
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      command -v "$candidate"
      return 0
    fi
  done
  echo "city1361 needs Python 3.11 or newer with venv; found: $(python3 --version 2>/dev/null || echo none)." >&2
  echo "On Debian or Ubuntu: apt install python3 python3-venv" >&2
  return 1
}

# What an installation depends on: unchanged means nothing to do.
fingerprint() {
  {
    cat requirements.lock requirements-dev.lock pyproject.toml hatch_build.py
    find frontend src/city1361/locale -type f ! -path '*/node_modules/*' ! -name '*.mo' -print0 2>/dev/null |
      sort -z | xargs -0 cat
    .venv/bin/python --version 2>/dev/null || true
    pwd
  } | checksum | cut -d ' ' -f 1
}

checksum() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi
}

# uv does not read pip's settings: an index that was given to pip is meant for it too.
follow_index_of_pip() {
  if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    index=${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)}
    if [ -n "$index" ]; then
      UV_DEFAULT_INDEX=$index
      export UV_DEFAULT_INDEX
    fi
  fi
}

prepare() {
  lock=$1
  python=$(find_python) || exit 1
  if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c '' 2>/dev/null; then
    step "Making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
    done_step
  fi
  if [ ! -x .venv/bin/uv ]; then
    step "Installing uv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
    done_step
  fi
  now=$(fingerprint)
  for ready in "$lock" requirements-dev.lock; do
    [ "$(cat ".venv/.installed-$ready" 2>/dev/null)" = "$now" ] && return 0
  done
  follow_index_of_pip
  step "Installing the packages of $lock"
  .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock"
  done_step
  step "Building the front end and installing city1361"
  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --editable .
  done_step
  echo "$now" >".venv/.installed-$lock"
}
