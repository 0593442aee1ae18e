# Everything one does with this repository. `make help` lists it.
# Needed: make, git, and Python 3.11 or newer with venv. Everything else goes into .venv, with checked hashes.

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo console test check sim watches kill bench fuzz voice-quality fix docs screenshots requirements clean

BIN := .venv/bin
INSTALL := $(BIN)/pip install -qq --disable-pip-version-check --no-input
ARGS ?=
SEED ?= 1
RUNS ?= 20

# What the console is built from, and the page that stands for all that is built.
CONSOLE := src/openline/console/built/index.html
CONSOLE_SOURCES := $(shell find web -name node_modules -prune -o -name schema.d.ts -prune -o -type f -print) \
	$(wildcard src/openline/base/locale/*/console.ftl src/openline/base/locale/*/line.ftl \
	src/openline/base/locale/*/screens.ftl src/openline/base/locale/*/contacts.ftl) \
	docs/spec/openapi.json scripts/build-console

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

demo: .venv/.ready $(CONSOLE) ## two headquarters, one line, on this machine
	@$(BIN)/openline demo $(ARGS)

console: ## build the console of the browser into the package
	@scripts/build-console

test: .venv/.ready-dev $(CONSOLE) ## every test; says what it had to leave out (ARGS="-k line" for some)
	@scripts/install-test-tools
	@$(BIN)/pytest $(ARGS)

check: export OPENLINE_CI = 1
check: .venv/.ready-dev ## every gate, nothing left out; what CI runs
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	scripts/build-console check
	scripts/build-console test
	@echo $(BIN)/towncrier build --draft
	@news=$$($(BIN)/towncrier build --draft 2>&1) || { echo "$$news"; exit 1; }
	$(MAKE) test ARGS="-n 2 --dist loadfile --ignore=tests/browser --ignore=tests/phone"
	$(MAKE) test ARGS="tests/browser tests/phone"
	$(MAKE) sim SEED=1 RUNS=300

sim: .venv/.ready-dev ## seeded simulation: make sim SEED=7 RUNS=300
	@$(BIN)/python -m tests.sim --seed $(or $(SEED),1) --runs $(or $(RUNS),20) $(ARGS)

watches: .venv/.ready-dev ## simulated watches of officers with mistakes: make watches RUNS=10000
	@$(BIN)/python -m tests.watch --seed $(or $(SEED),1) --runs $(or $(RUNS),300) $(ARGS)

kill: .venv/.ready-dev ## kill -9 of real nodes under load: make kill ROUNDS=50
	@$(BIN)/python -m tests.process.kill --rounds $(or $(ROUNDS),50) $(ARGS)

bench: .venv/.ready-dev $(CONSOLE) ## speed and bytes, beside their floors
	@$(BIN)/python -m bench $(ARGS)

fuzz: .venv/.ready-dev ## every decoder against made-up bytes, for long
	@HYPOTHESIS_PROFILE=fuzz $(BIN)/pytest -m fuzz --timeout=0 $(ARGS)

voice-quality: .venv-quality/.ready ## how speech sounds after losses, beside other schemes; a quarter of an hour
	@PYTHONPATH=src .venv-quality/bin/python -m tests.voice.quality $(ARGS)

fix: .venv/.ready-dev ## format, and repair what a machine can repair
	@$(BIN)/ruff check --fix --exit-zero --quiet
	@$(BIN)/ruff format
	@$(BIN)/ruff check

docs: .venv/.ready-dev ## draw the generated parts of the documents again
	@$(BIN)/python -m scripts.docs

screenshots: .venv/.ready-dev $(CONSOLE) ## take the pictures of the documents again (needs chromium)
	@$(BIN)/python -m scripts.screenshots

requirements: ## pin requirements/*.txt again (needs uv; ARGS=--upgrade for newer versions)
	@scripts/pin-requirements $(ARGS)

clean: ## remove what make made
	rm -rf web/node_modules src/openline/console/built .venv .venv-quality build dist .hypothesis .pytest_cache .mypy_cache .ruff_cache
	find src tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} + 2> /dev/null || true

# The environment that runs openline, and on top of it the one that tests it.

.venv/.ready: requirements/build.txt requirements/runtime.txt pyproject.toml
	@python=$$(scripts/find-python) && $$python -m venv .venv
	@echo "Installing openline into .venv (about a minute the first time) ..."
	@$(INSTALL) --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(CONSOLE): $(CONSOLE_SOURCES)
	@scripts/build-console

.venv/.ready-dev: .venv/.ready requirements/dev.txt
	@echo "Installing the test tools into .venv (about a minute the first time) ..."
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

# A third one, by itself, which judges speech: pesq is built here, with a C compiler.

.venv-quality/.ready: requirements/runtime.txt requirements/quality.txt
	@python=$$(scripts/find-python) && $$python -m venv .venv-quality
	@echo "Installing what judges speech into .venv-quality (about two minutes the first time) ..."
	@.venv-quality/bin/pip install -qq --disable-pip-version-check --no-input --require-hashes \
	    -r requirements/runtime.txt -r requirements/quality.txt
	@touch $@
