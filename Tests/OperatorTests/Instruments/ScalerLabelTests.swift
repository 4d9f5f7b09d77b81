import Testing

@testable import Operator

@Suite struct ScalerLabelTests {
    /// The Go types of KEDA's scalers by trigger type.
    ///
    /// - Source: KEDA, `pkg/scaling/scalers_builder.go` and `pkg/scalers`.
    static let goTypes: [(type: String, name: String)] = [
        ("activemq", "activeMQScaler"),
        ("apache-kafka", "apacheKafkaScaler"),
        ("arangodb", "arangoDBScaler"),
        ("artemis-queue", "artemisScaler"),
        ("aws-cloudwatch", "awsCloudwatchScaler"),
        ("aws-dynamodb", "awsDynamoDBScaler"),
        ("aws-dynamodb-streams", "awsDynamoDBStreamsScaler"),
        ("aws-kinesis-stream", "awsKinesisStreamScaler"),
        ("aws-sqs-queue", "awsSqsQueueScaler"),
        ("azure-app-insights", "azureAppInsightsScaler"),
        ("azure-blob", "azureBlobScaler"),
        ("azure-data-explorer", "azureDataExplorerScaler"),
        ("azure-eventhub", "azureEventHubScaler"),
        ("azure-log-analytics", "azureLogAnalyticsScaler"),
        ("azure-monitor", "azureMonitorScaler"),
        ("azure-pipelines", "azurePipelinesScaler"),
        ("azure-queue", "azureQueueScaler"),
        ("azure-servicebus", "azureServiceBusScaler"),
        ("beanstalkd", "BeanstalkdScaler"),
        ("cassandra", "cassandraScaler"),
        ("clickhouse", "clickhouseScaler"),
        ("couchdb", "couchDBScaler"),
        ("cpu", "cpuMemoryScaler"),
        ("cron", "cronScaler"),
        ("datadog", "datadogScaler"),
        ("dynatrace", "dynatraceScaler"),
        ("elastic-forecast", "elasticForecastScaler"),
        ("elasticsearch", "elasticsearchScaler"),
        ("etcd", "etcdScaler"),
        ("external", "externalScaler"),
        ("external-push", "externalPushScaler"),
        ("forgejo-runner", "forgejoRunnerScaler"),
        ("gcp-cloudtasks", "gcpCloudTasksScaler"),
        ("gcp-pubsub", "pubsubScaler"),
        ("gcp-spanner", "spannerScaler"),
        ("gcp-stackdriver", "stackdriverScaler"),
        ("gcp-storage", "gcsScaler"),
        ("github-runner", "githubRunnerScaler"),
        ("graphite", "graphiteScaler"),
        ("huawei-cloudeye", "huaweiCloudeyeScaler"),
        ("ibmmq", "ibmmqScaler"),
        ("influxdb", "influxDBScaler"),
        ("kafka", "kafkaScaler"),
        ("kubernetes-resource", "kubernetesResourceScaler"),
        ("kubernetes-workload", "kubernetesWorkloadScaler"),
        ("liiklus", "liiklusScaler"),
        ("loki", "lokiScaler"),
        ("memory", "cpuMemoryScaler"),
        ("metrics-api", "metricsAPIScaler"),
        ("mongodb", "mongoDBScaler"),
        ("mssql", "mssqlScaler"),
        ("mysql", "mySQLScaler"),
        ("nats-jetstream", "natsJetStreamScaler"),
        ("new-relic", "newrelicScaler"),
        ("nsq", "nsqScaler"),
        ("opensearch", "opensearchScaler"),
        ("openstack-metric", "openstackMetricScaler"),
        ("openstack-swift", "openstackSwiftScaler"),
        ("postgresql", "postgreSQLScaler"),
        ("predictkube", "PredictKubeScaler"),
        ("prometheus", "prometheusScaler"),
        ("pulsar", "pulsarScaler"),
        ("rabbitmq", "rabbitMQScaler"),
        ("redis", "redisScaler"),
        ("redis-cluster", "redisScaler"),
        ("redis-cluster-streams", "redisStreamsScaler"),
        ("redis-sentinel", "redisScaler"),
        ("redis-sentinel-streams", "redisStreamsScaler"),
        ("redis-streams", "redisStreamsScaler"),
        ("selenium-grid", "seleniumGridScaler"),
        ("solace-direct-messaging", "SolaceDMScaler"),
        ("solace-event-queue", "SolaceScaler"),
        ("solarwinds", "solarWindsScaler"),
        ("solr", "solrScaler"),
        ("splunk", "SplunkScaler"),
        ("splunk-observability", "splunkObservabilityScaler"),
        ("sumologic", "sumologicScaler"),
        ("temporal", "temporalScaler"),
    ]

    @Test(arguments: goTypes)
    func `a trigger without a name is called by KEDA's Go type`(type: String, name: String) {
        #expect(ScalerLabel.value(name: nil, type: type) == name)
        #expect(ScalerLabel.value(name: "", type: type) == name)
        #expect(ScalerLabel.value(name: "orders", type: type) == "orders")
    }

    @Test(arguments: [("", ""), ("-", "-"), ("my-own", "myOwnScaler")])
    func `a type that KEDA does not have is no trouble`(type: String, name: String) {
        #expect(ScalerLabel.value(name: nil, type: type) == name)
    }
}
