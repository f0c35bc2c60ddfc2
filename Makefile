# Everything from a fresh clone: `make run` for the main job, `make test` for the checks.
# Needs make and either uv or Python >= 3.12. On Windows use the plain lines in README.md.

BIN := .venv/bin
READY := .venv/.ready
PYTHONS := python3.13 python3.14 python3.12 python3 python
RUNS := 500

.PHONY: help setup run app test lint fix bench odd lock

help:
	@echo "make run    simulate Syria 2024 ($(RUNS) runs) and write results/syria-2024/report.html"
	@echo "make app    open the page in the browser (needs npm once, for its files)"
	@echo "make test   all checks: style, types, layers, tests"
	@echo "make setup  create .venv with the pinned packages     make bench  measure the speed"
	@echo "make lint   style, types and layers alone             make fix    mend what ruff can mend"
	@echo "make odd    refresh the tables of docs/odd.md, case.md    make lock   refresh requirements.lock (needs uv)"

setup: $(READY)

run: setup
	$(BIN)/holdfast run syria-2024 --runs $(RUNS) --out results/syria-2024

app: setup
	$(BIN)/holdfast app

test: lint
	$(BIN)/pytest --numprocesses auto --dist loadfile

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fix: setup
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup
	$(BIN)/holdfast bench

odd: setup
	$(BIN)/python -m sim.cli.odd

lock:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.12 --no-python-downloads \
	  --upgrade --no-annotate --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" --quiet --output-file requirements.lock

# A name on the PATH proves little (a pyenv shim may point nowhere), so each candidate is run before it is trusted.
# An environment that already works is kept.
$(READY): pyproject.toml requirements.lock
	@set -e; \
	new_enough='import sys; sys.exit(sys.version_info < (3, 12))'; \
	uv=; if uv --version >/dev/null 2>&1; then uv=uv; fi; \
	if ! $(BIN)/python -c "$$new_enough" >/dev/null 2>&1; then \
	  needs='venv'; if [ -z "$$uv" ]; then needs='venv, ensurepip'; fi; \
	  python=; for name in $(PYTHONS); do \
	    if "$$name" -c "import $$needs; $$new_enough" >/dev/null 2>&1; then python=$$name; break; fi; \
	  done; \
	  if [ -n "$$uv" ]; then uv venv --quiet --clear $${python:+--python $$python} .venv; \
	  elif [ -n "$$python" ]; then "$$python" -m venv --clear .venv; \
	  else echo "holdfast: found neither uv (https://docs.astral.sh/uv) nor a Python >= 3.12 with venv; install one of them" >&2; exit 1; fi; \
	fi; \
	echo "Installing the packages of requirements.lock into .venv (once; a minute or two)"; \
	if [ -n "$$uv" ]; then install="uv pip install --quiet --compile-bytecode --python $(BIN)/python"; \
	else \
	  $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
	  install="$(BIN)/python -m pip install --quiet --disable-pip-version-check"; \
	fi; \
	$$install --requirement requirements.lock; \
	$$install --no-deps --no-build-isolation --editable .; \
	$(BIN)/python -m compileall -q sim; \
	$(BIN)/python -m sim.app.assets || true
	@touch $@
