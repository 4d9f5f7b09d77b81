internal import KubeModel

extension ScaledObject {
    /// Where in the interval an object is polled: any number, which stays with the object.
    ///
    /// Objects whose first trigger asks the same of the same source are polled together, so that one answer does for
    /// all of them. Settings that are numbers do not count, for they say what to make of an answer. What is found in the
    /// object's namespace is another question in each. Where the first triggers ask nobody, or nobody whose answer is
    /// shared, it is the object's name that counts.
    public var tickPhase: UInt64 {
        let local: Set = ["cpu", "memory", "cron", "etcd", "kubernetes-workload", "kubernetes-resource"]
        guard let first = spec.triggers.first(where: { !local.contains($0.type) }) else {
            return Self.hash(key.description)
        }
        let settings = first.metadata.filter { Double($0.value) == nil }.sorted { $0.key < $1.key }
        let words = settings.flatMap { [$0.key, $0.value] }
        let authentication = first.authenticationRef.map { [$0.kind ?? "", $0.name] } ?? []
        let isOfNamespace =
            first.metadata.keys.contains { $0.hasSuffix("FromEnv") }
            || first.authenticationRef.map { $0.kind != "ClusterTriggerAuthentication" } ?? false
        let place = isOfNamespace ? [metadata.namespace ?? ""] : []
        return Self.hash(([first.type] + words + authentication + place).joined(separator: "\n"))
    }

    /// FNV-1a: the same in every process, so ticks stay where they were after a restart.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
