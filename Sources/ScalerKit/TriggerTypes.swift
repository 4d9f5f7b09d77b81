internal import Scaling

/// The trigger types that KEDA has, whether Swell has them yet or not.
///
/// - Source: KEDA after 2.20.1, `pkg/scaling/scalers_builder.go`.
public enum TriggerTypes {
    /// By name.
    public static let ofKEDA = [
        "activemq", "apache-kafka", "arangodb", "artemis-queue", "aws-cloudwatch", "aws-dynamodb",
        "aws-dynamodb-streams", "aws-kinesis-stream", "aws-sqs-queue", "azure-app-insights", "azure-blob",
        "azure-data-explorer", "azure-eventhub", "azure-log-analytics", "azure-monitor", "azure-pipelines",
        "azure-queue", "azure-servicebus", "beanstalkd", "cassandra", "couchdb", "cpu", "cron", "datadog", "dynatrace",
        "elastic-forecast", "elasticsearch", "etcd", "external", "external-mock", "external-push", "forgejo-runner",
        "gcp-cloudtasks", "gcp-pubsub", "gcp-stackdriver", "gcp-storage", "github-runner", "graphite",
        "huawei-cloudeye", "ibmmq", "influxdb", "kafka", "kubernetes-resource", "kubernetes-workload", "liiklus",
        "loki", "memory", "metrics-api", "mongodb", "mssql", "mysql", "nats-jetstream", "new-relic", "nsq",
        "opensearch", "openstack-metric", "openstack-swift", "postgresql", "predictkube", "prometheus", "pulsar",
        "rabbitmq", "redis", "redis-cluster", "redis-cluster-streams", "redis-sentinel", "redis-sentinel-streams",
        "redis-streams", "selenium-grid", "solace-direct-messaging", "solace-event-queue", "solarwinds", "solr",
        "splunk", "splunk-observability", "sumologic", "temporal",
    ]
}

/// What it means that a trigger's type is not in a registry.
public enum MissingType: Sendable, Hashable {
    /// KEDA has it: the object is right, and only this version cannot run it.
    case notBuilt(String)
    /// Nobody has it.
    case unknown(String)

    /// For people.
    public var message: String {
        switch self {
        case .notBuilt(let message), .unknown(let message): message
        }
    }
}

extension ScalerRegistry {
    /// What to say of a type that is not here; `nil` for one that is.
    public func missing(_ type: String) -> MissingType? {
        guard self[type] == nil else { return nil }
        if TriggerTypes.ofKEDA.contains(type) {
            return .notBuilt("\(type) triggers are not supported by this version of Swell")
        }
        let nearest = NearestName.find(type, among: TriggerTypes.ofKEDA + types)
        return .unknown("no scaler found for type: \(type)" + (nearest.map { ", did you mean \"\($0)\"?" } ?? ""))
    }
}
