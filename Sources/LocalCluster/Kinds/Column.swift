import Foundation
import KubeModel

/// One column of the tables that `kubectl get` shows.
///
/// - Source: Kubernetes, "API Concepts", receiving resources as Tables; `pkg/printers/internalversion/printers.go`.
struct Column: Sendable {
    /// Its heading; kubectl puts it into capitals.
    var name: String
    /// `string`, `integer`, `number`, `boolean` or `date`.
    var type = "string"
    /// `name` for the column that names the object.
    var format = ""
    /// 0 is always shown, anything else only with `-o wide`.
    var priority = 0
    /// The cell for an object, at a time.
    var cell: @Sendable (JSONValue, Date) -> JSONValue

    /// The column that every table begins with.
    static let name = Column(name: "Name", format: "name") { object, _ in .string(object.name) }

    /// How long ago the object was made.
    static let age = Column(name: "Age") { object, now in
        .string(HumanDuration.since(object[meta: "creationTimestamp"]?.string, now: now))
    }

    /// A column of text.
    static func text(
        _ name: String,
        wide: Bool = false,
        _ cell: @escaping @Sendable (JSONValue) -> String
    ) -> Column {
        Column(name: name, priority: wide ? 1 : 0) { object, _ in .string(cell(object)) }
    }

    /// A column with a count, 0 where the field is absent.
    static func count(_ name: String, _ path: String...) -> Column {
        Column(name: name, type: "integer") { object, _ in .integer(object[at: path]?.integer ?? 0) }
    }

    /// What the table says of this column.
    var definition: JSONValue {
        [
            "name": .string(name), "type": .string(type), "format": .string(format), "description": "",
            "priority": .integer(Int64(priority)),
        ]
    }
}
