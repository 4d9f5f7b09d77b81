import KubeModel
import Outbound
import ScalerKit
import Scalers
import Synchronization
import TestKit
import Testing

@Suite struct KubernetesResourceScalerTests {
    static let settings = [
        "resourceKind": "ConfigMap", "resourceName": "limits", "key": "jobs.waiting", "targetValue": "5",
    ]

    /// Reads what a key with this text gives.
    static func read(_ text: Secret<String>, _ change: [String: String] = [:]) async throws -> Reading {
        let scaler = try KubernetesResourceScaler.make(settings.merging(change) { $1 })
        return try await scaler.readOnly(.testing(data: { _ in ["jobs.waiting": text] }))
    }

    @Test(
        arguments: [
            ("42", "number", nil, "float64", 42.0), (" \n-4.5e1 jobs", "number", nil, "float64", -45),
            ("7.9", "number", nil, "int64", 7), ("500m\n", "number", nil, "quantity", 0.5),
            (#"{"jobs":[{"waiting":9}]}"#, "json", "jobs.0.waiting", "float64", 9),
            (#"{"jobs":[{"waiting":"2Ki"}]}"#, "json", "jobs.0.waiting", "float64", 2048),
            (#"{"jobs":[1,2,3]}"#, "json", "jobs.#", "int64", 3),
            ("jobs:\n- waiting: 11\n", "yaml", "jobs.0.waiting", "float64", 11),
            ("jobs: {waiting: 1500m}", "yaml", "jobs.waiting", "quantity", 1.5),
        ] as [(Secret<String>, String, String?, String, Double)]
    )
    func `the number is found by format, place and type`(
        text: Secret<String>,
        format: String,
        place: String?,
        type: String,
        value: Double
    ) async throws {
        var change = ["format": format, "valueType": type]
        change["valueLocation"] = place
        #expect(try await Self.read(text, change) == Reading(value: value, isActive: value > 0))
    }

    @Test func `the workload wakes above the activation`() async throws {
        #expect(try await Self.read("5", ["activationTargetValue": "5"]).isActive == false)
        #expect(try await Self.read("5.1", ["activationTargetValue": "5"]).isActive == true)
    }

    @Test(arguments: ["ConfigMap", "Secret"])
    func `the object is looked for in the namespace, and what is missing is named`(kind: String) async throws {
        let asked = Mutex<[DataQuery]>([])
        let scaler = try KubernetesResourceScaler.make(Self.settings.merging(["resourceKind": kind]) { $1 })
        let absent = await #expect(throws: ScalerError.self) {
            try await scaler.readOnly(
                .testing(data: { query in
                    asked.withLock { $0.append(query) }
                    return nil
                })
            )
        }
        #expect(absent?.description == "\(kind) shop/limits does not exist")
        let key = ObjectKey(namespace: "shop", name: "limits")
        #expect(
            asked.withLock { $0 } == [DataQuery(kind == "Secret" ? .secret : .configMap, key, deadline: .seconds(3))]
        )
        let empty = await #expect(throws: ScalerError.self) {
            try await scaler.readOnly(.testing(data: { _ in ["other": "5"] }))
        }
        #expect(empty?.description == "\(kind) shop/limits has no key \"jobs.waiting\"")
        #expect(
            scaler.measures(.testing()) == [
                .external(name: "\(kind.lowercased())-limits-jobs.waiting", target: Quantity(5))
            ]
        )
    }

    @Test(
        arguments: [
            ("canary4711", "number", nil, "does not begin with a number"),
            ("{canary4711", "json", "a", "is not JSON"),
            (#"{"b":"canary4711"}"#, "json", "a.b", "path \"a.b\" is not found"),
            (#"{"a":"canary4711"}"#, "json", "a", "path \"a\": the value must be a number or a quantity"),
            (#"{"a":1e999}"#, "json", "a", "not"),
            ("a: canary4711", "yaml", "a", "path \"a\": the value does not begin with a number"),
            ("a: .inf # canary4711", "yaml", "a", "not a finite number"),
            ("a: *canary4711", "yaml", "a", "not a YAML object"),
            ("a: b: canary4711", "yaml", "a", "not a YAML object"),
            ("a: {b: 1}", "yaml", "a.c", "path \"a.c\" is not found"),
        ] as [(Secret<String>, String, String?, String)]
    )
    func `an error names the path, and never shows what the key holds`(
        text: Secret<String>,
        format: String,
        place: String?,
        message: String
    ) async throws {
        var change = ["format": format, "resourceKind": "Secret"]
        change["valueLocation"] = place
        let error = await #expect(throws: ScalerError.self) { try await Self.read(text, change) }
        let shown = error.map { "\($0) \(String(reflecting: $0))" } ?? ""
        #expect(shown.contains(message) && shown.contains("Secret shop/limits"), "\(shown)")
        #expect(!shown.contains("canary4711"))
    }

    @Test(arguments: [
        (["resourceKind": "Deployment"], "ConfigMap, Secret"), (["resourceName": ""], "resourceName"),
        (["resourceName": "Upper"], "name of an object"), (["key": "a/b"], "key of data"), (["format": "toml"], "json"),
        (["format": "json"], "valueLocation\" is required for format json"),
        (["format": "yaml"], "valueLocation\" is required for format yaml"),
        (["valueLocation": "a"], "only for format json or yaml"), (["valueType": "float32"], "int64"),
        (["format": "json", "valueLocation": "a|@reverse"], "modifier @reverse"),
        (["format": "yaml", "valueLocation": "a..b"], "joined by dots"),
        (["targetValue": ""], "targetValue"), (["targetValue": "0"], "at least 0.001"),
    ])
    func `a bad setting is refused with what is wrong`(change: [String: String], message: String) {
        let error = #expect(throws: SettingsError.self) {
            try KubernetesResourceScaler.make(Self.settings.merging(change) { $1 })
        }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test func `a trigger that only feeds a formula may have any target`() throws {
        let settings = Self.settings.merging(["targetValue": "-1"]) { $1 }
        _ = try KubernetesResourceScaler.make(settings, feedsFormula: true)
    }

    @Test(
        arguments: [
            ("number", nil, "42"), ("json", "jobs.#(name==\"a\").waiting", #"{"jobs":[{"name":"a","waiting":42}]}"#),
            ("yaml", "jobs.0.waiting", "jobs:\n- {name: a, waiting: 42}\n"),
        ] as [(String, String?, Secret<String>)]
    )
    func `keeps the scaler contract`(format: String, place: String?, text: Secret<String>) async throws {
        var settings = Self.settings
        settings["format"] = format
        settings["valueLocation"] = place
        try await ScalerContract.verify(
            KubernetesResourceScaler.self,
            valid: settings,
            data: { _ in ["jobs.waiting": text] }
        )
    }
}
