import ScalerKit

/// What people get to read of a trigger's type.
struct TriggerPage {
    /// The type and its settings.
    private let schema: ScalerSchema

    /// A page about a type.
    init(_ schema: ScalerSchema) {
        self.schema = schema
    }

    /// A line for each type.
    static func list(of registry: ScalerRegistry) -> String {
        let schemas = registry.types.compactMap { registry[$0]?.schema }
        return TextTable(schemas.map { [$0.type, $0.summary] }).text + "\n"
    }

    /// The whole page.
    var text: String {
        let rows = schema.fields.map { field in
            [field.names.joined(separator: ", "), field.typeName, Self.presence(of: field), Self.places(of: field)]
        }
        let settings = zip(TextTable([["SETTING", "TYPE", "DEFAULT", "FROM"]] + rows).lines.dropFirst(), schema.fields)
            .map { "  \($0)\n      \($1.help)" }
        let header = "  " + (TextTable([["SETTING", "TYPE", "DEFAULT", "FROM"]] + rows).lines.first ?? "")
        return """
            \(schema.type): \(schema.summary)

            \(([header] + settings).joined(separator: "\n"))

            metadata: of the trigger. env: KEYFromEnv of the trigger names a variable of the target's container.
            auth: parameter of the TriggerAuthentication that authenticationRef names.

            triggers:
              - type: \(schema.type)
                metadata:
            \(schema.example.map { "      \($0): \(Self.quoted($1))" }.joined(separator: "\n"))

            """
    }

    /// Whether it must be given, or what counts else.
    private static func presence(of field: any AnyField) -> String {
        field.isRequired ? "required" : field.defaultText ?? "-"
    }

    /// Where it may stand.
    private static func places(of field: any AnyField) -> String {
        field.sources
            .map { source in
                switch source {
                case .metadata: "metadata"
                case .environment: "env"
                case .authentication: "auth"
                }
            }
            .joined(separator: ", ")
    }

    /// A text as YAML has it.
    private static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }
}
