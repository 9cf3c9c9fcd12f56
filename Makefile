# What a newcomer needs: `make run` and `make test`. Everything is safe to repeat.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
DEMO_DAY ?= 2024-10-15
WORKERS ?= 2
PYTEST_ARGS ?=
DEVELOPMENT := DEVELOPMENT=on
COMPILE := $(BIN)/uv pip compile -q pyproject.toml --python-version 3.11 --universal --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE)

.PHONY: help setup run test test-all lint bench lock clean-venv

help:
	@echo "make run       the reference city on http://$(HOST):$(PORT), the day set to $(DEMO_DAY)"
	@echo "make test      SQLite, the marked tests on PostgreSQL, a browser path for each role (EVERYWHERE=1: every walk)"
	@echo "make test-all  everything on both databases, the walks everywhere, more random histories"
	@echo "make setup     only the environment in $(VENV)"
	@echo "make lint      style, import contracts, templates, types, migrations, production settings"
	@echo "make bench     the measurements in benchmarks/; fails where a promised ratio is missed"
	@echo "make lock      write requirements/*.txt anew from pyproject.toml (UPGRADE=--upgrade for newer versions)"

# ---- environment -------------------------------------------------------------------------------
$(VENV)/.base: requirements/base.txt requirements/uv.txt
	@PYTHON="$(PYTHON)" bash scripts/venv.sh "$(VENV)" requirements/base.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@PYTHON="$(PYTHON)" bash scripts/venv.sh "$(VENV)" requirements/dev.txt
	@touch $@

setup: $(VENV)/.dev

clean-venv:
	rm -rf "$(VENV)"

lock: $(VENV)/.base
	$(COMPILE) -o requirements/base.txt
	$(COMPILE) --group dev -c requirements/base.txt -o requirements/dev.txt
	$(COMPILE:pyproject.toml=) --group uv -o requirements/uv.txt

# ---- the product -------------------------------------------------------------------------------
run: export DEVELOPMENT := on
run: export TODAY := $(DEMO_DAY)
run: $(VENV)/.base
	@$(BIN)/python manage.py migrate --no-input -v 0
	@$(BIN)/python manage.py load_reference_city --if-empty
	@echo "http://$(HOST):$(PORT) — Ctrl+C để dừng"
	@exec $(BIN)/python manage.py runserver --noreload "$(HOST):$(PORT)"

# ---- checks ------------------------------------------------------------------------------------
test: $(VENV)/.dev
	@WORKERS="$(WORKERS)" bash scripts/test.sh "$(BIN)" marked $(PYTEST_ARGS)

test-all: $(VENV)/.dev
	@WORKERS="$(WORKERS)" bash scripts/test.sh "$(BIN)" all $(PYTEST_ARGS)

lint: $(VENV)/.dev
	@bash scripts/lint.sh "$(BIN)"

bench: $(VENV)/.dev
	@$(DEVELOPMENT) $(BIN)/python -m benchmarks
