# shellcheck shell=bash
# An apt of our own, for source packages and downloads: the machine's sources and settings, copied, with deb-src added.
# Its lists and archives lie in our cache; nothing under /etc/apt or /var is written. Needs say.sh.

private_apt_folder() { printf '%s/apt\n' "$(cache_folder)"; }

# Copies one file of sources, so that each place that gives packages gives their sources too.
copy_sources() { # FILE TO
    case $1 in
        *.sources) sed -E 's/^types:.*/Types: deb deb-src/I' "$1" >"$2" ;;
        *.list) sed -nE 's/^[[:space:]]*deb([[:space:]].*)/deb\1\ndeb-src\1/p' "$1" >"$2" ;;
    esac
}

# Makes the folders afresh. The last settings file is ours: places, and none of the machine's hooks on an update.
make_private_apt() {
    local folder file
    folder=$(private_apt_folder)
    rm -rf "$folder"
    mkdir -p "$folder"/{apt.conf.d,sources.list.d,lists/partial,cache/archives/partial}
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources}; do
        [[ -r $file ]] && copy_sources "$file" "$folder/sources.list.d/${file##*/}"
    done
    for file in /etc/apt/apt.conf.d/*; do
        [[ -r $file ]] && cp "$file" "$folder/apt.conf.d/"
    done
    printf 'Dir::Etc::parts "%s/apt.conf.d";\n' "$folder" >"$folder/apt.conf"
    cat >"$folder/apt.conf.d/zzz-swell" <<-END
		Dir::Etc::sourcelist "/dev/null";
		Dir::Etc::sourceparts "$folder/sources.list.d";
		Dir::State::lists "$folder/lists";
		Dir::Cache "$folder/cache";
		APT::Sandbox::User "";
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
	END
}

# Runs a program of apt (apt-get, apt-cache) with the private settings.
private_apt() { # PROGRAM ARGUMENT...
    APT_CONFIG="$(private_apt_folder)/apt.conf" "$@"
}

# Reads the lists of every source. One that is down is only a warning: another may have what is asked for next.
update_private_apt() {
    make_private_apt
    private_apt apt-get -qq update >&2 || say "warning: not every apt source could be read"
}

# Downloads a package and unpacks it into a folder, without installing it. Expects an up-to-date private apt.
unpack_package() { # PACKAGE FOLDER
    mkdir -p "$2"
    (
        cd "$2" && private_apt apt-get -qq download "$1" >&2 && dpkg-deb --extract "$1"_*.deb . && rm -f "$1"_*.deb
    ) || die "apt could not give the package $1"
}

remove_private_apt() { rm -rf "$(private_apt_folder)"; }
