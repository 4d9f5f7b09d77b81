import KubeModel

/// A request that is refused, with what the server says about it.
///
/// - Source: Kubernetes, `apimachinery/pkg/api/errors/errors.go`, for the words.
struct APIFailure: Error, Sendable {
    /// The answer's body; its code is the HTTP status.
    var status: KubeStatus

    /// Makes a failure.
    init(_ code: Int, _ reason: KubeStatus.Reason?, _ message: String, details: KubeStatus.Details? = nil) {
        self.status = KubeStatus(code: code, reason: reason, message: message, details: details)
    }

    /// 400.
    static func badRequest(_ message: String) -> APIFailure { APIFailure(400, .badRequest, message) }

    /// 404 for a path that leads nowhere.
    static let noSuchPath = APIFailure(404, .notFound, "the server could not find the requested resource")

    /// 406.
    static let notAcceptable = APIFailure(
        406,
        .notAcceptable,
        "only the following media types are accepted: application/json"
    )

    /// 405.
    static let methodNotAllowed = APIFailure(
        405,
        .methodNotAllowed,
        "the server does not allow this method on the requested resource"
    )

    /// 413.
    static func tooLarge(limit: Int) -> APIFailure {
        APIFailure(413, .requestEntityTooLarge, "Request entity too large: limit is \(limit)")
    }

    /// 415.
    static func unsupportedMediaType(_ accepted: [String]) -> APIFailure {
        let list = accepted.joined(separator: ", ")
        return APIFailure(
            415,
            .unsupportedMediaType,
            "the body of the request was in an unknown format - accepted media types include: \(list)"
        )
    }

    /// 410 for a watch or a page whose past is forgotten.
    static func expired(_ message: String) -> APIFailure { APIFailure(410, .expired, message) }

    /// 503 where a bound of this cluster is reached.
    static func full(_ message: String) -> APIFailure { APIFailure(503, .serviceUnavailable, message) }

    /// 422 for query parameters.
    static func invalidOptions(_ problems: [FieldProblem], of kind: String = "") -> APIFailure {
        let text = problems.map { "\($0.field): \($0.message)" }.joined(separator: ", ")
        let group = kind.isEmpty ? nil : "meta.k8s.io"
        return APIFailure(
            422,
            .invalid,
            "\(kind)\(group.map { ".\($0)" } ?? "") \"\" is invalid: \(text)",
            details: .init(group: group, kind: kind.isEmpty ? nil : kind, causes: causes(problems))
        )
    }

    /// Each problem as a cause.
    fileprivate static func causes(_ problems: [FieldProblem]) -> [KubeStatus.Cause] {
        problems.map { KubeStatus.Cause(reason: $0.reason.rawValue, message: $0.message, field: $0.field) }
    }
}

/// Failures that name an object.
extension ResourceTarget {
    /// 404.
    func notFound(_ name: String) -> APIFailure {
        APIFailure(404, .notFound, "\(qualifiedPlural) \"\(name)\" not found", details: details(name))
    }

    /// 409 for a name that is taken.
    func alreadyExists(_ name: String) -> APIFailure {
        APIFailure(409, .alreadyExists, "\(qualifiedPlural) \"\(name)\" already exists", details: details(name))
    }

    /// 409 for a change of an old state.
    func conflict(_ name: String, _ why: String = APIFailure.modified) -> APIFailure {
        APIFailure(
            409,
            .conflict,
            "Operation cannot be fulfilled on \(qualifiedPlural) \"\(name)\": \(why)",
            details: details(name)
        )
    }

    /// 403.
    func forbidden(_ name: String, _ why: String, causes: [KubeStatus.Cause]? = nil) -> APIFailure {
        var details = details(name)
        details.causes = causes
        return APIFailure(403, .forbidden, "\(qualifiedPlural) \"\(name)\" is forbidden: \(why)", details: details)
    }

    /// 422 with each problem, in words and one by one.
    func invalid(_ name: String, _ problems: [FieldProblem]) -> APIFailure {
        let group = view.version.group
        let texts = problems.map { "\($0.field): \($0.message)" }
        let list = texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
        return APIFailure(
            422,
            .invalid,
            "\(kind.names.kind)\(group.isEmpty ? "" : ".\(group)") \"\(name)\" is invalid: \(list)",
            details: KubeStatus.Details(
                name: name,
                group: group.isEmpty ? nil : group,
                kind: kind.names.kind,
                causes: APIFailure.causes(problems)
            )
        )
    }

    /// 400 for a body that is not what its kind says.
    func cannotBeHandled(_ why: String) -> APIFailure {
        .badRequest(
            "\(kind.names.kind) in version \"\(view.version.version)\" cannot be handled as a \(kind.names.kind): \(why)"
        )
    }

    /// What a failure is about.
    func details(_ name: String) -> KubeStatus.Details {
        let group = view.version.group
        return KubeStatus.Details(
            name: name.isEmpty ? nil : name,
            group: group.isEmpty ? nil : group,
            kind: kind.names.plural
        )
    }

    /// As messages name the kind.
    private var qualifiedPlural: String { kind.qualified(in: view) }
}

extension APIFailure {
    /// Why an old state cannot be changed.
    static let modified =
        "the object has been modified; please apply your changes to the latest version and try again"
}
