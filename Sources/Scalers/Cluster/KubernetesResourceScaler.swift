internal import KubeModel
internal import Outbound
public import ScalerKit

/// Reads one number from a ConfigMap or a Secret of the object's namespace.
///
/// - Source: KEDA, `pkg/scalers/kubernetes_resource_scaler.go`.
public struct KubernetesResourceScaler: Scaler {
    static let kind = Field("resourceKind", .oneOf("ConfigMap", "Secret"), help: "`ConfigMap` or `Secret`.")
    static let name = Field("resourceName", .objectName, help: "Its name, in the namespace of the ScaledObject.")
    static let key = Field("key", .dataKey, help: "The key of its data.")
    static let format = Field(
        "format",
        .oneOf("number", "json", "yaml"),
        default: "number",
        help: "What the key holds: `number`, `json` or `yaml`."
    )
    static let location = Field<String?>
        .optional(
            "valueLocation",
            .text,
            help: "Where the number is: a GJSON path in `json`, keys and indexes joined by dots in `yaml`."
        )
    static let valueType = Field(
        "valueType",
        .oneOf("float64", "int64", "quantity"),
        default: "float64",
        help: "How the number is written: `float64`, `int64` or `quantity`, such as 500m or 2Gi."
    )
    static let target = Field("targetValue", .number, help: "How much of the value one pod handles; more than 0.")
    static let activation = Field(
        "activationTargetValue",
        .number,
        default: 0,
        help: "The workload wakes above this value."
    )

    /// `kubernetes-resource` and its settings.
    public static let schema = ScalerSchema(
        "kubernetes-resource",
        "Scales by a number that a ConfigMap or a Secret holds.",
        [kind, name, key, format, location, valueType, target, activation],
        example: ["resourceKind": "ConfigMap", "resourceName": "load", "key": "pods", "targetValue": "1"]
    )

    /// Whose data is read.
    private let kind: DataQuery.Kind
    /// Its name.
    private let name: String
    /// The key of its data.
    private let key: String
    /// Where in that the number is.
    private let extraction: ValueExtraction
    /// How much one pod handles.
    private let target: Quantity
    /// Above what the workload wakes.
    private let activation: Double

    /// Takes the settings; a location goes with `json` and `yaml`, and only with them.
    public init(_ settings: ScalerSettings) throws {
        self.kind = try settings[Self.kind] == "Secret" ? .secret : .configMap
        self.name = try settings[Self.name]
        self.key = try settings[Self.key]
        self.extraction = try Self.extraction(from: settings)
        self.target = try Target.quantity(settings[Self.target], of: Self.target, in: settings)
        self.activation = try settings[Self.activation]
    }

    /// Where the number is and how it is written.
    private static func extraction(from settings: ScalerSettings) throws(SettingsError) -> ValueExtraction {
        let kinds: [String: NumberKind] = ["int64": .whole, "quantity": .quantity]
        let kind = kinds[try settings[valueType]] ?? .decimal
        let format = try settings[format]
        guard let location = try settings[location] else {
            if format == "number" { return ValueExtraction(.number, as: kind) }
            throw SettingsError("valueLocation", "parameter \"valueLocation\" is required for format \(format)")
        }
        do throws(ValueProblem) {
            switch format {
            case "json": return ValueExtraction(.json(try GJSONPath(location)), as: kind)
            case "yaml": return ValueExtraction(.yaml(try DottedPath(location)), as: kind)
            default: throw ValueProblem("is only for format json or yaml")
            }
        } catch {
            throw SettingsError("valueLocation", "parameter \"valueLocation\" \(error.message)")
        }
    }

    /// One metric, named by the object and its key.
    public func measures(_ world: ScalerWorld) -> [Measure] {
        [.external(name: "\(kind.rawValue.lowercased())-\(name)-\(key)", target: target)]
    }

    /// Reads the object and finds the number.
    public func read(_ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        let object = ObjectKey(namespace: world.object.namespace, name: name)
        guard let data = try await world.cluster.data(DataQuery(kind, object, deadline: world.timeout)) else {
            throw ScalerError(.noValue, "\(kind.rawValue) \(object) does not exist")
        }
        guard let text = data[key] else {
            throw ScalerError(.noValue, "\(kind.rawValue) \(object) has no key \"\(key)\"")
        }
        let value = try text.withValue { text throws(ScalerError) in
            do throws(ValueProblem) {
                return try extraction.number(in: text)
            } catch {
                throw ScalerError(.unexpectedAnswer, "key \"\(key)\" of \(kind.rawValue) \(object): \(error.message)")
            }
        }
        return Reading(value: value, isActive: value > activation)
    }
}
