// swift-tools-version: 6.2
import PackageDescription

/// Settings of every room: no implicit existentials, no leaking imports, every warning an error.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// One room of the house: a library target that names each module it imports.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house)
}

/// The tests of one room.
func tests(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    exclude: [String] = [],
    resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies,
        exclude: exclude,
        resources: resources,
        swiftSettings: house
    )
}

/// A product of another package, named where it is used.
func product(_ name: String, _ package: String) -> Target.Dependency {
    .product(name: name, package: package)
}

/// A target that is there only with the trait `MariaDB`.
func ifMariaDB(_ name: String) -> Target.Dependency {
    .target(name: name, condition: .when(traits: ["MariaDB"]))
}

let argumentParser = product("ArgumentParser", "swift-argument-parser")
let asn1 = product("SwiftASN1", "swift-asn1")
let crypto = product("Crypto", "swift-crypto")
let cryptoExtras = product("CryptoExtras", "swift-crypto")
let deque = product("DequeModule", "swift-collections")
let httpTypes = product("HTTPTypes", "swift-http-types")
let hummingbird = product("Hummingbird", "hummingbird")
let hummingbirdCore = product("HummingbirdCore", "hummingbird")
let lifecycle = product("ServiceLifecycle", "swift-service-lifecycle")
let lifecycleTestKit = product("ServiceLifecycleTestKit", "swift-service-lifecycle")
let logging = product("Logging", "swift-log")
let nioCore = product("NIOCore", "swift-nio")
let nioEmbedded = product("NIOEmbedded", "swift-nio")
let nioPosix = product("NIOPosix", "swift-nio")
let nioSSL = product("NIOSSL", "swift-nio-ssl")
let nioTLS = product("NIOTLS", "swift-nio")
let subprocess = product("Subprocess", "swift-subprocess")
let systemPackage = product("SystemPackage", "swift-system")
let unixSignals = product("UnixSignals", "swift-service-lifecycle")
let x509 = product("X509", "swift-certificates")
let yams = product("Yams", "Yams")

let package = Package(
    name: "swell",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "swell", targets: ["swell"]),
        // For Tests/Benchmarks, a package of its own.
        .library(
            name: "SwellRooms",
            targets: [
                "KubeClient", "KubeModel", "LocalCluster", "Outbound", "OutboundCurl", "OutboundPostgres", "Scaling",
            ]
        ),
    ],
    traits: [
        .trait(name: "MariaDB", description: "The trigger `mysql`, which needs libmariadb-dev.")
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        // For the tests only.
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        // Values.
        room("Telemetry", [logging]),
        room("KubeModel"),
        room("Outbound"),
        room("Scaling", ["KubeModel"]),

        // Wires.
        .target(
            name: "CCurl",
            linkerSettings: [.linkedLibrary("curl"), .linkedLibrary("ssl"), .linkedLibrary("crypto")]
        ),
        room("OutboundCurl", ["CCurl", "Outbound"]),
        .target(name: "CMemory"),
        .systemLibrary(name: "CPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        room("OutboundSQL", ["Outbound"]),
        room("OutboundPostgres", ["CPQ", "Outbound", "OutboundSQL"]),
        .systemLibrary(name: "CMariaDB", pkgConfig: "libmariadb", providers: [.apt(["libmariadb-dev"])]),
        room("OutboundMariaDB", [ifMariaDB("CMariaDB"), "Outbound", "OutboundSQL"]),
        room("KubeClient", ["KubeModel", "Outbound", "Telemetry", yams]),
        room("KubeRuntime", ["KubeClient", "KubeModel", "Outbound", "Telemetry", crypto, deque, lifecycle, logging]),

        // Triggers and what drives them.
        room("ScalerKit", ["KubeModel", "Outbound", "Scaling"]),
        room("Scalers", ["KubeModel", "Outbound", "ScalerKit", "Scaling", crypto, yams]),
        room(
            "Operator",
            [
                "KubeClient", "KubeModel", "KubeRuntime", "Outbound", "ScalerKit", "Scaling", "Telemetry", lifecycle,
                logging,
            ]
        ),

        // Servers.
        room(
            "Certificates",
            [
                "KubeClient", "KubeModel", "KubeRuntime", "Outbound", asn1, crypto, cryptoExtras, lifecycle, logging,
                x509,
            ]
        ),
        room(
            "Serving",
            [
                "Certificates", "Outbound", "Telemetry", httpTypes, hummingbird, hummingbirdCore,
                lifecycle, logging, nioCore, nioSSL, nioTLS,
            ]
        ),
        room(
            "MetricsAPI",
            [
                "Certificates", "KubeClient", "KubeModel", "Outbound", "Scaling", "Serving", "Telemetry", crypto,
                httpTypes, hummingbird, hummingbirdCore, lifecycle, logging, nioCore,
            ]
        ),
        room(
            "Admission",
            [
                "KubeClient", "KubeModel", "Outbound", "ScalerKit", "Scaling", "Serving", "Telemetry", httpTypes,
                hummingbird, hummingbirdCore, lifecycle, logging, nioCore,
            ]
        ),
        room(
            "LocalCluster",
            [
                "Certificates", "KubeModel", "Outbound", "Scaling", "Serving", httpTypes, hummingbird, hummingbirdCore,
                lifecycle, logging, nioCore,
            ]
        ),

        // What users write.
        .target(
            name: "CustomResources",
            path: "config/crd",
            exclude: ["Kustomization"],
            resources: [
                .embedInCode("keda.sh_clustertriggerauthentications.yaml"),
                .embedInCode("keda.sh_scaledjobs.yaml"),
                .embedInCode("keda.sh_scaledobjects.yaml"),
                .embedInCode("keda.sh_triggerauthentications.yaml"),
            ],
            swiftSettings: house
        ),
        room("Manifests", ["CustomResources", "KubeModel", "ScalerKit", "Scaling", yams]),

        room("Simulation", ["KubeModel", "Outbound", "ScalerKit", "Scaling"]),

        // Doubles.
        room("TestKit", ["KubeModel", "Outbound", "ScalerKit", "Scaling", "Telemetry", logging]),

        // People.
        .executableTarget(
            name: "swell",
            dependencies: [
                "Admission", "Certificates", "CMemory", "CustomResources", "KubeClient", "KubeModel", "LocalCluster",
                "Manifests", "MetricsAPI", "KubeRuntime", "Operator", "Outbound", "OutboundCurl", "OutboundMariaDB",
                "OutboundPostgres", "OutboundSQL", "ScalerKit", "Scalers", "Scaling", "Serving", "Simulation",
                "Telemetry", argumentParser, hummingbird, lifecycle, logging, unixSignals,
            ],
            swiftSettings: house
        ),

        // Tests.
        tests(
            "AdmissionTests",
            [
                "Admission", "Certificates", "KubeClient", "KubeModel", "Outbound", "OutboundCurl", "ScalerKit",
                "Scalers", "Scaling", "Serving", "Telemetry", "TestKit", httpTypes, hummingbird, lifecycle, logging,
            ]
        ),
        tests(
            "CertificatesTests",
            [
                "Certificates", "KubeClient", "KubeModel", "KubeRuntime", "LocalCluster", "Outbound", "TestKit", asn1,
                crypto, cryptoExtras, lifecycle, logging, x509,
            ]
        ),
        tests(
            "FlowTests",
            [
                "KubeClient", "KubeModel", "KubeRuntime", "LocalCluster", "Operator", "Outbound", "ScalerKit",
                "Scalers", "Scaling", "Telemetry", "TestKit", lifecycle, logging,
            ]
        ),
        tests("HouseTests"),
        tests("KubeClientTests", ["KubeClient", "KubeModel", "Outbound", "Telemetry", "TestKit"]),
        tests("KubeModelTests", ["KubeModel"]),
        tests(
            "KubeRuntimeTests",
            [
                "KubeClient", "KubeModel", "KubeRuntime", "Outbound", "Telemetry", "TestKit", lifecycle,
                lifecycleTestKit, logging,
            ]
        ),
        tests("LocalClusterTests", ["KubeModel", "LocalCluster", "Outbound", "Scaling", "TestKit"]),
        tests(
            "ManifestsTests",
            ["CustomResources", "KubeModel", "Manifests", "Scalers", "Scaling", "TestKit"],
            resources: [.copy("Samples")]
        ),
        tests(
            "MetricsAPITests",
            [
                "Certificates", "KubeModel", "MetricsAPI", "Outbound", "OutboundCurl", "Scaling", "Serving",
                "Telemetry", "TestKit", asn1, hummingbird, lifecycle, logging,
            ]
        ),
        tests(
            "OperatorTests",
            [
                "KubeClient", "KubeModel", "KubeRuntime", "LocalCluster", "Operator", "Outbound", "ScalerKit",
                "Scalers", "Scaling", "Telemetry", "TestKit", lifecycle, logging,
            ]
        ),
        tests("OutboundCurlTests", ["CCurl", "Outbound", "OutboundCurl"]),
        tests("OutboundMariaDBTests", [ifMariaDB("CMariaDB"), "Outbound", "OutboundMariaDB"]),
        tests("OutboundPostgresTests", ["Outbound", "OutboundPostgres"]),
        tests("OutboundSQLTests", ["Outbound", "OutboundSQL"]),
        tests("OutboundTests", ["Outbound", "TestKit"]),
        tests("ScalerKitTests", ["KubeModel", "Outbound", "ScalerKit", "Scaling"]),
        tests("ScalersTests", ["KubeModel", "Outbound", "ScalerKit", "Scalers", "TestKit"]),
        tests("ScalingTests", ["KubeModel", "Scaling", "TestKit"], exclude: ["Traces"]),
        tests(
            "ServingTests",
            [
                "Certificates", "Outbound", "OutboundCurl", "Serving", "Telemetry", "TestKit", hummingbird,
                hummingbirdCore, lifecycle, logging, nioCore, nioEmbedded, nioPosix, nioSSL,
            ]
        ),
        tests(
            "SimulationTests",
            ["KubeModel", "Manifests", "Outbound", "ScalerKit", "Scalers", "Scaling", "Simulation", "TestKit"]
        ),
        tests(
            "swellTests",
            [
                "Certificates", "KubeClient", "KubeModel", "KubeRuntime", "Outbound", "OutboundCurl", "ScalerKit",
                "Scalers", "Scaling", "Serving", "Simulation", "Telemetry", "TestKit", "swell", argumentParser,
            ]
        ),
        tests("TelemetryTests", ["Telemetry", logging]),
        tests("TestKitTests", ["KubeModel", "Outbound", "ScalerKit", "TestKit"]),
        tests(
            "IntegrationTests",
            [
                "Admission", "Certificates", "KubeClient", "KubeModel", "KubeRuntime", "LocalCluster", "Manifests",
                "MetricsAPI", "Operator", "Outbound", "OutboundCurl", "OutboundMariaDB", "OutboundPostgres",
                "OutboundSQL", "ScalerKit", "Scalers", "Scaling", "Serving", "Telemetry", "TestKit", "swell", asn1,
                crypto, httpTypes, hummingbird, lifecycle, logging, subprocess, systemPackage, x509,
            ],
            exclude: ["Samples"]
        ),
    ],
    swiftLanguageModes: [.v6]
)
