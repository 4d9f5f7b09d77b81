/// A pattern in which `*` stands for any characters, none too, and `?` for one; `\` takes their meaning away.
struct Wildcard: Sendable, Hashable {
    /// One sign of the pattern.
    enum Sign: Sendable, Hashable {
        /// This character.
        case scalar(Unicode.Scalar)
        /// Any one character.
        case one
        /// Any number of characters.
        case many
    }

    /// Signs that a pattern may have: matching takes their number times the length of the text.
    static let limit = 256

    /// In order.
    let signs: [Sign]

    /// Takes signs.
    init(_ signs: [Sign]) {
        self.signs = signs
    }

    /// Reads a pattern.
    init(parsing text: String) {
        var signs: [Sign] = []
        var isEscaped = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\" where !isEscaped:
                isEscaped = true
                continue
            case "*" where !isEscaped: signs.append(.many)
            case "?" where !isEscaped: signs.append(.one)
            default: signs.append(.scalar(scalar))
            }
            isEscaped = false
        }
        self.signs = signs
    }

    /// The text that alone matches, where the pattern has no wildcard.
    var literal: String? {
        var text = String.UnicodeScalarView()
        for sign in signs {
            guard case .scalar(let scalar) = sign else { return nil }
            text.append(scalar)
        }
        return String(text)
    }

    /// Whether a whole text fits.
    ///
    /// Only the last `*` is ever widened: what came before it fits already, as early as it can.
    ///
    /// - Complexity: O(signs × characters).
    func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var (sign, place) = (0, 0)
        var star: (sign: Int, place: Int)?
        while place < scalars.count {
            if sign < signs.count, signs[sign] == .many {
                star = (sign, place)
                sign += 1
            } else if sign < signs.count, signs[sign] == .one || signs[sign] == .scalar(scalars[place]) {
                sign += 1
                place += 1
            } else if let last = star {
                star = (last.sign, last.place + 1)
                (sign, place) = (last.sign + 1, last.place + 1)
            } else {
                return false
            }
        }
        return signs[sign...].allSatisfy { $0 == .many }
    }
}
