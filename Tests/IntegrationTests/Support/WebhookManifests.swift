import KubeClient
import KubeModel
import Testing

/// `config/webhook` as users apply it, turned to a process of a test and to namespaces with a label.
struct WebhookManifests: Sendable {
    /// The Service of the webhooks.
    var service: JSONValue
    /// The ValidatingWebhookConfiguration.
    var configuration: JSONValue

    /// The label of the namespaces that the API server asks about.
    private static let label = "webhooks-of"

    /// Reads the file; the API server is to ask about namespaces only that are marked so.
    static func read(for mark: String) async throws -> WebhookManifests {
        let file = "\(TestServers.root)/config/webhook/webhooks.yaml"
        let text = try await kubectl(["create", "--dry-run=client", "-o", "json", "-f", file])
        // kubectl writes the objects of a file one after the other, or as a list.
        let objects = try text.replacing("}\n{", with: "}\u{0}{").split(separator: "\u{0}")
            .map { try JSONValue(parsing: [UInt8]($0.utf8)) }
            .flatMap { $0["items"]?.array ?? [$0] }
        var manifests = WebhookManifests(
            service: try #require(objects.first { $0["kind"] == "Service" }),
            configuration: try #require(objects.first { $0["kind"] == "ValidatingWebhookConfiguration" })
        )
        try #require(manifests.configuration["webhooks"]?.array?.count == 6)
        try manifests.change { $0["namespaceSelector"] = ["matchLabels": [label: .string(mark)]] }
        return manifests
    }

    /// Marks a namespace; older servers give namespaces no label with their name.
    static func mark(_ cluster: TestCluster, with mark: String) async throws {
        try await cluster.kubectl("label", "namespace", cluster.namespace, "\(label)=\(mark)")
    }

    /// Changes where each webhook is asked.
    mutating func redirect(_ change: (_ clientConfig: inout JSONValue) throws -> Void) throws {
        try self.change { webhook in
            var config = try #require(webhook["clientConfig"])
            try change(&config)
            webhook["clientConfig"] = config
        }
    }

    /// Changes each webhook.
    private mutating func change(_ change: (inout JSONValue) throws -> Void) throws {
        let webhooks = try #require(configuration["webhooks"]?.array)
        configuration["webhooks"] = .array(
            try webhooks.map { webhook in
                var webhook = webhook
                try change(&webhook)
                return webhook
            }
        )
    }

    /// Applies an object of the cluster's, as a user does.
    static func apply(_ object: JSONValue) async throws {
        try await kubectl(["apply", "-f", "-"], input: String(decoding: KubeJSON.encode(object), as: UTF8.self))
    }

    /// kubectl as the administrator.
    @discardableResult
    private static func kubectl(_ arguments: [String], input: String = "") async throws -> String {
        try await Command(
            program: TestServers.variable("KUBECTL"),
            environment: ["KUBECONFIG": TestServers.variable("KUBECONFIG")]
        )
        .run(arguments, input: input)
    }
}
