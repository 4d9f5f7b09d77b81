/// Workloads whose load is a number in PostgreSQL.
struct Workloads: Sendable {
    /// The servers.
    let servers: Servers

    /// Makes the namespace, the table, and who may read it.
    func prepare() async throws {
        try await servers.run("CREATE TABLE load (name text PRIMARY KEY, value int)")
        try await servers.kubectl("create", "namespace", Servers.namespace)
        try await apply(
            """
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"database"},
             "stringData":{"connection":"\(try Servers.variable("POSTGRES_URI"))"}}
            ---
            {"apiVersion":"keda.sh/v1alpha1","kind":"TriggerAuthentication","metadata":{"name":"database"},
             "spec":{"secretTargetRef":[{"parameter":"connection","name":"database","key":"connection"}]}}
            """
        )
    }

    /// Makes Deployments and a ScaledObject for each, polled every second, that wants a pod for each 1 of its load.
    ///
    /// - Parameters:
    ///   - names: one for each.
    ///   - engine: who scales.
    ///   - spec: more of the spec, as JSON that ends with a comma.
    /// - Throws: what kubectl or PostgreSQL refuses.
    func make(_ names: [String], engine: String, spec: String = "") async throws {
        let rows = names.map { "('\($0)', 0)" }.joined(separator: ",")
        try await servers.run("INSERT INTO load VALUES \(rows)")
        let manifests = names.map { name in
            """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"\(name)"},
             "spec":{"replicas":0,"selector":{"matchLabels":{"app":"\(name)"}},
              "template":{"metadata":{"labels":{"app":"\(name)"}},
               "spec":{"containers":[{"name":"main","image":"none"}]}}}}
            ---
            {"apiVersion":"keda.sh/v1alpha1","kind":"ScaledObject",
             "metadata":{"name":"\(name)","annotations":{"autoscaling.swell.dev/engine":"\(engine)"}},
             "spec":{"scaleTargetRef":{"name":"\(name)"},"pollingInterval":1,"cooldownPeriod":1,\(spec)
              "triggers":[{"type":"postgresql","authenticationRef":{"name":"database"},"metadata":{
               "query":"SELECT value FROM load WHERE name = '\(name)'","targetQueryValue":"1"}}]}}
            """
        }
        try await apply(manifests.joined(separator: "\n---\n"))
    }

    /// Sets a load.
    func set(_ name: String, _ value: Int) async throws {
        try await servers.run("UPDATE load SET value = \(value) WHERE name = '\(name)' RETURNING value")
    }

    /// Waits until a Deployment wants so many pods.
    ///
    /// - Returns: how long it took, in seconds.
    @discardableResult
    func reach(_ replicas: Int, _ name: String) async throws -> Double {
        try await time(until: "\(replicas) pods of \(name)") { try await servers.replicas(name) == replicas }
    }

    /// Applies manifests; the mark at the beginning says YAML.
    private func apply(_ manifests: String) async throws {
        try await servers.kubectl("apply", "-n", Servers.namespace, "-f", "-", input: "---\n" + manifests)
    }
}
