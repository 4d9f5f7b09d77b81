// What logs, errors and failing tests show of a request. User names, certificates and the names of secret headers may
// come from a Secret as much as passwords do, so none of them is shown.

extension HTTPRequest: CustomStringConvertible, CustomReflectable {
    /// Method, address, and how it is authorized.
    public var description: String {
        "\(method.rawValue) \(shownAddress)" + (authorization.map { " (\($0))" } ?? "")
    }

    /// The address, as far as it may be shown.
    private var shownAddress: String {
        hidesTarget ? "\(url.scheme)://\(url.authority)/<redacted>" : url.description
    }

    /// What is asked and for how long, without credentials and without the body.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "method": method, "url": shownAddress, "headers": headers, "secretHeaders": secretHeaders.count,
                "authorization": authorization as Any, "body": body.count, "tls": tls, "deadline": deadline,
                "idleLimit": idleLimit as Any,
            ]
        )
    }
}

extension HTTPRequest.Authorization: CustomStringConvertible, CustomReflectable {
    /// The scheme.
    public var description: String {
        switch self {
        case .basic: "Basic <redacted>"
        case .bearer: "Bearer <redacted>"
        }
    }

    /// No children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension TLSSettings: CustomStringConvertible, CustomReflectable {
    /// Which parts are given, without any of them.
    public var description: String {
        let parts = [
            ("authorities", authorities != nil), ("certificate", certificate != nil), ("privateKey", privateKey != nil),
            ("serverName", serverName != nil), ("skipsVerification", skipsVerification),
        ]
        return "\(minimumVersion?.rawValue ?? "TLS") [\(parts.filter(\.1).map(\.0).joined(separator: ", "))]"
    }

    /// No children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
