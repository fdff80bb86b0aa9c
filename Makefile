# Set up, run, test. `make` alone lists what there is.
PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
PYTHON312 ?= python3.12
FAULTS ?= long
BIN := $(VENV)/bin
LOCKS := requirements-build.lock requirements.lock requirements-dev.lock
STAMP := $(VENV)/.locks.sha256
COMPILE := $(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

.DEFAULT_GOAL := help
.PHONY: help setup run effects test test-mesa35 test-cpu test-faults test-science test-cluster test-browser dashboard lint bench bench-record docs lock clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# The stamp holds a digest of what was installed, so a changed lock is installed again and an equal one never is,
# whatever the times of the files say after a clone or a checkout.
define DIGEST
import hashlib, os, sys
if not (3, 11) <= sys.version_info[:2] < (3, 14):
    sys.exit(f"error: Python {sys.version.split()[0]} is too old or too new: 3.11, 3.12 or 3.13 is needed. "
             "Name one: make PYTHON=python3.12 ...")
import tomllib
with open("pyproject.toml", "rb") as file:
    parts = [sys.version, os.getcwd(), repr(tomllib.load(file)["project"])]
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        parts.append(file.read())
print(hashlib.sha256("\0".join(parts).encode()).hexdigest())
endef
export DIGEST

setup: ## .venv with the pinned, hash-checked dependencies and this project (needs Python 3.11 to 3.13)
	@wanted=$$($(PYTHON) -c "$$DIGEST" $(LOCKS)) || exit 2; \
	if [ -x $(BIN)/python ] && [ "$$wanted" = "$$(cat $(STAMP) 2>/dev/null)" ]; then exit 0; fi; \
	set -ex; \
	$(PYTHON) -m venv --clear $(VENV); \
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-build.lock; \
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --no-build-isolation -r requirements-dev.lock; \
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .; \
	echo "$$wanted" > $(STAMP)

run: setup ## the main job: history and the five plans, 32 paired replicates that draw parameters and drivers, into results/main
	$(BIN)/python -m experiments --new-store main parameters=posterior drivers=uncertain

effects: setup ## each lever tried alone, 32 paired replicates; then `make docs` writes the tables of sim/ODD.md
	$(BIN)/python -m experiments --new-store effects
	cp results/effects/lever_effects.csv results/frozen/lever_effects.csv

test: setup ## all tests (WORKERS=2)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

test-mesa35: ## the Mesa layer and the model's behaviour on Python 3.12 with Mesa 3.5 (PYTHON312=python3.12)
	$(MAKE) setup PYTHON=$(PYTHON312) VENV=.venv312
	.venv312/bin/python -m pytest -n $(WORKERS) --dist loadfile tests/core tests/behaviour

test-cpu: setup ## the whole model compiled for plain, AVX2 and this processor: the same bytes (two minutes)
	INNOPOLICY_EVERY_PROCESSOR=1 $(BIN)/python -m pytest tests/regression/test_processors.py

test-faults: setup ## faults on purpose and hostile input, with figures (an hour; FAULTS=short: a minute)
	FAULTS=$(FAULTS) $(BIN)/python -m pytest -n $(if $(filter short,$(FAULTS)),$(WORKERS),0) --dist loadfile tests/faults

test-science: setup ## every fact and every response test on its broken model (an hour)
	$(BIN)/python -m experiments facts breaks=yes seeds=3
	TEST_SCIENCE=1 $(BIN)/python -m pytest -n $(WORKERS) tests/science

test-cluster: setup ## sweeps on a real Slurm of two nodes and a real Dask cluster (needs slurm-wlm and munge)
	TEST_CLUSTER=1 $(BIN)/python -m pytest -n 0 tests/cluster

test-browser: setup ## a planner's whole path in a real headless Chromium, in both languages (needs chromium)
	TEST_BROWSER=1 $(BIN)/python -m pytest -n 0 -s tests/browser

dashboard: setup ## choose a scenario, move levers and see what comes of it: http://127.0.0.1:8501
	$(BIN)/python -m experiments dashboard

lint: setup ## ruff, formatting, types, import floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## speed and memory on this machine, as ratios to a bare yardstick and a plain-Mesa twin
	$(BIN)/python -m benchmarks

bench-record: setup ## at each release: add this version's ratios to benchmarks/history.csv, say what got worse
	$(BIN)/python -m benchmarks --record

docs: setup ## write the generated tables of the documents again
	$(BIN)/python -m experiments docs

lock: setup ## write the locks again after a change of pyproject.toml (UPGRADE=--upgrade takes newer versions)
	$(COMPILE) --group build --output-file requirements-build.lock
	$(COMPILE) pyproject.toml --constraint requirements-build.lock --output-file requirements.lock
	$(COMPILE) pyproject.toml --group dev --constraint requirements-build.lock --constraint requirements.lock \
		--output-file requirements-dev.lock

clean: ## remove .venv, caches and build folders; results stay
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
