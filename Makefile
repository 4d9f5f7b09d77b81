# The habits of this project. `make` alone lists them.

# A module may import only what its target declares.
SWIFT_FLAGS := --explicit-target-dependency-import-check error
RELEASE_FLAGS := --configuration release --product swell --static-swift-stdlib -Xlinker -s $(SWIFT_FLAGS)
DEMO := .build/debug/swell local --demo
SOURCES := Sources Tests config/crd Package.swift

# Runs only the tests whose names match: make test FILTER=CronTests
FILTER ?=
export FILTER

.DEFAULT_GOAL := help
.PHONY: help demo test build bench image-check format lint clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## install what it needs, build, and watch a ScaledObject work on the embedded cluster
	config/dev/install.sh build
	swift build $(SWIFT_FLAGS) --product swell
	$(DEMO)

test: ## install, build, start the real servers, run every test (FILTER=name for some)
	@config/dev/test.sh $(SWIFT_FLAGS)

build: ## make the release executable, stripped, with Swift's libraries inside
	config/dev/install.sh build
	swift build $(RELEASE_FLAGS)
	@echo "$$(swift build $(RELEASE_FLAGS) --show-bin-path)/swell"

bench: ## measure the release executable against the real servers (JSON too, in .build/benchmarks.json)
	@config/dev/bench.sh $(SWIFT_FLAGS) -- $(RELEASE_FLAGS)

image-check: build ## try the release executable in a bare Debian with what the Dockerfile installs
	config/dev/install.sh test
	config/dev/control-plane.sh build
	config/dev/image-check.sh "$$(swift build $(RELEASE_FLAGS) --show-bin-path)/swell"

format: ## format every source file in place
	swift format --in-place --parallel --recursive $(SOURCES)

lint: ## check the format of every source file
	swift format lint --strict --parallel --recursive $(SOURCES)

clean: ## remove what was built here (the cached control plane stays)
	rm -rf .build
