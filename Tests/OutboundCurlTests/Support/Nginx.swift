import Foundation
import Outbound
import Testing

/// A real web server with TLS and HTTP/2 on loopback: Debian's package `nginx-light`.
struct Nginx {
    /// Its certificates and those of its clients.
    let certificates: Certificates
    /// The ports of its servers.
    fileprivate let ports: [Int]

    /// TLS 1.2 and 1.3, HTTP/1.1 and 2.
    ///
    /// `/` tells connection, protocol and the client's certificate, `/large` and `/noise-0` are compressed, `/slow` takes a second.
    var secure: WebAddress { WebAddress(scheme: "https", host: "127.0.0.1", port: ports[0]) }
    /// As ``secure``, for clients with a certificate.
    var forClients: WebAddress { WebAddress(scheme: "https", host: "127.0.0.1", port: ports[1]) }
    /// TLS 1.2 only.
    var outdated: WebAddress { WebAddress(scheme: "https", host: "127.0.0.1", port: ports[2]) }
    /// Asks for a certificate, and takes any or none.
    var curious: WebAddress { WebAddress(scheme: "https", host: "127.0.0.1", port: ports[3]) }

    /// What a client has to trust and ask for.
    var trust: TLSSettings {
        TLSSettings(authorities: certificates.authority, serverName: Certificates.serverName)
    }

    /// The text at `/large`.
    static let large = String(repeating: "All work and no play makes Jack a dull boy.\n", count: 5000)
    /// Texts of many lengths that hardly shrink, compressed too, at `/noise-0` and so on.
    static let noises = [100, 3_000, 5_500, 8_000, 11_000, 16_500, 22_000, 40_000, 150_000]
        .map { length in
            String(decoding: (0..<length).map { _ in UInt8.random(in: 33...126) }, as: UTF8.self)
        }
}

/// Runs a body against nginx.
func withNginx(_ body: (Nginx) async throws -> Void) async throws {
    let program = try #require(
        ["/usr/sbin/nginx", "/usr/local/sbin/nginx"].first { FileManager.default.isExecutableFile(atPath: $0) },
        "nginx is missing: install Debian's package nginx-light"
    )
    let certificates = try Certificates.make()
    let folder = try TemporaryFolder()
    try folder.write(certificates.authority, "authority.pem")
    try folder.write(certificates.server.certificate, "server.pem")
    try folder.write(certificates.server.key, "server.key")
    try folder.write(Nginx.large, "large")
    for (number, noise) in Nginx.noises.enumerated() { try folder.write(noise, "noise-\(number)") }
    try folder.write(String(repeating: "x", count: 2048), "slow")
    let ports = try (0..<4).map { _ in try freePort() }
    try folder.write(configuration(ports), "nginx.conf")
    // The shell ends nginx when its input does, which happens even if this process is killed. It has to be signal 9:
    // children of a dispatch thread start with the others blocked.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "\(program) -p . -c nginx.conf -e error.log & read line; kill -9 $!"]
    process.currentDirectoryURL = folder.url
    let input = Pipe()
    process.standardInput = input
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
        // A line, as another child of this process may hold a copy of the pipe's end.
        input.fileHandleForWriting.write(Data("end\n".utf8))
        process.waitUntilExit()
    }
    let deadline = ContinuousClock.now.advanced(by: .seconds(20))
    while try !ports.allSatisfy({ try isListening($0) }) {
        let log = (try? folder.read("error.log")) ?? "it wrote no log"  // only for the message
        try #require(ContinuousClock.now < deadline, "nginx does not start: \(log)")
        try await Task.sleep(for: .milliseconds(10))
    }
    try await body(Nginx(certificates: certificates, ports: ports))
}

/// The configuration file.
private func configuration(_ ports: [Int]) -> String {
    /// One server.
    func server(_ port: Int, _ listen: String, _ more: String) -> String {
        """
        server {
            listen 127.0.0.1:\(port) \(listen);
            ssl_certificate server.pem;
            ssl_certificate_key server.key;
            \(more)
            location / { root .; add_header X-Connection $connection; }
            location = / { return 200 "$connection $server_protocol $ssl_protocol $ssl_client_verify"; }
            location = /hangs-up { return 444; }
            location = /slow { root .; gzip off; limit_rate 1k; add_header X-Connection $connection; }
        }
        """
    }
    return """
        daemon off;
        master_process off;
        pid nginx.pid;
        events { worker_connections 1024; }
        http {
            access_log off;
            default_type text/plain;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            gzip on;
            gzip_types text/plain;
            \(server(ports[0], "ssl http2", "ssl_protocols TLSv1.2 TLSv1.3;"))
            \(server(ports[1], "ssl http2", "ssl_client_certificate authority.pem; ssl_verify_client on;"))
            \(server(ports[2], "ssl", "ssl_protocols TLSv1.2;"))
            \(server(ports[3], "ssl http2", "ssl_verify_client optional_no_ca;"))
        }
        """
}

/// A port that was free a moment ago.
func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    return try bindToLoopback(descriptor)
}

/// Whether something accepts connections.
private func isListening(_ port: Int) throws -> Bool {
    guard let descriptor = try? connectToLoopback(port) else { return false }  // refused: not yet
    close(descriptor)
    return true
}
