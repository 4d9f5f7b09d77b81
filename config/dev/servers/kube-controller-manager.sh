# shellcheck shell=bash
# kube-controller-manager with all its usual controllers, each under its own service account, as clusters run it.

listeners[kube-controller-manager]=kube-controller-manager

kube_controller_manager_configure() { pick_ports kube-controller-manager; }

# The HPA is quick here, so that tests need not wait. It reads metrics through the API (its default since 1.9; later
# releases have no flag for that any more). Flags given to `restart` come last, and the last one counts.
kube_controller_manager_command() {
    command=(
        "$bin/kube-controller-manager" --kubeconfig="$run/kube-controller-manager.kubeconfig"
        --bind-address=127.0.0.1 --secure-port="${ports[kube-controller-manager]}" --leader-elect=false
        --use-service-account-credentials --service-account-private-key-file="$(pki service-accounts.key)"
        --root-ca-file="$(pki kube-ca.crt)" --kube-api-qps=200 --kube-api-burst=400
        --horizontal-pod-autoscaler-sync-period=1s --horizontal-pod-autoscaler-downscale-stabilization=5s
    )
    # Up to 1.23 there is a second port, without TLS and at a fixed number.
    if [[ $("$bin/kube-controller-manager" --help) == *'--port int'* ]]; then command+=(--port=0); fi
}

# Healthy, and at work: the service account that pods need is there.
kube_controller_manager_answers() {
    curl --silent --fail --insecure --noproxy '*' --max-time 5 \
        "https://127.0.0.1:${ports[kube-controller-manager]}/healthz" &&
        kube_get /api/v1/namespaces/default/serviceaccounts/default
}
