# The front door. `make help` lists what can be done here.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Caches live outside the tree; the cargo target is kept apart by toolchain.
export DESKFLEET_CACHE ?= $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/deskfleet
export CARGO_TARGET_DIR ?= $(DESKFLEET_CACHE)/target-$(shell rustc --version 2>/dev/null | cut -d' ' -f2)

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 18

.PHONY: demo
demo: ## A Kubernetes of its own, a generated fleet, the chart, a first sync, the console
	@sandbox/demo/demo up

.PHONY: demo-stop
demo-stop: ## Remove every trace of the demo
	@sandbox/demo/demo down

.PHONY: check
check: ## Format, lints, unit tests
	@tests/check

.PHONY: test
test: ## Every test: real Postgres, real Kubernetes, real browser
	@tests/run

.PHONY: test-cluster
test-cluster: export CGO_ENABLED = 0
test-cluster: export GOFLAGS = -trimpath
test-cluster: ## Tests of sandbox/cluster, and its proof on this host (root)
	cd sandbox/cluster && go vet ./... && go test ./... && ./prove

.PHONY: generate
generate: ## Rewrite what is generated: CRDs, RBAC, OpenAPI, references, goldens, query cache
	@tests/generate write

.PHONY: bench
bench: bench-sync ## Every measurement beside its peer

.PHONY: bench-sync
bench-sync: ## Syncs beside their peers, a full cycle over 50,000 desktops, what a year takes in Postgres
	@bench/sync

.PHONY: soak
soak: ## Long runs: randomly killed syncs, the Kubernetes proof
	@tests/soak

.PHONY: clean
clean: ## Remove the caches of this project
	@sandbox/demo/demo down
	@sandbox/postgres/postgres down
	rm -rf "$(DESKFLEET_CACHE)" console/node_modules console/dist
