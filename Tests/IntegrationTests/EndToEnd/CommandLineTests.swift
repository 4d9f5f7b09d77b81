import Foundation
import Testing

/// The program itself, as far as it needs no cluster.
@Suite struct CommandLineTests {
    /// Runs the program that was built with the tests.
    func swell(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> String {
        try await Command(program: "\(SwellProcess.executable)", environment: environment).run(arguments)
    }

    @Test(
        arguments: [
            (["version"], "swell "), (["--version"], "0."), (["operator", "--help"], "--leader-elect"),
            (["operator", "-h"], "--help-keda"), (["operator", "/keda", "--help-keda"], "--disable-compression"),
            (["help", "operator"], "--leader-elect"), (["local", "--help"], "--demo"),
            (["local", "--duration", "10ms"], "WANTED"),
            (["simulate", "-f", "\(TestServers.root)/config/samples/hello-cron.yaml"], "replica-hours"),
            (["simulate", "-f", "\(TestServers.root)/config/samples/hello-cron.yaml", "-o", "svg"], "</svg>"),
            (["validate", "-f", "\(TestServers.root)/config/samples"], ""), (["explain", "trigger"], "cron "),
            (["explain", "trigger", "prometheus"], "serverAddress: \"http://"),
        ]
    )
    func `what is asked for is told, and ends with 0`(arguments: [String], text: String) async throws {
        #expect(try await swell(arguments).contains(text) || text.isEmpty)
    }

    @Test(
        arguments: [
            (["operator", "--leader-elct"], [:], "unknown flag --leader-elct, did you mean --leader-elect?", 64),
            (["operator", "--leader-elect=x"], [:], "--leader-elect: \"x\" is neither true nor false", 64),
            (["operator", "--kube-api-qps", "x"], [:], "\"x\" is no number", 64),
            (["operator", "stray"], [:], "Unexpected argument 'stray'", 64),
            (["operator", "--kubeconfig=/nowhere"], [:], "the kubeconfig /nowhere is not there", 1),
            (["local", "--leader-elect"], [:], "Unknown option '--leader-elect'", 64),
            (["validate", "-f", "/nowhere"], [:], "there is no such file or folder", 1),
            (["simulate", "-f", "/nowhere"], [:], "/nowhere: error: there is no such file or folder", 1),
            (
                ["simulate", "-f", "\(TestServers.root)/config/samples/web-prometheus.yaml"], [:],
                "--from and --to are needed", 1
            ),
            (
                ["simulate", "-f", "\(TestServers.root)/config/samples/hello-cron.yaml", "-o", "png"],
                ["PATH": "/nowhere"], "-o png needs rsvg-convert", 1
            ),
            (["explain", "trigger", "prometeus"], [:], "did you mean \"prometheus\"?", 1),
            (["explain", "trigger", "kafka"], [:], "kafka triggers are not supported by this version", 1),
            (
                ["explain", "scaledobject", "web", "--server", "http://127.0.0.1:1"], [:],
                "is that the operator's health port?", 1
            ),
            (["explain", "scaledobject", "web", "--server", "x"], [:], "x: ", 1),
            (["frobnicate"], [:], "Unexpected argument 'frobnicate'", 64),
        ] as [([String], [String: String], String, Int)]
    )
    func `what makes no sense is told, with the code that it has always had`(
        arguments: [String],
        environment: [String: String],
        text: String,
        code: Int
    ) async throws {
        let error = await #expect(throws: Command.Failed.self) { try await swell(arguments, environment) }
        let failure = try #require(error)
        #expect(failure.output.contains(text), "\(failure.output)")
        #expect(failure.status.contains("(\(code))"), "\(failure.status)")
    }
}
