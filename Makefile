# Two commands do everything: `make run` and `make test`.
PORT ?= 8000
PY := .venv/bin/python
# Everything here starts many processes: they share what Python compiled, whatever the environment says.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench faults screens messages lock format

help:
	@echo "make run      serve the workbench with the example workspace on http://127.0.0.1:$(PORT)"
	@echo "make test     set everything up and run all tests, on SQLite and on PostgreSQL"
	@echo "make check    format, lint, types, migrations, translations, templates"
	@echo "make bench    all benchmarks, as ratios"
	@echo "make faults   the long fault tier: real processes killed for real"
	@echo "make screens  pictures of every page, both languages, both themes, four widths"
	@echo "make messages collect the strings to translate; make lock writes requirements*.txt"

run:
	@python3 tools/setup.py run
	@CYCLEMAP_TRIAL=1 exec $(PY) manage.py serve --port $(PORT)

setup:
	@python3 tools/setup.py test

test: setup
	@tools/test.sh

check: setup
	@tools/check.sh

bench:
	@python3 tools/setup.py bench
	@DURABLE=1 $(PY) -m tools.services $(PY) -m benchmarks

faults: setup
	@$(PY) -m pytest -q -rP -m "faults and long" tests/faults
	@$(PY) -m tools.services $(PY) -m pytest -q -rP -m "faults and long" tests/faults

screens: setup
	@$(PY) -m tools.screens

messages: setup
	@$(PY) tools/catalogues.py extract
	@$(PY) tools/catalogues.py compile

# Maintainers: `pip install uv` first. The locks hold versions and hashes, no addresses.
lock:
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header -o requirements-dev.txt
	uv pip compile pyproject.toml --universal --generate-hashes --no-header -c requirements-dev.txt -o requirements.txt
	uv pip compile pyproject.toml --group bench --universal --generate-hashes --no-header -c requirements-dev.txt -o requirements-bench.txt

format:
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .
