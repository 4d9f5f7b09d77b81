import Testing

/// Who may import whom.
@Suite struct ArrowsTests {
    /// The rooms in the order of the house list; imports only go up it.
    static let order = [
        "CCurl", "CMariaDB", "CMemory", "CPQ", "Telemetry", "KubeModel", "Outbound", "Scaling", "OutboundCurl",
        "OutboundSQL", "OutboundMariaDB", "OutboundPostgres", "OutboundGRPC", "KubeClient", "KubeRuntime",
        "Certificates", "ScalerKit",
        "Scalers", "Operator", "Serving", "MetricsAPI", "Admission", "CustomResources", "Manifests", "LocalCluster",
        "Simulation", "TestKit", "swell",
    ]

    /// All that the rooms of values may import, besides ``toolchain``.
    static let values: [String: Set<String>] = [
        "KubeModel": [], "Outbound": ["Telemetry"], "Scaling": ["KubeModel", "Telemetry"],
    ]

    /// Rooms that talk to the outside; a scaler reaches it only through its world.
    static let wires: Set<String> = [
        "CCurl", "CMariaDB", "CPQ", "OutboundCurl", "OutboundSQL", "OutboundMariaDB", "OutboundPostgres",
        "OutboundGRPC", "KubeClient", "KubeRuntime",
        "Serving",
    ]

    /// Rooms that only some may import.
    static let soleImporters: [String: Set<String>] = [
        "CCurl": ["OutboundCurl"], "CMariaDB": ["OutboundMariaDB"], "CMemory": ["swell"], "CPQ": ["OutboundPostgres"],
        "Scalers": ["swell"], "TestKit": [],
    ]

    /// Modules that come with Swift and the system.
    static let toolchain: Set<String> = [
        "Foundation", "FoundationEssentials", "Synchronization", "RegexBuilder", "Testing", "Dispatch", "Glibc", "Musl",
        "Darwin",
    ]

    /// An import statement.
    struct Import {
        /// Who imports.
        let room: String
        /// Whom.
        let module: String
        /// Where.
        let path: String
        /// Counts from 1.
        let line: Int

        /// This place, as one that breaks a rule.
        func finding(_ what: String) -> Finding { Finding(path, line, what) }
    }

    /// The imports of all files below a folder.
    ///
    /// Those of `Tests/Benchmarks`, a package of its own, are left out.
    static func imports(in folder: String) throws -> [Import] {
        let pattern =
            #"^[ \t]*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"#
            + #"import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)"#
        return try House.swift.filter { $0.path.hasPrefix(folder + "/") && $0.room != "Benchmarks" }
            .flatMap { file in
                try file.matches(of: pattern, in: \.code)
                    .map {
                        Import(room: file.room, module: $0.text, path: file.path, line: $0.line)
                    }
            }
    }

    @Test func `every room is a target and stands in the house list`() throws {
        let manifest = try House.manifest
        let rooms = try House.folders(in: "Sources")
        let suites = try House.folders(in: "Tests").filter { $0 != "Benchmarks" }
        let strays = (rooms + suites).filter { manifest[$0] == nil }
            .map { Finding($0, "is no target of Package.swift") }
        let ghosts = manifest.targets.filter { !$0.hasOwnPath && !(rooms + suites).contains($0.name) }
            .map { Finding($0.name, "is a target without a folder") }
        let unlisted = rooms.filter { !Self.order.contains($0) }.map { Finding("Sources/\($0)", "is in no house list") }
        expectNone(strays + ghosts + unlisted, "Sources, Tests, Package.swift and the house list agree")
    }

    @Test func `every target with Swift in it is built with the settings of the house`() throws {
        let withSwift = Set(House.swift.map(\.room))
        let bare = try House.manifest.targets.filter { withSwift.contains($0.name) && !$0.hasHouseSettings }
        expectNone(bare.map { Finding($0.name, "lacks `swiftSettings: house`") }, "every target uses the same settings")
    }

    @Test(arguments: ["Sources", "Tests"])
    func `a target declares each module that it imports`(folder: String) throws {
        let manifest = try House.manifest
        let undeclared = try Self.imports(in: folder)
            .filter { statement in
                // A room that is no target at all is told of by another test.
                guard let target = manifest[statement.room] else { return false }
                return !Self.toolchain.contains(statement.module) && !target.dependencies.contains(statement.module)
            }
        expectNone(
            undeclared.map { $0.finding("\($0.room) imports \($0.module) without declaring it in Package.swift") },
            "imports are among the declared dependencies"
        )
    }

    @Test func `imports only go up the house list`() throws {
        let places = Dictionary(uniqueKeysWithValues: zip(Self.order, 0...))
        let wrong = try Self.imports(in: "Sources")
            .filter { statement in
                guard let room = places[statement.room], let module = places[statement.module] else { return false }
                return module >= room
            }
        expectNone(wrong.map { $0.finding("\($0.room) imports \($0.module)") }, "arrows only go up the house list")
    }

    @Test func `values import neither wires nor packages`() throws {
        let wrong = try Self.imports(in: "Sources")
            .filter { statement in
                guard let allowed = Self.values[statement.room] else { return false }
                return !allowed.union(Self.toolchain).contains(statement.module)
            }
        expectNone(wrong.map { $0.finding("\($0.room) imports \($0.module)") }, "rooms of values hold only values")
    }

    @Test func `scalers reach the outside only through their world`() throws {
        let wrong = try Self.imports(in: "Sources")
            .filter {
                ["ScalerKit", "Scalers"].contains($0.room) && Self.wires.contains($0.module)
            }
        expectNone(wrong.map { $0.finding("\($0.room) imports the wire \($0.module)") }, "scalers import no wires")
    }

    @Test func `some rooms have only one importer`() throws {
        let wrong = try Self.imports(in: "Sources")
            .filter { statement in
                Self.soleImporters[statement.module].map { !$0.contains(statement.room) } ?? false
            }
        expectNone(
            wrong.map { $0.finding("\($0.room) may not import \($0.module)") },
            "CCurl is for OutboundCurl, CMariaDB for OutboundMariaDB, CPQ for OutboundPostgres, CMemory and Scalers for swell"
        )
    }
}
