# Meterbook. `make` alone lists what there is.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.SUFFIXES:

# The demo, the tests and the bench share one release build: a second configuration would cost a second cold build. The
# tests reach the modules by `package` access, so nothing has to be compiled for testability.
CONFIGURATION := -c release
FORMAT := swift format
PREFIX ?= /usr/local
SOURCES = Package.swift Sources Tests sql

# The recipes run where this file is, whose path may hold spaces: so `make -C`, and not `make -f`, from elsewhere.
#
# Nothing is done about git's "dubious ownership" in a checkout of somebody else's. The package manager takes such a
# clone of a dependency for a broken one and fetches it again; with safe.directory set in the environment it believes
# the clone and then fails, for git does not pass that setting on to the process that serves it.

.PHONY: help
help: ## This list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-14s %s\n", $$1, $$2 }'

.PHONY: prerequisites
prerequisites: ## Install what the build needs beside Swift: PostgreSQL, libpq, zlib
	@sh .ci/prerequisites

.PHONY: build
build: prerequisites ## Build the program
	swift build $(CONFIGURATION) --product meterbook

.PHONY: demo
demo: build ## Run the pipeline on made-up customers, with a private PostgreSQL
	@sh jobs/demo

.PHONY: test
test: prerequisites ## Run all tests, on a PostgreSQL of their own
	@sh .ci/test $(CONFIGURATION) --disable-testable-imports --disable-xctest

.PHONY: lint
lint: ## Check the style of Swift, SQL and shell
	@$(FORMAT) lint --strict --parallel --configuration .swift-format --recursive $(SOURCES)
	@if command -v shellcheck >/dev/null 2>&1; then shellcheck .ci/run .ci/prerequisites .ci/test .ci/clean .ci/install jobs/demo; fi
	@if command -v sqlfluff >/dev/null 2>&1; then sqlfluff lint --dialect postgres --disable-progress-bar sql; fi
	@if command -v squawk >/dev/null 2>&1; then squawk sql/schema/*.sql; fi

.PHONY: format
format: ## Format the Swift sources
	@$(FORMAT) --in-place --parallel --configuration .swift-format --recursive $(SOURCES)

SEEDS ?= 1000

.PHONY: simulate
simulate: build ## Hold made-up vendors against an oracle: SEEDS=1000 of them, or SEED=n alone, or until KILLS=n runs were killed
	swift build $(CONFIGURATION) --product simulate
	@"$$(swift build $(CONFIGURATION) --show-bin-path)/simulate" $(if $(SEED),--seed $(SEED),$(if $(KILLS),--kills $(KILLS),--seeds $(SEEDS)))

.PHONY: bench
bench: build ## Measure, and print ratios
	swift build $(CONFIGURATION) --product bench
	@"$$(swift build $(CONFIGURATION) --show-bin-path)/bench"

.PHONY: install
install: build ## Install the program, its manual and completions under PREFIX (/usr/local)
	@sh .ci/install install "$(PREFIX)"

.PHONY: uninstall
uninstall: ## Take away what install has put under PREFIX
	@sh .ci/install uninstall "$(PREFIX)"

.PHONY: clean
clean: ## Stop the private server, and remove its data and everything built
	@sh .ci/clean
