# shellcheck shell=bash
# kube-apiserver with the admission plug-ins that are on by default, RBAC, service accounts and aggregation.

listeners[kube-apiserver]=kube-apiserver

kube_apiserver_configure() {
    pick_ports kube-apiserver
    kube_url=https://127.0.0.1:${ports[kube-apiserver]}
    write_kubeconfig "$run/admin.kubeconfig" admin
    write_kubeconfig "$run/kube-controller-manager.kubeconfig" kube-controller-manager
    # One line per answered request; what is written to the objects that the tests are about is there in full.
    cat >"$run/audit-policy.yaml" <<-'END'
		apiVersion: audit.k8s.io/v1
		kind: Policy
		omitStages: [RequestReceived]
		rules:
		- level: Request
		  verbs: [create, update, patch, delete]
		  resources:
		  - group: keda.sh
		- level: Metadata
	END
}

# Aggregated services are reached by name, as routing to endpoints is off: an ExternalName of localhost will do.
# No process plays the `kubernetes` service: a loopback address is refused as its endpoint.
kube_apiserver_command() {
    command=(
        "$bin/kube-apiserver" --bind-address=127.0.0.1 --secure-port="${ports[kube-apiserver]}"
        --advertise-address=127.0.0.1 --endpoint-reconciler-type=none --service-cluster-ip-range=10.0.0.0/24
        --etcd-servers="http://127.0.0.1:${ports[etcd]}" --cert-dir="$run/kube-apiserver"
        --tls-cert-file="$(pki kube-apiserver.crt)" --tls-private-key-file="$(pki kube-apiserver.key)"
        --client-ca-file="$(pki client-ca.crt)" --authorization-mode=RBAC
        --service-account-issuer=https://kubernetes.default.svc
        --service-account-key-file="$(pki service-accounts.pub)"
        --service-account-signing-key-file="$(pki service-accounts.key)"
        --requestheader-client-ca-file="$(pki front-proxy-ca.crt)"
        --requestheader-allowed-names=front-proxy-client
        --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group
        --requestheader-extra-headers-prefix=X-Remote-Extra-
        --proxy-client-cert-file="$(pki front-proxy-client.crt)"
        --proxy-client-key-file="$(pki front-proxy-client.key)"
        --audit-policy-file="$run/audit-policy.yaml" --audit-log-path="$run/audit.log" --audit-log-maxsize=100000
    )
    # HPAs may look at single containers: by themselves from 1.27 on.
    if [[ $("$bin/kube-apiserver" --help) == *HPAContainerMetrics=* ]]; then
        command+=(--feature-gates=HPAContainerMetrics=true)
    fi
}

# Asks kube-apiserver as the administrator.
kube_get() { # PATH
    curl --silent --fail --noproxy '*' --max-time 5 \
        --cacert "$(pki kube-ca.crt)" --cert "$(pki admin.crt)" --key "$(pki admin.key)" "$kube_url$1"
}

kube_apiserver_answers() { kube_get /readyz; }
