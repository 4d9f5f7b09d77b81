/// Makes UIDs and the random ends of names; equal seeds make equal names.
struct NameMaker: Sendable {
    /// The state of the generator.
    private var random: SplitMix64

    /// Starts at a seed.
    init(seed: UInt64) {
        self.random = SplitMix64(state: seed)
    }

    /// A version 4 UUID in lower case.
    mutating func uid() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array(bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined())
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }

    /// Characters without vowels and look-alikes, for the ends of names.
    ///
    /// - Source: Kubernetes, `apimachinery/pkg/util/rand/rand.go`.
    mutating func suffix(_ length: Int = 5) -> String {
        String((0..<length).map { _ in Self.letters[Int.random(in: 0..<Self.letters.count, using: &random)] })
    }

    /// See ``suffix(_:)``.
    static let letters = Array("bcdfghjklmnpqrstvwxz2456789")
}

/// Sebastiano Vigna's SplitMix64: small, fast, good enough for names.
private struct SplitMix64: RandomNumberGenerator, Sendable {
    /// Counts on by a fixed odd number.
    var state: UInt64

    /// The next number.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
