/// What the label `scaler` says of a trigger that its user gave no name: the name of the Go type that KEDA has for it.
///
/// Dashboards and alerts select by it, so it is ours too.
enum ScalerLabel {
    /// The label's value.
    ///
    /// - Parameters:
    ///   - name: the trigger's, if its user gave one.
    ///   - type: the trigger's.
    /// - Returns: the trigger's name, or `cronScaler` and its like.
    /// - Source: KEDA, `pkg/scaling/scale_handler.go` (`%T` without its package) and the types in `pkg/scalers`.
    static func value(name: String?, type: String) -> String {
        if let name, !name.isEmpty { return name }
        if let odd = odd[type] { return odd }
        let words = type.split(separator: "-")
        guard let first = words.first else { return type }
        return first + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Scaler"
    }

    /// Types whose Go name is not their own in camel case.
    private static let odd: [String: String] = [
        "activemq": "activeMQScaler",
        "arangodb": "arangoDBScaler",
        "artemis-queue": "artemisScaler",
        "aws-dynamodb": "awsDynamoDBScaler",
        "aws-dynamodb-streams": "awsDynamoDBStreamsScaler",
        "azure-eventhub": "azureEventHubScaler",
        "azure-servicebus": "azureServiceBusScaler",
        "beanstalkd": "BeanstalkdScaler",
        "couchdb": "couchDBScaler",
        "cpu": "cpuMemoryScaler",
        "gcp-cloudtasks": "gcpCloudTasksScaler",
        "gcp-pubsub": "pubsubScaler",
        "gcp-spanner": "spannerScaler",
        "gcp-stackdriver": "stackdriverScaler",
        "gcp-storage": "gcsScaler",
        "influxdb": "influxDBScaler",
        "memory": "cpuMemoryScaler",
        "metrics-api": "metricsAPIScaler",
        "mongodb": "mongoDBScaler",
        "mysql": "mySQLScaler",
        "nats-jetstream": "natsJetStreamScaler",
        "new-relic": "newrelicScaler",
        "postgresql": "postgreSQLScaler",
        "predictkube": "PredictKubeScaler",
        "rabbitmq": "rabbitMQScaler",
        "redis-cluster": "redisScaler",
        "redis-cluster-streams": "redisStreamsScaler",
        "redis-sentinel": "redisScaler",
        "redis-sentinel-streams": "redisStreamsScaler",
        "solace-direct-messaging": "SolaceDMScaler",
        "solace-event-queue": "SolaceScaler",
        "solarwinds": "solarWindsScaler",
        "splunk": "SplunkScaler",
    ]
}
