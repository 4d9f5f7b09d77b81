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
        return findings + shared(among: scaledObjects)
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
                    let path = ValuePath("spec", "scaleTargetRef", "name")
                    let type = "\(workload.kind)\(workload.group.isEmpty ? "" : ".\(workload.group)")"
                    findings.append(
                        manifest.finding(
                            .error,
                            at: path,
                            "the workload '\(workload.name)' of type '\(type)' is already managed by the ScaledObject "
                                + "'\(former.key.name)' in \(place(of: former))"
                        )
                    )
                } else {
                    byWorkload[workload] = manifest
                }
            }
            let name = HPAPlan.name(for: object)
            let hpa = ObjectKey(namespace: manifest.key.namespace, name: name)
            if let former = byHPA[hpa] {
                let given = ValuePath("spec", "advanced", "horizontalPodAutoscalerConfig", "name")
                let isGiven = object.spec.advanced?.horizontalPodAutoscalerConfig?.name?.isEmpty == false
                findings.append(
                    manifest.finding(
                        .error,
                        at: isGiven ? given : ValuePath("metadata", "name"),
                        "the HPA '\(name)' is already managed by the ScaledObject '\(former.key.name)' in "
                            + place(of: former)
                    )
                )
            } else {
                byHPA[hpa] = manifest
            }
        }
        return findings
    }

    /// What a ScaledObject scales, if it says so.
    private static func workload(of object: ScaledObject) -> Workload? {
        let target = object.spec.scaleTargetRef
        guard !target.name.isEmpty else { return nil }
        let version = target.apiVersion.flatMap { $0.isEmpty ? nil : $0 } ?? "apps/v1"
        return Workload(
            namespace: object.metadata.namespace ?? "",
            group: GroupVersion(apiVersion: version).group,
            kind: target.kind.flatMap { $0.isEmpty ? nil : $0 } ?? "Deployment",
            name: target.name
        )
    }

    /// Where an object stands.
    private static func place(of manifest: Manifest) -> String {
        "\(manifest.file):\(manifest.position(of: ValuePath()).line)"
    }
}
