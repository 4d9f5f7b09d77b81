# shellcheck shell=bash
# PostgreSQL: TCP only, with and without TLS on one port, passwords by SCRAM.

listeners[postgres]=postgres

# What the tests sign in with; the user is a superuser, so that tests can make users and end sessions.
readonly postgres_user=swell
readonly postgres_database=swell

# Prints the folder of the newest PostgreSQL that Debian has put here.
postgres_programs() {
    local folder
    folder=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    [[ -x $folder/postgres ]] || die "PostgreSQL is not installed: run config/dev/install.sh test"
    printf '%s\n' "$folder"
}

postgres_uri() { # PORT
    printf 'postgresql://%s:%s@127.0.0.1:%s/%s' "$postgres_user" "$postgres_password" "$1" "$postgres_database"
}

# Gives files to the user that PostgreSQL and PgBouncer run as: both refuse root.
give() { # FILE...
    ((EUID != 0)) || chown -R "$unprivileged" "$@"
}

# Fills an array with the words before a command that must not run as root. They end by becoming that command,
# so the pid stays.
# shellcheck disable=SC2034 # read through the name
as_unprivileged() { # ARRAY
    local -n words=$1
    words=()
    ((EUID != 0)) || words=(setpriv "--reuid=$unprivileged" "--regid=$unprivileged" --init-groups env HOME=/)
}

# Makes the data folder. Its owner is who runs the server.
init_postgres() {
    local prefix
    as_unprivileged prefix
    mkdir "$run/postgres"
    cp "$(pki postgres.crt)" "$(pki postgres.key)" "$run/postgres/"
    printf '%s\n' "$postgres_password" >"$run/postgres/password"
    chmod 0700 "$run/postgres"
    give "$run/postgres"
    (
        cd "$run/postgres"
        "${prefix[@]}" "$(postgres_programs)/initdb" --pgdata="$run/postgres/data" --username="$postgres_user" \
            --pwfile="$run/postgres/password" --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync
    ) >>"$(log_of postgres)" 2>&1 || {
        show_log postgres
        die "initdb failed (a temp folder that the user $unprivileged cannot enter? set TMPDIR)"
    }
}

postgres_configure() {
    pick_ports postgres
    [[ -d $run/postgres ]] || init_postgres
}

postgres_command() {
    local setting prefix
    as_unprivileged prefix
    command=("${prefix[@]}" "$(postgres_programs)/postgres" -D "$run/postgres/data" -p "${ports[postgres]}")
    for setting in listen_addresses=127.0.0.1 unix_socket_directories= max_connections=200 \
        ssl=on ssl_cert_file=../postgres.crt ssl_key_file=../postgres.key \
        fsync=off synchronous_commit=off full_page_writes=off \
        log_connections=on log_disconnections=on log_statement=all "log_line_prefix=%m [%p] %u@%d %a "; do
        command+=(-c "$setting")
    done
}

# The database of the tests is made by the first answer.
postgres_answers() {
    local uri
    uri=$(postgres_uri "${ports[postgres]}")
    "$(postgres_programs)/psql" --quiet --command='SELECT 1' "$uri?connect_timeout=5" ||
        "$(postgres_programs)/psql" --quiet --command="CREATE DATABASE $postgres_database" \
            "${uri%/*}/postgres?connect_timeout=5"
}
