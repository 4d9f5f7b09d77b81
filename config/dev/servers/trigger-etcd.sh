# shellcheck shell=bash
# etcd once more, for triggers: with and without TLS, clients' certificates where there is TLS, and passwords in both.

listeners[trigger-etcd]='trigger-etcd trigger-etcd-tls trigger-etcd-peer'

trigger_etcd_configure() { pick_ports trigger-etcd trigger-etcd-tls trigger-etcd-peer; }

# Its JSON gateway is a client of its own, and shows the server's certificate.
trigger_etcd_command() {
    local plain=http://127.0.0.1:${ports[trigger-etcd]} peer=http://127.0.0.1:${ports[trigger-etcd-peer]}
    local client=$plain,https://127.0.0.1:${ports[trigger-etcd-tls]}
    command=(
        "$bin/etcd" --data-dir="$run/trigger-etcd" --logger=zap --log-level=warn
        --listen-client-urls="$client" --advertise-client-urls="$client"
        --listen-peer-urls="$peer" --initial-advertise-peer-urls="$peer" --initial-cluster="default=$peer"
        --cert-file="$(pki trigger-etcd.crt)" --key-file="$(pki trigger-etcd.key)"
        --client-cert-auth --trusted-ca-file="$(pki trigger-etcd-ca.crt)"
    )
}

ask_trigger_etcd() { # METHOD BODY
    curl --silent --fail --noproxy '*' --max-time 5 --data "$2" "http://127.0.0.1:${ports[trigger-etcd]}/v3/$1"
}

# Makes a user with the password of this run and a role of the user's name.
make_etcd_user() { # NAME PERMISSION
    ask_trigger_etcd auth/user/add "{\"name\":\"$1\",\"password\":\"$etcd_password\"}"
    ask_trigger_etcd auth/role/add "{\"name\":\"$1\"}"
    ask_trigger_etcd auth/user/grant "{\"user\":\"$1\",\"role\":\"$1\"}"
    [[ -z $2 ]] || ask_trigger_etcd auth/role/grant "{\"name\":\"$1\",\"perm\":$2}"
}

# The users are made by the first answer: root, and one who may read the keys that begin with `swell/`.
trigger_etcd_answers() {
    local login="{\"name\":\"root\",\"password\":\"$etcd_password\"}" first last
    first=$(printf 'swell/' | base64) last=$(printf 'swell0' | base64)
    ask_trigger_etcd auth/authenticate "$login" && return
    make_etcd_user root ''
    make_etcd_user swell "{\"permType\":\"READ\",\"key\":\"$first\",\"range_end\":\"$last\"}"
    ask_trigger_etcd auth/enable '{}'
    ask_trigger_etcd auth/authenticate "$login"
}
