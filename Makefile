# Everything a newcomer needs: `make run` and `make test`. Both set up what is missing.
SHELL := /bin/bash
PY := .venv/bin/python
TS := .venv/bin/thongsuot
SCALE ?= small
PORT ?= 8000
# Two processes, each with a database of its own: what the smallest machine has cores for.
PYTEST ?= -n 2 --dist worksteal
# What checks and tests need first; empty where it has just been done.
SETUP ?= setup-dev
# Some machines forbid Python to keep what it compiled: then each of our many short programs compiles 4,000 files again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup setup-dev run demo test template check style types fix bench translations clean

setup:            ## make the environment, copy the assets, prepare the database
	@bash ops/setup.sh base

setup-dev:        ## the same with what tests and checks need
	@bash ops/setup.sh dev

run: setup        ## set up, load the demo province, serve on http://localhost:8000
	@TS_DEMO=1 $(TS) demo --scale $(SCALE) --if-empty --truth var/demo-truth.json
	@TS_DEMO=1 $(TS) serve --port $(PORT)

demo: setup       ## load the demo province again (SCALE=small or province)
	@TS_DEMO=1 $(TS) demo --scale $(SCALE)

test: $(SETUP)    ## all tests, on the embedded PostgreSQL or on PG_BINDIR
	@TS_DB_ROLE=owner .venv/bin/pytest $(PYTEST)

template: $(SETUP) ## the database that the tests copy; they make it themselves if it is missing
	@DJANGO_SETTINGS_MODULE=thongsuot.config.settings TS_DB_ROLE=owner $(PY) -m tests.database

check: style types ## lint, types, contracts, migrations in step, translations complete

style: $(SETUP)   ## all of it but the types
	@.venv/bin/ruff check thongsuot tests ops
	@.venv/bin/ruff format --check thongsuot tests ops
	@.venv/bin/djlint --lint --quiet thongsuot
	@.venv/bin/lint-imports
	@TS_DB_ROLE=owner $(TS) makemigrations --check --dry-run
	@$(PY) ops/translations.py check

types: $(SETUP)   ## mypy
	@.venv/bin/mypy

fix: setup-dev    ## format, and mend what can be mended
	@.venv/bin/ruff check --fix thongsuot tests ops
	@.venv/bin/ruff format thongsuot tests ops

bench: setup-dev  ## figures as ratios against a floor measured in the same run, into var/bench.json
	@TS_DB_ROLE=owner $(PY) -m tests.bench

translations: setup-dev  ## collect the texts into locale/
	@$(PY) ops/translations.py collect

clean:            ## stop the embedded database and remove what was made (the data too)
	@-$(TS) database stop
	rm -rf .venv var
