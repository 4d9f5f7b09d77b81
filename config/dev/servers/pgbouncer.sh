# shellcheck shell=bash
# PgBouncer in front of PostgreSQL: a server session belongs to a client for one transaction only. Needs postgres.sh.

listeners[pgbouncer]=pgbouncer

# Start-up parameters that PgBouncer does not know are refused, as by default. Its log goes to standard error.
pgbouncer_configure() {
    pick_ports pgbouncer
    mkdir -p "$run/pgbouncer"
    printf '"%s" "%s"\n' "$postgres_user" "$postgres_password" >"$run/pgbouncer/users.txt"
    cat >"$run/pgbouncer/pgbouncer.ini" <<-END
		[databases]
		* = host=127.0.0.1 port=${ports[postgres]}
		[pgbouncer]
		listen_addr = 127.0.0.1
		listen_port = ${ports[pgbouncer]}
		unix_socket_dir =
		auth_type = scram-sha-256
		auth_file = $run/pgbouncer/users.txt
		admin_users = $postgres_user
		pool_mode = transaction
		max_client_conn = 200
	END
    chmod 0700 "$run/pgbouncer"
    give "$run/pgbouncer"
}

pgbouncer_command() {
    local prefix
    as_unprivileged prefix
    command=("${prefix[@]}" pgbouncer "$run/pgbouncer/pgbouncer.ini")
}

pgbouncer_answers() {
    "$(postgres_programs)/psql" --quiet --command='SELECT 1' "$(postgres_uri "${ports[pgbouncer]}")?connect_timeout=5"
}
