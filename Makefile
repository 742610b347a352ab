# Linli 邻里. `make` alone lists what there is; `make demo` and `make test` are the two that a newcomer needs.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
RESET ?=
QUICK ?=
ONLY ?=
LINLI_HOME ?= var
export PYTHON VENV PORT RESET LINLI_HOME

BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
MANAGE := $(BIN)/python manage.py

.DEFAULT_GOAL := help
.PHONY: help demo test run tick bench fast journeys lint format types house docs messages migrations snapshot check \
	lock runtime dev

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## set everything up, seed the demo compound and serve it; PORT=8000, RESET=1 starts over
	@tools/demo.sh

test: dev ## set everything up, then lint, types, the suite on SQLite and PostgreSQL, and the browser
	@tools/system_packages.sh tests
	@$(BIN)/python tools/run_checks.py all

run: runtime ## serve what is in LINLI_HOME, without seeding
	@$(BIN)/linli serve --port $(PORT)

tick: runtime ## run the periodic jobs once
	@$(BIN)/linli tick

bench: ## measure; ONLY="gate plan" picks some, QUICK=1 takes small inputs
	@tools/setup.sh bench
	@tools/system_packages.sh bench
	@$(BIN)/python -m bench.run $(ONLY) $(if $(QUICK),--quick)

fast: dev ## the pure rules and the house, in seconds, without a database
	@$(PYTEST) -n 2 -m pure

journeys: dev ## the stories in a real browser
	@tools/system_packages.sh tests
	@$(PYTEST) -m journey

lint: dev ## format, lint, spelling, import contracts
	@$(BIN)/python tools/run_checks.py format lint spelling contracts

format: dev ## put the code into its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

types: dev ## mypy --strict
	@$(BIN)/python tools/run_checks.py types

house: dev ## the walls of the house: rooms, names, sizes, docs, translations
	@$(PYTEST) tests/house

docs: dev ## write the generated pages of docs/reference
	@$(BIN)/python tools/reference.py

messages: dev ## gather the texts into the English catalogue and compile it
	@$(BIN)/python tools/messages.py

migrations: dev ## does every table have its migration?
	@$(BIN)/python tools/run_checks.py migrations

snapshot: docs messages ## everything generated that is committed

check: dev ## lint, types, house, docs, migrations and translations, without the suite
	@$(BIN)/python tools/run_checks.py static house

lock: dev ## resolve requirements/*.in anew, with hashes and without addresses
	@tools/lock.sh

runtime:
	@tools/setup.sh runtime

dev:
	@tools/setup.sh dev
