# shellcheck shell=bash
# MariaDB: TCP with and without TLS on one port, and a socket. Needs postgres.sh for running as another user.

listeners[mariadb]=mariadb

# What the tests sign in with; the user may do everything, so that tests can make users and end sessions.
readonly mariadb_user=swell
readonly mariadb_database=swell

mariadb_socket() { printf '%s/mariadb/socket\n' "$run"; }

# What the server does at each start before it takes connections.
write_mariadb_start() {
    cat >"$run/mariadb/start.sql" <<-END
		CREATE DATABASE IF NOT EXISTS $mariadb_database;
		CREATE OR REPLACE USER $mariadb_user@'%' IDENTIFIED BY '$mariadb_password';
		GRANT ALL PRIVILEGES ON *.* TO $mariadb_user@'%' WITH GRANT OPTION;
	END
}

# Makes the data folder, anew if a try has failed. Its owner is who runs the server.
init_mariadb() {
    local prefix
    rm -rf "${run:?}/mariadb"
    as_unprivileged prefix
    command -v mariadb-install-db >/dev/null || die "MariaDB is not installed: run config/dev/install.sh test"
    mkdir "$run/mariadb"
    cp "$(pki mariadb.crt)" "$(pki mariadb.key)" "$run/mariadb/"
    write_mariadb_start
    # Others may use the socket.
    chmod 0711 "$run/mariadb"
    give "$run/mariadb"
    (
        cd "$run/mariadb"
        # The folder for all temporary files may be closed to the user.
        "${prefix[@]}" env TMPDIR="$run/mariadb" mariadb-install-db --no-defaults --datadir="$run/mariadb/data" --skip-test-db \
            --auth-root-authentication-method=normal --skip-name-resolve
    ) >>"$(log_of mariadb)" 2>&1 || {
        show_log mariadb
        die "mariadb-install-db failed"
    }
    touch "$run/mariadb/installed"
}

mariadb_configure() {
    pick_ports mariadb
    # Not after `||`, where it would go on after a command that fails.
    if [[ ! -e $run/mariadb/installed ]]; then init_mariadb; fi
}

mariadb_command() {
    local prefix
    as_unprivileged prefix
    command=(
        "${prefix[@]}" mariadbd --no-defaults --datadir="$run/mariadb/data" --tmpdir="$run/mariadb"
        --socket="$(mariadb_socket)" --pid-file="$run/mariadb/pid" --bind-address=127.0.0.1 --port="${ports[mariadb]}"
        --skip-name-resolve --init-file="$run/mariadb/start.sql"
        --ssl-cert="$run/mariadb/mariadb.crt" --ssl-key="$run/mariadb/mariadb.key"
        --max-connections=300 --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=24M --performance-schema=OFF
    )
}

mariadb_answers() {
    MYSQL_PWD=$mariadb_password mariadb --no-defaults --protocol=tcp --host=127.0.0.1 --port="${ports[mariadb]}" \
        --user="$mariadb_user" --connect-timeout=5 --execute='SELECT 1' "$mariadb_database"
}
