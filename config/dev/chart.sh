#!/bin/bash
# Renders a chart: with Helm where it is installed, else with chart/, which is made of what Helm is made of.
#
#   chart.sh template NAME CHART [--namespace N] [--values FILE]... [--kube-version V]
#   chart.sh notes    NAME CHART [the same]
#
# SWELL_NO_HELM=1 leaves Helm aside.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib/say.sh"

# Prints the renderer, after it was built if its sources are newer. Debian's Go libraries are found by GOPATH.
renderer() {
    local program
    program=$(cache_folder)/chart/chart
    lock_cache chart
    if [[ ! -x $program || -n $(find "$here/chart" -name '*.go' -newer "$program" -print -quit) ]]; then
        (
            cd "$here/chart"
            env -u GOFLAGS -u GOROOT GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="${program%/*}/gocache" CGO_ENABLED=0 \
                go build -o "$program" . >&2
        ) || die "the chart's renderer could not be built: run config/dev/install.sh test"
        touch "$program"
    fi
    printf '%s\n' "$program"
}

# Prints NOTES.txt as `helm install` shows it.
helm_notes() {
    helm install --dry-run=client "$@" | sed '1,/^NOTES:$/d'
}

main() {
    local action=${1-}
    [[ ($action == template || $action == notes) && $# -ge 3 ]] ||
        die "usage: chart.sh template|notes NAME CHART [--namespace N] [--values FILE]... [--kube-version V]"
    shift
    if [[ -z ${SWELL_NO_HELM-} ]] && command -v helm >/dev/null; then
        case $action in
            template) exec helm template "$@" ;;
            notes) helm_notes "$@" ;;
        esac
        return
    fi
    local program more=()
    program=$(renderer)
    [[ $action == template ]] || more=(--notes)
    exec "$program" template "$@" "${more[@]}"
}

main "$@"
