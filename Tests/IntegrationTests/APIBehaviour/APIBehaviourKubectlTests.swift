import Foundation
import KubeModel
import LocalCluster
import TestKit
import Testing

extension RealServers {
    /// kubectl works on LocalCluster: Debian's old one and the newest at hand.
    @Suite struct APIBehaviourKubectl {
        /// The programs that `servers.sh` has found.
        static let programs = ["SWELL_TEST_KUBECTL", "SWELL_TEST_KUBECTL_DEBIAN"]
            .compactMap { ProcessInfo.processInfo.environment[$0] }

        /// kubectl with a cluster of its own and a home of its own.
        struct Kubectl: Sendable {
            /// The program and its environment.
            let command: Command
            /// Where files of the test go.
            let folder: URL

            /// Runs a command line, split at spaces, and gives what it writes.
            @discardableResult
            func callAsFunction(_ line: String, file: String? = nil) async throws -> String {
                var arguments = line.split(separator: " ").map(String.init)
                if let file {
                    let url = folder.appending(path: "manifest.yaml")
                    try file.write(to: url, atomically: true, encoding: .utf8)
                    arguments += ["-f", url.path()]
                }
                return try await command.run(arguments)
            }

            /// The lines of a table, each split into its columns.
            func table(_ line: String) async throws -> [[String]] {
                try await self(line).split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
            }
        }

        /// Runs a test with a cluster.
        private func withKubectl(
            _ program: String,
            _ test: @Sendable @escaping (Kubectl) async throws -> Void
        ) async throws {
            var configuration = LocalCluster.Configuration()
            configuration.podStartDelay = .milliseconds(200)
            configuration.autoscalerSync = .milliseconds(500)
            let cluster = LocalCluster(configuration) { _, _, _ in [Quantity(30)] }
            try await withLocalServer(cluster) { kubeconfig in
                let folder = FileManager.default.temporaryDirectory.appending(
                    path: "swell-kubectl-\(UUID().uuidString)"
                )
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(at: folder) }
                let file = folder.appending(path: "kubeconfig")
                try kubeconfig.write(to: file, atomically: true, encoding: .utf8)
                let command = Command(
                    program: program,
                    environment: [
                        "KUBECONFIG": file.path(), "HOME": folder.path(),
                        "EDITOR": "sed -i s/replicas:.2/replicas:\\ 3/",
                    ]
                )
                try await test(Kubectl(command: command, folder: folder))
            }
        }

        /// A Deployment, with an image and a variable to be changed.
        private static func deployment(image: String = "app:1", variable: String = "A") -> String {
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: app
              labels: {x: z}
            spec:
              replicas: 2
              selector: {matchLabels: {app: app}}
              template:
                metadata: {labels: {app: app}}
                spec:
                  containers:
                  - name: main
                    image: "\(image)"
                    env: [{name: "\(variable)", value: "1"}]
                    ports: [{containerPort: 80}]
            """
        }

        @Test(arguments: programs)
        func `a Deployment is applied, changed, rolled out and undone`(program: String) async throws {
            try await withKubectl(program) { kubectl in
                #expect(try await kubectl("apply", file: Self.deployment()) == "deployment.apps/app created\n")
                try await kubectl("rollout status deployment/app --timeout=60s")
                #expect(
                    try await kubectl.table("get deployment app --no-headers").first?.prefix(4) == [
                        "app", "2/2", "2", "2",
                    ]
                )
                #expect(try await kubectl("apply", file: Self.deployment()) == "deployment.apps/app unchanged\n")
                let changed = Self.deployment(image: "app:2", variable: "B")
                #expect(try await kubectl("apply", file: changed) == "deployment.apps/app configured\n")
                try await kubectl("rollout status deployment/app --timeout=60s")
                let variables = "get deployment app -o jsonpath={.spec.template.spec.containers[0].env[*].name}"
                #expect(try await kubectl(variables) == "B")
                let images = "get pods -l app=app -o jsonpath={.items[*].spec.containers[0].image}"
                #expect(try await kubectl(images) == "app:2 app:2")
                #expect(try await kubectl("rollout history deployment/app").contains("2 "))
                try await kubectl("rollout undo deployment/app")
                try await kubectl("rollout status deployment/app --timeout=60s")
                #expect(try await kubectl(images) == "app:1 app:1")
                #expect(try await kubectl("describe deployment app").contains("ScalingReplicaSet"))
            }
        }

        @Test(arguments: programs)
        func `objects are scaled, labelled, annotated, edited and patched`(program: String) async throws {
            try await withKubectl(program) { kubectl in
                try await kubectl("create", file: Self.deployment())
                try await kubectl("edit deployment app")
                #expect(try await kubectl("get deployment app -o jsonpath={.spec.replicas}") == "3")
                try await kubectl("scale deployment app --replicas=1 --current-replicas=3")
                try await kubectl("wait --for=condition=Available deployment/app --timeout=60s")
                #expect(try await kubectl.table("get pods --no-headers").count == 1)
                try await kubectl("label deployment app tier=front")
                try await kubectl("annotate deployment app note=hi")
                #expect(try await kubectl("get deployment -l tier=front -o name") == "deployment.apps/app\n")
                try await kubectl("label deployment app tier-")
                await #expect(throws: Command.Failed.self) {
                    try await kubectl("scale deployment app --replicas=9 --current-replicas=3")
                }
                try await kubectl("set image deployment/app main=app:7")
                #expect(
                    try await kubectl("get deployment app -o jsonpath={.spec.template.spec.containers[0].image}")
                        == "app:7"
                )
                try await kubectl(
                    "patch deployment app --type=json -p [{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":2}]"
                )
                try await kubectl("patch deployment app --type=merge -p {\"spec\":{\"minReadySeconds\":1}}")
                #expect(
                    try await kubectl("get deployment app -o jsonpath={.spec.replicas}{.spec.minReadySeconds}") == "21"
                )
            }
        }

        @Test(arguments: programs)
        func `objects of all kinds are made by name and seen`(program: String) async throws {
            try await withKubectl(program) { kubectl in
                try await kubectl("create namespace temp")
                try await kubectl("create configmap map -n temp --from-literal=a=b")
                try await kubectl("create secret generic word -n temp --from-literal=p=q")
                #expect(try await kubectl("get secret word -n temp -o jsonpath={.data.p}") == "cQ==")
                try await kubectl("create serviceaccount who -n temp")
                try await kubectl("create role reader -n temp --verb=get --resource=pods")
                try await kubectl("create rolebinding readers -n temp --role=reader --serviceaccount=temp:who")
                try await kubectl("create deployment web -n temp --image=nginx --replicas=2")
                try await kubectl("rollout status deployment/web -n temp --timeout=60s")
                try await kubectl("autoscale deployment web -n temp --min=1 --max=3 --cpu-percent=50")
                #expect(try await kubectl("get hpa web -n temp -o jsonpath={.spec.maxReplicas}") == "3")
                #expect(try await kubectl("get all -n temp").contains("replicaset.apps/web-"))
                #expect(try await kubectl("auth can-i delete pods") == "yes\n")
                try await kubectl("delete namespace temp --timeout=60s")
                await #expect(throws: Command.Failed.self) { try await kubectl("get namespace temp") }
                #expect(try await kubectl("get pods -n temp -o name") == "")
                for kind in ["statefulsets", "leases", "events", "crd", "hpa", "secrets", "services"] {
                    try await kubectl("get \(kind) -A")
                }
            }
        }

        @Test(arguments: programs)
        func `all of Swell is applied by one command, and a second time changes nothing`(program: String) async throws {
            try await withKubectl(program) { kubectl in
                let folder = "\(TestServers.root)/config/default"
                let first = try await kubectl("apply -k \(folder)").split(separator: "\n")
                #expect(first.count == 23 && first.allSatisfy { $0.hasSuffix(" created") }, "\(first)")
                let again = try await kubectl("apply -k \(folder)").split(separator: "\n")
                #expect(again.count == 23 && again.allSatisfy { $0.hasSuffix(" unchanged") }, "\(again)")
                try await kubectl("rollout status deployment/keda-operator -n keda --timeout=60s")
                let service = try await kubectl.table("get apiservice v1beta1.external.metrics.k8s.io").last ?? []
                #expect(
                    service.prefix(3) == [
                        "v1beta1.external.metrics.k8s.io", "keda/keda-operator-metrics-apiserver", "Unknown",
                    ]
                )
            }
        }

        @Test(arguments: programs)
        func `all of Swell is applied by the server, and a second time changes nothing`(program: String) async throws {
            try await withKubectl(program) { kubectl in
                let folder = "\(TestServers.root)/config/default"
                let apply = "apply --server-side -k \(folder)"
                let first = try await kubectl(apply).split(separator: "\n")
                #expect(first.count == 23 && first.allSatisfy { $0.hasSuffix(" serverside-applied") }, "\(first)")
                try await kubectl("rollout status deployment/keda-operator -n keda --timeout=60s")
                let versions = "get -k \(folder) -o jsonpath={.items[*].metadata.resourceVersion}"
                let before = try await kubectl(versions)
                try await kubectl(apply)
                #expect(try await kubectl(versions) == before)
                try await kubectl("set image deployment/keda-operator -n keda keda-operator=other:1")
                let refused = await #expect(throws: Command.Failed.self) { try await kubectl(apply) }
                #expect(
                    refused?.output.contains("containers[name=\"keda-operator\"].image") == true,
                    "\(refused?.output ?? "")"
                )
                try await kubectl(apply + " --force-conflicts")
                let image = "get deployment keda-operator -n keda -o jsonpath={.spec.template.spec.containers[0].image}"
                #expect(try await kubectl(image) == "swell")
            }
        }

        @Test(arguments: programs)
        func `what kubectl has applied by itself goes over to the server`(program: String) async throws {
            try await withKubectl(program) { kubectl in
                let folder = "\(TestServers.root)/config/default"
                try await kubectl("apply -k \(folder)")
                try await kubectl("apply --server-side -k \(folder)")
                try await kubectl("apply", file: Self.deployment(image: "app:1"))
                try await kubectl("apply --server-side", file: Self.deployment(image: "app:2"))
                let image = "get deployment app -o jsonpath={.spec.template.spec.containers[0].image}"
                #expect(try await kubectl(image) == "app:2")
                #expect(try await kubectl("apply", file: Self.deployment(image: "app:3")).contains("configured"))
                #expect(try await kubectl(image) == "app:3")
            }
        }

        @Test(arguments: programs)
        func `custom kinds are registered, seen in their columns, and go`(program: String) async throws {
            try await withKubectl(program) { kubectl in
                let definitions = "\(TestServers.root)/config/crd"
                try await kubectl("apply -f \(definitions)")
                try await kubectl("wait --for=condition=Established crd/scaledobjects.keda.sh --timeout=60s")
                #expect(try await kubectl("apply -f \(definitions)").contains("scaledobjects.keda.sh unchanged"))
                let object = """
                    apiVersion: keda.sh/v1alpha1
                    kind: ScaledObject
                    metadata: {name: so, finalizers: [finalizer.keda.sh]}
                    spec:
                      scaleTargetRef: {name: app}
                      maxReplicaCount: 5
                      triggers: [{type: cron, metadata: {timezone: Etc/UTC, start: 0 8 * * *, end: 0 9 * * *, desiredReplicas: "2"}}]
                    """
                try await kubectl("apply", file: object)
                let table = try await kubectl.table("get so")
                #expect(table.first?.prefix(3) == ["NAME", "SCALETARGETKIND", "SCALETARGETNAME"])
                #expect(table.last?.prefix(3) == ["so", "app", "5"])
                #expect(try await kubectl("apply", file: object.replacing("5", with: "6")).contains("configured"))
                try await kubectl("delete so so --wait=false")
                #expect(try await kubectl("get so so -o jsonpath={.metadata.deletionTimestamp}") != "")
                try await kubectl("patch so so --type=merge -p {\"metadata\":{\"finalizers\":null}}")
                await #expect(throws: Command.Failed.self) { try await kubectl("get so so") }
                try await kubectl("delete crd scaledobjects.keda.sh --timeout=60s")
                await #expect(throws: Command.Failed.self) { try await kubectl("get so") }
            }
        }

        @Test func `the newest kubectl explains custom kinds`() async throws {
            try await withKubectl(TestServers.variable("KUBECTL")) { kubectl in
                try await kubectl("apply -f \(TestServers.root)/config/crd")
                let told = try await kubectl("explain scaledobject.spec")
                #expect(told.contains("What to scale, by which triggers, and within which limits."), "\(told)")
                #expect(try await kubectl("explain so.spec.triggers.type").contains("<string>"))
            }
        }

        @Test(arguments: programs)
        func `an HPA is followed and watched`(program: String) async throws {
            try await withKubectl(program) { kubectl in
                try await kubectl("apply", file: Self.deployment())
                try await kubectl(
                    "apply",
                    file: """
                        apiVersion: autoscaling/v2beta2
                        kind: HorizontalPodAutoscaler
                        metadata: {name: app}
                        spec:
                          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: app}
                          maxReplicas: 5
                          metrics:
                          - type: External
                            external:
                              metric: {name: s0-test}
                              target: {type: AverageValue, averageValue: "10"}
                        """
                )
                try await kubectl("rollout status deployment/app --timeout=60s")
                // 30 in all is 10 for each of three pods; the HPA says so at the look after the one that scaled.
                try await eventually("10/10 in the HPA's row", within: .seconds(60)) {
                    let row = try await kubectl.table("get hpa app --no-headers").first ?? []
                    return row.prefix(2) == ["app", "Deployment/app"] && row.contains("10/10")
                }
                #expect(try await kubectl("get deployment app -o jsonpath={.status.readyReplicas}") == "3")
                #expect(try await kubectl("describe hpa app").contains("SuccessfulRescale"))
            }
        }

        @Test(arguments: programs)
        func `a watch of pods shows those that come`(program: String) async throws {
            try await withKubectl(program) { kubectl in
                try await withThrowingTaskGroup(of: String.self) { group in
                    group.addTask {
                        // It ends by itself, as the request's time is over.
                        try await kubectl("get pods -w --output-watch-events --request-timeout=8s")
                    }
                    try await kubectl("create", file: Self.deployment())
                    let seen = try await group.next() ?? ""
                    #expect(seen.contains("ADDED"))
                    #expect(seen.contains("MODIFIED"))
                    #expect(seen.contains("Running"))
                }
            }
        }
    }
}
