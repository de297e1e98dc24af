#!/usr/bin/env bash
# All tests: on SQLite and, beside it, on PostgreSQL and Redis; then in Chromium through the whole product.
set -uo pipefail
cd "$(dirname "$0")/.."
export CYCLEMAP_TRIAL=1
status=0
sqlite_log=$(mktemp)
trap 'rm -f "$sqlite_log"' EXIT

# Each uses about one core, so the two take as long as the longer one. What needs no database runs once.
.venv/bin/python -m pytest -q --durations=25 -m "not browser and not long" >"$sqlite_log" 2>&1 &
sqlite=$!
echo "== PostgreSQL and Redis"
ONLY_TESTS_WITH_DATABASE=1 .venv/bin/python -m tools.services \
  .venv/bin/python -m pytest -q --durations=25 -m "not browser and not long" || status=1
wait "$sqlite" || status=1
echo "== SQLite"
cat "$sqlite_log"
echo "== Chromium, PostgreSQL, Redis, SMTP"
.venv/bin/python -m tools.services .venv/bin/python -m pytest -q -m browser tests/browser || status=1
exit $status
