import KubeClient
import Outbound
import TestKit
import Testing

@Suite struct LoadingTests {
    static let directory = "/var/run/secrets/kubernetes.io/serviceaccount"
    static let pod = ["KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443"]

    /// A kubeconfig with one context.
    static func file(_ name: String, current: String? = nil) -> String {
        """
        current-context: \(current ?? "")
        clusters: [{name: \(name), cluster: {server: "https://\(name)"}}]
        contexts: [{name: \(name), context: {cluster: \(name)}}, {name: shared, context: {cluster: \(name)}}]
        """
    }

    @Test(arguments: [
        ("/flag", ["KUBECONFIG": "/a"], "flag"),
        (nil, ["KUBECONFIG": "/a", "KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443"], "a"),
        (nil, ["KUBECONFIG": "/missing:/b:/a"], "b"),
        (nil, ["KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443", "HOME": "/h"], "10.0.0.1"),
        (nil, ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"], "fd00::1"),
        (nil, ["HOME": "/h"], "home"),
        ("", ["KUBECONFIG": "", "HOME": "/h"], "home"),
    ])
    func `the way to the cluster is looked for in order`(path: String?, environment: [String: String], host: String)
        throws
    {
        let files = TextFiles.memory([
            "/flag": Self.file("flag", current: "flag"), "/a": Self.file("a", current: "a"),
            "/b": Self.file("b", current: "b"),
            "/h/.kube/config": Self.file("home", current: "home"), "\(Self.directory)/token": "t",
        ])
        let config = try KubeConfiguration.load(kubeconfig: path, environment: environment, files: files)
        #expect(config.server.host == host)
    }

    @Test func `of several files the first word counts`() throws {
        let files = TextFiles.memory(["/a": Self.file("a"), "/b": Self.file("b", current: "shared")])
        let environment = ["KUBECONFIG": "/a:/b"]
        #expect(try KubeConfiguration.load(environment: environment, files: files).server.host == "a")
        #expect(try KubeConfiguration.load(context: "b", environment: environment, files: files).server.host == "b")
    }

    @Test func `a pod uses its token, its authorities and its namespace`() throws {
        let files = TextFiles.memory(["\(Self.directory)/token": "t\n", "\(Self.directory)/namespace": "keda\n"])
        let config = try KubeConfiguration.load(environment: Self.pod, files: files)
        #expect(config.namespace == "keda" && config.server.description == "https://10.0.0.1:443/")
        #expect(config.authorities == .file("\(Self.directory)/ca.crt"))
        #expect(config.identity == .init(token: .file("\(Self.directory)/token")))
    }

    @Test(
        arguments: [
            ("/none", [:], "the kubeconfig /none is not there"),
            (
                nil, ["HOME": "/h"],
                "no way to a cluster: there is no /h/.kube/config; give --kubeconfig FILE, set KUBECONFIG, or run inside a pod"
            ),
            (
                nil, ["KUBECONFIG": "/none:/x"],
                "no way to a cluster: there is no /none and no /x; give --kubeconfig FILE, set KUBECONFIG, or run inside a pod"
            ),
            (nil, pod, "this pod has no service account token; see automountServiceAccountToken"),
        ] as [(String?, [String: String], String)]
    )
    func `no way says what to try`(path: String?, environment: [String: String], message: String) {
        let error = #expect(throws: KubeError.self) {
            try KubeConfiguration.load(kubeconfig: path, environment: environment, files: .memory([:]))
        }
        #expect(error?.description == message)
    }
}
