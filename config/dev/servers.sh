#!/bin/bash
# Starts the real servers that the tests run against, runs a command, and stops them again however it ends.
#
#   servers.sh run -- COMMAND [ARGUMENT...]
#
# All of them listen on free ports of 127.0.0.1 and keep all they write in one folder, which is removed at the end;
# SWELL_KEEP=1 keeps it. The exit code is COMMAND's. COMMAND finds in its environment:
#
#   SWELL_TEST_BIN                           folder with etcd, kube-apiserver, kube-controller-manager, kubectl
#   SWELL_TEST_ENV                           a file with all of these variables, for another shell to `source`
#
#   SWELL_TEST_KUBE_URL                      https://127.0.0.1:port
#   SWELL_TEST_KUBE_CA                       certificate that signed its certificate
#   SWELL_TEST_KUBECONFIG                    administrator, by client certificate
#   SWELL_TEST_KUBECTL                       the newest kubectl at hand
#   SWELL_TEST_KUBECTL_DEBIAN                Debian's kubectl; not set if there is none
#   SWELL_TEST_CLIENT_CA_CERT, …_KEY         signs client certificates that kube-apiserver accepts
#   SWELL_TEST_FRONT_PROXY_CA_CERT, …_KEY    the request-header CA
#   SWELL_TEST_FRONT_PROXY_CERT, …_KEY       kube-apiserver's certificate towards aggregated servers
#   SWELL_TEST_AUDIT_LOG                     one JSON line per request to kube-apiserver
#   SWELL_TEST_APISERVER_CTL                 controls kube-apiserver
#   SWELL_TEST_CONTROLLER_MANAGER_CTL        controls kube-controller-manager (HPA sync 1 s, stabilisation 5 s)
#
#   SWELL_TEST_POSTGRES_HOST, …_PORT, …_USER, …_PASSWORD, …_DB
#   SWELL_TEST_POSTGRES_URI                  the same as one postgresql:// URI
#   SWELL_TEST_POSTGRES_CA                   certificate for sslmode=verify-full (127.0.0.1 and localhost)
#   SWELL_TEST_POSTGRES_LOG                  connections and statements
#   SWELL_TEST_POSTGRES_CTL                  controls PostgreSQL
#   SWELL_TEST_PGBOUNCER_PORT                the same database through PgBouncer, pooled by transaction
#   SWELL_TEST_PGBOUNCER_CTL                 controls PgBouncer
#
#   SWELL_TEST_PROMETHEUS_URL                http://127.0.0.1:port
#   SWELL_TEST_PROMETHEUS_TARGETS            file_sd file (JSON) that the tests may write; scraped every second
#   SWELL_TEST_PROMETHEUS_CTL                controls Prometheus
#
#   SWELL_TEST_ETCD_URL                      an etcd for triggers: http://127.0.0.1:port
#   SWELL_TEST_ETCD_TLS_URL                  the same with TLS, which asks for a certificate
#   SWELL_TEST_ETCD_CA                       certificate that signed its certificate
#   SWELL_TEST_ETCD_CLIENT_CERT, …_KEY       a certificate that it accepts
#   SWELL_TEST_ETCD_PASSWORD                 of its users root, and swell, who may read what begins with swell/
#   SWELL_TEST_ETCD_CTL                      controls it
#
# A …_CTL is a script: `start`, `stop`, `restart`, `freeze`, `thaw`; see servers/control.sh.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib/say.sh"
source "$here/lib/packages.sh"
source "$here/lib/kubectl.sh"
source "$here/lib/family.sh"
source "$here/lib/foreground.sh"
source "$here/servers/all.sh"

# Stops all servers and says where their folder is, if it is kept.
clean_up() {
    trap '' INT TERM HUP
    stop_servers
    [[ ! -d $run ]] || say "the servers' folder is kept: $run"
}

make_run_folder() {
    run=$(mktemp -d "${TMPDIR:-/tmp}/swell-servers.XXXXXX")
    trap clean_up EXIT
    chmod 0711 "$run" # PostgreSQL, as another user, reaches its folder; nobody can look around
    mkdir "$run"/{control,logs,pids,pki}
    setsid "$here/servers/guard.sh" "$run" "$$" "$(birth_of "$$")" </dev/null >/dev/null 2>&1 &
    disown
}

# Starts a server and waits for it; starts again on other ports if somebody took one between the choice and the start.
start_server() { # NAME
    local try
    for try in 1 2 3 4 5; do
        of "$1" configure
        save_state
        spawn "$1"
        if await_ready "$1"; then return; fi
        stop_server "$1"
        grep -qi 'address already in use' "$(log_of "$1")" || break
        say "a port of $1 was taken; trying others ($try)"
        : >"$(log_of "$1")"
    done
    show_log "$1"
    die "$1 did not start"
}

# Writes the small script by which tests control a server.
write_control() { # NAME
    printf '#!/bin/bash\nexec %q %q %q "$@"\n' "$here/servers/control.sh" "$run" "$1" >"$run/control/$1"
    chmod +x "$run/control/$1"
}

# Prints the variables of the tests, one NAME=value a line.
test_variables() {
    local debian
    cat <<-END
		BIN=$bin
		ENV=$run/env
		KUBE_URL=$kube_url
		KUBE_CA=$(pki kube-ca.crt)
		KUBECONFIG=$run/admin.kubeconfig
		KUBECTL=$(newest_kubectl "$bin/kubectl")
		CLIENT_CA_CERT=$(pki client-ca.crt)
		CLIENT_CA_KEY=$(pki client-ca.key)
		FRONT_PROXY_CA_CERT=$(pki front-proxy-ca.crt)
		FRONT_PROXY_CA_KEY=$(pki front-proxy-ca.key)
		FRONT_PROXY_CERT=$(pki front-proxy-client.crt)
		FRONT_PROXY_KEY=$(pki front-proxy-client.key)
		AUDIT_LOG=$run/audit.log
		APISERVER_CTL=$run/control/kube-apiserver
		CONTROLLER_MANAGER_CTL=$run/control/kube-controller-manager
		POSTGRES_HOST=127.0.0.1
		POSTGRES_PORT=${ports[postgres]}
		POSTGRES_USER=$postgres_user
		POSTGRES_PASSWORD=$postgres_password
		POSTGRES_DB=$postgres_database
		POSTGRES_URI=$(postgres_uri "${ports[postgres]}")
		POSTGRES_CA=$(pki postgres-ca.crt)
		POSTGRES_LOG=$(log_of postgres)
		POSTGRES_CTL=$run/control/postgres
		PGBOUNCER_PORT=${ports[pgbouncer]}
		PGBOUNCER_CTL=$run/control/pgbouncer
		PROMETHEUS_URL=http://127.0.0.1:${ports[prometheus]}
		PROMETHEUS_TARGETS=$run/prometheus/targets.json
		PROMETHEUS_CTL=$run/control/prometheus
		ETCD_URL=http://127.0.0.1:${ports[trigger-etcd]}
		ETCD_TLS_URL=https://127.0.0.1:${ports[trigger-etcd-tls]}
		ETCD_CA=$(pki trigger-etcd-ca.crt)
		ETCD_CLIENT_CERT=$(pki trigger-etcd-client.crt)
		ETCD_CLIENT_KEY=$(pki trigger-etcd-client.key)
		ETCD_PASSWORD=$etcd_password
		ETCD_CTL=$run/control/trigger-etcd
	END
    if debian=$(debian_kubectl); then printf 'KUBECTL_DEBIAN=%s\n' "$debian"; fi
}

# Gives the variables to what we start from now on, and to the file for other shells.
export_variables() {
    local line
    while read -r line; do
        export "SWELL_TEST_$line"
        printf 'export SWELL_TEST_%s=%q\n' "${line%%=*}" "${line#*=}" >>"$run/env"
    done < <(test_variables)
}

main() {
    local name mask began=$SECONDS
    [[ ${1-} == run && ${2-} == -- && $# -ge 3 ]] || die "usage: servers.sh run -- COMMAND [ARGUMENT...]"
    shift 2

    mask=$(umask)
    umask 077 # keys and passwords
    bin=$("$here/control-plane.sh" path)
    unprivileged=$(id -un postgres 2>/dev/null || printf 'nobody')
    postgres_password=$(openssl rand -hex 16)
    etcd_password=$(openssl rand -hex 16)
    kube_url=
    make_run_folder
    make_certificates
    for name in "${servers[@]}"; do
        start_server "$name"
        write_control "$name"
    done
    export_variables
    say "${#servers[@]} servers are up after $((SECONDS - began)) s; their variables are in $run/env"
    umask "$mask"
    run_foreground "$@"
}

main "$@"
