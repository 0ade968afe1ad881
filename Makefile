# make run serves; make test and make check are what a change must pass. Everything installs itself on the first call.
PYTHON := .venv/bin/python

.PHONY: run test check trace bench format messages install-run install-dev
.DEFAULT_GOAL := run

run: install-run
	@exec $(PYTHON) -m aftersales.supervise

test: install-dev messages
	@$(PYTHON) -m pytest -n 2 --dist loadfile --durations=15 $(ARGS)

check: install-dev messages
	@bin/check

trace: install-dev
	@$(PYTHON) bin/trace_requirements.py

bench: install-run messages
	@$(PYTHON) bin/with_database.py $(PYTHON) manage.py bench $(ARGS)

format: install-dev
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .

messages: install-run
	@$(PYTHON) bin/compile_messages.py

install-run:
	@bin/install run

install-dev:
	@bin/install dev
