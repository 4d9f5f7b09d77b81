#!/bin/bash
# Installs what Swell needs on Debian 12. Asks the network only for what is missing.
#
#   install.sh build   what `swift build --traits MariaDB` needs
#   install.sh test    that, and the servers and command lines that the tests use
#   install.sh bench   all that, and what asks quickly and looks closely
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib/say.sh"
source "$here/lib/packages.sh"

# Our own system libraries first; then what the Swift toolchain links against and loads.
readonly build_packages=(
    libcurl4-openssl-dev libmariadb-dev libpq-dev libssl-dev pkg-config
    binutils ca-certificates g++ git libc6-dev libncurses6 libsqlite3-0 libxml2 tzdata zlib1g-dev
)
# Servers; then what renders the chart as Helm does, where there is no Helm.
readonly test_packages=(
    curl etcd-server mariadb-server nginx-light openssl pgbouncer postgresql prometheus
    golang-github-masterminds-sprig-dev golang-github-xeipuuv-gojsonschema-dev golang-go golang-gopkg-yaml.v2-dev
)

# Prints the packages to have; a command that the machine has from elsewhere stands for its package.
wanted_packages() { # build|test|bench
    local package
    for package in "${build_packages[@]}"; do
        [[ $package == git ]] && command -v git >/dev/null && continue
        printf '%s\n' "$package"
    done
    [[ $1 == build ]] && return 0
    printf '%s\n' "${test_packages[@]}"
    [[ $1 == bench ]] && printf '%s\n' nghttp2-client valgrind
    command -v kubectl >/dev/null || printf 'kubernetes-client\n'
}

# Services of the packages that this run adds: the tests start their own, so these stay off.
new_services() {
    local -A service_of=([etcd-server]=etcd [mariadb-server]=mariadb [nginx-light]=nginx [pgbouncer]=pgbouncer [postgresql]=postgresql [prometheus]=prometheus)
    local package
    for package in $(missing_packages "${!service_of[@]}"); do
        printf '%s\n' "${service_of[$package]}"
    done
}

main() {
    case ${1-} in
        build | test | bench) ;;
        *) die "usage: install.sh build|test|bench" ;;
    esac
    command -v apt-get >/dev/null || die "this script installs Debian packages, and there is no apt-get here"

    local wanted services=()
    mapfile -t wanted < <(wanted_packages "$1")
    [[ $1 == build ]] || mapfile -t services < <(new_services)
    lock_cache install
    install_packages "${wanted[@]}"
    disable_at_boot "${services[@]}"
    say "packages for $1 are installed"
}

main "$@"
