# shellcheck shell=bash
# Free loopback ports. Needs nothing.

# Port of each listener, by name: etcd, etcd-peer, kube-apiserver, ...
declare -A ports=()

# Prints the inodes of the sockets that listen on a port.
listening_sockets() { # PORT
    local suffix
    printf -v suffix ':%04X' "$1"
    awk -v suffix="$suffix" '$4 == "0A" && substr($2, length($2) - 4) == suffix { print $10 }' /proc/net/tcp{,6}
}

# Gives each name a port that nobody has now. They lie below the range from which the kernel serves clients, so that
# no outgoing connection takes one; another server still may, which is why starting a server tries more than once.
pick_ports() { # NAME...
    local name port
    for name; do
        until
            port=$((20000 + RANDOM % 12000))
            [[ " ${ports[*]} " != *" $port "* && -z $(listening_sockets "$port") ]]
        do :; done
        ports[$name]=$port
    done
}

# Whether a process itself listens on a port: an answer from a stranger is no sign of readiness.
owns_port() { # PID PORT
    local inode
    for inode in $(listening_sockets "$2"); do
        [[ -n $(find "/proc/$1/fd" -lname "socket:\[$inode\]" -print -quit 2>/dev/null) ]] && return
    done
    return 1
}
