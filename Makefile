# Two commands on a fresh machine with python3 (3.11) and make: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
SHARED ?= ../shared/data
DIRECTORY := $(SHARED)/samhsa/directory-2015.csv
CASE ?=
export PYTHONDONTWRITEBYTECODE :=

.PHONY: install demo test soak lint bench plots lock readme clean
install: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: install
	@rm -rf demo
	@if [ -f "$(DIRECTORY)" ]; then \
		$(BIN)/matcher read "$(DIRECTORY)" --out demo/read && \
		$(BIN)/matcher simulate --directory demo/read --callers 300 --out demo/directory; \
	else $(BIN)/matcher simulate --facilities 4000 --callers 300 --out demo/directory; fi
	$(BIN)/matcher rank demo/directory --zip 98101 --need IOP --payer medicaid --state WA --mode car --keep 5
	$(BIN)/matcher assign demo/directory --out demo/placements.csv
	$(BIN)/matcher check demo/directory demo/placements.csv

test: install
	$(BIN)/python -m pytest -n 2

soak: install
	MATCHER_SOAK=1 $(BIN)/python -m pytest tests/store tests/api/ledger
	@# What is compiled reads arrays unchecked; once with every index checked, compiled anew beside the usual cache.
	BOUNDS=$$(mktemp -d) && NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=$$BOUNDS XDG_CACHE_HOME=$$BOUNDS \
		$(BIN)/python -m pytest tests/test_*.py tests/rules && rm -rf $$BOUNDS

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: install
	$(BIN)/python -m benchmarks $(if $(CASE),--case $(CASE))

plots: install
	$(BIN)/python -m benchmarks.plots

lock:
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links --all-extras pyproject.toml -o requirements.lock

readme: install
	$(BIN)/python -m api.readme

clean:
	rm -rf .venv demo
