/// A value that must never be shown: a password, a token, a connection string, a private key.
///
/// It prints `<redacted>` wherever it is described, dumped or interpolated, is not `Encodable`, and opens only in
/// ``withValue(_:)``, which belongs where the value goes onto the wire.
public struct Secret<Value: Sendable>: Sendable {
    /// What is kept from view.
    private let value: Value

    /// Wraps a value; from here on only ``withValue(_:)`` sees it.
    public init(_ value: Value) {
        self.value = value
    }

    /// Opens the secret for the length of a call.
    ///
    /// - Parameter body: must not keep, log or put the value into an error.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    public func withValue<Result, Failure: Error>(_ body: (Value) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(value)
    }

    /// A secret made from this one, without opening it to the caller.
    public func map<Other: Sendable>(_ transform: (Value) -> Other) -> Secret<Other> {
        Secret<Other>(transform(value))
    }
}

extension Secret: Equatable where Value: Equatable {}
extension Secret: Hashable where Value: Hashable {}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `<redacted>`.
    public var description: String { "<redacted>" }

    /// Always `<redacted>`.
    public var debugDescription: String { "<redacted>" }

    /// No children, so that `dump` and test failure messages show nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Secret: ExpressibleByStringLiteral, ExpressibleByUnicodeScalarLiteral,
    ExpressibleByExtendedGraphemeClusterLiteral
where Value == String {
    /// A secret written in the source, which only tests and demos do.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
