internal import KubeModel
internal import Scaling

/// Finds objects that get in each other's way.
///
/// Namespaces count as equal only if they are spelled alike: where an object without one goes, its user decides later.
enum DuplicateCheck {
    /// Which object of our group.
    private struct Identity: Hashable {
        let kind: String
        let key: ObjectKey
    }

    /// Which workload.
    ///
    /// Its version is left out: another one leads to the same workload.
    private struct Workload: Hashable {
        let namespace: String
        let group: String
        let kind: String
        let name: String

        /// What something in a namespace scales.
        init(_ identity: WorkloadIdentity, in namespace: String) {
            self.namespace = namespace
            self.group = identity.groupVersion.group
            self.kind = identity.kind
            self.name = identity.name
        }
    }

    /// All that get in the way of one further up.
    static func findings(in manifests: [Manifest]) -> [Finding] {
        let ours = manifests.filter {
            GroupVersion(apiVersion: $0.apiVersion).group == ManifestCheck.group && !$0.key.name.isEmpty
        }
        var findings: [Finding] = []
        var first: [Identity: Manifest] = [:]
        var scaledObjects: [Manifest] = []
        for manifest in ours {
            let identity = Identity(kind: manifest.kind, key: manifest.key)
            if let former = first[identity] {
                findings.append(
                    manifest.finding(
                        .warning,
                        at: ValuePath("metadata", "name"),
                        "this \(manifest.kind) stands in \(place(of: former)) too; the one applied last counts"
                    )
                )
                continue
            }
            first[identity] = manifest
            if manifest.kind == ScaledObject.resourceType.kind { scaledObjects.append(manifest) }
        }
        return findings + shared(among: scaledObjects) + rivals(of: scaledObjects, among: manifests)
    }

    /// ScaledObjects that share a workload or the name of an HPA.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_webhook.go`, other-scaled-object and other-scaled-object-hpa.
    private static func shared(among manifests: [Manifest]) -> [Finding] {
        var findings: [Finding] = []
        var byWorkload: [Workload: Manifest] = [:]
        var byHPA: [ObjectKey: Manifest] = [:]
        for manifest in manifests {
            let object = ScaledObject(readable: manifest.content)
            if let workload = workload(of: object) {
                if let former = byWorkload[workload] {
                    findings.append(finding(object.workloadProblem(with: former.key.name), in: manifest, former))
                } else {
                    byWorkload[workload] = manifest
                }
            }
            let hpa = ObjectKey(namespace: manifest.key.namespace, name: HPAPlan.name(for: object))
            if let former = byHPA[hpa] {
                findings.append(finding(object.hpaProblem(with: former.key.name), in: manifest, former))
            } else {
                byHPA[hpa] = manifest
            }
        }
        return findings
    }

    /// HPAs on the workloads of ScaledObjects.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_webhook.go`, other-hpa and
    ///   transfer-ownership-missing-hpa-name.
    private static func rivals(of scaledObjects: [Manifest], among manifests: [Manifest]) -> [Finding] {
        var hpas: [Workload: [(facts: AutoscalerFacts, manifest: Manifest)]] = [:]
        let type = HorizontalPodAutoscaler.resourceType
        for manifest in manifests where manifest.kind == type.kind {
            guard GroupVersion(apiVersion: manifest.apiVersion).group == type.groupVersion.group,
                let target = manifest.content[path: "spec", "scaleTargetRef"], let name = target["name"]?.string
            else { continue }
            let identity = WorkloadIdentity(
                apiVersion: target["apiVersion"]?.string,
                kind: target["kind"]?.string,
                name: name
            )
            let workload = Workload(identity, in: manifest.key.namespace)
            hpas[workload, default: []].append((AutoscalerFacts(readable: manifest.content), manifest))
        }
        return scaledObjects.flatMap { manifest in
            let object = ScaledObject(readable: manifest.content)
            return (workload(of: object).flatMap { hpas[$0] } ?? [])
                .compactMap { hpa in
                    object.problem(with: hpa.facts).map { finding($0, in: manifest, hpa.manifest) }
                }
        }
    }

    /// A problem with something that stands further up, or in another file.
    private static func finding(_ problem: SpecProblem, in manifest: Manifest, _ other: Manifest) -> Finding {
        manifest.finding(.error, at: ValuePath(parsing: problem.field), "\(problem.message) in \(place(of: other))")
    }

    /// What a ScaledObject scales, if it says so.
    private static func workload(of object: ScaledObject) -> Workload? {
        guard !object.spec.scaleTargetRef.name.isEmpty else { return nil }
        return Workload(WorkloadIdentity(object.spec.scaleTargetRef), in: object.metadata.namespace ?? "")
    }

    /// Where an object stands.
    private static func place(of manifest: Manifest) -> String {
        "\(manifest.file):\(manifest.position(of: ValuePath()).line)"
    }
}

extension AutoscalerFacts {
    /// Takes from a document what has the right type.
    fileprivate init(readable hpa: JSONValue) {
        let metadata = hpa["metadata"]
        let owners = (metadata?["ownerReferences"]?.array ?? [])
            .filter { $0["kind"]?.string == ScaledObject.resourceType.kind }
        self.init(
            name: metadata?["name"]?.string ?? "",
            owners: owners.compactMap { $0["name"]?.string },
            isExempt: metadata?[path: "annotations", Self.exemption]?.string == "false"
        )
    }
}
