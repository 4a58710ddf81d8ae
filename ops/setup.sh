#!/usr/bin/env bash
# Set-up of a machine that has Python 3.11 and git. Usage: ops/setup.sh base|dev
# Done once: a stamp of the pins skips what is already there. Says in one line what is missing and how to get it.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-base}
say() { printf '%s\n' "$*" >&2; }

python=""
for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
  [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$candidate; break; fi
done
[ -n "$python" ] || { say "Cần Python 3.11 trở lên: sudo apt-get install -y python3 python3-venv"; exit 1; }

apt_install() { # packages; as root only, quietly
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@" >/dev/null 2>&1 && return 0
  apt-get update -q >/dev/null 2>&1 && DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@" >/dev/null 2>&1
}

if [ ! -x .venv/bin/python ]; then
  say "Tạo môi trường Python (.venv) ..."
  if ! "$python" -m venv .venv >/dev/null 2>&1; then
    rm -rf .venv
    apt_install python3-venv || { say "Thiếu venv của Python: sudo apt-get install -y python3-venv"; exit 1; }
    "$python" -m venv .venv
  fi
fi

stamp=$(cat requirements/base.txt requirements/dev.txt pyproject.toml | sha256sum | cut -c1-16)-$kind
if [ "$(cat .venv/.stamp 2>/dev/null)" != "$stamp" ] && [ "$(cat .venv/.stamp 2>/dev/null)" != "${stamp%-*}-dev" ]; then
  say "Cài thư viện ($kind) ..."
  [ -x .venv/bin/uv ] || .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
  file=requirements/base.txt; [ "$kind" = dev ] && file=requirements/dev.txt
  .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r "$file"
  .venv/bin/uv pip install -q --python .venv/bin/python --no-deps -e .
  echo "$stamp" > .venv/.stamp
fi

.venv/bin/python ops/assets.py

if [ "$kind" = dev ] && ! command -v chromium >/dev/null 2>&1; then
  say "Cài Chromium cho kiểm thử trình duyệt ..."
  apt_install chromium || say "Không có Chromium, bỏ qua kiểm thử trình duyệt; để có: sudo apt-get install -y chromium"
fi

.venv/bin/python ops/translations.py compile
.venv/bin/thongsuot setup
