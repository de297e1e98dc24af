#!/usr/bin/env bash
# All tests: on SQLite, on PostgreSQL and Redis, and in Chromium through the whole running product.
set -uo pipefail
cd "$(dirname "$0")/.."
export CYCLEMAP_TRIAL=1
status=0
run() {
  echo "== $1"
  shift
  "$@" || status=1
}
run "SQLite" .venv/bin/python -m pytest -q -m "not browser and not long"
run "PostgreSQL and Redis" .venv/bin/python -m tools.services .venv/bin/python -m pytest -q -m "not browser and not long"
run "Chromium, PostgreSQL, Redis, SMTP" .venv/bin/python -m tools.services .venv/bin/python -m pytest -q -m browser tests/browser
exit $status
