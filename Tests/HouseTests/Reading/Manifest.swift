/// What `Package.swift` declares, read from its text.
struct Manifest {
    /// One target.
    struct Target {
        /// Its name, which is that of its folder in Sources or Tests unless it names another.
        let name: String
        /// Whether it names its folder.
        let hasOwnPath: Bool
        /// Modules and products that it may import.
        let dependencies: [String]
        /// Whether it is compiled with the settings of the house.
        let hasHouseSettings: Bool
        /// Whether it holds tests.
        let isTest: Bool
    }

    /// In the order of the file.
    let targets: [Target]

    /// Functions that declare a target; the first two are our own and always use the settings of the house.
    private static let makers = ["room", "tests", "target", "executableTarget", "testTarget", "systemLibrary"]

    /// Reads the text of a manifest without its comments.
    init(_ text: String) {
        let tokens = Self.tokens(of: text)
        var products: [String: String] = [:]
        var targets: [Target] = []
        for (index, token) in tokens.enumerated() {
            let before = index > 0 ? tokens[index - 1] : .mark("\n")
            guard case .word(let word) = token, before != .word("func"), tokens[at: index + 1] == .mark("(") else {
                continue
            }
            let arguments = Self.inside(tokens, from: index + 1)
            guard let name = Self.name(in: arguments) else { continue }
            if word == "product", before == .mark("="), case .word(let variable) = tokens[at: index - 2] {
                products[variable] = name
            }
            guard Self.makers.contains(word) else { continue }
            targets.append(
                Target(
                    name: name,
                    hasOwnPath: arguments.contains(.word("path")),
                    dependencies: Self.dependencies(in: arguments, products),
                    hasHouseSettings: word == "room" || word == "tests" || arguments.contains(.word("house")),
                    isTest: word == "tests" || word == "testTarget"
                )
            )
        }
        self.targets = targets
    }

    /// The target of a name.
    subscript(name: String) -> Target? { targets.first { $0.name == name } }

    /// A word, a text without its quotes, or a punctuation mark.
    private enum Token: Equatable {
        case word(String)
        case text(String)
        case mark(Character)
    }

    /// Cuts a text into tokens.
    private static func tokens(of text: String) -> [Token] {
        var tokens: [Token] = []
        var rest = text[...]
        while let first = rest.first {
            if first == "\"" {
                let body = rest.dropFirst().prefix { $0 != "\"" }
                tokens.append(.text(String(body)))
                rest = rest[body.endIndex...].dropFirst()
            } else if first.isLetter || first == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                tokens.append(.word(String(word)))
                rest = rest[word.endIndex...]
            } else {
                if !first.isWhitespace { tokens.append(.mark(first)) }
                rest = rest.dropFirst()
            }
        }
        return tokens
    }

    /// What stands between the bracket at a place and the one that closes it.
    private static func inside(_ tokens: [Token], from open: Int) -> ArraySlice<Token> {
        var depth = 0
        for index in open..<tokens.count {
            if case .mark(let mark) = tokens[index] {
                if "([".contains(mark) { depth += 1 }
                if ")]".contains(mark) { depth -= 1 }
            }
            if depth == 0 { return tokens[(open + 1)..<index] }
        }
        return []
    }

    /// The first argument, if it is a text, with or without the label `name`.
    private static func name(in arguments: ArraySlice<Token>) -> String? {
        let value = arguments.starts(with: [.word("name"), .mark(":")]) ? arguments.dropFirst(2) : arguments
        guard case .text(let name) = value.first else { return nil }
        return name
    }

    /// The members of the array that comes second or is called `dependencies`.
    private static func dependencies(in arguments: ArraySlice<Token>, _ products: [String: String]) -> [String] {
        let tokens = Array(arguments)
        let labelled = tokens.indices.first { tokens[$0] == .word("dependencies") }.map { $0 + 2 }
        guard let open = labelled ?? (tokens[at: 1] == .mark(",") ? 2 : nil), tokens[at: open] == .mark("[") else {
            return []
        }
        let members = inside(tokens, from: open)
        var names: [String] = []
        var depth = 0
        for (index, token) in zip(members.indices, members) {
            switch token {
            case .mark("("): depth += 1
            case .mark(")"): depth -= 1
            case .text(let name) where depth == 0: names.append(name)
            case .word(let word) where depth == 0:
                let isCall = members[at: index + 1] == .mark("(")
                let name = isCall ? name(in: inside(tokens, from: index + 1)) : products[word]
                names.append(name ?? word)
            default: break
            }
        }
        return names
    }
}

extension RandomAccessCollection where Index == Int {
    /// The element at a place, if there is one.
    fileprivate subscript(at index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
