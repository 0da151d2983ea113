# `make` alone lists the targets. Every target installs what it needs into .venv first; the second time that takes no time.

.DEFAULT_GOAL := help
.PHONY: help run mcp web test test-browser test-typescript test-clients test-infra test-bundles bundles synth e2e rehearse costs deploy destroy fuzz check simulate mutants torture \
	load bench format openapi lock audit clean
.DELETE_ON_ERROR:
SHELL := /bin/bash
# Without its caches Python would compile every package in every process of a test run, and rewrite every test.
unexport PYTHONDONTWRITEBYTECODE

# These may also come from the environment: PORT=9000 make run.
PORT ?= 8000
DATABASE ?= hunch.db
UPGRADE =
EXAMPLES = 100
SEED =
SEEDS = 1000
FIRST = 0
KILLS = 100
SECONDS = 600
VS =

CONTEXT =
ARCHITECTURE = $(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x86_64)

PROFILES = api event authorizer
CDK = JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20 infra/node_modules/.bin/cdk
VENV := .venv
CLIENTS := .venv-clients
BIN := $(VENV)/bin
# --python: an environment that happens to be active must not receive the packages.
UV_INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header $(if $(UPGRADE),--upgrade)
# The folders that hold code today; a folder that comes later joins by existing.
CODE = $(wildcard domain functions infra bench clients/python/src examples)
TESTS = $(wildcard tests)
# What the page is made of. Vite 8 runs on Node 20.19 and on 22.12 or newer.
PAGE = functions/api/instance/get_openapi/openapi.json web/index.html web/vite.config.ts $(shell find web/src web/public -type f -not -name schema.d.ts)
NODE_IS_NEW_ENOUGH = const [major, minor] = process.versions.node.split(".").map(Number); \
	process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.embedded  ## Serve a demonstration market on this machine (PORT=8000 DATABASE=hunch.db)
	@$(MAKE) --silent web || echo 'The page could not be built: serving what there is.' >&2
	@exec $(BIN)/hunch serve --demo --port $(PORT) --database $(DATABASE)

mcp: $(VENV)/.embedded requirements/mcp.lock  ## Install what agents need: `hunch mcp`, and /mcp of `hunch serve`
	@$(UV_INSTALL) --require-hashes --requirement requirements/mcp.lock

# Without Node there is the API alone, and whoever runs it should know why.
web:  ## Build the page that `make run` serves, where Node is there and something has changed
	@if node -e '$(NODE_IS_NEW_ENOUGH)' 2>/dev/null; then $(MAKE) --silent web/dist/index.html; \
	else echo 'Node 20.19 or newer builds the page; without it there is the API alone, at /docs.' >&2; fi

web/dist/index.html: web/node_modules/.package-lock.json $(PAGE)
	@cd web && npm run --silent build

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	@cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# The domain's own tests are traced for the coverage gate; tracing everything else as well would take half as long again.
# The others wait for disks, child processes and emulators at times, so there is one worker more than there are cores.
test: $(VENV)/.dev  ## Run the tests, and require 95 % branch coverage of the domain by its own
	@$(BIN)/pytest -n auto --dist worksteal --cov=domain --cov-branch --cov-report= --cov-fail-under=95 tests/unit
	@$(BIN)/pytest -n $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --dist worksteal --ignore=tests/unit --ignore=tests/browser --ignore=tests/e2e --ignore=tests/infra --ignore=tests/torture --ignore=tests/programs tests

# Apart from `make test`, since synthesizing the stack takes half a minute.
test-infra: $(VENV)/.dev  ## Test the stack: its template, its rules, its roles against what use cases do
	@$(BIN)/pytest -q tests/infra

test-bundles: bundles  ## Start every function from its built bundle, as Lambda does
	@$(BIN)/pytest -q tests/e2e/test_bundles.py

e2e: bundles web/dist/index.html infra/node_modules/.package-lock.json  ## Deploy into a local AWS, live there, destroy; then upgrade, tear and restore tables
	@$(BIN)/pytest -q -n 0 --durations=10 --durations-min=1 $(addprefix tests/e2e/test_,endpoint.py limits.py deploy.py rehearsals.py)

rehearse: bundles web/dist/index.html infra/node_modules/.package-lock.json  ## The last part of it: upgrade the first release's tables; tear and restore them
	@$(BIN)/pytest -q -n 0 --durations=10 --durations-min=1 tests/e2e/test_rehearsals.py

bundles: $(VENV)/.dev  ## Build the code bundles (ARCHITECTURE=arm64 for AWS; this machine's unless given)
	@$(BIN)/python -m infra.bundles -c architecture=$(ARCHITECTURE)

# What CDK's command line reads whatever it is going to do; to destroy a stack it has to know it, too.
.PHONY: deployable
deployable: $(VENV)/.dev infra/node_modules/.package-lock.json web/dist/index.html
	@$(BIN)/python -m infra.bundles $(CONTEXT)

synth: deployable  ## Write the template that a deploy would use, into cdk.out (CONTEXT='-c name=hunch')
	@$(CDK) synth --quiet $(CONTEXT)

costs: synth  ## Say what a deployment costs, idle and for a million trades (CONTEXT=)
	@$(BIN)/python -m infra.costs $(CONTEXT)

deploy: synth  ## Deploy into the AWS account of your credentials, after a look at what is in the way (CONTEXT='-c name=hunch')
	@$(BIN)/python -m infra.preflight $(CONTEXT)
	@$(CDK) deploy --app cdk.out $(CONTEXT)

destroy: deployable  ## Take the stack away; tables and people stay, see the runbook
	@$(CDK) destroy $(CONTEXT)

test-browser: $(VENV)/.embedded web/dist/index.html  ## Test the page: its code, and people's ways through it in Chromium (CHROMIUM=)
	@cd web && npm run --silent check && npm run --silent test && HUNCH=$(abspath $(BIN)/hunch) npm run --silent test:browser

test-typescript: $(VENV)/.embedded clients/typescript/node_modules/.package-lock.json  ## Test the TypeScript client and its types
	@cd clients/typescript && npm run --silent check && HUNCH=$(abspath $(BIN)/hunch) npm run --silent test

clients/typescript/node_modules/.package-lock.json: clients/typescript/package.json clients/typescript/package-lock.json
	@cd clients/typescript && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

test-clients: $(VENV)/.embedded $(CLIENTS)/.clients  ## Test with programs that others wrote, in an environment of their own
	@CLIENTS_PYTHON=$(abspath $(CLIENTS)/bin/python) $(BIN)/pytest -q -n 0 tests/programs

fuzz: $(VENV)/.dev  ## Ask the server whatever its OpenAPI document allows, something else each time (EXAMPLES=100 SEED=)
	@seed="$(SEED)"; seed="$${seed:-$$RANDOM}"; echo "SEED=$$seed"; HUNCH_FUZZ_SEED=$$seed HUNCH_FUZZ_EXAMPLES=$(EXAMPLES) \
		$(BIN)/pytest -n 2 tests/integration/embedded/test_openapi_document.py

check: $(VENV)/.dev  ## Check format, lint, types, import rules and security
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary $(CODE) $(TESTS)
	@report="$$($(BIN)/lint-imports --no-logo)" || { echo "$$report"; exit 1; }
	@$(BIN)/bandit --quiet --configfile pyproject.toml --severity-level medium --recursive $(CODE)

simulate: $(VENV)/.dev  ## Run the product under faults, in virtual time, once for each seed (SEEDS=1000 FIRST=0)
	@$(BIN)/python -m tests.simulation --seeds $(SEEDS) --first $(FIRST)

mutants: $(VENV)/.dev  ## Plant bugs in a copy of the sources: a test must kill each; renew the table of docs/guarantees.md
	@$(BIN)/python -m tests.mutants

torture: $(VENV)/.dev  ## Kill a server under load, and let processes fight over one store (KILLS=100)
	@KILLS=$(KILLS) $(BIN)/pytest -q -n 0 tests/torture

load: $(VENV)/.embedded  ## Load a server with traders and hostile strangers, watch it; then 500 readers of a stream (SECONDS=600)
	@$(BIN)/python -m bench.load $(SECONDS)
	@$(BIN)/python -m bench.readers

# Wants the machine to itself, and no network once everything is installed.
bench: bundles requirements/bench.lock  ## Measure everything beside its peers in ten minutes; renew docs/performance.md (VS=the last release's hunch)
	@$(UV_INSTALL) --require-hashes --requirement requirements/bench.lock
	@$(BIN)/python -m bench $(if $(VS),--vs $(VS))

format: $(VENV)/.dev  ## Format the code and fix what the linter can
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

openapi: $(VENV)/.dev  ## Write the API's description anew after a change of a route
	@$(BIN)/python -m functions.embedded.openapi
	@if node -e '$(NODE_IS_NEW_ENOUGH)' 2>/dev/null; then $(MAKE) --silent clients/typescript/node_modules/.package-lock.json && \
		cd clients/typescript && npm run --silent types; else echo 'Without Node the types of the TypeScript client stay as they were.' >&2; fi

# dev.lock comes first and constrains the others: a package has one version everywhere. One lock for each profile of
# functions/registry.py, from its dependency group alone: a bundle holds nothing that its functions do not need.
lock: $(VENV)/.uv  ## Recompile the lock files after a change of pyproject.toml (UPGRADE=1 moves every version)
	@$(COMPILE) --extra embedded --extra mcp --group dev pyproject.toml --output-file requirements/dev.lock
	@$(COMPILE) --extra embedded --constraint requirements/dev.lock pyproject.toml --output-file requirements/embedded.lock
	@$(COMPILE) --extra embedded --extra mcp --constraint requirements/dev.lock pyproject.toml --output-file requirements/mcp.lock
	@$(COMPILE) --extra bench --constraint requirements/dev.lock pyproject.toml --output-file requirements/bench.lock
	@$(COMPILE) --group clients --output-file requirements/clients.lock
	@for profile in $(PROFILES); do \
		$(COMPILE) --group $$profile --constraint requirements/dev.lock --output-file requirements/$$profile.lock || exit 1; \
	done

# --strict: a package that cannot be looked up is a failure, not a pass.
audit: $(VENV)/.dev  ## Look for known vulnerabilities in what is locked (needs the advisory database online)
	@$(BIN)/pip-audit --strict --progress-spinner off --disable-pip --require-hashes --requirement requirements/dev.lock

clean:  ## Remove the environment and every cache; databases stay
	@rm -rf $(VENV) $(CLIENTS) .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist htmlcov
	@rm -rf web/dist web/node_modules web/src/api/schema.d.ts tests/browser/artefacts clients/typescript/dist clients/typescript/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Python 3.13 is `python3.13`, or one that pyenv has (.python-version tells it which), or `python3`, or one that uv finds.
# Then uv at the locked version and hash: pip reads its lines of the lock. Without the stamp the folder is half made: start over.
$(VENV)/.uv:
	@rm -rf $(VENV); \
	for python in python3.13 "$$(env -u PYENV_VERSION pyenv which python3.13 2>/dev/null)" \
			"$$(env -u PYENV_VERSION "$$HOME/.pyenv/bin/pyenv" which python3.13 2>/dev/null)" python3; do \
		if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; then \
			"$$python" -m venv $(VENV); break; \
		fi; \
	done; \
	if [ ! -d $(VENV) ] && command -v uv >/dev/null; then uv venv --quiet --seed --python 3.13 $(VENV); fi; \
	if [ ! -d $(VENV) ]; then echo 'Python 3.13 is needed: `pyenv install 3.13`, or any python3.13 on PATH.' >&2; exit 1; fi
	@sed -n '/^uv==/,/# via/p' requirements/dev.lock | $(BIN)/python -m pip install -qq --require-hashes --requirement /dev/stdin
	@touch $@

$(VENV)/.dev: requirements/dev.lock pyproject.toml | $(VENV)/.uv
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.lock
	@$(UV_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(CLIENTS)/.clients: requirements/clients.lock | $(VENV)/.uv
	@$(BIN)/python -m venv --clear $(CLIENTS)
	@$(BIN)/uv pip install --quiet --python $(CLIENTS)/bin/python --require-hashes --requirement $<
	@touch $@

# The command line of CDK at the version that reads what the library writes: npm's latest is older.
infra/node_modules/.package-lock.json: infra/package-lock.json
	@npm ci --prefix infra --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

# `install` and not `sync`: development tools that are already there stay.
$(VENV)/.embedded: requirements/embedded.lock pyproject.toml | $(VENV)/.uv
	@$(UV_INSTALL) --require-hashes --requirement requirements/embedded.lock
	@$(UV_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
