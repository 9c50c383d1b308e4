# The front door. `make help` lists what can be done here.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

export DESKFLEET_CACHE ?= $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/deskfleet
export CARGO_TARGET_DIR ?= $(DESKFLEET_CACHE)/target-$(shell rustc --version 2>/dev/null | cut -d' ' -f2)

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 16

.PHONY: check
check: ## Format, lints, unit tests
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

.PHONY: test
test: ## Every test
	cargo test --workspace

.PHONY: generate
generate: ## Rewrite generated files (manifests, references); commit what changes
	DESKFLEET_GENERATE=1 cargo test --workspace --quiet --test manifests --test openapi
	DESKFLEET_GENERATE=1 cargo test --workspace --quiet -- the_chart_includes_these_rules
