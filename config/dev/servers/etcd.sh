# shellcheck shell=bash
# etcd: the store of kube-apiserver.

listeners[etcd]='etcd etcd-peer'

etcd_configure() { pick_ports etcd etcd-peer; }

etcd_command() {
    local client=http://127.0.0.1:${ports[etcd]} peer=http://127.0.0.1:${ports[etcd-peer]}
    command=(
        "$bin/etcd" --data-dir="$run/etcd" --logger=zap --log-level=warn
        --listen-client-urls="$client" --advertise-client-urls="$client"
        --listen-peer-urls="$peer" --initial-advertise-peer-urls="$peer" --initial-cluster="default=$peer"
    )
    # A test's data need not survive a power cut; etcd 3.4 has no such flag yet.
    if [[ $("$bin/etcd" --help 2>&1) == *--unsafe-no-fsync* ]]; then command+=(--unsafe-no-fsync); fi
}

etcd_answers() { curl --silent --fail --noproxy '*' --max-time 5 "http://127.0.0.1:${ports[etcd]}/health"; }
