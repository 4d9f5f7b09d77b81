internal import KubeModel
public import ScalerKit
internal import Scaling

/// Finds what is wrong with manifests without asking any cluster.
///
/// The kinds of `keda.sh` are checked whole: structure, rules, and each trigger's settings. Of other kinds only the
/// header is, so that everything a chart renders can be given.
public struct ManifestCheck: Sendable {
    /// The group whose kinds are checked.
    static let group = ScaledObject.resourceType.groupVersion.group

    /// The trigger types of this version.
    let registry: ScalerRegistry
    /// The kinds there are.
    let schemas: CustomResourceSchemas

    /// Takes the trigger types there are, and the kinds.
    public init(registry: ScalerRegistry, schemas: CustomResourceSchemas = .builtIn) {
        self.registry = registry
        self.schemas = schemas
    }

    /// All that is wrong, in the order of files and lines.
    ///
    /// - Complexity: O(values), and O(ScaledObjects).
    public func findings(in reading: ManifestReading) -> [Finding] {
        let authentications = DeclaredAuthentications(reading.manifests)
        var findings = reading.problems
        for manifest in reading.manifests { findings += self.findings(in: manifest, authentications) }
        findings += DuplicateCheck.findings(in: reading.manifests)
        return Self.sorted(findings, by: reading.files)
    }

    /// What is wrong with one object.
    private func findings(in manifest: Manifest, _ authentications: DeclaredAuthentications) -> [Finding] {
        let header = HeaderCheck.findings(in: manifest)
        let version = GroupVersion(apiVersion: manifest.apiVersion)
        guard version.group == Self.group, !manifest.kind.isEmpty else { return header }
        guard let schema = schemas[version, manifest.kind] else {
            return header + [unknownKind(manifest, version)]
        }
        let problems = schema.problems(in: manifest.content)
        let structure = problems.map { manifest.finding($0.isFatal ? .error : .warning, at: $0.path, $0.message) }
        let names = HeaderCheck.nameFindings(in: manifest)
        let rules =
            switch manifest.kind {
            case ScaledObject.resourceType.kind:
                ScaledObjectCheck(manifest, problems).findings
                    + TriggerCheck(registry, authentications).findings(in: manifest)
            case "ScaledJob":
                TriggerCheck.listFindings(in: manifest) + TriggerCheck(registry, authentications).findings(in: manifest)
            case TriggerAuthentication.resourceType.kind, ClusterTriggerAuthentication.resourceType.kind:
                AuthenticationCheck.findings(in: manifest, problems)
            default: [Finding]()
            }
        return Self.merged(header, structure + names + rules)
    }

    /// A kind of our group that there is not, or not in this version.
    private func unknownKind(_ manifest: Manifest, _ version: GroupVersion) -> Finding {
        let versions = schemas.versions(of: manifest.kind, in: version.group).map(\.description)
        guard versions.isEmpty else {
            return manifest.finding(
                .error,
                at: ValuePath("apiVersion"),
                "\(manifest.kind) has no version \(version.version); write \(versions.joined(separator: " or "))"
            )
        }
        let nearest = NearestName.find(manifest.kind, among: schemas.kinds(in: version.group))
        return manifest.finding(
            .error,
            at: ValuePath("kind"),
            "\(version.group) has no such kind" + (nearest.map { ", did you mean \($0)?" } ?? "")
        )
    }

    /// Both lists, without a second finding where the first list already has one for the field.
    private static func merged(_ first: [Finding], _ second: [Finding]) -> [Finding] {
        let fields = Set(first.map(\.field))
        return first + second.filter { !fields.contains($0.field) }
    }

    /// Findings in the order of files, and within a file of places; what is about the file as a whole comes first.
    private static func sorted(_ findings: [Finding], by files: [String]) -> [Finding] {
        let order = Dictionary(files.enumerated().map { ($1, $0) }) { first, _ in first }
        let keyed = findings.enumerated()
            .map { index, finding in
                (finding, order[finding.file] ?? 0, finding.position?.line ?? 0, finding.position?.column ?? 0, index)
            }
        return keyed.sorted { ($0.1, $0.2, $0.3, $0.4) < ($1.1, $1.2, $1.3, $1.4) }.map(\.0)
    }
}
