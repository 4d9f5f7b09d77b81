import Testing

@Suite struct ManifestTests {
    static let text = """
        func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
            .target(name: name, dependencies: dependencies, swiftSettings: house)
        }
        let logging = product("Logging", "swift-log")
        let package = Package(
            name: "x",
            targets: [
                room("A"),
                room("B", ["A", logging, .product(name: "NIO", package: "nio"), product("P", "q")]),
                .target(name: "C", linkerSettings: [.linkedLibrary("curl")]),
                .executableTarget(name: "D", dependencies: ["B"], exclude: ["X.swift"], swiftSettings: house),
                tests("BTests", ["B"], resources: [.copy("Y")]),
            ])
        """

    @Test func `targets are read with what they depend on`() {
        let targets = Manifest(Self.text).targets
        #expect(targets.map(\.name) == ["A", "B", "C", "D", "BTests"])
        #expect(targets.map(\.dependencies) == [[], ["A", "Logging", "NIO", "P"], [], ["B"], ["B"]])
        #expect(targets.map(\.hasHouseSettings) == [true, true, false, true, true])
        #expect(targets.map(\.isTest) == [false, false, false, false, true])
    }
}
