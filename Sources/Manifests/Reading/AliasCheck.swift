/// Finds aliases in the keys of a text before Yams sees it.
///
/// Yams hashes every key to find doubles, and hashes an alias as deep as what it names. A key made of nested aliases
/// would keep it busy for ever, so such keys, which Kubernetes has no use for, are refused beforehand. The check reads
/// lines, not YAML, so it asks much before it refuses: an alias of a name that is an anchor elsewhere in the text.
struct AliasCheck {
    /// Whether any name stands after both `&` and `*`.
    var findsAny: Bool { !names.isEmpty }
    /// Names that do.
    private let names: Set<ArraySlice<UInt8>>
    /// The text.
    private let text: [UInt8]

    /// Looks for names.
    ///
    /// - Complexity: O(bytes).
    init(_ text: String) {
        self.text = Array(text.utf8)
        let anchors = Self.names(after: UInt8(ascii: "&"), in: self.text)
        self.names = anchors.isEmpty ? [] : anchors.intersection(Self.names(after: UInt8(ascii: "*"), in: self.text))
    }

    /// The first line with an alias in a key, or with the `?` of a key that may hold one further down.
    ///
    /// - Returns: its number, from 1.
    /// - Complexity: O(bytes).
    func lineOfKey() -> Int? {
        guard findsAny else { return nil }
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.firstIndex(where: hasComplexKey).map { $0 + 1 }
    }

    /// Whether a line has a `?` where a key may begin, or a `:` after an alias or after a bracket that follows one.
    private func hasComplexKey(_ line: ArraySlice<UInt8>) -> Bool {
        var mayBeginKey = true
        var hasAlias = false
        var position = line.startIndex
        while position < line.endIndex {
            let byte = line[position]
            let rest = line[(position + 1)...]
            position += 1
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "-"):
                continue
            case UInt8(ascii: "?"):
                if mayBeginKey, rest.first.map(Self.isBlank) ?? true { return true }
            case UInt8(ascii: "*"):
                let name = rest.prefix(while: Self.isNamePart)
                guard names.contains(name) else { break }
                if Self.beginsWithColon(rest[name.endIndex...]) { return true }
                hasAlias = true
                position = name.endIndex
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if hasAlias, Self.beginsWithColon(rest) { return true }
            default: break
            }
            mayBeginKey = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: ",")
        }
        return false
    }

    /// Whether the next sign is a colon.
    private static func beginsWithColon(_ rest: ArraySlice<UInt8>) -> Bool {
        rest.first { !isBlank($0) } == UInt8(ascii: ":")
    }

    /// The names that stand directly after a sign.
    private static func names(after sign: UInt8, in text: [UInt8]) -> Set<ArraySlice<UInt8>> {
        var names: Set<ArraySlice<UInt8>> = []
        var position = text.startIndex
        while let found = text[position...].firstIndex(of: sign) {
            let name = text[(found + 1)...].prefix(while: isNamePart)
            if !name.isEmpty { names.insert(name) }
            position = name.endIndex
        }
        return names
    }

    /// Space, tab or the first half of a Windows line end.
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }

    /// Letters, digits, `-` and `_`, as libyaml has it.
    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
