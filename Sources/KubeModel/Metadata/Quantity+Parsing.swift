extension Quantity {
    /// Reads a quantity: sign, decimals, and a suffix n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or an `e`/`E` exponent.
    ///
    /// - Returns: `nil` for anything else and for what is too large.
    public init?(parsing text: String) {
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        let whole = Self.takeDigits(from: &rest)
        var fraction: Substring = ""
        if rest.first == "." {
            rest.removeFirst()
            fraction = Self.takeDigits(from: &rest)
        }
        guard !(whole.isEmpty && fraction.isEmpty), let scale = Scale(suffix: rest) else { return nil }
        guard let nanos = scale.nanos(digits: whole + fraction, decimals: fraction.count) else { return nil }
        self.init(nanos: isNegative ? -nanos : nanos)
    }

    /// Takes the ASCII digits at the front.
    private static func takeDigits(from text: inout Substring) -> Substring {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        text.removeFirst(digits.count)
        return digits
    }

    /// What a suffix multiplies by.
    private enum Scale {
        /// A power of ten.
        case decimal(Int)
        /// A power of 1024.
        case binary(Int)

        /// Reads all that follows the digits; `nil` if it is no suffix.
        init?(suffix: Substring) {
            if let power = ["n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18][suffix]
            {
                self = .decimal(power)
            } else if let power = ["Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6][suffix] {
                self = .binary(power)
            } else if suffix.first == "e" || suffix.first == "E", let power = Int(suffix.dropFirst()), abs(power) <= 64
            {
                self = .decimal(power)
            } else {
                return nil
            }
        }

        /// Digits with a number of decimals, times this scale, in billionths, rounded up.
        func nanos(digits: Substring, decimals: Int) -> Int128? {
            // 60 digits are more than 128 bits hold: what is longer can only be refused or rounded away.
            guard digits.count <= 60 else { return nil }
            switch self {
            case .decimal(let power): return Self.shift(digits, by: power + 9 - decimals, times: 1)
            case .binary(let power): return Self.shift(digits, by: 9 - decimals, times: 1 << (10 * Int128(power)))
            }
        }

        /// Digits times a factor times a power of ten, rounded up; `nil` if it does not fit.
        private static func shift(_ digits: Substring, by power: Int, times factor: Int128) -> Int128? {
            var value: Int128 = 0
            for digit in digits.drop(while: { $0 == "0" }) {
                guard let next = multiply(value, 10, plus: Int128(digit.wholeNumberValue ?? 0)) else { return nil }
                value = next
            }
            guard var value = multiply(value, factor, plus: 0) else { return nil }
            var hasRest = false
            for _ in 0..<max(0, -power) {
                hasRest = hasRest || value % 10 != 0
                value /= 10
            }
            for _ in 0..<max(0, power) where value != 0 {
                guard let next = multiply(value, 10, plus: 0) else { return nil }
                value = next
            }
            return hasRest ? value + 1 : value
        }

        /// `value * factor + rest`, or `nil` past 127 bits.
        private static func multiply(_ value: Int128, _ factor: Int128, plus rest: Int128) -> Int128? {
            let (product, overflow) = value.multipliedReportingOverflow(by: factor)
            guard !overflow else { return nil }
            let (sum, carries) = product.addingReportingOverflow(rest)
            return carries ? nil : sum
        }
    }
}
