# Each target does its own set-up; Python 3.11 or newer, git and make are all a machine needs.
PYTHON ?= python3
BIN := .venv/bin
# A file's tests stay together; the order of the files is that of tests/conftest.py.
TWO_AT_ONCE := -q -ra -n 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run quick test test-all test-database soak lint format lock

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run-ready ## start the site on this machine (PORT=8001 for another port)
	@$(BIN)/python manage.py serve

quick: .venv/test-ready lint ## lint, and one case of each test, without browser and server: under a minute
	@TESTS=quick $(BIN)/python -m pytest $(TWO_AT_ONCE) -m "not browser and not engines and not server and not office and not slow"

test: .venv/test-ready lint ## lint and all tests but the long forms: what every change must pass
	@$(BIN)/python -m pytest $(TWO_AT_ONCE)

test-all: .venv/test-ready lint ## lint and everything, the long forms too
	@TESTS=full $(BIN)/python -m pytest $(TWO_AT_ONCE)

test-database: .venv/test-ready ## all tests but those with browsers, on the database that DATABASE_URL names
	@$(BIN)/python -m pytest $(TWO_AT_ONCE) -m "not browser and not engines and not office"

soak: export HISTORIES := 200
soak: test-all ## everything, the mutations, the benchmarks at full size, and everything again under load
	@$(BIN)/python -m tests.mutations
	@for bench in pages articles staff desk exporting enquiries; do $(BIN)/python -m tests.bench.$$bench || exit 1; done
	@$(BIN)/python -c 'while True: pass' & busy=$$!; trap "kill $$busy" EXIT; TESTS=full $(BIN)/python -m pytest $(TWO_AT_ONCE)

lint: .venv/test-ready ## check the code, its layout and its layers
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@$(BIN)/lint-imports --no-logo --no-cache > .venv/imports.txt || { cat .venv/imports.txt; exit 1; }

format: .venv/test-ready ## let ruff fix and lay out the code
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

lock: .venv/test-ready ## choose newer versions of all packages, with their hashes, for every platform
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --upgrade \
	    pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --upgrade \
	    --group test -c requirements.txt -o tests/requirements.txt

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or newer is needed: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv && touch $@

.venv/run-ready: requirements.txt | .venv/made
	@echo "Installing what the site needs (once) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt && touch $@

.venv/test-ready: tests/requirements.txt .venv/run-ready
	@echo "Installing what the tests need (once) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt && touch $@
