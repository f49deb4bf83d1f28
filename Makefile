# Every way to use a checkout. `make help` lists them. Everything is installed into .venv.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
EDITOR_DIR := api/web/static/vendor/jsme
EDITOR_PACKAGE := jsme-editor@0.8.2
EDITOR_SHA256 := 00067a436d566235912d3f12007726d2953231bb2c889ae28bf76f037a5a94df
CHARTS_DIR := api/web/static/vendor/vega
VEGA_PACKAGE := vega@6.4.0
VEGA_SHA256 := 3521fb6ff68a94a40323954f0ba4484ba4014b157bfd37f89a3b063082320c42
VEGA_LITE_PACKAGE := vega-lite@6.5.0
VEGA_LITE_SHA256 := 811230a6bfd2cdbfc359d0c38f624a90df86657b7f251b67be88bcc4eee32b7f
INTERPRETER_PACKAGE := vega-interpreter@2.3.2
INTERPRETER_SHA256 := b83489633c1320e9d6f839781f0c84c661a5ca2666fe38cb83f7c52a531fffec
PORT ?= 8000

SEEDED := var/.seeded
DATA := $(shell find migrations registry seed -type f -not -name '*.pyc' 2>/dev/null)

# Only these use the register of this checkout; tests and benchmarks make their own.
demo serve $(SEEDED): export SUBREG_DATABASE_URL ?= sqlite:///$(CURDIR)/var/register.sqlite

.PHONY: help demo serve test soak check format guards bench lock editor charts clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(SEEDED) editor charts ## install, make and seed a register, ask it three questions
	@bash docs/demo.sh $(BIN)/subreg $(PORT)

serve: $(SEEDED) editor charts ## the web pages and the API on this machine only
	$(BIN)/subreg serve --host 127.0.0.1 --port $(PORT)

test: check editor charts ## the checks, then every test
	$(BIN)/python -m pytest -q -n auto --dist worksteal

soak: $(INSTALLED) ## thousands of acts and questions on both databases, against a list kept by hand
	SUBREG_SOAK=100 $(BIN)/python -m pytest -q -s --timeout 0 tests/registry/store/test_bitemporal_model.py \
	  tests/api/usecases/trade/test_race.py tests/api/usecases/trade/test_machine.py

check: $(INSTALLED) ## form, types, direction of imports, guards
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_guards.py

format: $(INSTALLED) ## let the formatter write
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(INSTALLED) ## how fast the engine judges, as ratios measured in one run
	$(BIN)/python -m bench.classify --json

lock: $(INSTALLED) ## pin every dependency again, with hashes
	$(call compile,runtime)
	$(call compile,dev,--extra batch --extra notebook --extra opsin --extra pdf --group dev)

clean: ## remove what was made here; .venv stays
	rm -rf var build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -exec rm -rf {} +

$(INSTALLED): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'python 3.11 or later is needed: make PYTHON=python3.12 …' >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(SEEDED): $(INSTALLED) $(DATA)
	@mkdir -p var
	$(BIN)/subreg db upgrade
	$(BIN)/subreg seed load
	@touch $@

# The register works without the drawing editor: a structure can be pasted or uploaded.
editor: $(INSTALLED)
	@test -f $(EDITOR_DIR)/jsme.nocache.js || { $(fetch_editor); } \
	  || echo 'the drawing editor could not be fetched; structures can still be pasted' >&2

# Nor does it need charts: every chart stands beside the table it is drawn from.
charts: $(INSTALLED)
	@test -f $(CHARTS_DIR)/vega-interpreter.js || { $(fetch_charts); } \
	  || echo 'the charts could not be fetched; the tables stand alone' >&2

define fetch_editor
$(call unpack,$(EDITOR_PACKAGE),$(EDITOR_SHA256),$(EDITOR_DIR),--strip-components=1)
endef

# The interpreter is written for a bundler; here it takes what it needs from vega beside it.
define fetch_charts
$(call unpack,$(VEGA_PACKAGE),$(VEGA_SHA256),$(CHARTS_DIR),$(FLAT) package/build/vega.min.js package/LICENSE) \
  && $(call unpack,$(VEGA_LITE_PACKAGE),$(VEGA_LITE_SHA256),$(CHARTS_DIR),$(FLAT) package/build/vega-lite.min.js) \
  && $(call unpack,$(INTERPRETER_PACKAGE),$(INTERPRETER_SHA256),$(CHARTS_DIR),$(FLAT) package/build/vega-interpreter.js) \
  && sed -i "1s/^import \(.*\) from 'vega-util';$$/const \1 = globalThis.vega;/" $(CHARTS_DIR)/vega-interpreter.js
endef

FLAT := --strip-components=2 --transform 's,^package/LICENSE,package/build/LICENSE,'

# $(call unpack,PACKAGE,SHA256,FOLDER,WHAT): a package of npm, unpacked if it is the one meant.
define unpack
mkdir -p var $(3) \
  && archive="var/$$($(BIN)/npm pack --silent --fetch-retries=1 --fetch-timeout=20000 \
       --pack-destination var $(1))" \
  && echo "$(2)  $$archive" | sha256sum --check --quiet \
  && tar -xzf "$$archive" -C $(3) $(4) \
  && rm "$$archive"
endef

define compile
$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-header --no-annotate \
  --no-emit-index-url pyproject.toml --extra pg $(2) -o requirements/$(1).txt
endef
