import Hummingbird
import Outbound
import ServiceLifecycle
import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(2))) struct WebServerTests {
    /// A page that says hello, and one that says how long the body is.
    static var router: Router<ServingContext> {
        let router = Router(context: ServingContext.self)
        router.get("hello") { _, _ in Response.text("hello") }
        router.post("length") { request, context in
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            return Response.text(String(body.readableBytes))
        }
        return router
    }

    @Test func `a server answers, and tells its port`() async throws {
        try await withServer(Self.router) { port in
            #expect(port > 0)
            let hello = try await ask("hello", at: port)
            #expect(hello.text == "hello")
            #expect(try await ask("nothing", at: port).status == 404)
        }
    }

    @Test func `everywhere is IPv4 and IPv6`() async throws {
        try await withServices { onListening in
            [
                WebServer(
                    "test",
                    at: .everywhere(port: 0),
                    handler: Self.router.buildResponder(),
                    logger: quiet,
                    onListening: onListening
                )
            ]
        } _: { port, _ in
            for host in ["127.0.0.1", "::1"] where host == "127.0.0.1" || Machine.hasIPv6 {
                let url = WebAddress(host: host, port: port).appending("hello")
                let answer = try await ask(url)
                #expect(answer.text == "hello")
            }
        }
    }

    @Test func `a port that is taken is an error that names it`() async throws {
        try await withServer(Self.router) { port in
            let second = WebServer(
                "metrics",
                at: .at(host: "127.0.0.1", port: port),
                handler: Self.router.buildResponder(),
                logger: quiet
            )
            let error = await #expect(throws: ServingError.self) { try await second.run() }
            #expect(error?.code == .cannotListen)
            #expect(error?.summary == "the metrics server cannot listen on 127.0.0.1:\(port): Address already in use")
        }
    }

    @Test func `a server that is off only waits for the end`() async throws {
        let server = WebServer("test", at: .off, handler: Self.router.buildResponder(), logger: quiet)
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask { await group.triggerGracefulShutdown() }
            try await tasks.waitForAll()
        }
    }

    @Test func `a body up to the limit is taken, a larger one is refused`() async throws {
        var limits = ServerLimits()
        limits.body = 1000
        try await withServer(Self.router, limits: limits) { port in
            let fits = try await ask("length", at: port, using: .post, body: Array(repeating: 65, count: 1000))
            #expect(fits.text == "1000")
            let tooLarge = try await ask("length", at: port, using: .post, body: Array(repeating: 65, count: 1001))
            #expect(tooLarge.status == 413)
            #expect(tooLarge.text == "the body is larger than 1000 bytes\n")
        }
    }

    @Test func `a body of unknown length is refused once it is too large, and its sender is cut off`() async throws {
        var limits = ServerLimits()
        limits.body = 1000
        try await withServer(Self.router, limits: limits) { port in
            let text = try await RawConnection.with(port: port) { connection in
                try await connection.send("POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
                try await connection.send("7D0\r\n\(String(repeating: "x", count: 2000))\r\n")
                return await connection.readToEnd()
            }
            #expect(text.hasPrefix("HTTP/1.1 413"))
        }
    }

    @Test func `headers that are too large are refused`() async throws {
        var limits = ServerLimits()
        limits.headers = 2000
        try await withServer(Self.router, limits: limits) { port in
            let large = [header("X-Large", String(repeating: "x", count: 3000))]
            let refused = try await ask("hello", at: port, headers: large)
            #expect(refused.status == 400)
            #expect(try await ask("hello", at: port).status == 200)
        }
    }

    @Test func `a handler that takes too long is cancelled and answered for`() async throws {
        var limits = ServerLimits()
        limits.deadline = .milliseconds(50)
        let router = Router(context: ServingContext.self)
        router.get("slow") { _, _ in
            try await Task.sleep(for: .seconds(600))
            return Response.text("late")
        }
        try await withServer(router, limits: limits) { port in
            let answer = try await ask("slow", at: port)
            #expect(answer.status == 504)
        }
    }

    @Test func `a client that sends its body too slowly is answered and cut off`() async throws {
        var limits = ServerLimits()
        limits.deadline = .milliseconds(50)
        try await withServer(Self.router, limits: limits) { port in
            let text = try await RawConnection.with(port: port) { connection in
                try await connection.send("POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab")
                return await connection.readToEnd()
            }
            #expect(text.hasPrefix("HTTP/1.1 504"))
        }
    }

    @Test func `a connection that says nothing is closed`() async throws {
        var limits = ServerLimits()
        limits.idle = .milliseconds(50)
        try await withServer(Self.router, limits: limits) { port in
            let text = try await RawConnection.with(port: port) { await $0.readToEnd() }
            #expect(text == "")
        }
    }

    @Test func `too many requests at once are refused, probes are not`() async throws {
        var limits = ServerLimits()
        limits.requests = 1
        let router = Self.router
        HealthPages.add(to: router) { [] }
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        router.get("wait") { _, _ in
            arrived.yield()
            for await _ in gate {}
            return Response.text("done")
        }
        try await withServer(router, limits: limits) { port in
            try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask { try await ask("wait", at: port).status }
                var iterator = arrivals.makeAsyncIterator()
                await iterator.next()
                let refused = try await ask("hello", at: port)
                #expect(refused.status == 429)
                #expect(refused.head["Retry-After"] == "1")
                #expect(try await ask("healthz", at: port).status == 200)
                open.finish()
                let status = try await group.next()
                #expect(status == 200)
            }
            #expect(try await ask("hello", at: port).status == 200)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5])
    func `garbage is survived`(seed: UInt64) async throws {
        try await withServer(Self.router) { port in
            var generator = SplitMix(state: seed)
            let garbage = (0..<10_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
            _ = try await RawConnection.with(port: port) { connection in
                try await connection.send(garbage)
                return await connection.readToEnd()
            }
            #expect(try await ask("hello", at: port).text == "hello")
        }
    }

    @Test(arguments: [
        "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\r\n\r\n\r\n", "GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET //%%%?%zz=&&==# HTTP/1.1\r\nHost: x\r\n\r\n", "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /\u{FF} HTTP/1.1\r\nHost: x\r\n\r\n", "POST /length HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST /length HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "POST /length HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
        "GET /hello HTTP/1.1\r\n\r\nGET /hello HTTP/1.1\r\n\r\nnonsense\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ])
    func `almost HTTP is survived`(text: String) async throws {
        var limits = ServerLimits()
        limits.idle = .milliseconds(200)
        limits.deadline = .milliseconds(200)
        try await withServer(Self.router, limits: limits) { port in
            _ = try await RawConnection.with(port: port) { connection in
                try await connection.send(text)
                return await connection.readToEnd()
            }
            #expect(try await ask("hello", at: port).text == "hello")
        }
    }

    @Test func `a shutdown lets requests in work finish, and closes idle connections at once`() async throws {
        let router = Self.router
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        router.get("wait") { _, _ in
            arrived.yield()
            for await _ in gate {}
            return Response.text("done")
        }
        let text = try await withServices { onListening in
            [
                WebServer(
                    "test",
                    at: .at(host: "127.0.0.1", port: 0),
                    handler: router.buildResponder(),
                    logger: quiet,
                    onListening: onListening
                )
            ]
        } _: { port, shutDown in
            try await RawConnection.with(port: port) { idle in
                try await RawConnection.with(port: port) { busy in
                    try await idle.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
                    _ = try await idle.read(until: "hello")
                    try await busy.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
                    var iterator = arrivals.makeAsyncIterator()
                    await iterator.next()
                    await shutDown()
                    #expect(await idle.readToEnd() == "")
                    open.finish()
                    return await busy.readToEnd()
                }
            }
        }
        #expect(text.hasSuffix("done"))
    }
}

/// A small generator of random numbers that can be repeated.
struct SplitMix: RandomNumberGenerator {
    /// The seed, moving on.
    var state: UInt64

    /// The next number.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
