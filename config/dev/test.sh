#!/bin/bash
# All that `make test` does, stage by stage; ends with a table of the time that each stage took.
#
#   test.sh [SWIFT-BUILD-FLAG...]
#
# FILTER in the environment, if not empty, names the tests to run, as for `swift test --filter`.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib/say.sh"
source "$here/lib/family.sh"
source "$here/lib/foreground.sh"

patience=90 # servers.sh waits for the tests, and then stops the servers
table=()
result=passed

# Runs a stage and notes its time. A stage that fails ends the run, after the table.
stage() { # NAME COMMAND...
    local name=$1 began=$SECONDS code=0
    shift
    say "$name"
    running=$name running_since=$began
    run_foreground "$@" || code=$?
    running=
    note "$name" "$began"
    ((code == 0)) || {
        result="failed in: $name"
        exit "$code"
    }
}

# Adds a line to the table.
note() { # NAME BEGAN
    local seconds=$((SECONDS - $2))
    table+=("$(printf '%-24s %3d min %02d s' "$1" $((seconds / 60)) $((seconds % 60)))")
}

# Prints the table, also after a failure or an interrupted stage.
print_table() {
    if [[ -n $running ]]; then
        note "$running" "$running_since"
        result="interrupted in: $running"
    fi
    note 'all' 0
    printf '\n' >&2
    printf '  %s\n' "${table[@]}" "$result" >&2
}

running=
trap print_table EXIT

filter=()
[[ -z ${FILTER-} ]] || filter=(--filter "$FILTER")
cd "$here/../.."

# Swift and Go would compete for the same cores, so the control plane comes first.
stage 'install packages' "$here/install.sh" test
stage 'build control plane' "$here/control-plane.sh" build
stage 'build Swell and tests' swift build --build-tests "$@"
stage 'servers and tests' "$here/servers.sh" run -- swift test --skip-build --no-parallel "$@" "${filter[@]}"
