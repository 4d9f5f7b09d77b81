/// The messages that kubectl's commands send, with the fields that they set.
///
/// - Source: Kubernetes' `generated.proto` files of each group in `k8s.io/api`.
extension ProtobufMessage {
    /// By `apiVersion` and `kind`.
    static let known: [String: ProtobufMessage] = [
        "v1 Namespace": object([2: .message("spec", .init([1: .texts("finalizers")]))]),
        "v1 ConfigMap": object([
            2: .other("data", .textMap), 3: .other("binaryData", .bytesMap), 4: .flag("immutable"),
        ]),
        "v1 Secret": object([
            2: .other("data", .bytesMap), 3: .text("type"), 4: .other("stringData", .textMap), 5: .flag("immutable"),
        ]),
        "v1 ServiceAccount": object([3: .messages("imagePullSecrets", .init([1: .text("name")]))]),
        "v1 Service": object([2: .message("spec", service)]),
        "apps/v1 Deployment": object([2: .message("spec", deployment)]),
        "autoscaling/v1 HorizontalPodAutoscaler": object([
            2: .message(
                "spec",
                .init([
                    1: .message("scaleTargetRef", target), 2: .pointer("minReplicas"), 3: .integer("maxReplicas"),
                    4: .pointer("targetCPUUtilizationPercentage"),
                ])
            )
        ]),
        "autoscaling/v2 HorizontalPodAutoscaler": object([
            2: .message(
                "spec",
                .init([
                    1: .message("scaleTargetRef", target), 2: .pointer("minReplicas"), 3: .integer("maxReplicas"),
                    4: .messages("metrics", metric),
                ])
            )
        ]),
        "rbac.authorization.k8s.io/v1 Role": object([2: .messages("rules", rule)]),
        "rbac.authorization.k8s.io/v1 ClusterRole": object([
            2: .messages("rules", rule),
            3: .message("aggregationRule", .init([1: .messages("clusterRoleSelectors", selector)])),
        ]),
        "rbac.authorization.k8s.io/v1 RoleBinding": binding,
        "rbac.authorization.k8s.io/v1 ClusterRoleBinding": binding,
        "authorization.k8s.io/v1 SelfSubjectAccessReview": object([2: .message("spec", access)]),
    ]

    /// An object: its metadata, a status that no client sets, and fields of its own.
    private static func object(_ fields: [UInt64: Field]) -> ProtobufMessage {
        let common: [UInt64: Field] = [1: .message("metadata", metadata), 3: .other("status", .ignored)]
        return ProtobufMessage(common.merging(fields) { $1 })
    }

    /// What every object has.
    private static let metadata = ProtobufMessage([
        1: .text("name"), 2: .text("generateName"), 3: .text("namespace"), 4: .text("selfLink"), 5: .text("uid"),
        6: .text("resourceVersion"), 7: .integer("generation"), 8: .other("creationTimestamp", .ignored),
        9: .other("deletionTimestamp", .ignored), 11: .other("labels", .textMap), 12: .other("annotations", .textMap),
        14: .texts("finalizers"), 17: .other("managedFields", .ignored),
    ])

    /// A label selector.
    private static let selector = ProtobufMessage([
        1: .other("matchLabels", .textMap),
        2: .messages("matchExpressions", .init([1: .text("key"), 2: .text("operator"), 3: .texts("values")])),
    ])

    /// What is scaled.
    private static let target = ProtobufMessage([1: .text("kind"), 2: .text("name"), 3: .text("apiVersion")])

    /// A resource metric of `autoscaling/v2`.
    private static let metric = ProtobufMessage([
        1: .text("type"),
        4: .message(
            "resource",
            .init([
                1: .text("name"),
                2: .message(
                    "target",
                    .init([
                        1: .text("type"), 2: .other("value", .quantity), 3: .other("averageValue", .quantity),
                        4: .pointer("averageUtilization"),
                    ])
                ),
            ])
        ),
    ])

    /// A Deployment's spec.
    private static let deployment = ProtobufMessage([
        1: .pointer("replicas"), 2: .message("selector", selector), 3: .message("template", template),
        4: .message(
            "strategy",
            .init([
                1: .text("type"),
                2: .message(
                    "rollingUpdate",
                    .init([1: .other("maxUnavailable", .integerOrText), 2: .other("maxSurge", .integerOrText)])
                ),
            ])
        ),
        5: .integer("minReadySeconds"), 6: .pointer("revisionHistoryLimit"), 7: .flag("paused"),
        9: .pointer("progressDeadlineSeconds"),
    ])

    /// A pod template.
    private static let template = ProtobufMessage([
        1: .message("metadata", metadata),
        2: .message(
            "spec",
            .init([
                2: .messages("containers", container), 3: .text("restartPolicy"),
                4: .pointer("terminationGracePeriodSeconds"), 6: .text("dnsPolicy"),
                7: .other("nodeSelector", .textMap), 8: .text("serviceAccountName"), 9: .text("serviceAccount"),
                10: .text("nodeName"), 11: .flag("hostNetwork"), 12: .flag("hostPID"), 13: .flag("hostIPC"),
                14: .message("securityContext", .init([:])), 16: .text("hostname"), 17: .text("subdomain"),
                19: .text("schedulerName"), 24: .text("priorityClassName"),
            ])
        ),
    ])

    /// A container.
    private static let container = ProtobufMessage([
        1: .text("name"), 2: .text("image"), 3: .texts("command"), 4: .texts("args"), 5: .text("workingDir"),
        6: .messages(
            "ports",
            .init([
                1: .text("name"), 2: .integer("hostPort"), 3: .integer("containerPort"), 4: .text("protocol"),
                5: .text("hostIP"),
            ])
        ),
        7: .messages("env", .init([1: .text("name"), 2: .text("value")])),
        8: .message(
            "resources",
            .init([1: .other("limits", .quantityMap), 2: .other("requests", .quantityMap)])
        ),
        13: .text("terminationMessagePath"), 14: .text("imagePullPolicy"), 16: .flag("stdin"), 17: .flag("stdinOnce"),
        18: .flag("tty"), 20: .text("terminationMessagePolicy"),
    ])

    /// A Service's spec.
    private static let service = ProtobufMessage([
        1: .messages(
            "ports",
            .init([
                1: .text("name"), 2: .text("protocol"), 3: .integer("port"), 4: .other("targetPort", .integerOrText),
                5: .integer("nodePort"), 6: .text("appProtocol"),
            ])
        ),
        2: .other("selector", .textMap), 3: .text("clusterIP"), 4: .text("type"), 5: .texts("externalIPs"),
        7: .text("sessionAffinity"), 8: .text("loadBalancerIP"), 10: .text("externalName"),
        11: .text("externalTrafficPolicy"), 12: .integer("healthCheckNodePort"), 13: .flag("publishNotReadyAddresses"),
    ])

    /// A rule of a role.
    private static let rule = ProtobufMessage([
        1: .texts("verbs"), 2: .texts("apiGroups"), 3: .texts("resources"), 4: .texts("resourceNames"),
        5: .texts("nonResourceURLs"),
    ])

    /// A binding of either kind.
    private static let binding = object([
        2: .messages(
            "subjects",
            .init([1: .text("kind"), 2: .text("apiGroup"), 3: .text("name"), 4: .text("namespace")])
        ),
        3: .message("roleRef", .init([1: .text("apiGroup"), 2: .text("kind"), 3: .text("name")])),
    ])

    /// What `kubectl auth can-i` asks.
    private static let access = ProtobufMessage([
        1: .message(
            "resourceAttributes",
            .init([
                1: .text("namespace"), 2: .text("verb"), 3: .text("group"), 4: .text("version"), 5: .text("resource"),
                6: .text("subresource"), 7: .text("name"),
            ])
        ),
        2: .message("nonResourceAttributes", .init([1: .text("path"), 2: .text("verb")])),
    ])
}
