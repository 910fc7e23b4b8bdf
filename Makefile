# The developer's commands. `make test` is enough in a fresh clone; `make check` is what has to be green before a commit.

PYTHON ?= python3
DEV := .venv-dev
BIN := $(DEV)/bin
STAMP := $(DEV)/requirements.stamp
CODE := wabridge tests run.py .ci $(wildcard bench)
EVERY_CORE := -n auto --dist loadfile
PIP_INSTALL := -m pip install --require-hashes --only-binary :all: --no-input --disable-pip-version-check --quiet

.DEFAULT_GOAL := test
.PHONY: test check static coverage format lock upgrade bench run chromium

# Narrow it with T: make test T=tests/core. The whole runs on every core, one file a core at a time.
test: $(STAMP) chromium
	$(BIN)/python -m pytest $(or $(T),$(EVERY_CORE))

check: static coverage

# The parts of `check` that run nothing.
static: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports

coverage: $(STAMP) chromium
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered $(or $(T),$(EVERY_CORE))

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Both locks anew: what the .in files newly ask for, all other versions as they are. `make upgrade` takes the newest.
lock: $(STAMP)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python .ci/lock.py

upgrade: $(STAMP)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python .ci/lock.py --upgrade

# The measurements of docs/performance.md in small.
bench: $(STAMP)
	$(BIN)/python -m bench

run:
	$(PYTHON) run.py

# Installs into an environment that is there already: packages are brought to the lock's versions, none is removed.
$(STAMP): requirements-dev.lock
	@echo "making the developer's environment in $(DEV)" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "wabridge needs Python 3.11 or newer: make PYTHON=python3.12 test")'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "this Python lacks its venv module; on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -c 'import pip' 2>/dev/null || $(PYTHON) -m venv $(DEV)
	$(BIN)/python $(PIP_INSTALL) --requirement requirements-dev.lock
	@touch $@

# The browser of the journeys is the system's.
chromium:
	@{ command -v chromium || command -v chromium-browser; } >/dev/null && command -v pdfsig >/dev/null || sh .ci/chromium
