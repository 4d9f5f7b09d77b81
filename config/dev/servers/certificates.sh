# shellcheck shell=bash
# Certificates of the test servers, made afresh for each run. Needs `run`, the folder of this run.

# No defaults of the machine's openssl.cnf: each certificate has just the extensions named here.
readonly plain_settings=$'[req]\ndistinguished_name = name\n[name]\n'

# Prints the path of a certificate or key.
pki() { printf '%s/pki/%s\n' "$run" "$1"; } # FILE

# Makes a key and a certificate that lasts two days.
make_certificate() { # NAME SUBJECT OPENSSL-OPTION...
    local name=$1 subject=$2
    shift 2
    openssl req -x509 -config <(printf '%s' "$plain_settings") -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc \
        -days 2 -subj "$subject" -keyout "$(pki "$name.key")" -out "$(pki "$name.crt")" "$@" 2>/dev/null ||
        die "openssl could not make the certificate $name"
}

make_ca() { # NAME
    make_certificate "$1" "/CN=swell test $1" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign \
        -addext subjectKeyIdentifier=hash
}

# Makes a certificate for a server on this machine.
make_server() { # CA NAME ALTERNATIVE-NAMES
    make_certificate "$2" "/CN=$2" -CA "$(pki "$1.crt")" -CAkey "$(pki "$1.key")" \
        -addext basicConstraints=critical,CA:FALSE -addext extendedKeyUsage=serverAuth -addext "subjectAltName=$3"
}

# Makes a certificate for a client; organizations are groups in Kubernetes.
make_client() { # CA NAME SUBJECT
    make_certificate "$2" "$3" -CA "$(pki "$1.crt")" -CAkey "$(pki "$1.key")" \
        -addext basicConstraints=critical,CA:FALSE -addext extendedKeyUsage=clientAuth
}

make_certificates() {
    local ca
    for ca in kube-ca client-ca front-proxy-ca postgres-ca trigger-etcd-ca; do make_ca "$ca"; done
    make_server kube-ca kube-apiserver \
        DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:10.0.0.1
    make_server postgres-ca postgres DNS:localhost,IP:127.0.0.1
    make_certificate trigger-etcd "/O=trigger-etcd" \
        -CA "$(pki trigger-etcd-ca.crt)" -CAkey "$(pki trigger-etcd-ca.key)" \
        -addext basicConstraints=critical,CA:FALSE -addext extendedKeyUsage=serverAuth,clientAuth \
        -addext "subjectAltName=DNS:localhost,IP:127.0.0.1"
    make_client trigger-etcd-ca trigger-etcd-client "/O=trigger-etcd-client"
    make_client client-ca admin "/O=system:masters/CN=swell-test-admin"
    make_client client-ca kube-controller-manager "/CN=system:kube-controller-manager"
    make_client front-proxy-ca front-proxy-client "/CN=front-proxy-client"
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$(pki service-accounts.key)"
    openssl pkey -in "$(pki service-accounts.key)" -pubout -out "$(pki service-accounts.pub)"
}

# Writes a kubeconfig that holds all it needs.
write_kubeconfig() { # FILE CLIENT
    cat >"$1" <<-END
		apiVersion: v1
		kind: Config
		clusters:
		- name: test
		  cluster:
		    server: $kube_url
		    certificate-authority-data: $(base64 -w0 "$(pki kube-ca.crt)")
		users:
		- name: $2
		  user:
		    client-certificate-data: $(base64 -w0 "$(pki "$2.crt")")
		    client-key-data: $(base64 -w0 "$(pki "$2.key")")
		contexts:
		- name: test
		  context:
		    cluster: test
		    user: $2
		current-context: test
	END
}
