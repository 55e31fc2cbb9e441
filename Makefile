# The commands of the house. Needs Python 3.11 or later and make; everything else goes into .venv/.

PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11,$(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
PYTEST := $(BIN)/python -m pytest
# The packages that hold Python by now, for the tools that refuse an empty folder.
PACKAGES := $(foreach p,domain storage actors gateway causerie benchmarks,$(if $(wildcard $(p)/*.py),$(p)))
# Each floor stands on the one before it.
FLOORS := unit house properties contract simulation integration acceptance faults
# Properties live beside the unit tests, and draw their examples on a floor of their own.
WHERE_properties := tests/unit
MARKS_unit := not long and not hypothesis
MARKS_properties := not long and hypothesis
# The floor of integration has two halves: what is in the test's own process, and what starts servers.
HALVES := inside servers
WHERE_inside := tests/integration
WHERE_servers := tests/integration
MARKS_inside := not long and not serves
MARKS_servers := not long and serves
floor = $(PYTEST) -q $(or $(WHERE_$(1)),tests/$(1)) -m '$(or $(MARKS_$(1)),not long)'
# `make test` runs these two at a time, each in a process of its own, and shows the output of each when it is done; the longest first.
BESIDE := types contract inside simulation unit properties house imports lint
# What starts servers has the machine to itself.
ALONE := servers acceptance faults
ONE_BY_ONE := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
# Ray reports usage to its makers unless told otherwise; a test run tells nobody.
export RAY_USAGE_STATS_ENABLED := 0
# Where it is set, each of the many processes of a run would compile the whole program for itself.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help serve install test check bench load soak chaos lint format types imports $(FLOORS) $(HALVES) lock clean peers search-eval
.DEFAULT_GOAL := help

help:
	@echo 'make serve [ARGS="--port 8080 ..."]  install what is needed and start Causerie'
	@echo 'make test                            every check and every floor of tests'
	@echo 'make check                           lint, types, imports and unit tests'
	@echo 'make $(firstword $(FLOORS))|...|$(lastword $(FLOORS)) [ARGS="-k word"]   one floor: $(FLOORS)'
	@echo 'make bench [SECONDS=30]                ceiling, throughput and REST; fills benchmarks/RESULTS.md'
	@echo 'make load [USERS=50 SECONDS=30]        locust against a fresh server; writes load.html'
	@echo 'make chaos [MINUTES=5 SEED=7 DATABASE=sqlite|postgresql SERVERS=2 PLACEMENT=dedicated LINK=ray]   break it, and judge'
	@echo 'make soak [MINUTES=60]                 steady traffic: what grows with time'
	@echo 'make search-eval                       how well questions find their articles: recall@3 and MRR'
	@echo 'make peers [ARGS="--only ejabberd"]     Causerie beside what one would use instead; some minutes'
	@echo 'make web | web-test                    build the pages; their types and tests'
	@echo 'make format | lock | clean           format the code; renew the lock files; remove what make made'

serve: install
	@exec $(BIN)/causerie serve $(ARGS)

install: .venv/installed

test: .venv/installed-test
	@+$(MAKE) --no-print-directory -j2 $(ONE_BY_ONE) $(BESIDE)
	@+$(MAKE) --no-print-directory -j1 $(ALONE)

check: lint types imports unit house properties

lint: .venv/installed-test
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet || { echo 'Run `make format`.'; exit 1; }

types: .venv/installed-test
	@$(BIN)/mypy $(PACKAGES)

imports: .venv/installed-test
	@$(BIN)/lint-imports --no-logo

format: .venv/installed-test
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format

$(FLOORS) $(HALVES): .venv/installed-test
	@echo '== $@'
	@$(call floor,$@) $(ARGS)

USERS ?= 50
SECONDS ?= 30
SCENARIO ?= mixed
SHAPE ?= steady

bench: .venv/installed-test
	@set -e; for each in ceiling throughput rest; do $(BIN)/python -m benchmarks.$$each --seconds $(SECONDS) $(ARGS); done
	@$(BIN)/python -m benchmarks.report

load: .venv/installed-test
	@$(BIN)/python -m benchmarks.load --users $(USERS) --seconds $(SECONDS) --scenario $(SCENARIO) --shape $(SHAPE) $(ARGS)

soak: MINUTES ?= 60
soak: .venv/installed-test
	@$(BIN)/python -m benchmarks.soak $(MINUTES) $(ARGS)

SEED ?= 7
DATABASE ?= $(if $(SERVERS),postgresql,sqlite)
PLACEMENT ?= shared
LINK ?= socket

chaos: MINUTES ?= 5
chaos: .venv/installed-test
	@exec $(BIN)/python -m tests.chaos --minutes $(MINUTES) --seed $(SEED) --database $(DATABASE) \
		--servers $(or $(SERVERS),1) --placement $(PLACEMENT) --link $(LINK) $(ARGS)

search-eval: .venv/installed-test
	@$(BIN)/python -m benchmarks.search_eval $(ARGS)

peers: .venv/installed-test
	@$(BIN)/python -m benchmarks.peers $(ARGS)

# A stamp is newer than what it was made from, or the step is done again.
.venv/bin/pip:
	@test -n '$(PYTHON)' || { echo 'Causerie needs Python 3.11 or later: none was found. Name one by `make PYTHON=...`.' >&2; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.lock pyproject.toml | .venv/bin/pip
	@echo 'Installing what Causerie needs into .venv/ ...'
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@PAGES=later $(PIP) install --no-deps --editable .
	@touch $@

.venv/installed-test: requirements-test.lock .venv/installed
	@echo 'Installing what the tests need into .venv/ ...'
	@$(PIP) install --no-deps --require-hashes -r requirements-test.lock
	@touch $@

# Exact versions and hashes for every platform and every Python that pyproject.toml allows. UPGRADE=--upgrade takes newer versions.
LOCK := pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet --no-emit-index-url --no-emit-find-links \
	--custom-compile-command 'make lock' $(UPGRADE)
lock: .venv/bin/pip
	@set -e; dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; \
	$(BIN)/python -m venv "$$dir"; "$$dir/bin/pip" --disable-pip-version-check -qq install uv; \
	"$$dir/bin/uv" $(LOCK) --output-file requirements.lock; \
	"$$dir/bin/uv" $(LOCK) --extra test --constraint requirements.lock --output-file requirements-test.lock; \
	"$$dir/bin/uv" $(subst pyproject.toml,web/requirements.in,$(LOCK)) --output-file web/requirements.lock

# -- web/: the pages, built by the Node.js that a wheel brings. `make serve WEB=no` starts without them.

NODE := $(BIN)/python web/tools/node.py
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -name built)

.PHONY: web web-test web-lock

web: web/built

$(if $(filter no,$(WEB)),,serve install test acceptance): web/built
BESIDE += web-test

web-test: web/node_modules/.package-lock.json
	@$(NODE) node_modules/typescript/bin/tsc --noEmit -p .
	@$(NODE) node_modules/typescript/bin/tsc --noEmit -p apps/workspace
	@$(NODE) node_modules/vitest/vitest.mjs run $(ARGS)

web/built: web/node_modules/.package-lock.json $(WEB_SOURCES)
	@echo 'Building the pages of web/ ...'
	@$(NODE) tools/build.mjs
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json web/.npmrc .venv/installed-web
	@echo 'Installing what the pages are built of into web/node_modules/ ...'
	@$(NODE) npm ci --loglevel=error
	@touch $@

.venv/installed-web: web/requirements.lock | .venv/bin/pip
	@$(PIP) install --no-deps --require-hashes -r web/requirements.lock
	@touch $@

# Newer versions of what the pages are built of, within the ranges of web/package.json and web/requirements.in.
web-lock: .venv/installed-web
	@$(NODE) npm update --package-lock-only

clean:
	rm -rf web/node_modules web/built gateway/pages/built
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
