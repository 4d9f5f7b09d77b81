extension AuthenticationStatus {
    /// How long a list of names may become: authentications of a whole cluster may have any number of users.
    private static let limit = 32_768

    /// The status of an authentication with these users.
    ///
    /// Names come once, in their order, without namespaces; a list that is too long ends with dots.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/triggerauthentication_types.go`, which appends a name when an object is
    ///   reconciled and takes it out only when that object is deleted.
    public init(scaledObjects: [String], scaledJobs: [String]) {
        self.init(scaledobjects: Self.list(scaledObjects), scaledjobs: Self.list(scaledJobs))
    }

    /// Distinct names in order, joined by commas; `nil` for none.
    private static func list(_ names: [String]) -> String? {
        var text = ""
        for name in Set(names).sorted() {
            let next = text.isEmpty ? name : ",\(name)"
            guard text.utf8.count + next.utf8.count <= limit else { return text + ",..." }
            text += next
        }
        return text.isEmpty ? nil : text
    }
}
