import Foundation
import Testing

/// One way in which Airflow's chart renders what scales, with the values that choose it.
///
/// - Source: apache/airflow, `chart/templates/workers/worker-kedaautoscaler.yaml`, `chart/templates/triggerer/
///   triggerer-kedaautoscaler.yaml`, `chart/values.yaml`.
struct AirflowShape: Sendable, CustomTestStringConvertible {
    /// What is scaled.
    enum Component: String, Sendable {
        case worker, triggerer
    }

    /// `data.metadataConnection.protocol`.
    enum Backend: String, Sendable {
        case postgresql, mysql
    }

    /// What is scaled.
    var component = Component.worker
    /// `executor`: whether the queue of Kubernetes is left out.
    var isMixed = false
    /// `workers.persistence.enabled`.
    var isPersistent = true
    /// `pgbouncer.enabled`.
    var hasPgBouncer = false
    /// `workers.keda.usePgbouncer`.
    var usesPgBouncer = true
    /// The database.
    var backend = Backend.postgresql

    /// Which shape it is, in test results.
    var testDescription: String {
        let executor = component == .triggerer ? "" : isMixed ? " CeleryKubernetesExecutor" : " CeleryExecutor"
        let pooler = !hasPgBouncer ? "" : usesPgBouncer ? " through PgBouncer" : " beside PgBouncer"
        return "\(component)\(executor) \(kind) \(backend)\(pooler)"
    }

    /// The kind of the workload.
    var kind: String { isPersistent ? "StatefulSet" : "Deployment" }

    /// The name of the workload and of its ScaledObject.
    var name: String { "airflow-\(component)" }

    /// The variable with which the trigger connects.
    var variable: String {
        backend == .mysql || hasPgBouncer && !usesPgBouncer ? "KEDA_DB_CONN" : "AIRFLOW_CONN_AIRFLOW_DB"
    }

    /// The ScaledObject, polled more often than by the chart's values.
    var scaledObject: String {
        let (type, connection, target) =
            switch backend {
            case .postgresql: ("postgresql", "connectionFromEnv", "targetQueryValue")
            case .mysql: ("mysql", "connectionStringFromEnv", "queryValue")
            }
        return """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata:
              name: \(name)
              labels:
                tier: airflow
                component: \(component)-horizontalpodautoscaler
                release: airflow
                chart: "airflow-1.18.0"
                heritage: Helm
                deploymentName: airflow-\(component)
            spec:
              scaleTargetRef:
                kind: \(kind)
                name: \(name)
                envSourceContainerName: \(component)
              pollingInterval: 1
              cooldownPeriod: 2
              minReplicaCount: 0
              maxReplicaCount: 10
              triggers:
                - type: \(type)
                  metadata:
                    \(target): "1"
                    \(connection): \(variable)
                    query: "\(query)"
            """
    }

    /// The chart's default; for MySQL what a user has to write instead, because of the cast and the reserved word.
    private var query: String {
        let mixed = isMixed ? " AND queue != 'kubernetes'" : ""
        return switch (component, backend) {
        case (.worker, .postgresql):
            "SELECT ceil(COUNT(*)::decimal / 16) FROM task_instance WHERE (state='running' OR state='queued')\(mixed)"
        case (.worker, .mysql):
            "SELECT CEIL(COUNT(*) / 16) FROM task_instance WHERE (state='running' OR state='queued')\(mixed)"
        case (.triggerer, .postgresql): "SELECT ceil(COUNT(*)::decimal / 1000) FROM trigger"
        case (.triggerer, .mysql): "SELECT CEIL(COUNT(*) / 1000) FROM `trigger`"
        }
    }

    /// The workload with the variables that the chart gives its container, and the Secret that they come from.
    ///
    /// - Parameters:
    ///   - airflow: for `AIRFLOW_CONN_AIRFLOW_DB`.
    ///   - keda: for `KEDA_DB_CONN`.
    /// - Returns: manifests.
    func workload(airflow: String, keda: String) -> String {
        """
        apiVersion: v1
        kind: Secret
        metadata:
          name: airflow-metadata
        stringData:
          connection: "\(airflow)"
          kedaConnection: "\(keda)"
        ---
        apiVersion: apps/v1
        kind: \(kind)
        metadata:
          name: \(name)
        spec:
          replicas: 0
          \(isPersistent ? "serviceName: \(name)" : "strategy: {}")
          selector:
            matchLabels: {component: \(component)}
          template:
            metadata:
              labels: {component: \(component)}
            spec:
              containers:
                - name: \(component)
                  image: none
                  env:
                    - name: AIRFLOW__CORE__FERNET_KEY
                      valueFrom:
                        secretKeyRef: {name: airflow-fernet-key, key: fernet-key}
                    - name: AIRFLOW_CONN_AIRFLOW_DB
                      valueFrom:
                        secretKeyRef: {name: airflow-metadata, key: connection}
                    - name: KEDA_DB_CONN
                      valueFrom:
                        secretKeyRef: {name: airflow-metadata, key: kedaConnection}
                - name: worker-log-groomer
                  image: none
        """
    }

    /// Every shape that the chart renders with PostgreSQL.
    static let onPostgres: [AirflowShape] = [true, false]
        .flatMap { isPersistent in
            [(false, true), (true, true), (true, false)]
                .flatMap { hasPgBouncer, usesPgBouncer in
                    [(Component.worker, false), (.worker, true), (.triggerer, false)]
                        .map { component, isMixed in
                            AirflowShape(
                                component: component,
                                isMixed: isMixed,
                                isPersistent: isPersistent,
                                hasPgBouncer: hasPgBouncer,
                                usesPgBouncer: usesPgBouncer
                            )
                        }
                }
        }

    /// Every shape that the chart renders with MySQL.
    static let onMySQL: [AirflowShape] = onPostgres.filter { !$0.hasPgBouncer }
        .map { shape in
            var shape = shape
            shape.backend = .mysql
            return shape
        }

    /// Those that this build can scale.
    static var all: [AirflowShape] {
        #if MariaDB
        onPostgres + onMySQL
        #else
        onPostgres
        #endif
    }
}
