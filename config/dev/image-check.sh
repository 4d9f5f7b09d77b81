#!/bin/bash
# Tries the image where there is no container engine: a bare Debian made by debootstrap, with the packages that the last stage of
# the Dockerfile installs and the release executable, root read-only, as the image's user. There it prints its version, follows
# a cron through a change of Lord Howe Island's clocks, and runs as the operator against the tests' control plane.
#
#   image-check.sh EXECUTABLE
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib/say.sh"
source "$here/lib/packages.sh"
readonly dockerfile=$here/../../Dockerfile

# Prints the packages of the Dockerfile's last stage.
image_packages() {
    awk '/^FROM /{stage=""} {stage=stage $0 "\n"} END{printf "%s", stage}' "$dockerfile" |
        grep 'apt-get install' | sed 's/.*apt-get install//; s/\\$//' | tr ' ' '\n' | grep -v -e '^--' -e '^$'
}

# Prints the user of the Dockerfile's last stage.
image_user() { sed -n 's/^USER //p' "$dockerfile" | tail -n 1; }

# Makes the root, once for each list of packages; later runs take it from the cache.
make_root() { # FOLDER PACKAGE...
    local root=$1
    shift
    [[ ! -e $root/.complete ]] || return 0
    as_root rm -rf "$root"
    mkdir -p "$root"
    say "making a bare Debian with: $*"
    as_root debootstrap --variant=minbase bookworm "$root" >"$root.log" 2>&1 || {
        tail -n 20 "$root.log" >&2
        die "debootstrap failed"
    }
    as_root cp /etc/resolv.conf "$root/etc/resolv.conf"
    as_root chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes --no-install-recommends install "$@" \
        >>"$root.log" 2>&1 || {
        tail -n 20 "$root.log" >&2
        die "the image's packages cannot be installed"
    }
    as_root touch "$root/.complete"
}

# Runs the executable in the root, in a mount namespace of its own, as the image's user.
in_image() { # ROOT ARGUMENT...
    local root=$1
    shift
    # shellcheck disable=SC2016 # the inner shell expands them
    as_root unshare --mount --propagation private bash -c '
        root=$1 user=$2
        shift 2
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"
        mount -o remount,ro,bind "$root"
        # The number of what is executed next.
        printf "%s\n" "$$" >"$root.pid"
        exec chroot --userspec="$user" "$root" /usr/local/bin/swell "$@"
    ' bash "$root" "$(image_user)" "$@"
}

# Starts the operator in the root and waits until it is ready; then it must drain.
try_operator() { # ROOT
    local root=$1 log=$1.operator.log port pid code=0 try
    # With certificates inside, so that one file is enough.
    "$SWELL_TEST_KUBECTL" --kubeconfig "$SWELL_TEST_KUBECONFIG" config view --raw --flatten |
        as_root tee "$root/srv/kubeconfig" >/dev/null
    as_root chown "$(image_user)" "$root/srv/kubeconfig"
    as_root chmod 0400 "$root/srv/kubeconfig"
    "$SWELL_TEST_KUBECTL" --kubeconfig "$SWELL_TEST_KUBECONFIG" apply -f "$here/../crd" >/dev/null
    port=$((20000 + RANDOM % 10000))
    in_image "$root" operator --kubeconfig /srv/kubeconfig --health-bind-address "127.0.0.1:$port" \
        --external-metrics-bind-address 127.0.0.1:0 --webhook-bind-address 0 --metrics-bind-address 0 2>"$log" &
    pid=$!
    for ((try = 0; try < 60; try++)); do
        curl --silent --fail --noproxy '*' --max-time 5 "http://127.0.0.1:$port/readyz" >/dev/null && break
        sleep 1
    done
    ((try < 60)) || {
        tail -n 20 "$log" >&2
        as_root kill "$(<"$root.pid")"
        die "the operator did not become ready in the image"
    }
    as_root kill -TERM "$(<"$root.pid")"
    wait "$pid" || code=$?
    ((code == 0)) || {
        tail -n 20 "$log" >&2
        die "the operator ended with $code in the image"
    }
}

# Fails unless a text holds another.
expect() { # TEXT PART
    [[ $1 == *"$2"* ]] || die "expected \"$2\" in: $1"
}

main() {
    [[ $# -eq 1 && -x $1 ]] || die "usage: image-check.sh EXECUTABLE"
    if [[ -z ${SWELL_TEST_KUBECONFIG-} ]]; then
        install_packages debootstrap
        exec "$here/servers.sh" run -- "${BASH_SOURCE[0]}" "$1"
    fi
    local packages root text
    mapfile -t packages < <(image_packages)
    ((${#packages[@]})) || die "the Dockerfile's packages cannot be read"
    root=$(cache_folder)/image-$(printf '%s\n' "${packages[@]}" | sha256sum | head -c 12)
    make_root "$root" "${packages[@]}"
    as_root install -m 0755 "$1" "$root/usr/local/bin/swell"

    text=$(in_image "$root" version)
    expect "$text" 'swell '
    as_root install -m 0644 "$here/image-check.yaml" "$root/srv/lord-howe.yaml"
    text+=$'\n'$(in_image "$root" simulate -f /srv/lord-howe.yaml --from 2026-04-03T12:00:00Z --to 2026-04-06T12:00:00Z)
    # Their clocks go back by half an hour on the fifth.
    expect "$text" '2026-04-03T22:00:00Z  2026-04-04T09:00:00+11:00'
    expect "$text" '2026-04-04T22:30:00Z  2026-04-05T09:00:00+10:30'
    try_operator "$root"
    say "the image works: version, a cron in Australia/Lord_Howe, the operator as $(image_user) on a read-only root"
    say "executable $(stat -c %s "$1" | numfmt --to=iec), root $(as_root du -sx --block-size=1 "$root" | cut -f1 | numfmt --to=iec)"
}

main "$@"
