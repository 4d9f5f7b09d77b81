import Foundation
import KubeModel

/// Events: one store, seen as `v1` and as `events.k8s.io/v1`.
extension BuiltInKinds {
    /// Events in both their forms; the core form is stored.
    static let events = Kind(
        names: .init(kind: "Event", plural: "events", singular: "event", shortNames: ["ev"]),
        views: [
            .init(version: core),
            .init(
                version: GroupVersion("events.k8s.io", "v1"),
                show: { renamed($0, forward: true) },
                store: { renamed($0, forward: false) },
                converts: true,
                selectableFields: fields(of: "regarding", controller: "reportingController")
            ),
        ],
        createsOnUpdate: true,
        selectableFields: fields(of: "involvedObject", controller: "reportingComponent"),
        check: eventProblems,
        columns: eventColumns
    )

    /// What is called differently in the two forms: core first.
    ///
    /// - Source: Kubernetes, `pkg/apis/events/v1/conversion.go`.
    private static let names = [
        ("involvedObject", "regarding"), ("message", "note"), ("reportingComponent", "reportingController"),
        ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"),
    ]

    /// From the core form to the other, or back.
    private static func renamed(_ event: JSONValue, forward: Bool) -> JSONValue {
        var event = event
        for (core, other) in names {
            let (from, to) = forward ? (core, other) : (other, core)
            guard let value = event[from] else { continue }
            event[from] = nil
            event[to] = value
        }
        return event
    }

    /// What events can be selected by.
    private static func fields(of object: String, controller: String) -> [String: [String]] {
        var fields = ["reason": ["reason"], "type": ["type"], controller: [controller]]
        for part in ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"] {
            fields["\(object).\(part)"] = [object, part]
        }
        if object == "involvedObject" { fields["source"] = ["source", "component"] }
        return fields
    }

    /// What is wrong with an event: in the newer form much more is asked for.
    ///
    /// - Source: Kubernetes, `pkg/apis/core/validation/events.go`.
    private static func eventProblems(_ draft: Kind.Draft) -> [FieldProblem] {
        let event = draft.object
        var problems: [FieldProblem] = []
        let involved = event[path: "involvedObject", "namespace"]?.string ?? ""
        let isPlaced =
            involved.isEmpty ? ["default", "kube-system"].contains(event.namespace) : involved == event.namespace
        if !isPlaced {
            problems.append(.invalid("involvedObject.namespace", .string(involved), "does not match event.namespace"))
        }
        guard draft.version.group == "events.k8s.io", draft.old == nil else { return problems }
        if event["eventTime"] == nil { problems.append(.required("eventTime")) }
        for (field, name, limit) in [
            ("reportingComponent", "reportingController", 253), ("reportingInstance", "reportingInstance", 128),
            ("action", "action", 128), ("reason", "reason", 128),
        ] {
            let text = event[field]?.string ?? ""
            if text.isEmpty { problems.append(.required(name)) }
            if text.utf8.count > limit {
                problems.append(.invalid(name, "", "can have at most \(limit) characters"))
            }
        }
        if (event["message"]?.string ?? "").utf8.count > 1024 {
            problems.append(.invalid("note", "", "can have at most 1024 characters"))
        }
        let type = event["type"]?.string ?? ""
        if type != "Normal", type != "Warning" { problems.append(.invalid("type", .string(type), "has invalid value")) }
        return problems
    }

    /// What `kubectl get events` shows.
    private static let eventColumns: [Column] = [
        Column(name: "Last Seen") { event, now in
            let last = event[path: "series", "lastObservedTime"] ?? event["lastTimestamp"] ?? event["eventTime"]
            return .string(HumanDuration.since(last?.string, now: now))
        },
        .text("Type") { $0["type"]?.string ?? "" },
        .text("Reason") { $0["reason"]?.string ?? "" },
        .text("Object") { event in
            let object = event["involvedObject"]
            return "\((object?["kind"]?.string ?? "").lowercased())/\(object?["name"]?.string ?? "")"
        },
        .text("Subobject", wide: true) { $0[path: "involvedObject", "fieldPath"]?.string ?? "" },
        .text("Source", wide: true) {
            $0[path: "source", "component"]?.string ?? $0["reportingComponent"]?.string ?? ""
        },
        .text("Message") { ($0["message"]?.string ?? "").trimmingCharacters(in: .whitespacesAndNewlines) },
        Column(name: "First Seen", priority: 1) { event, now in
            .string(HumanDuration.since((event["firstTimestamp"] ?? event["eventTime"])?.string, now: now))
        },
        Column(name: "Count", type: "integer", priority: 1) { event, _ in
            event[path: "series", "count"] ?? event["count"] ?? 1
        },
        .text("Name", wide: true) { $0.name },
    ]
}
