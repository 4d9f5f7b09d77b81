import Testing

/// A place that breaks a rule.
struct Finding: CustomStringConvertible {
    /// `path:line: what`.
    let description: String

    /// A line of a file.
    init(_ path: String, _ line: Int, _ what: String) {
        self.description = "\(path):\(line): \(what)"
    }

    /// A file, a folder or a name.
    init(_ path: String, _ what: String) {
        self.description = "\(path): \(what)"
    }
}

/// Fails with every place that breaks a rule, and with the rule.
func expectNone(_ findings: [Finding], _ rule: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let list = findings.map { "\n  \($0)" }.joined()
    #expect(findings.isEmpty, "\(rule):\(list)", sourceLocation: sourceLocation)
}

/// A place where a rule does not hold, and why.
struct Exemption: Sendable {
    /// Which rule or call.
    let rule: String
    /// A file, or a folder that ends in a slash.
    let path: String
    /// Why it may.
    let reason: String

    /// Makes an exemption.
    init(_ rule: String, in path: String, because reason: String) {
        self.rule = rule
        self.path = path
        self.reason = reason
    }

    /// Whether it speaks of such a breach.
    func covers(_ rule: String, in path: String) -> Bool {
        self.rule == rule && (self.path == path || self.path.hasSuffix("/") && path.hasPrefix(self.path))
    }
}

extension [Exemption] {
    /// What is found without being exempt, and exemptions that nothing needs.
    func apply(to found: [(rule: String, path: String, line: Int)], _ what: (String) -> String) -> [Finding] {
        let breaches = found.filter { place in !contains { $0.covers(place.rule, in: place.path) } }
        let idle = filter { entry in !found.contains { entry.covers($0.rule, in: $0.path) } }
        return breaches.map { Finding($0.path, $0.line, what($0.rule)) }
            + idle.map { Finding($0.path, "has no \($0.rule) any more; take the exemption away") }
            + filter(\.reason.isEmpty).map { Finding($0.path, "is exempt from \($0.rule) without a reason") }
    }
}
