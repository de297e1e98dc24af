#!/usr/bin/env bash
# All tests: on SQLite, on PostgreSQL and Redis, and in Chromium through the whole product.
#
# Two lanes, one for each core: each takes one of the databases, and then, file by file, the browser tests
# that the other has not taken yet. Beside them a third one kills what sends mail and mostly waits.
# What needs no database, or is the same on both, runs once, on SQLite; what asks for the stricter of the
# two runs on PostgreSQL.
set -uo pipefail
cd "$(dirname "$0")/.."
export CYCLEMAP_TRIAL=1
py=.venv/bin/python
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
mkdir "$logs/browser"

browser() {
  echo "== Chromium, PostgreSQL, Redis, SMTP: what the $1 lane took"
  BROWSER_QUEUE=$logs/browser $py -m tools.services $py -m pytest -q --durations=10 -m "browser and not long" tests/browser
}

sqlite_lane() {
  local failed=0
  echo "== SQLite"
  $py -m pytest -q --durations=25 -m "not browser and not faults and not long and not strict" || failed=1
  browser SQLite || failed=1
  return $failed
}

postgres_lane() {
  local failed=0
  echo "== PostgreSQL and Redis"
  ONLY_TESTS_WITH_DATABASE=1 $py -m tools.services \
    $py -m pytest -q --durations=25 -m "not browser and not faults and not long" || failed=1
  browser PostgreSQL || failed=1
  return $failed
}

faults_lane() {
  local failed=0
  echo "== Faults: real processes killed, PostgreSQL and Redis, then SQLite"
  $py -m tools.services $py -m pytest -q -rP -m "faults and not long" tests/faults || failed=1
  $py -m pytest -q -m "faults and not long" tests/faults || failed=1
  return $failed
}

status=0
sqlite_lane >"$logs/sqlite" 2>&1 &
sqlite=$!
faults_lane >"$logs/faults" 2>&1 &
faults=$!
postgres_lane || status=1
wait "$sqlite" || status=1
wait "$faults" || status=1
cat "$logs/sqlite" "$logs/faults"
exit $status
