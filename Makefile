# The habits of this project. `make` alone lists them.

# A module may import only what its target declares.
SWIFT_FLAGS := --explicit-target-dependency-import-check error
# All that Swell has; a plain `swift build` leaves MySQL out.
ALL := --traits MariaDB $(SWIFT_FLAGS)
# The Dockerfile builds with the same.
RELEASE_FLAGS := $(shell cat config/release/flags)
STRIPPED := $(RELEASE_FLAGS) -Xlinker -s
DEMO := .build/debug/swell local --demo
SOURCES := Sources Tests config/crd Package.swift

# Runs only the tests whose names match: make test FILTER=CronTests
FILTER ?=
export FILTER

.DEFAULT_GOAL := help
.PHONY: help demo test build bench order relink image-check format lint clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## install what it needs, build, and watch a ScaledObject work on the embedded cluster
	config/dev/install.sh build
	swift build $(ALL) --product swell
	$(DEMO)

test: ## install, build, start the real servers, run every test (FILTER=name for some)
	@config/dev/test.sh $(ALL)

build: relink ## make the release executable, stripped, with Swift's libraries inside
	config/dev/install.sh build
	swift build $(STRIPPED)
	@echo "$$(swift build $(STRIPPED) --show-bin-path)/swell"

bench: relink ## measure the release executable against the real servers (JSON too, in .build/benchmarks.json)
	@config/dev/bench.sh $(SWIFT_FLAGS) -- $(STRIPPED)

relink: # SwiftPM does not know that the linker reads a list
	@[ .build/release/swell -nt config/release/functions.order ] || rm -f .build/release/swell

order: ## watch the release executable run, and write down which functions do, for the linker
	config/dev/install.sh bench
	config/dev/control-plane.sh build
	swift build $(RELEASE_FLAGS)
	config/dev/servers.sh run -- config/release/order.sh "$$(swift build $(RELEASE_FLAGS) --show-bin-path)/swell"

image-check: build ## try the release executable in a bare Debian with what the Dockerfile installs
	config/dev/install.sh test
	config/dev/control-plane.sh build
	config/dev/image-check.sh "$$(swift build $(STRIPPED) --show-bin-path)/swell"

format: ## format every source file in place
	swift format --in-place --parallel --recursive $(SOURCES)

lint: ## check the format of every source file
	swift format lint --strict --parallel --recursive $(SOURCES)

clean: ## remove what was built here (the cached control plane stays)
	rm -rf .build
