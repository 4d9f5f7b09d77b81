import Foundation
import Outbound
import Subprocess
import SystemPackage

/// An nginx that answers every query as a Prometheus with one number would, and counts: a source that costs next to
/// nothing, so that what is measured is the operator.
struct Nginx: Sendable {
    /// Where it listens.
    let address: WebAddress
    /// Where it answers everything with one metric, over TLS and HTTP/2.
    let securePort: Int
    /// The file that it answers with.
    private let answer: URL
    /// The way to it.
    private let http: any HTTPTransport

    /// Runs one for the length of a call.
    ///
    /// - Parameters:
    ///   - http: the way to it.
    ///   - value: what it answers.
    ///   - body: the call.
    /// - Throws: what keeps it from running, and what the call throws.
    static func with(
        _ http: any HTTPTransport,
        answering value: Int,
        _ body: @escaping @Sendable (Nginx) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "swell-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A leftover in a temporary folder harms nobody.
        let (port, securePort) = (try OperatorProcess.freePort(), try OperatorProcess.freePort())
        try await makeCertificate(in: folder.path)
        let file = folder.appending(path: "nginx.conf")
        try configuration(port, securePort, folder.path).write(to: file, atomically: false, encoding: .utf8)
        let answer = folder.appending(path: "answer.json")
        let nginx = Nginx(
            address: WebAddress(host: "127.0.0.1", port: port),
            securePort: securePort,
            answer: answer,
            http: http
        )
        try nginx.set(value)
        _ = try await Subprocess.run(
            .path("/usr/sbin/nginx"),
            arguments: ["-e", "\(folder.path)/errors.log", "-c", file.path],
            input: .none,
            output: .discarded,
            error: .discarded
        ) { execution in
            do {
                try await time(until: "nginx") { (try? await nginx.requests()) != nil }  // Refused until it listens.
                try await body(nginx)
                try execution.send(signal: .terminate)
            } catch {
                try execution.send(signal: .terminate)
                throw error
            }
        }
    }

    /// Sets what it answers, from the next query on.
    func set(_ value: Int) throws {
        let text = """
            {"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1780000000.0,"\(value)"]}]}}
            """
        try text.write(to: answer, atomically: true, encoding: .utf8)
    }

    /// How many queries it has answered, this one among them.
    func requests() async throws -> Int {
        try await load().requests
    }

    /// How many queries it has answered, and how many connections it has, this one among both.
    func load() async throws -> (requests: Int, connections: Int) {
        let page = HTTPRequest(.get, address.appending("status"), deadline: .seconds(10))
        let body = try await http.collect(page, upTo: 1 << 16).body
        // The first line ends with the connections, the third with the requests.
        let lines = String(decoding: body, as: UTF8.self).split(separator: "\n")
        let numbers = lines.map { $0.split(separator: " ").last.flatMap { Int($0) } }
        guard numbers.count > 2, let connections = numbers[0], let requests = numbers[2] else {
            throw BenchmarkError("nginx does not tell how many requests it has had")
        }
        return (requests, connections)
    }

    /// A certificate that nobody is to believe.
    private static func makeCertificate(in folder: String) async throws {
        let result = try await Subprocess.run(
            .path("/usr/bin/openssl"),
            arguments: [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
                "-subj", "/CN=localhost", "-keyout", "\(folder)/key.pem", "-out", "\(folder)/certificate.pem",
            ],
            input: .none,
            output: .discarded,
            error: .string(limit: 1 << 16)
        )
        guard result.terminationStatus.isSuccess else { throw BenchmarkError("openssl: \(result.standardError)") }
    }

    /// The whole configuration.
    private static func configuration(_ port: Int, _ securePort: Int, _ folder: String) -> String {
        // Of the length that our own answers have.
        let metric = """
            {"kind":"ExternalMetricValueList","apiVersion":"external.metrics.k8s.io/v1beta1","metadata":{},"items":[{\
            "metricName":"s0-prometheus","metricLabels":null,"timestamp":"2026-01-01T00:00:00Z","value":"1k"}]}
            """
        return """
            daemon off;
            master_process off;
            pid \(folder)/pid;
            events { worker_connections 8192; }
            http {
                access_log off;
                keepalive_requests 1000000000;
                keepalive_timeout 600s;
                client_body_temp_path \(folder)/body;
                proxy_temp_path \(folder)/proxy;
                fastcgi_temp_path \(folder)/fastcgi;
                uwsgi_temp_path \(folder)/uwsgi;
                scgi_temp_path \(folder)/scgi;
                server {
                    listen 127.0.0.1:\(port);
                    location = /status { stub_status; }
                    location / {
                        root \(folder);
                        default_type application/json;
                        try_files /answer.json =404;
                    }
                }
                server {
                    listen 127.0.0.1:\(securePort) ssl http2;
                    ssl_certificate \(folder)/certificate.pem;
                    ssl_certificate_key \(folder)/key.pem;
                    location / {
                        default_type application/json;
                        return 200 '\(metric)';
                    }
                }
            }
            """
    }
}
