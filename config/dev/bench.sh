#!/bin/bash
# All that `make bench` does: builds the release executable and the benchmarks, and runs them against the real servers.
#
#   bench.sh SWIFT-BUILD-FLAG... -- RELEASE-BUILD-FLAG...
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib/say.sh"
cd "$here/../.."

flags=()
while [[ $1 != -- ]]; do
    flags+=("$1")
    shift
done
shift

"$here/install.sh" bench
"$here/control-plane.sh" build
say 'building the release executable'
swift build "$@"
say 'building the benchmarks'
# SwiftPM keeps the plan of a scratch folder, and does not see there what is new in the package that it depends on.
rm -f .build/benchmarks/*.yaml
bench=(--package-path Tests/Benchmarks --scratch-path .build/benchmarks --configuration release "${flags[@]}")
swift build "${bench[@]}" --product bench
measure=$(swift build "${bench[@]}" --show-bin-path)/bench
swell=$(swift build "$@" --show-bin-path)/swell
json=.build/benchmarks.json
rm -f "$json"
failed=0
# Each group has servers of its own: Kubernetes' controllers work on for minutes at what another one has left.
for group in $("$measure" --list); do
    "$here/servers.sh" run -- "$measure" --swell "$swell" --only "$group" --json "$json" || {
        code=$?
        # By SIGHUP, SIGINT or SIGTERM: whoever ends one group means the rest, too.
        ((code != 129 && code != 130 && code != 143)) || exit "$code"
        failed=1
    }
done
say 'all that was measured'
"$measure" --show --json "$json"
exit "$failed"
