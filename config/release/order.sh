#!/bin/bash
# Writes functions.order: the functions that run at all, by which the linker lays them beside each other.
#
#   config/dev/servers.sh run -- order.sh EXECUTABLE
#
# The kernel counts as memory, in steps of 64 KiB, what was once used of an executable. Of ours 2 of 34 MB of code run while it
# works, strewn over all of it, and as much again at the start. callgrind watches the operator start, poll a hundred objects
# with triggers of four types, wake them and let them sleep again, which takes some six minutes. What runs then comes first,
# what costs most before the rest; then what only the start needs. Names that are no longer there do no harm, so this is for
# before a release, or when `make bench` has memory grow.
#
# EXECUTABLE is a release executable with its symbols.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../dev/lib/say.sh"
source "$here/../dev/servers/ports.sh"
readonly each=25

# kubectl, whose words nobody sees unless it fails; on a cluster that starts it has many.
kube() {
    KUBECONFIG=$SWELL_TEST_KUBECONFIG timeout 900 "$SWELL_TEST_KUBECTL" "$@" >>"$work/log" 2>&1 ||
        die "kubectl $*: $(tail -n 3 "$work/log")"
}

# A Deployment and a ScaledObject that is active in every other minute.
object() { # NAME TYPE METADATA [DATABASE]
    cat <<EOF
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: $1, namespace: order}
spec:
  replicas: 0
  selector: {matchLabels: {app: $1}}
  template:
    metadata: {labels: {app: $1}}
    spec: {containers: [{name: main, image: none, env: [{name: DATABASE, value: "${4-}"}]}]}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: $1, namespace: order}
spec:
  scaleTargetRef: {name: $1}
  pollingInterval: 5
  cooldownPeriod: 15
  triggers: [{type: $2, metadata: {$3}}]
EOF
}

objects() {
    local number mysql
    mysql="$SWELL_TEST_MARIADB_USER:$SWELL_TEST_MARIADB_PASSWORD@tcp($SWELL_TEST_MARIADB_HOST:$SWELL_TEST_MARIADB_PORT)/$SWELL_TEST_MARIADB_DB"
    for ((number = 0; number < each; number++)); do
        object "cron-$number" cron \
            'timezone: Europe/Paris, start: "*/2 * * * *", end: "1-59/2 * * * *", desiredReplicas: "3"'
        object "prometheus-$number" prometheus \
            "serverAddress: \"$SWELL_TEST_PROMETHEUS_URL\", query: \"$number + 50 * (time() % 120 < bool 60)\", threshold: \"10\", activationThreshold: \"30\""
        object "postgresql-$number" postgresql \
            'connectionFromEnv: DATABASE, query: "SELECT extract(epoch FROM now())::int % 120 / 60 * 30", targetQueryValue: "10"' \
            "$SWELL_TEST_POSTGRES_URI"
        object "mysql-$number" mysql \
            'connectionStringFromEnv: DATABASE, query: "SELECT unix_timestamp() % 120 DIV 60 * 30", queryValue: "10"' \
            "$mysql"
    done
}

# Prints the executable's functions of a dump of callgrind's, the one that costs most first.
functions_of() { # DUMP
    awk -v executable="$executable" '
        # fn=(17) name, and fn=(17) from then on; cfn= and cob= are of the function that is called, whose cost follows calls=.
        function name_of(names, text,    id, end) {
            end = index(text, ")")
            id = substr(text, 1, end)
            if (length(text) > end) names[id] = substr(text, end + 2)
            return names[id]
        }
        /^cfn=/ { name_of(functions, substr($0, 5)); next }
        /^cob=/ { name_of(objects, substr($0, 5)); next }
        /^ob=/ { object = name_of(objects, substr($0, 4)); next }
        /^fn=/ { current = name_of(functions, substr($0, 4)); next }
        /^calls=/ { called = 1; next }
        /^[0-9+*-]/ {
            if (!called && object == executable) cost[current] += $2
            called = 0
        }
        END { for (name in cost) printf "%.0f %s\n", cost[name], name }
    ' "$1" | LC_ALL=C sort --key=1,1nr --key=2,2 | sed "s/^[0-9]* //; s/'[0-9]*$//" |
        grep --invert-match -e '^0x' -e '^(' # code without a name
}

# Has callgrind write down what has run since the last time.
dump() {
    kill -0 "$operator" 2>/dev/null || die "the operator has ended: $(tail -n 3 "$work/log")"
    callgrind_control --vgdb-prefix="$work/vgdb" --dump "$operator" >>"$work/log" 2>&1
}

clean_up() {
    if [[ -n $operator ]]; then
        kill -KILL "$operator" 2>/dev/null || true # it may have ended by itself
        wait "$operator" 2>/dev/null || true       # killed, as it has to be
    fi
    rm -rf "$work"
}

main() {
    [[ $# == 1 && -x $1 ]] || die "usage: order.sh EXECUTABLE, a release executable with its symbols"
    command -v valgrind >/dev/null || die "valgrind is missing: apt-get install valgrind"
    work=$(realpath "$(mktemp -d "${TMPDIR:-/tmp}/swell-order.XXXXXX")") # as callgrind writes it
    operator=
    trap clean_up EXIT
    pick_ports metrics
    executable=$work/swell
    # valgrind does not understand all that compilers write for debuggers.
    strip --strip-debug -o "$executable" "$1"

    kube apply -f "$here/../crd" -f "$here/../rbac"
    sed "s/6443/${ports[metrics]}/" "$here/../apiservice/development/metrics-api.yaml" | kube apply -f -
    kube create namespace order
    say 'starting the operator under callgrind'
    valgrind --tool=callgrind --demangle=no --vgdb-prefix="$work/vgdb" --callgrind-out-file="$work/calls" \
        "$executable" operator --kubeconfig "$SWELL_TEST_KUBECONFIG" --log-level error \
        --webhook-bind-address 0 --metrics-bind-address 0 --health-bind-address 0 \
        --external-metrics-bind-address "127.0.0.1:${ports[metrics]}" >>"$work/log" 2>&1 &
    operator=$!
    objects | kube create -f -
    kube wait scaledobjects --all --namespace order --for condition=Ready --timeout=600s
    sleep 60
    dump
    say 'watching them wake and sleep for four minutes'
    sleep 240
    dump
    { functions_of "$work/calls.2"; functions_of "$work/calls.1"; } | awk '!seen[$0]++' >"$work/order"
    (($(wc -l <"$work/order") > 5000)) || die "callgrind has seen too little: $(tail -n 3 "$work/log")"
    mv "$work/order" "$here/functions.order"
    say "$(wc -l <"$here/functions.order") functions are in functions.order"
}

main "$@"
