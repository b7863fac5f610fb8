# The front door. `make help` lists the targets; each does its work in the room it names.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Bytecode is kept apart from the sources, and kept also where the shell asks for none: without it
# every command compiles the SDK's modules anew.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.local/pycache
unexport PYTHONDONTWRITEBYTECODE

STACK ?= local
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
LOCAL := $(PY) -m rehearsal
# A configuration of the policy pack, as policy/profiles/ holds them; empty: each rule as it is.
PACK = $(if $(POLICY_CONFIG),--policy-config "$(POLICY_CONFIG)")
# The provider plugins: published, where they can be downloaded; empty: the stand-ins.
PLUGINS ?=
KIND = $(if $(PLUGINS),--plugins "$(PLUGINS)")

# 3.11 to 3.14, the newest that runs: a version manager's stub may exist without its Python.
PYTHON ?= $$(for candidate in python3.13 python3.12 python3.11 python3.14 python3; do \
	if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo $$candidate; break; fi; done)

.PHONY: help up preview airflow status down env serve test unit witnesses mutants bench drills lint format generate docs policy-bundle clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) \
		| sed -E 's/^([a-z-]+):[^#]*## */\1|/' \
		| while IFS='|' read -r name text; do printf '  %-14s %s\n' "$$name" "$$text"; done

$(READY): requirements.txt requirements-dev.txt constraints.txt pyproject.toml setup.py rehearsal/bootstrap.py
	@python="$(PYTHON)"; if [ -z "$$python" ]; then \
		echo "error: no Python >= 3.11 on PATH; install one, or name it with PYTHON=..." >&2; exit 1; fi; \
	"$$python" rehearsal/bootstrap.py $(VENV) >&2
	@touch $@

up: $(READY)  ## build the platform (STACK=local, PORT=free, POLICY_CONFIG=file, PLUGINS=published)
	@$(LOCAL) up --stack $(STACK) $(if $(PORT),--port $(PORT)) $(PACK) $(KIND)

preview: $(READY)  ## show what up would do, judged by the policy pack (STACK=local, POLICY_CONFIG=file)
	@$(LOCAL) preview --stack $(STACK) $(PACK) $(KIND)

airflow: $(READY)  ## run a real Airflow behind the environment that is up (STACK=local, PORT=free)
	@$(LOCAL) airflow --stack $(STACK) $(if $(PORT),--port $(PORT))

status: $(READY)  ## show what is up
	@$(LOCAL) status

down: $(READY)  ## destroy every stack, or STACK=one, and stop the emulated AWS
	@$(LOCAL) down $(if $(filter command line environment,$(origin STACK)),--stack $(STACK))

env: $(READY)  ## print exports that select the emulated AWS: eval "$(make -s env)"
	@$(LOCAL) env --stack $(STACK)

serve: $(READY)  ## run only the emulated AWS, in the foreground (PORT=free)
	@$(LOCAL) serve $(if $(PORT),--port $(PORT))

test: $(READY)  ## format, lint, types, then every test: unit, then the real engine
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m ruff check --quiet .
	@$(PY) -m mypy --no-error-summary .
	@$(PY) -m pytest -q -n auto --dist loadfile --no-loadscope-reorder

unit: $(READY)  ## the tests that need neither engine nor emulated AWS nor a copy of the checkout
	@$(PY) -m pytest -q -n auto --dist loadfile --no-loadscope-reorder -m "not engine and not emulator and not copy"

witnesses: $(READY)  ## how far recordings of AWS agree with this project
	@$(PY) -m tests.witnesses

mutants: $(READY)  ## break a compliant platform once for every rule, in its plan and its account
	@$(PY) -m tests.mutants

bench: $(READY)  ## measure, and print each figure beside its bound
	@$(PY) -m benchmarks

drills: $(READY)  ## disturb each writing verb at each of its effects, then a real Airflow (10 minutes)
	@$(PY) -m tests.ops.drills
	@$(PY) -m pytest -q -n auto --dist loadfile --drills -m drill

lint: $(READY)  ## format check, lint and types only
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy .

format: $(READY)  ## put the code into its format
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

generate: $(READY)  ## write all generated files again: settings of Pulumi.yaml, profiles, reference
	@$(PY) -m docs.generate

docs: generate  ## the same as generate

policy-bundle: $(READY)  ## make the policy pack publishable alone, in build/policy-pack
	@rm -rf build/policy-pack
	@$(PY) -m policy.bundle build/policy-pack

clean: $(READY)  ## stop the emulated AWS and discard the rehearsal's state (keeps the engine)
	@$(LOCAL) clean
