# Atelier, from a fresh clone:
#
#   make run    install what is missing, then start the site on http://127.0.0.1:8000
#   make test   install what is missing, then run every test
#
# Settings go on the command line or into the environment:
#   make run PORT=8001 DATA_DIR=/srv/atelier HOST=0.0.0.0
# docs/settings.md describes them all.

.DEFAULT_GOAL := help
.PHONY: help run test lint format types contracts lock install-run install-test install-dev

# The first Python that answers to be 3.11 or 3.12 (a name alone may be an empty shim).
PYTHON ?= $(shell for name in python3.11 python3.12 python3; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null \
	&& echo $$name && break; done)
VENV := .venv
IN_VENV := $(VENV)/bin/python

PORT ?= 8000
# Not taken from the environment: some shells export a HOST of their own.
HOST = $(or $(ATELIER_BIND),127.0.0.1)
# More arguments for pytest: make test ARGS="-k gallery"
ARGS ?=

help:
	@sed -n 's/^#   //p' Makefile

run: install-run
	@PORT="$(PORT)" ATELIER_BIND="$(HOST)" exec $(IN_VENV) manage.py serve

test: install-test
	@$(IN_VENV) manage.py compile_translations
	@$(IN_VENV) -m pytest $(ARGS)

lint: install-dev
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .

format: install-dev
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

types: install-dev
	@$(VENV)/bin/mypy

contracts: install-dev
	@$(VENV)/bin/lint-imports

# Pin the newest releases that pyproject.toml allows. Run the tests before committing the result.
lock:
	@rm -rf build/lock
	@$(call with_python) -m venv build/lock
	@build/lock/bin/python -m pip install --quiet ".[embedded,gpu,test,dev]"
	@sed '/^[^#]/,$$d' constraints.txt > build/constraints.txt
	@build/lock/bin/python -m pip freeze --all --exclude pip --exclude atelier \
		| sed 's/+cpu$$//' >> build/constraints.txt
	@mv build/constraints.txt constraints.txt

install-run install-test install-dev: install-%:
	@$(call with_python) scripts/install.py $*

define with_python
python="$(PYTHON)"; if [ -z "$$python" ]; then \
	echo "Atelier needs Python 3.11 or 3.12, and none was found. Install it (for example with" >&2; \
	echo "apt install python3.11 python3.11-venv), or name it: make PYTHON=/path/to/python3.11" >&2; \
	exit 1; fi; $$python
endef
