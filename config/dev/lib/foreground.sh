# shellcheck shell=bash
# Runs a long command so that a signal to the script reaches the command, and nothing of it is left. Needs family.sh.

# Process group of the running command; empty when there is none.
foreground=
# Name of the signal that this script received; empty when there was none.
received=
# Seconds that a command has to end by itself after a signal. A script that runs one of ours gives it more.
patience=15

# Who belonged to the command when the signal came: birth by pid.
declare -A family=()

# Remembers the signal and hands it on, or ends the script if nothing runs.
on_signal() { # INT|TERM|HUP
    local pid
    received=$1
    [[ -n $foreground ]] || exit "$(signal_code)"
    for pid in $(family_of "$foreground"); do family[$pid]=$(birth_of "$pid") || true; done
    kill -s "$1" -- "-$foreground" 2>/dev/null || true # it may have ended by itself a moment ago
}

# The exit code by which shells tell of a signal.
signal_code() { printf '%d\n' "$((128 + $(kill -l "$received")))"; }

trap 'on_signal INT' INT
trap 'on_signal TERM' TERM
trap 'on_signal HUP' HUP

# Kills those of the family that outlived the command: `swift test`, for one, can end without the process that runs the
# tests, which has a group of its own.
kill_survivors() {
    local pid
    for pid in "${!family[@]}"; do
        [[ $(birth_of "$pid") != "${family[$pid]}" ]] || kill -KILL "$pid" 2>/dev/null || true
    done
}

# Runs a command in a process group of its own and returns its exit code. After a signal the command has some
# time to end by itself, then the script ends with the signal's code. What is left of the group is killed in each case.
run_foreground() { # COMMAND ARGUMENT...
    local code=0 deadline
    set -m # own group, and SIGINT not ignored, as it is for background commands otherwise
    "$@" <&0 &
    foreground=$!
    set +m
    wait "$foreground" || code=$?
    if [[ -n $received ]]; then
        deadline=$((SECONDS + patience))
        while kill -0 "$foreground" 2>/dev/null && ((SECONDS < deadline)); do sleep 0.1; done
        kill_survivors
    fi
    # Most often nothing is left by now. Waiting here keeps the shell from telling of the killed one.
    { kill -KILL -- "-$foreground" && wait "$foreground"; } 2>/dev/null || true
    foreground=
    [[ -z $received ]] || exit "$(signal_code)"
    return "$code"
}
