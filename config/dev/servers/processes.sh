# shellcheck shell=bash
# Servers as processes: spawn, watch, freeze, stop. Needs say.sh, family.sh and ports.sh, and
# `run`, the folder of this run.
#
# A server NAME has a file beside this one with three functions (a dash becomes an underscore):
#   NAME_configure   picks its ports and writes its files; called again if a port was taken meanwhile
#   NAME_command     sets the array `command`
#   NAME_answers     succeeds once the server does its work
# and an entry in `listeners`: the ports that it must own to be ready.
# A process is known by pid and start time, so that a pid in use again is never taken for the server.

declare -A listeners=()

# Signals that end a server at once instead of waiting for its clients. etcd has all that kube-apiserver was told.
readonly -A stop_signals=([postgres]=INT [kube-apiserver]=KILL)

# Seconds that a server has to become ready: slow machines build and test at the same time.
readonly ready_limit=120

# Calls one of the functions of a server.
of() { "${1//-/_}_$2"; } # NAME FUNCTION

log_of() { printf '%s/logs/%s.log\n' "$run" "$1"; }

# Prints the pid of a server, or fails if it does not run.
pid_of() { # NAME
    local pid birth
    { read -r pid birth <"$run/pids/$1"; } 2>/dev/null || return 1
    [[ $(birth_of "$pid") == "$birth" ]] && printf '%s\n' "$pid"
}

# Sends a signal to each process of a server (PostgreSQL's leave its process group); those that are gone do not matter.
signal_family() { # NAME SIGNAL
    local pid
    pid=$(pid_of "$1") || return 0
    # shellcheck disable=SC2046 # pids are words
    kill -s "$2" $(family_of "$pid") 2>/dev/null || true
}

# Waits until no thread of a server runs: on a busy machine it answers for some time after SIGSTOP was sent.
await_stopped() { # NAME
    local pid process tries=0
    pid=$(pid_of "$1") || return 0
    for process in $(family_of "$pid"); do
        # A thread's state stands behind its name, which may hold anything, and before nothing but numbers.
        while grep -qsvE '\) [TZX]( -?[0-9]+)*$' "/proc/$process/task/"*/stat; do
            if ((tries++ == 200)); then
                signal_family "$1" CONT
                die "$1 does not stop"
            fi
            sleep 0.05
        done
    done
}

# Starts the process of a server, in a session of its own, and remembers it.
spawn() { # NAME FLAG...
    local name=$1 command=()
    shift
    of "$name" command
    setsid "${command[@]}" "$@" >>"$(log_of "$name")" 2>&1 </dev/null &
    printf '%s %s\n' "$!" "$(birth_of "$!")" >"$run/pids/$name"
    disown # the shell need not tell of its end
}

is_ready() { # NAME PID
    local listener
    for listener in ${listeners[$1]}; do
        owns_port "$2" "${ports[$listener]}" || return 1
    done
    of "$1" answers >/dev/null 2>&1
}

# Waits until a server is ready; fails if its process ends first, or when the time is over.
await_ready() { # NAME
    local pid deadline=$((SECONDS + ready_limit))
    while ((SECONDS < deadline)); do
        pid=$(pid_of "$1") || return 1
        is_ready "$1" "$pid" && return
        sleep 0.1
    done
    say "$1 was not ready within $ready_limit s"
    return 1
}

# Asks a server to end, and kills it and its children if it has not after 20 s. A server that does not run is fine.
stop_server() { # NAME
    local pid family tries=0
    pid=$(pid_of "$1") || return 0
    mapfile -t family < <(family_of "$pid")
    signal_family "$1" CONT
    kill -s "${stop_signals[$1]-TERM}" "$pid" 2>/dev/null || true # it may have ended a moment ago
    while pid_of "$1" >/dev/null && ((tries++ < 200)); do sleep 0.1; done
    if pid_of "$1" >/dev/null; then
        kill -KILL "${family[@]}" 2>/dev/null || true
        while pid_of "$1" >/dev/null; do sleep 0.1; done
    fi
}

show_log() { # NAME
    say "the end of $(log_of "$1"):"
    tail -n 40 "$(log_of "$1")" >&2
}
