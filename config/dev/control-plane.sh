#!/bin/bash
# A Kubernetes control plane for the tests: a folder with etcd, kube-apiserver, kube-controller-manager and kubectl.
#
#   control-plane.sh build   makes the folder if it is not there, and prints it
#   control-plane.sh path    prints the folder, or fails if it is not there
#
# KUBEBUILDER_ASSETS names a folder of your own. Otherwise the two Kubernetes servers are built once from Debian's
# source package (some four minutes on two cores, 3 GB of disk while it runs) into
#   ${SWELL_CACHE:-${XDG_CACHE_HOME:-~/.cache}/swell}/kubernetes-<version>
# and etcd and kubectl there are links to Debian's.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib/say.sh"
source "$here/lib/packages.sh"
source "$here/lib/private-apt.sh"
source "$here/lib/kubectl.sh"
source "$here/lib/family.sh"
source "$here/lib/foreground.sh"

# What Debian 12 has.
readonly version=1.20.2
readonly build_packages=(dpkg-dev gcc golang-go jq libc6-dev make rsync xz-utils)
readonly programs=(etcd kube-apiserver kube-controller-manager kubectl)

built_folder() { printf '%s/kubernetes-%s\n' "$(cache_folder)" "$version"; }

# Prints the programs that a folder lacks.
lacking() { # FOLDER
    local program
    for program in "${programs[@]}"; do
        [[ -x $1/$program ]] || printf '%s ' "$program"
    done
}

# Prints the folder that the user named. setup-envtest's has no controller manager, and that is worth saying.
own_folder() {
    local lacks
    lacks=$(lacking "$KUBEBUILDER_ASSETS")
    [[ -z $lacks ]] ||
        die "KUBEBUILDER_ASSETS=$KUBEBUILDER_ASSETS lacks ${lacks% }: add it there, or unset the variable to build all"
    printf '%s\n' "$KUBEBUILDER_ASSETS"
}

# Fetches and unpacks the source package into WORK/kubernetes.
fetch_source() { # WORK
    say "fetching the source of Kubernetes $version"
    (
        cd "$1"
        private_apt apt-get -qq source --download-only kubernetes >&2
        [[ $(echo kubernetes_*.dsc) == *"$version"* ]] ||
            die "apt offers $(echo kubernetes_*.dsc), not $version: name a control plane with KUBEBUILDER_ASSETS"
        dpkg-source --no-check -x kubernetes_*.dsc kubernetes >source.log 2>&1 || {
            tail -n 20 source.log >&2
            die "the source package could not be unpacked"
        }
    )
}

# Replaces one vendored library, in WORK/kubernetes, by Debian's newer one: reflect2 1.0.1 makes a server that was built
# with Go 1.18 or later panic on every object that it decodes. (https://github.com/openshift/hive/pull/1852)
renew_reflect2() { # WORK
    local library=github.com/modern-go/reflect2
    unpack_package golang-github-modern-go-reflect2-dev "$1/reflect2"
    rm -rf "$1/kubernetes/vendor/$library"
    cp -r "$1/reflect2/usr/share/gocode/src/$library" "$1/kubernetes/vendor/$library"
}

# Mends one check, in WORK/kubernetes: built with Go 1.16 or later it takes every empty string in a custom resource for
# null and refuses it, as in `scaleTargetGVKR.group` of a status. Kubernetes' own builds of 1.20 (Go 1.15) accept it;
# later releases have this same change. (https://github.com/kubernetes/kube-openapi/pull/230)
accept_empty_strings() { # WORK
    local file=$1/kubernetes/vendor/k8s.io/kube-openapi/pkg/validation/validate/type.go
    sed -i 's/data == nil || reflect\.DeepEqual(.*reflect\.ValueOf(data)) {/data == nil {/' "$file"
    grep -q 'if data == nil {' "$file" || die "kube-openapi's check of empty strings is not where it was: $file"
}

# Builds the two servers in WORK/kubernetes, with Debian's Go and nothing of the user's Go settings or caches.
compile() { # WORK
    local tree=$1/kubernetes
    mkdir -p "$tree/.go/src/k8s.io"
    ln -s "$tree" "$tree/.go/src/k8s.io/kubernetes"
    say "building kube-apiserver and kube-controller-manager; this happens once and takes some minutes"
    run_foreground env --chdir="$tree/.go/src/k8s.io/kubernetes" --unset=GOROOT --unset=GOFLAGS --unset=GOBIN \
        PATH="/usr/lib/go/bin:$PATH" GOENV=off GO111MODULE=off GOPATH="$tree/.go" GOCACHE="$1/go-cache" CGO_ENABLED=0 \
        KUBE_GIT_VERSION="v$version" GOLDFLAGS="-s -w" \
        make WHAT="cmd/kube-apiserver cmd/kube-controller-manager" >"$1/build.log" 2>&1 || {
        tail -n 40 "$1/build.log" >&2
        die "the build of Kubernetes failed"
    }
}

# Builds in a folder beside the final one, which then appears at once and whole.
build_servers() {
    local work
    say "the control plane is not in the cache yet"
    install_packages "${build_packages[@]}"
    rm -rf "$(cache_folder)"/control-plane.?????? # what a killed build left: we hold the lock
    work=$(mktemp -d "$(cache_folder)/control-plane.XXXXXX")
    # shellcheck disable=SC2064 # the folder of now is meant
    trap "rm -rf '$work'" EXIT
    fetch_source "$work"
    renew_reflect2 "$work"
    accept_empty_strings "$work"
    compile "$work"
    mkdir "$work/done"
    cp "$work"/kubernetes/_output/local/go/bin/kube-{apiserver,controller-manager} "$work/done/"
    mv -T "$work/done" "$(built_folder)"
    rm -rf "$work"
    say "the control plane is in $(built_folder)"
}

# Makes what the folder lacks. The links are renewed each time: their packages come and go.
build() {
    local folder
    folder=$(built_folder)
    lock_cache control-plane
    if [[ ! -d $folder ]] || ! debian_kubectl >/dev/null; then
        say "reading the lists of packages and sources"
        update_private_apt
        [[ -d $folder ]] || build_servers
        debian_kubectl >/dev/null || fetch_debian_kubectl
        remove_private_apt
    fi
    command -v etcd >/dev/null || die "etcd is not there: run config/dev/install.sh test"
    ln -sfn "$(command -v etcd)" "$folder/etcd"
    ln -sfn "$(debian_kubectl)" "$folder/kubectl"
}

main() {
    local folder lacks
    if [[ ${1-} != build && ${1-} != path ]]; then
        die "usage: control-plane.sh build|path"
    fi
    if [[ -n ${KUBEBUILDER_ASSETS-} ]]; then
        own_folder
        return
    fi
    folder=$(built_folder)
    [[ $1 == path ]] || build
    lacks=$(lacking "$folder")
    [[ -z $lacks ]] || die "$folder lacks ${lacks% }: run control-plane.sh build"
    printf '%s\n' "$folder"
}

main "$@"
