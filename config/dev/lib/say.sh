# shellcheck shell=bash
# Words and folders that every script here shares. Sourced, never run.

# Prints one progress line; standard output stays free for answers.
say() { printf 'swell: %s\n' "$*" >&2; }

# Says why and ends the script.
die() {
    say "error: $*"
    exit 1
}

# Runs a command as root: directly if we are root, else through sudo.
as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -- "$@"
    else
        die "root is needed for: $* (run as root, or install sudo)"
    fi
}

# Prints the folder that outlives a clone: built control planes, downloaded packages.
cache_folder() { printf '%s\n' "${SWELL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/swell}"; }

# Holds a lock of the cache (file descriptor 9) until this process and its children end.
lock_cache() { # NAME
    local file
    file="$(cache_folder)/$1.lock"
    mkdir -p "$(cache_folder)"
    exec 9>"$file"
    flock --nonblock 9 && return
    say "waiting for another run that holds $file"
    flock 9
}
