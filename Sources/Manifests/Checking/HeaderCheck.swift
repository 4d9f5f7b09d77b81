internal import KubeModel

/// Checks what every object needs before anything can be done with it.
enum HeaderCheck {
    /// What is missing of `apiVersion`, `kind` and a name.
    static func findings(in manifest: Manifest) -> [Finding] {
        guard manifest.content.object != nil else {
            return [
                manifest.finding(.error, at: ValuePath(), "a manifest is an object with apiVersion, kind and metadata")
            ]
        }
        let isForeign = manifest.content["apiVersion"] == nil && manifest.content["kind"] == nil
        guard !isForeign else {
            return [
                manifest.finding(
                    .error,
                    at: ValuePath(),
                    "this has neither apiVersion nor kind, so it is no manifest; is it a Helm values file?"
                )
            ]
        }
        return ["apiVersion", "kind"].compactMap { text(at: ValuePath($0), manifest.content[$0], in: manifest) }
            + nameFinding(in: manifest)
    }

    /// What is wrong with a name; a `generateName` will do.
    private static func nameFinding(in manifest: Manifest) -> [Finding] {
        let metadata = manifest.content["metadata"]
        let isGenerated = metadata?["generateName"]?.string?.isEmpty == false
        if isGenerated, metadata?["name"] == nil { return [] }
        return [text(at: ValuePath("metadata", "name"), metadata?["name"], in: manifest)].compactMap(\.self)
    }

    /// What is wrong with a text that must be there.
    private static func text(at path: ValuePath, _ value: JSONValue?, in manifest: Manifest) -> Finding? {
        switch value {
        case .string(let text)? where !text.isEmpty: nil
        case nil, .null?, .string?: manifest.finding(.error, at: path, "is required")
        default: manifest.finding(.error, at: path, "must be a text; put it in quotes")
        }
    }

    /// Names that the API server refuses for custom resources.
    ///
    /// - Source: Kubernetes, "Object Names and IDs", DNS subdomain and DNS label names.
    static func nameFindings(in manifest: Manifest) -> [Finding] {
        var findings: [Finding] = []
        let key = manifest.key
        if !key.name.isEmpty, !isSubdomain(key.name) {
            findings.append(
                manifest.finding(
                    .error,
                    at: ValuePath("metadata", "name"),
                    "must be lower-case letters, digits, - and ., begin and end with a letter or digit, "
                        + "and have at most 253 characters"
                )
            )
        }
        if !key.namespace.isEmpty, !isLabel(key.namespace[...]) {
            findings.append(
                manifest.finding(
                    .error,
                    at: ValuePath("metadata", "namespace"),
                    "must be lower-case letters, digits and -, begin and end with a letter or digit, "
                        + "and have at most 63 characters"
                )
            )
        }
        return findings
    }

    /// Labels between dots.
    ///
    /// A label in a subdomain may be longer than one that stands alone.
    private static func isSubdomain(_ name: String) -> Bool {
        name.utf8.count <= 253
            && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isLabel($0, upTo: 253) }
    }

    /// Letters and digits, `-` between them.
    private static func isLabel(_ name: Substring, upTo limit: Int = 63) -> Bool {
        name.utf8.count <= limit && name.wholeMatch(of: /[a-z0-9]([a-z0-9\-]*[a-z0-9])?/) != nil
    }
}
