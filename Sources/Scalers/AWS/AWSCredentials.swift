internal import Outbound

/// Keys that sign requests to AWS.
struct AWSCredentials: Sendable, Hashable {
    /// Whose keys they are; sent with each request, yet nobody else's business.
    let accessKeyID: Secret<String>
    /// Signs; never sent.
    let secretAccessKey: Secret<String>
    /// Goes with keys that are lent for a time.
    let sessionToken: Secret<String>?
}

extension AWSCredentials {
    /// Takes what a server has sent; `nil` for what is missing or cannot stand in a header.
    init?(accessKeyID: String?, secretAccessKey: String?, sessionToken: String?) {
        let isFit = [accessKeyID ?? "", secretAccessKey ?? "", sessionToken ?? "none"]
            .allSatisfy { text in !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7e).contains($0) } }
        guard isFit, let accessKeyID, let secretAccessKey else { return nil }
        self.accessKeyID = Secret(accessKeyID)
        self.secretAccessKey = Secret(secretAccessKey)
        self.sessionToken = sessionToken.map { Secret($0) }
    }

    /// One text with a line for each part, as lent credentials are kept.
    var lines: Secret<String> {
        let parts = [accessKeyID, secretAccessKey] + (sessionToken.map { [$0] } ?? [])
        return Secret(parts.map { $0.withValue { $0 } }.joined(separator: "\n"))
    }

    /// Takes ``lines`` apart again.
    init(lines: Secret<String>) {
        let parts = lines.withValue { $0.split(separator: "\n").map { Secret(String($0)) } }
        self.init(accessKeyID: parts[0], secretAccessKey: parts[1], sessionToken: parts.count > 2 ? parts[2] : nil)
    }
}
