# Each target does its own set-up; Python 3.11 or newer, git and make are all a machine needs.
PYTHON ?= python3
BIN := .venv/bin
# A file's tests stay together; the order of the files is that of tests/conftest.py.
TWO_AT_ONCE := -q -ra -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: run quick test test-all test-database soak lint format lock

run: .venv/run-ready ## start the site on this machine (PORT=8001 for another port)
	@$(BIN)/python manage.py serve

quick: .venv/test-ready lint ## what one runs while writing: one case of each test, no browser, no server; under a minute
	@TESTS=quick $(BIN)/python -m pytest $(TWO_AT_ONCE) -m "not browser and not engines and not server and not office and not slow"

test: .venv/test-ready lint ## what every change must pass
	@$(BIN)/python -m pytest $(TWO_AT_ONCE)

test-all: .venv/test-ready lint ## everything, the long forms too; PostgreSQL by DATABASE_URL
	@TESTS=full $(BIN)/python -m pytest $(TWO_AT_ONCE)

test-database: .venv/test-ready ## what a database can change, on the one that DATABASE_URL names: all but the browsers
	@$(BIN)/python -m pytest $(TWO_AT_ONCE) -m "not browser and not engines and not office"

soak: export HISTORIES := 200
soak: test-all ## before an issue is closed: everything, the mutations, the benchmarks at full size, and all again under load
	@$(BIN)/python -m tests.mutations
	@for bench in pages articles staff desk exporting enquiries; do $(BIN)/python -m tests.bench.$$bench || exit 1; done
	@$(BIN)/python -c 'while True: pass' & busy=$$!; trap "kill $$busy" EXIT; TESTS=full $(BIN)/python -m pytest $(TWO_AT_ONCE)

lint: .venv/test-ready
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@$(BIN)/lint-imports --no-logo --no-cache > .venv/imports.txt || { cat .venv/imports.txt; exit 1; }

format: .venv/test-ready ## let ruff lay out the code
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

lock: .venv/test-ready ## choose the versions again, with their hashes, for every platform
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
