# shellcheck shell=bash
# Everything about the servers, in the order in which they start.

readonly servers=(etcd kube-apiserver kube-controller-manager postgres pgbouncer prometheus trigger-etcd)

servers_source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in ports processes certificates "${servers[@]}"; do
    # shellcheck source=/dev/null
    source "$servers_source/$part.sh"
done
unset part

# PgBouncer is in a folder that is not on everyone's path.
PATH=$PATH:/usr/sbin
# libpq would take hosts, passwords and the like from these.
unset "${!PG@}"

# What a control script must know of this run, besides `run` itself.
save_state() { declare -p bin etcd_password kube_url ports postgres_password unprivileged >"$run/state"; }

# Stops all servers at once, as their data is not kept, and removes the folder unless SWELL_KEEP=1.
stop_servers() {
    local name
    stop_server postgres # a killed PostgreSQL would leave its shared memory behind
    for name in "${servers[@]}"; do signal_family "$name" KILL; done
    for name in "${servers[@]}"; do stop_server "$name"; done
    [[ ${SWELL_KEEP-} == 1 ]] || rm -rf "$run"
}
