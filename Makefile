# On a machine with Python 3.11 to 3.13, pip, make and git:  make demo   make test
# Another interpreter: make demo PY=python3.12      A larger company: make demo SCALE=1

PY         ?= python3
ARGS       ?=
SCALE      ?= 0.1
SEED       ?=
WHICH      ?= -m 'not exhaustive'
UV_VERSION := 0.13.8
UV         := .tools/uv/bin/uv
BIN        := .venv/bin
LOCKS      := requirements/uv.txt requirements/run.txt requirements/dev.txt requirements/snowflake.txt
SNOWFLAKE  := .tools/snowflake

# Never fetch an interpreter, never report usage to anybody.
export UV_PYTHON_DOWNLOADS := never
export DO_NOT_TRACK := 1
# Trust whom pip trusts: a company's own certificate lies in the system's store, not in uv's.
SYSTEM_CERTS := $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/ssl/cert.pem /etc/pki/tls/certs/ca-bundle.crt)
export UV_SYSTEM_CERTS ?= $(if $(SYSTEM_CERTS),true,false)

COMPILE = $(UV) pip compile -q --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'
# $(1): lock file. Exactly the lock, then this package itself, built with what the lock brought. Compiled, since
# where PYTHONDONTWRITEBYTECODE is set, as in many containers, each start would compile dbt and dlt again: 4 seconds.
define install
	@echo "Setting up .venv from $(1)"
	@$(UV) pip sync -q --python $(BIN)/python --compile-bytecode --no-build --require-hashes $(1)
	@$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src
endef

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The two set-ups share one venv.
.NOTPARALLEL:
.PHONY: help setup setup-dev demo test test-exhaustive lint lint-python lint-types lint-sql lint-files lint-docs fix \
	bench docs picture lock hooks clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: setup ## Make a saas company in demo/, build its warehouse, write the report (SCALE=1: all of it)
	@test -f demo/brewhouse.toml || $(BIN)/brewhouse init demo --blueprint saas --scale $(SCALE) --no-check
	$(BIN)/brewhouse run --project-dir demo $(ARGS)
	@echo "Report: $(CURDIR)/demo/report.html"

# One number fixes the order of the tests, the hash seed and what hypothesis tries.
test: setup-dev $(SNOWFLAKE)/.done ## Run the tests in random order on all cores (ARGS='-k name', SEED=n repeats an order)
	@seed=$${SEED:-$$($(BIN)/python -c 'import secrets; print(secrets.randbelow(2**31))')}; \
	echo "To repeat this run: make test SEED=$$seed"; \
	PYTHONHASHSEED=$$seed $(BIN)/python -m pytest -n auto --dist worksteal \
		--randomly-seed=$$seed --hypothesis-seed=$$seed $(WHICH) $(ARGS)

test-exhaustive: WHICH = -m exhaustive
test-exhaustive: test ## Run the tests that take minutes each, which test leaves out

lint: lint-files lint-python lint-types lint-docs lint-sql ## Check everything that is not a test

lint-files: setup-dev ## Sizes, banned words, YAML and TOML
	$(BIN)/python scripts/check_files.py
	$(BIN)/yamllint --strict .

lint-python: setup-dev ## ruff
	$(BIN)/ruff check -q .
	$(BIN)/ruff format --check -q .

lint-types: setup-dev ## mypy, strict
	$(BIN)/mypy

lint-sql: setup-dev ## sqlfluff on the blueprints, compiled by dbt
	$(BIN)/python scripts/lint_sql.py $(ARGS)

lint-docs: setup-dev ## docs/reference agrees with the code
	$(BIN)/python -m scripts.reference --check

fix: setup-dev ## Format and repair what can be repaired
	$(BIN)/ruff check -q --fix .
	$(BIN)/ruff format -q .
	$(BIN)/python scripts/lint_sql.py --fix

bench: setup-dev ## Run the benchmarks; each prints a ratio against its limit (ARGS=name)
	$(BIN)/python -m bench $(ARGS)

docs: setup-dev ## Write docs/reference from the code
	$(BIN)/python -m scripts.reference

picture: demo setup-dev ## Take the pictures of the report and of parity (needs Chromium)
	$(BIN)/python scripts/picture.py
	$(BIN)/python -m scripts.parity_picture

lock: $(UV) ## Resolve requirements/*.txt anew from pyproject.toml (ARGS=--upgrade takes newer ones)
	echo 'uv==$(UV_VERSION)' | $(COMPILE) --no-annotate - -o .tools/uv.txt >/dev/null
	@cmp -s .tools/uv.txt requirements/uv.txt || cp .tools/uv.txt requirements/uv.txt
	$(COMPILE) $(ARGS) pyproject.toml --extra postgres --group build --group dev -o requirements/dev.txt >/dev/null
	$(COMPILE) $(ARGS) pyproject.toml --extra postgres --no-annotate --group build -c requirements/dev.txt -o requirements/run.txt >/dev/null
	$(COMPILE) $(ARGS) --no-annotate --group snowflake -o requirements/snowflake.txt >/dev/null
	@! grep -nE '://|file:' $(LOCKS)

hooks: setup-dev ## Run the checks before each commit
	$(BIN)/pre-commit install

clean: ## Remove everything that was made here, demo/ included
	rm -rf .venv .tools .lint demo dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} +

setup: .venv/.run
setup-dev: .venv/.dev

$(UV): requirements/uv.txt
	@$(PY) -c 'import sys; v = sys.version_info[:2]; (3, 11) <= v <= (3, 13) or sys.exit( \
		"Brewhouse needs Python 3.11 to 3.13; $(PY) is %d.%d. Try: make PY=python3.12" % v)'
	@echo 'Fetching uv $(UV_VERSION)'
	@rm -rf .tools/uv
	@$(PY) -m pip install -q --disable-pip-version-check --no-warn-script-location --root-user-action ignore \
		--require-hashes --only-binary :all: --target .tools/uv -r requirements/uv.txt
	@touch $@

$(BIN)/python: | $(UV)
	@$(UV) venv -q --clear --python $(PY) .venv

.venv/.run: requirements/run.txt pyproject.toml | $(UV) $(BIN)/python
	@rm -f .venv/.dev
	$(call install,requirements/run.txt)
	@touch $@

# Holds all of run.txt in the same versions, so that it replaces that set-up.
.venv/.dev: requirements/dev.txt pyproject.toml | $(UV) $(BIN)/python
	$(call install,requirements/dev.txt)
	@touch .venv/.run $@

# What a test records of dbt-snowflake needs no package of ours.
$(SNOWFLAKE)/.done: requirements/snowflake.txt | $(UV)
	@echo "Setting up $(SNOWFLAKE) from $<"
	@$(UV) venv -q --clear --python $(PY) $(SNOWFLAKE)
	@$(UV) pip sync -q --python $(SNOWFLAKE)/bin/python --compile-bytecode --no-build --require-hashes $<
	@touch $@
