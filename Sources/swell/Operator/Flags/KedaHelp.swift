/// What becomes of KEDA's flags and variables, for `swell operator --help-keda`.
enum KedaHelp {
    /// The whole page.
    static var text: String {
        let works = KnownFlags.all.filter { $0.fate == .works }.map { "--\($0.name)" }
        return [
            """
            What becomes of KEDA's flags and variables in swell operator, which does the work of KEDA's operator, \
            metrics server and webhooks. Flags are written as KEDA takes them: --name=value, --name value, and \
            booleans without a value. An unknown flag is an error.
            """
            .wrapped(indent: 0),
            "WORK (ours among them):\n" + works.sorted().joined(separator: ", ").wrapped(indent: 2),
            "OTHER WORDS:\n" + aliases.joined(separator: "\n"),
            "WITHOUT EFFECT, told once in the log:\n" + idle.joined(separator: "\n"),
            "VARIABLES THAT ARE READ:\n" + KnownVariables.works.joined(separator: ", ").wrapped(indent: 2),
            "VARIABLES WITHOUT EFFECT:\n" + idleVariables.joined(separator: "\n"),
        ]
        .joined(separator: "\n\n") + "\n"
    }

    /// A line for each alias.
    private static var aliases: [String] {
        KnownFlags.all.compactMap { flag in
            guard case .alias(let other) = flag.fate else { return nil }
            return "  --\(flag.name)".padding(to: 28) + "--\(other)"
        }
    }

    /// A paragraph for each reason.
    private static var idle: [String] {
        var names: [String: [String]] = [:]
        var order: [String] = []
        for flag in KnownFlags.all {
            switch flag.fate {
            case .works, .alias: continue
            case .needless(let reason), .missing(let reason):
                if names[reason] == nil { order.append(reason) }
                names[reason, default: []].append("--\(flag.name)")
            }
        }
        return order.map { paragraph(names[$0] ?? [], because: $0) }
    }

    /// A paragraph for each reason.
    private static var idleVariables: [String] {
        KnownVariables.withoutEffect.map { paragraph($0.names, because: $0.because) }
    }

    /// Names, and under them the reason.
    private static func paragraph(_ names: [String], because reason: String) -> String {
        names.joined(separator: ", ").wrapped(indent: 2) + "\n" + reason.wrapped(indent: 6)
    }
}

extension String {
    /// Broken between words, so that a line has 80 columns at most.
    fileprivate func wrapped(indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in split(separator: " ") {
            if !line.isEmpty, indent + line.count + 1 + word.count > 80 {
                lines.append(margin + line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        lines.append(margin + line)
        return lines.joined(separator: "\n")
    }

    /// With spaces behind it, at least one.
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(1, width - count))
    }
}
