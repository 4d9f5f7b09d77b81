# shellcheck shell=bash
# Processes and their descendants, as /proc tells of them. Needs nothing.

# Prints when a process began, in clock ticks since boot; fails if there is none or only its zombie. Pid and birth
# together name a process for good, where a pid may be in use again.
birth_of() { # PID
    local stat
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    read -ra stat <<<"${stat##*) }" # the fields from the third on; the second is a name that may hold anything
    [[ ${stat[0]} != Z ]] && printf '%s\n' "${stat[19]}"
}

# Prints a process and all that descend from it, whatever their process groups.
family_of() { # PID
    local children child
    printf '%s\n' "$1"
    mapfile -t children < <(cat "/proc/$1/task/"*/children 2>/dev/null | tr ' ' '\n')
    for child in "${children[@]}"; do [[ -z $child ]] || family_of "$child"; done
}
