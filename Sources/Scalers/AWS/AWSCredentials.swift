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
