/// What a function takes and gives.
///
/// - Source: expr-lang, `builtin/builtin.go` and `builtin/validation.go`.
struct FormulaSignature {
    /// The types that an argument may have.
    enum Parameter: String {
        case number = "a number"
        case numeral = "a number or a string"
        case numbers = "numbers or arrays"
        case int = "an int"
        case string = "a string"
        case array = "an array"
        case map = "a map"
        case collection = "an array or a map"
        case sized = "an array, a map or a string"
        case any = "anything"

        /// Whether a type may be given; what is not known may.
        func accepts(_ type: FormulaType) -> Bool {
            if type == .unknown { return true }
            return switch self {
            case .number: type.isNumber
            case .numeral: type.isNumber || type == .string
            case .numbers: type.isNumber || type.isArray
            case .int: type == .int
            case .string: type == .string
            case .array: type.isArray
            case .map: type == .map
            case .collection: type.isArray || type == .map
            case .sized: type.isArray || type == .map || type == .string
            case .any: true
            }
        }
    }

    /// What it takes, in order; a variadic function takes the last one again and again.
    let parameters: [Parameter]
    /// How many must be given.
    let required: Int
    /// Whether the last parameter may be repeated.
    var isVariadic = false
    /// What it gives for arguments of these types.
    let result: ([FormulaType]) -> FormulaType

    /// A function of fixed parameters.
    private init(_ parameters: [Parameter], optional: Int = 0, _ result: @escaping ([FormulaType]) -> FormulaType) {
        self.parameters = parameters
        self.required = parameters.count - optional
        self.result = result
    }

    /// The signature of a function.
    init(_ function: FormulaFunction) {
        switch function {
        case .abs: self.init([.number]) { $0[0] }
        case .ceil, .floor, .round: self.init([.number]) { _ in .float }
        case .int: self.init([.numeral]) { _ in .int }
        case .float: self.init([.numeral]) { _ in .float }
        case .max, .min, .mean, .median:
            self.init([.numbers]) { $0.allSatisfy(\.isNumber) ? $0[0] : .unknown }
            isVariadic = true
        case .bitand, .bitor, .bitxor, .bitnand, .bitshl, .bitshr, .bitushr: self.init([.int, .int]) { _ in .int }
        case .bitnot: self.init([.int]) { _ in .int }
        case .len: self.init([.sized]) { _ in .int }
        case .first, .last: self.init([.array]) { $0[0].element }
        case .get: self.init([.collection, .any]) { $0[0].element }
        case .take: self.init([.array, .int]) { $0[0] }
        case .reverse, .uniq, .flatten: self.init([.array]) { _ in .array(.unknown) }
        case .sort: self.init([.array, .string], optional: 1) { _ in .array(.unknown) }
        case .concat:
            self.init([.array]) { _ in .array(.unknown) }
            isVariadic = true
        case .keys, .values: self.init([.map]) { _ in .array(.unknown) }
        case .string, .type: self.init([.any]) { _ in .string }
        case .upper, .lower: self.init([.string]) { _ in .string }
        case .trim, .trimPrefix, .trimSuffix: self.init([.string, .string], optional: 1) { _ in .string }
        case .split, .splitAfter: self.init([.string, .string, .int], optional: 1) { _ in .array(.string) }
        case .replace: self.init([.string, .string, .string, .int], optional: 1) { _ in .string }
        case .repeat: self.init([.string, .int]) { _ in .string }
        case .join: self.init([.array, .string], optional: 1) { _ in .string }
        case .indexOf, .lastIndexOf: self.init([.string, .string]) { _ in .int }
        case .hasPrefix, .hasSuffix: self.init([.string, .string]) { _ in .bool }
        default: self.init([.any]) { _ in .unknown }
        }
    }
}
