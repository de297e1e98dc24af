#!/usr/bin/env bash
# Everything that can be said about the code without running the product.
set -uo pipefail
cd "$(dirname "$0")/.."
export CYCLEMAP_TRIAL=1
status=0
check() {
  echo "== $1"
  shift
  "$@" || { status=1; echo "-- failed: $*"; }
}
check "format" .venv/bin/ruff format --check .
check "lint" .venv/bin/ruff check .
check "types" .venv/bin/mypy .
check "templates" .venv/bin/djlint --lint --quiet templates
check "migrations" .venv/bin/python manage.py makemigrations --check --dry-run
check "translations" .venv/bin/python tools/catalogues.py check
check "vendored files" .venv/bin/python tools/vendor.py
check "lock files" bash -c '! grep -nE "https?://|file://|--(extra-)?index-url|--find-links" requirements*.txt vendor.lock'
exit $status
