import KubeModel

/// What an installation holds besides workloads, and what it looks at; only stored.
extension BuiltInKinds {
    /// All of them.
    static let installing: [Kind] = [apiServices, validatingWebhooks, limitRanges, nodes, endpointSlices, jobs]

    /// Who serves an API; nothing is passed on, and it stays as available as a client says.
    static let apiServices = Kind(
        names: .init(
            kind: "APIService",
            plural: "apiservices",
            singular: "apiservice",
            categories: ["api-extensions"]
        ),
        isNamespaced: false,
        views: [.init(version: GroupVersion("apiregistration.k8s.io", "v1"))],
        hasStatus: true,
        fill: { object in
            guard object[path: "spec", "service"]?.object != nil else { return }
            object.fill("spec", "service", "port", with: 443)
        },
        columns: [
            .name,
            .text("Service") { object in
                let service = object[path: "spec", "service"]
                guard let name = service?["name"]?.string else { return "Local" }
                return "\(service?["namespace"]?.string ?? "")/\(name)"
            },
            .text("Available") { object in
                let conditions = object[path: "status", "conditions"]?.array ?? []
                return conditions.first { $0["type"] == "Available" }?["status"]?.string ?? "Unknown"
            },
            .age,
        ]
    )

    /// Who is asked before objects are stored; nobody is.
    static let validatingWebhooks = Kind(
        names: .init(
            kind: "ValidatingWebhookConfiguration",
            plural: "validatingwebhookconfigurations",
            singular: "validatingwebhookconfiguration",
            categories: ["api-extensions"]
        ),
        isNamespaced: false,
        views: [.init(version: GroupVersion("admissionregistration.k8s.io", "v1"))],
        generation: .content,
        fill: { object in
            guard let webhooks = object["webhooks"]?.array else { return }
            object["webhooks"] = .array(webhooks.map(withDefaults))
        },
        columns: [
            .name,
            Column(name: "Webhooks", type: "integer") { object, _ in
                .integer(Int64(object["webhooks"]?.array?.count ?? 0))
            }, .age,
        ]
    )

    /// A webhook with what Kubernetes fills in.
    ///
    /// - Source: Kubernetes, `pkg/apis/admissionregistration/v1/defaults.go`.
    @Sendable private static func withDefaults(_ webhook: JSONValue) -> JSONValue {
        var webhook = webhook
        webhook.fill("failurePolicy", with: "Fail")
        webhook.fill("matchPolicy", with: "Equivalent")
        webhook.fill("namespaceSelector", with: [:])
        webhook.fill("objectSelector", with: [:])
        webhook.fill("timeoutSeconds", with: 10)
        if webhook[path: "clientConfig", "service"]?.object != nil {
            webhook.fill("clientConfig", "service", "port", with: 443)
        }
        if let rules = webhook["rules"]?.array {
            webhook["rules"] = .array(
                rules.map { rule in
                    var rule = rule
                    rule.fill("scope", with: "*")
                    return rule
                }
            )
        }
        return webhook
    }

    /// What pods of a namespace are given.
    static let limitRanges = Kind(
        names: .init(kind: "LimitRange", plural: "limitranges", singular: "limitrange", shortNames: ["limits"]),
        views: [.init(version: core)],
        fill: { object in
            guard let limits = object[path: "spec", "limits"]?.array else { return }
            object[path: "spec", "limits"] = .array(limits.map(withRequests))
        },
        columns: [.name, createdAt]
    )

    /// A limit of containers with what Kubernetes fills in: what is not said of a default is the most there may be, and
    /// what is not said of a request is the default, else the least.
    ///
    /// - Source: Kubernetes, `pkg/apis/core/v1/defaults.go`, `SetDefaults_LimitRangeItem`.
    @Sendable private static func withRequests(_ limit: JSONValue) -> JSONValue {
        var limit = limit
        guard limit["type"] == "Container" else { return limit }
        for (resource, most) in limit["max"]?.object ?? [:] { limit.fill("default", resource, with: most) }
        for (resource, amount) in limit["default"]?.object ?? [:] {
            limit.fill("defaultRequest", resource, with: amount)
        }
        for (resource, least) in limit["min"]?.object ?? [:] { limit.fill("defaultRequest", resource, with: least) }
        return limit
    }

    /// Machines; none of the cluster's own.
    static let nodes = Kind(
        names: .init(kind: "Node", plural: "nodes", singular: "node", shortNames: ["no"]),
        isNamespaced: false,
        views: [.init(version: core)],
        hasStatus: true
    )

    /// Where the pods of a Service are; nothing is routed.
    static let endpointSlices = Kind(
        names: .init(kind: "EndpointSlice", plural: "endpointslices", singular: "endpointslice"),
        views: [.init(version: GroupVersion("discovery.k8s.io", "v1"))],
        generation: .content
    )

    /// Work that ends; nobody does it.
    static let jobs = Kind(
        names: .init(kind: "Job", plural: "jobs", singular: "job", categories: ["all"]),
        views: [.init(version: GroupVersion("batch", "v1"))],
        hasStatus: true,
        fill: { object in
            object.fill("spec", "backoffLimit", with: 6)
            // Without either, one pod; with parallelism alone, as many as succeed first.
            if object[path: "spec", "parallelism"] == nil { object.fill("spec", "completions", with: 1) }
            object.fill("spec", "parallelism", with: 1)
        }
    )
}
