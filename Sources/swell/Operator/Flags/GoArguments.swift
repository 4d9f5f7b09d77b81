import ArgumentParser
import ScalerKit

/// The arguments of `swell operator` as KEDA's users write them, made into what our parser reads.
///
/// Go's flags and ours differ: a boolean may stand alone or have `=` and a value, `-v` is the same as `--v`, and most of
/// KEDA's flags have other names here or no effect. Pure: the table ``KnownFlags`` says what becomes of each.
///
/// - Source: `spf13/pflag`, "Command line flag syntax".
struct GoArguments: Equatable {
    /// Flags in their order, each with its value.
    private(set) var flags: [(name: String, value: String)] = []
    /// What is no flag of the table: help, version, and what does not belong there.
    private(set) var rest: [String] = []

    /// Programs whose path old charts put before the flags.
    private static let programs = ["keda", "keda-adapter", "keda-admission-webhooks"]
    /// What our parser knows by itself.
    private static let questions: Set<String> = ["-h", "--help", "-help", "--help-hidden", "--help-keda", "--version"]

    /// Takes the arguments apart.
    ///
    /// - Parameter arguments: those after `operator`.
    /// - Throws: `ValidationError` for a flag that is in no table, for a value that is missing, and for a boolean that
    ///   is none.
    init(_ arguments: [String]) throws {
        var left = arguments[...]
        if let first = left.first, first.hasPrefix("/"), Self.programs.contains(where: { first.hasSuffix("/" + $0) }) {
            left.removeFirst()
        }
        while let word = left.popFirst() {
            if word == "--" {
                rest += left
                return
            }
            if Self.questions.contains(word) || !word.hasPrefix("-") || word == "-" {
                rest.append(word)
                continue
            }
            let (name, attached) = Self.split(word)
            guard let flag = KnownFlags.named(name) else { throw Self.unknown(name) }
            flags.append((name, try Self.value(of: flag, attached, &left)))
        }
    }

    /// Equal if they come to the same.
    static func == (one: GoArguments, other: GoArguments) -> Bool {
        one.rest == other.rest && one.flags.elementsEqual(other.flags) { $0 == $1 }
    }

    /// The last value of a flag; pflag's later values replace former ones.
    subscript(name: String) -> String? {
        flags.last { $0.name == name }?.value
    }

    /// The name without dashes, and what follows `=`; `-v4` is `-v=4`.
    private static func split(_ word: String) -> (name: String, attached: String?) {
        let bare = word.drop { $0 == "-" }
        let parts = bare.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        if parts.count == 2 { return (name, String(parts[1])) }
        let isLevel = !word.hasPrefix("--") && name.hasPrefix("v") && name.count > 1
        if isLevel, name.dropFirst().allSatisfy(\.isWholeNumber) { return ("v", String(name.dropFirst())) }
        return (name, nil)
    }

    /// The value of a flag, from the next argument if it must have one.
    private static func value(
        of flag: KnownFlag,
        _ attached: String?,
        _ left: inout ArraySlice<String>
    ) throws -> String {
        switch flag.kind {
        case .boolean:
            guard let attached else { return "true" }
            guard OptionValues.boolean(parsing: attached) != nil else {
                throw ValidationError("--\(flag.name): \"\(attached)\" is neither true nor false")
            }
            return attached
        case .value:
            guard let value = attached ?? left.popFirst() else {
                throw ValidationError("--\(flag.name) needs a value: --\(flag.name)=…")
            }
            return value
        }
    }

    /// A flag that nobody knows, with the one that may be meant.
    private static func unknown(_ name: String) -> ValidationError {
        let nearest = NearestName.find(name, among: KnownFlags.all.map(\.name))
        return ValidationError("unknown flag --\(name)" + (nearest.map { ", did you mean --\($0)?" } ?? ""))
    }
}
