/// Cipher suites by the names that Go programs know them by.
///
/// - Source: Go's `crypto/tls`, `CipherSuites()`; OpenSSL's `ciphers` manual for the other names.
public enum CipherSuiteNames {
    /// Reads a list between commas or colons.
    ///
    /// TLS 1.3's suites are known and left out: as in Go, TLS 1.3 takes no list.
    ///
    /// - Parameter text: such as `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`.
    /// - Returns: OpenSSL's names in the same order, and the words that are none of Go's names.
    public static func parse(_ text: String) -> (known: [String], unknown: [String]) {
        let words = text.split { $0 == "," || $0 == ":" }
            .map { $0.drop(while: \.isWhitespace) }
            .map { String($0.prefix(while: { !$0.isWhitespace })) }
            .filter { !$0.isEmpty }
        let unknown = words.filter { openSSL[$0] == nil && !modern.contains($0) }
        return (words.compactMap { openSSL[$0] }, unknown)
    }

    /// OpenSSL's name for each of Go's, for TLS 1.2 and older.
    private static let openSSL = [
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA": "ECDHE-ECDSA-AES128-SHA",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA": "ECDHE-ECDSA-AES256-SHA",
        "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA": "ECDHE-RSA-AES128-SHA",
        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA": "ECDHE-RSA-AES256-SHA",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": "ECDHE-ECDSA-AES128-GCM-SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": "ECDHE-ECDSA-AES256-GCM-SHA384",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": "ECDHE-RSA-AES128-GCM-SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": "ECDHE-RSA-AES256-GCM-SHA384",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-RSA-CHACHA20-POLY1305",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-ECDSA-CHACHA20-POLY1305",
    ]

    /// The suites of TLS 1.3.
    private static let modern: Set<String> = [
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
    ]
}
