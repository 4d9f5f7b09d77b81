# shellcheck shell=bash
# Which kubectl is at hand: the newest one, and Debian's. Needs say.sh, packages.sh, private-apt.sh.

# Debian's kubectl, unpacked without installing it.
fetched_kubectl() { printf '%s/debian-kubectl/kubectl\n' "$(cache_folder)"; }

# Prints Debian's kubectl: the installed one, else the one in the cache. Fails if there is neither.
debian_kubectl() {
    local kubectl
    if is_installed kubernetes-client; then
        printf '/usr/bin/kubectl\n'
        return
    fi
    kubectl=$(fetched_kubectl)
    [[ -x $kubectl ]] && printf '%s\n' "$kubectl"
}

# Makes sure that debian_kubectl has an answer, without installing anything. Expects an up-to-date private apt and the
# lock of the cache.
fetch_debian_kubectl() {
    local kubectl work
    kubectl=$(fetched_kubectl)
    work=${kubectl%/*}.new
    rm -rf "$work" "${kubectl%/*}"
    unpack_package kubernetes-client "$work/package"
    mv "$work/package/usr/bin/kubectl" "$work/"
    rm -rf "$work/package"
    mv -T "$work" "${kubectl%/*}"
}

# Prints the version of a kubectl as 1.20.2, or nothing if it does not run.
kubectl_version() { # KUBECTL
    "$1" version --client --output=json 2>/dev/null |
        sed -nE 's/.*"gitVersion": *"v([0-9]+\.[0-9]+\.[0-9]+).*/\1/p'
}

# Prints the newest kubectl among the named ones, those on the PATH and versioned ones (kubectl.1.33) beside those.
newest_kubectl() { # CANDIDATE...
    local candidate real
    {
        printf '%s\n' "$@"
        while read -r candidate; do
            real=$(readlink -f "$candidate")
            printf '%s\n' "$candidate" "${real%/*}"/kubectl.[0-9]*
        done < <(type -aP kubectl)
    } | sort -u | while read -r candidate; do
        [[ -x $candidate ]] && printf '%s %s\n' "$(kubectl_version "$candidate")" "$candidate"
    done | grep -E '^[0-9]' | sort -V | tail -n 1 | cut -d ' ' -f 2-
}
