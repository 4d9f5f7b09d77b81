# shellcheck shell=bash
# Debian packages: which are missing, and how to add them without starting a daemon. Needs say.sh.

# Debian asks this file whether a package may start its daemon; 101 means no.
readonly policy_file=/usr/sbin/policy-rc.d
readonly policy_backup=$policy_file.before-swell
readonly policy_mark='swell: packages start no daemon while they are installed'

is_installed() { # PACKAGE
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Prints those of the named packages that are not installed, one a line.
missing_packages() { # PACKAGE...
    local package
    for package; do
        is_installed "$package" || printf '%s\n' "$package"
    done
}

# Puts our policy in place and keeps the machine's own, if it has one.
forbid_daemons() {
    allow_daemons # an earlier run may have been killed between the two
    if [[ -e $policy_file || -L $policy_file ]]; then
        as_root mv -T "$policy_file" "$policy_backup"
    fi
    printf '#!/bin/sh\n# %s\nexit 101\n' "$policy_mark" | as_root tee "$policy_file" >/dev/null
    as_root chmod 0755 "$policy_file"
}

# Puts back what forbid_daemons replaced; does nothing if it replaced nothing.
allow_daemons() {
    if grep -qsF "$policy_mark" "$policy_file"; then
        as_root rm -f "$policy_file"
    fi
    if [[ -e $policy_backup || -L $policy_backup ]]; then
        as_root mv -T "$policy_backup" "$policy_file"
    fi
}

# Keeps a service that we brought from starting with the machine's next boot.
disable_at_boot() { # UNIT...
    local unit
    command -v systemctl >/dev/null || return 0
    for unit; do
        as_root systemctl --quiet disable "$unit.service"
    done
}

# Runs apt-get install without questions; its output is shown only if it fails.
apt_install() { # PACKAGE...
    local log
    log=$(mktemp)
    if as_root apt-get --quiet --yes update >"$log" 2>&1 &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes --no-install-recommends \
            -o DPkg::Lock::Timeout=300 install "$@" >>"$log" 2>&1; then
        rm -f "$log"
        return
    fi
    tail -n 40 "$log" >&2
    rm -f "$log"
    return 1
}

# Installs what is missing of the named packages. Leaves the network alone when nothing is. It runs in a subshell,
# so that its trap puts the policy back however it ends.
install_packages() ( # PACKAGE...
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || exit 0
    say "installing ${missing[*]}"
    trap allow_daemons EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    forbid_daemons
    apt_install "${missing[@]}" || die "apt-get could not install: ${missing[*]}"
)
