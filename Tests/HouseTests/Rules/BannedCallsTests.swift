import Testing

/// Calls that this house does without.
@Suite struct BannedCallsTests {
    /// A call, how it may be written, and what to do instead.
    struct Ban: Sendable, CustomTestStringConvertible {
        /// How people call it.
        let name: String
        /// Finds it in code without comments and literals.
        let pattern: String
        /// What to do instead.
        let instead: String
        /// Where it is looked for; tests may read the real clock, tell a seed and block a thread on purpose.
        var folders = ["Sources/", "Tests/"]

        /// How it stands in test results.
        var testDescription: String { name }
    }

    /// Every call that is banned.
    static let bans = [
        Ban(
            name: "Task {",
            pattern: #"(?<![\w.])Task\s*(<[^>{}]*>)?\s*(\([^(){}]*\))?\s*\{|\bTask\.init\b"#,
            instead: "run it in a task group that some run() owns"
        ),
        Ban(
            name: "Task.detached",
            pattern: #"\bTask\s*\.\s*detached\b"#,
            instead: "run it in a task group that some run() owns"
        ),
        Ban(
            name: "Date()",
            pattern: #"\bDate(\.init)?\(\s*\)|\bDate\.now\b|\btimeIntervalSinceNow\b"#,
            instead: "take `now` as an argument, or read a TimeSource",
            folders: ["Sources/"]
        ),
        Ban(
            name: "print(",
            pattern: #"(?<![\w.])(Swift\.)?(print|debugPrint|NSLog)\s*\("#,
            instead: "log, or throw what happened",
            folders: ["Sources/"]
        ),
        Ban(name: "try!", pattern: #"\btry!"#, instead: "throw, or use a value that cannot fail"),
        Ban(
            name: "fatalError(",
            pattern: #"\bfatalError\s*\("#,
            instead: "throw; preconditionFailure only for our own impossible orders"
        ),
        Ban(
            name: "@unchecked Sendable",
            pattern: #"@unchecked\s+Sendable"#,
            instead: "put the state into a Mutex, or make it a value"
        ),
        Ban(
            name: "nonisolated(unsafe)",
            pattern: #"\bnonisolated\s*\(\s*unsafe\s*\)"#,
            instead: "put the state into a Mutex"
        ),
        Ban(
            name: "DispatchQueue",
            pattern: #"\bDispatch(Queue|Group|Semaphore)\b"#,
            instead: "use tasks and a Mutex",
            folders: ["Sources/"]
        ),
        Ban(name: "Thread.sleep", pattern: #"\bThread\s*\.\s*sleep\b"#, instead: "await the sleep of a TimeSource"),
        Ban(name: "usleep", pattern: #"\b(u|nano)?sleep\s*\(\s*[\d&]"#, instead: "await the sleep of a TimeSource"),
    ]

    /// Where a banned call is right.
    ///
    /// An entry that nothing needs any more fails.
    static let exemptions = [
        Exemption(
            "Date()",
            in: "Sources/Outbound/TimeSource.swift",
            because: "the one place that reads the real clock"
        ),
        Exemption("Date()", in: "Sources/swell/LogOptions.swift", because: "log lines carry the real time"),
        Exemption("print(", in: "Sources/swell/", because: "commands answer people on standard output"),
        Exemption(
            "@unchecked Sendable",
            in: "Sources/OutboundPostgres/Connecting/LibPQConnection.swift",
            because: "a pointer of C's that one user at a time holds, as it says there"
        ),
        Exemption(
            "@unchecked Sendable",
            in: "Sources/OutboundMariaDB/Connecting/LibMariaDBConnection.swift",
            because: "a pointer of C's that one user at a time holds, as it says there"
        ),
        Exemption(
            "@unchecked Sendable",
            in: "Sources/OutboundCurl/Loop/CurlLoop.swift",
            because: "a pointer of C's that only its own thread uses, as it says there"
        ),
        Exemption(
            "@unchecked Sendable",
            in: "Sources/Outbound/Deadlines.swift",
            because: "a task that is cancelled only while it is known to run, as it says there"
        ),
    ]

    @Test(arguments: bans)
    func `no call is used that this house does without`(ban: Ban) throws {
        let files = House.swift.filter { file in ban.folders.contains(where: file.path.hasPrefix) }
        let found = try files.flatMap { file in
            try file.matches(of: ban.pattern, in: \.code).map { (rule: ban.name, path: file.path, line: $0.line) }
        }
        let exempt = Self.exemptions.filter { $0.rule == ban.name }
        expectNone(exempt.apply(to: found) { "\($0) is banned: \(ban.instead)" }, "\(ban.name) is banned")
    }

    @Test func `every exemption is from a ban that exists`() {
        let names = Set(Self.bans.map(\.name))
        expectNone(
            Self.exemptions.filter { !names.contains($0.rule) }.map { Finding($0.path, "no ban is called \($0.rule)") },
            "exemptions name a ban"
        )
    }

    @Test(arguments: [
        ("Task {", "Task { await x() }", true), ("Task {", "let t = Task<Void, Never>(priority: .low) { }", true),
        ("Task {", "group.addTask { }", false), ("Task {", "struct SaveTask { }", false),
        ("Task.detached", "Task.detached { }", true), ("Date()", "now: { Date() }", true), ("Date()", "Date.now", true),
        ("Date()", "Date(timeIntervalSince1970: 0)", false), ("print(", "print(\"x\")", true),
        ("print(", "fingerprint(x)", false), ("print(", "// print(x)", false), ("print(", "\"\\(print(x))\"", true),
        ("try!", "try! f()", true), ("try!", "try ! f", false), ("fatalError(", "\"fatalError()\"", false),
        ("@unchecked Sendable", "class X: @unchecked Sendable {}", true), ("usleep", "usleep(10)", true),
        ("usleep", "time.sleep(.seconds(1))", false), ("nonisolated(unsafe)", "nonisolated(unsafe) var x", true),
        ("DispatchQueue", "DispatchQueue.main.async {}", true),
        ("Thread.sleep", "Thread.sleep(forTimeInterval: 1)", true),
    ])
    func `bans find what they mean and nothing else`(name: String, source: String, isFound: Bool) throws {
        let ban = try #require(Self.bans.first { $0.name == name })
        let file = SourceFile(path: "x.swift", text: source)
        #expect(try file.matches(of: ban.pattern, in: \.code).isEmpty != isFound)
    }
}
