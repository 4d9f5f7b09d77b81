import Foundation

/// An IPv4 or IPv6 address as its 4 or 16 bytes.
struct IPAddress: Sendable, Hashable {
    /// In network order.
    ///
    /// An IPv4 address in an IPv6 one (`::ffff:10.0.0.1`) is the IPv4 address.
    let bytes: [UInt8]

    /// Reads the usual notations; `nil` for anything else, names included.
    init?(_ text: String) {
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.bytes = withUnsafeBytes(of: v4) { [UInt8]($0) }
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: v6) { [UInt8]($0) }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        self.bytes = isMapped ? [UInt8](bytes[12...]) : bytes
    }

    /// 127.0.0.0/8 or ::1.
    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }
}

/// A block of addresses, such as `10.0.0.0/8`.
struct AddressBlock: Sendable {
    /// Any address of the block.
    private let base: IPAddress
    /// Leading bits that all its addresses share.
    private let prefix: Int

    /// Reads `address/bits`.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let base = IPAddress(String(parts[0])), let prefix = Int(parts[1]),
            (0...base.bytes.count * 8).contains(prefix)
        else { return nil }
        self.base = base
        self.prefix = prefix
    }

    /// Whether an address lies in the block; never across IPv4 and IPv6.
    func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == base.bytes.count else { return false }
        let whole = prefix / 8
        guard address.bytes[..<whole] == base.bytes[..<whole] else { return false }
        let rest = prefix % 8
        return rest == 0 || (address.bytes[whole] ^ base.bytes[whole]) >> (8 - rest) == 0
    }
}
