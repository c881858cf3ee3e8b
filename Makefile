# `make run` and `make test` are all that a newcomer needs; each installs what it uses into .venv first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# langdetect comes as source with a setup.py alone: older pips would run it, and warn; this builds it as newer ones do.
export PIP_USE_PEP517 := 1

.PHONY: run test check bench soak lock clean
.DEFAULT_GOAL := run

# A stamp file a lock file: installing again only when what is locked has changed.
$(VENV)/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Heard needs Python 3.11 or newer; name one with: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/pip install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@

run: $(VENV)/.runtime ## migrate and serve on 127.0.0.1:8000, with a chat page at /try
	@$(BIN)/heard serve --demo

# A process per core; each takes what is left of the other's when it has done its own, so that they end together.
PYTEST_ARGUMENTS ?= --numprocesses=auto --dist=worksteal

test: $(VENV)/.development ## every test
	$(BIN)/pytest $(PYTEST_ARGUMENTS)

check: $(VENV)/.development ## style, types, import rules and the shipped consultations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/heard check flows/

bench: $(VENV)/.development ## measure (BENCH: which; --full: as long as the limits say), into docs/benchmarks.md
	$(BIN)/python -m tests.benchmarks $(BENCH)

soak: $(VENV)/.development ## kill servers under load for SOAK_SECONDS (600), and examine every store afterwards
	$(BIN)/python -m tests.crashes.soak

lock: $(VENV)/.development ## renew both lock files from pyproject.toml
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --extra dev pyproject.toml --output-file requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --constraint requirements-dev.lock pyproject.toml \
		--output-file requirements.lock

clean: ## remove what was installed and built; keeps var/, where answers are
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
