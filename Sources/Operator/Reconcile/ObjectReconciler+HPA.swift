internal import KubeClient
internal import KubeModel
internal import Logging
internal import Outbound
internal import Scaling

extension ObjectReconciler {
    /// Makes the object's HPA what it should be, and notes what it is.
    ///
    /// While a trigger cannot be built an existing HPA stays as it is. Where there is none, one is made in which a
    /// stand-in takes the trigger's place: asking for it gives an error, so the HPA may scale out by the other
    /// metrics and never in. If no trigger can be built there is nothing to look at, and no HPA.
    func ensureHPA(
        of object: ScaledObject,
        _ runtime: ObjectRuntime,
        _ found: inout ObjectFindings
    ) async {
        let name = runtime.hpaKey.name
        let entry = world.hpa(runtime.hpaKey)
        let shown = entry?.value
        let existing = runtime.hpa(shown: shown, at: world.time.uptime())
        found.hpaHealth = existing?.status?.conditions?.first { $0.type == "ScalingActive" }
        let built = runtime.units.map(\.built)
        if built.contains(where: { $0 == nil }), existing != nil || built.allSatisfy({ $0 == nil }) {
            found.hpaName = existing.map(\.metadata.name)
            return
        }
        do {
            try await dropFormer(of: object, runtime, but: name)
            let order = runtime.isHPAPending ? nil : entry.map { HPAOrder(object, $0.revision, built) }
            if !runtime.isInOrder(order) {
                let wanted = HPAPlan.make(
                    for: object,
                    target: runtime.target.type,
                    metrics: hpaMetrics(of: object, runtime),
                    as: world.hpaType,
                    version: world.version
                )
                if try await put(wanted, over: existing, as: world.hpaType) {
                    runtime.wrote(wanted, over: shown, at: world.time.uptime())
                } else {
                    runtime.note(order)
                }
            }
            found.hpaName = name
            noteMetrics(of: runtime, &found)
        } catch {
            let reason = (error as? KubeError)?.description ?? "the HPA could not be written down"
            world.log.warning(
                "cannot write the HPA",
                metadata: ["object": "\(object.key)", "error": "\(String(reflecting: error))"]
            )
            found.problem = "failed to ensure HPA is correctly created for ScaledObject: \(reason)"
            runtime.retick(after: Self.retryDelay(after: error), world.time.uptime())
        }
    }

    /// Notes the names of the metrics of all triggers.
    func noteMetrics(of runtime: ObjectRuntime, _ found: inout ObjectFindings) {
        found.externalMetrics = runtime.units.flatMap { $0.built?.measures.filter(\.isExternal).map(\.name) ?? [] }
        runtime.keepFailures(of: Set(found.externalMetrics ?? []))
        found.resourceMetrics = runtime.units.flatMap {
            $0.built?.measures.filter(\.isOfWholePods).map(\.name) ?? []
        }
    }

    /// The metrics of all triggers, with a stand-in for each that could not be built; a formula's one metric takes the
    /// place of all that we answer for.
    func hpaMetrics(of object: ScaledObject, _ runtime: ObjectRuntime) -> [HPAMetric] {
        let name = object.metadata.name
        if let composite = runtime.composite {
            return runtime.units.flatMap { $0.built?.measures.filter { !$0.isExternal } ?? [] }
                .map { $0.metric(of: name) }
                + [HPAPlan.external(Composite.metricName, target: composite.target, of: name)]
        }
        return runtime.units.flatMap { unit in
            unit.built?.measures.map { $0.metric(of: name) }
                ?? [HPAPlan.external(unit.stand, target: .averageValue(Quantity(1)), of: name)]
        }
    }

    /// Creates or repairs the HPA.
    ///
    /// - Returns: whether anything had to be written.
    private func put(
        _ wanted: HorizontalPodAutoscaler,
        over existing: HorizontalPodAutoscaler?,
        as type: ResourceType
    ) async throws -> Bool {
        var existing = existing
        if existing == nil {
            do {
                try await world.instruments.writing(.hpa) { () async throws(KubeError) in
                    try await world.client.write {
                        try .create(HPAPlan.made(wanted), as: type, in: wanted.metadata.namespace)
                    }
                }
                return true
            } catch {
                guard error.isAlreadyExists else { throw error }
                // Made by somebody else, or not yet shown by the watch: taken over, as KEDA does.
                existing = try await world.client.get(HorizontalPodAutoscaler.self, wanted.key, as: type)
            }
        }
        guard let existing, let changes = try HPAPlan.repair(existing, to: wanted) else { return false }
        try await world.instruments.writing(.hpa) {
            try await world.client.write { try .patch(type, wanted.key, with: changes) }
        }
        return true
    }

    /// Deletes the object's HPA, if it has one; another's that bears its name stays.
    ///
    /// - Parameters:
    ///   - object: whose.
    ///   - isDropped: whether one that is the object's is to go.
    /// - Throws: `KubeError`.
    func dropHPA(
        of object: ScaledObject,
        where isDropped: (HorizontalPodAutoscaler) -> Bool = { _ in true }
    ) async throws {
        for name in Set([HPAPlan.name(for: object), object.status?.hpaName ?? ""]) where !name.isEmpty {
            let key = ObjectKey(namespace: object.key.namespace, name: name)
            guard let hpa = world.hpa(key)?.value, isDropped(hpa) else { continue }
            let owners = hpa.metadata.ownerReferences ?? []
            guard owners.contains(where: { $0.uid == object.metadata.uid }) else { continue }
            try await delete(key)
        }
    }

    /// Deletes the HPA of a former name: two on one target would keep each other from acting.
    ///
    /// The watch may not show it yet, or somebody may have taken its owner away; one that another ScaledObject has
    /// taken over stays.
    private func dropFormer(of object: ScaledObject, _ runtime: ObjectRuntime, but name: String) async throws {
        guard let former = runtime.status(shown: object.status, at: world.time.uptime())?.hpaName, former != name else {
            return
        }
        let key = ObjectKey(namespace: object.key.namespace, name: former)
        let owners = world.hpa(key)?.value.metadata.ownerReferences ?? []
        let isTaken = owners.contains { $0.kind == ScaledObject.resourceType.kind && $0.uid != object.metadata.uid }
        if !isTaken { try await delete(key) }
    }

    /// Deletes an HPA.
    private func delete(_ hpa: ObjectKey) async throws {
        do {
            try await world.instruments.writing(.hpa) { () async throws(KubeError) in
                try await world.client.delete(world.hpaType, hpa)
            }
        } catch {
            // If it is gone already, that is what was wanted.
            guard error.isNotFound else { throw error }
        }
    }
}
