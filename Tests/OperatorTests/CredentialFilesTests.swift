import Foundation
import KubeModel
import Outbound
import ScalerKit
import Scaling
import Testing

@testable import Operator

@Suite final class CredentialFilesTests {
    /// A folder of this test's own, and in it the root.
    let folder = FileManager.default.temporaryDirectory.appending(path: "swell-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(
            at: folder.appending(path: "root/team"),
            withIntermediateDirectories: true
        )
        try write(#"{"password":"v","user":"u"}"#, to: "root/team/db.json")
        try write("canary", to: "outside.json")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }  // A folder left behind harms nobody.

    /// Writes a file.
    func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: path))
    }

    /// Makes a link.
    func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder.appending(path: path).path,
            withDestinationPath: target
        )
    }

    /// The parameters in a file below the root.
    func parameters(_ path: String) throws -> [String: Secret<String>] {
        try CredentialFiles(root: folder.appending(path: "root").path).parameters(in: path)
    }

    @Test(arguments: ["team/db.json", "team//db.json", "./team/db.json"])
    func `a file below the root gives its texts`(path: String) throws {
        #expect(try parameters(path) == ["password": "v", "user": "u"])
    }

    @Test(arguments: [
        ("/etc/passwd", "relative"), ("../outside.json", "\"..\""), ("team/../../outside.json", "\"..\""),
        ("", "relative"), ("none.json", "cannot be read"), ("team", "regular file"),
    ])
    func `any other path is refused`(path: String, text: String) {
        let error = #expect(throws: CredentialError.self) { try parameters(path) }
        #expect(error?.description.contains(text) == true, "\(String(describing: error))")
    }

    @Test func `no root means no files`() {
        for root in [nil, ""] {
            let error = #expect(throws: CredentialError.self) { try CredentialFiles(root: root).parameters(in: "a") }
            #expect(error?.description.contains("--filepath-auth-root-path") == true)
        }
    }

    @Test func `links may lead about below the root, as in mounted Secrets, and not out of it`() throws {
        try FileManager.default.createDirectory(
            at: folder.appending(path: "root/..2026"),
            withIntermediateDirectories: true
        )
        try write(#"{"a":"b"}"#, to: "root/..2026/mounted.json")
        try link("root/..data", to: "..2026")
        try link("root/mounted.json", to: "..data/mounted.json")
        #expect(try parameters("mounted.json") == ["a": "b"])
        try link("root/escape.json", to: "../outside.json")
        try link("root/up", to: "..")
        for path in ["escape.json", "up/outside.json"] {
            let error = #expect(throws: CredentialError.self) { try parameters(path) }
            #expect(error?.description.contains("leads out of") == true, "\(String(describing: error))")
        }
    }

    @Test(arguments: ["canary", #"["canary"]"#, #"{"a":1,"b":"canary"}"#, #"{"canary":{}}"#, ""])
    func `a file of another shape is refused without its content`(text: String) throws {
        try write(text, to: "root/bad.json")
        let error = #expect(throws: CredentialError.self) { try parameters("bad.json") }
        #expect(error?.description == "filePath \"bad.json\" is not a JSON object whose values are all texts")
    }

    @Test func `a file that is too large is refused`() throws {
        try write(String(repeating: " ", count: (1 << 20) + 1), to: "root/large.json")
        let error = #expect(throws: CredentialError.self) { try parameters("large.json") }
        #expect(error?.description.contains("larger than") == true)
    }

    /// A web token about somebody, with a signature that nobody checks here.
    static func token(_ claims: String) -> String {
        let payload = Data(claims.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
        return "e30.\(payload).c2ln"
    }

    @Test func `a service account's token is taken from any file`() throws {
        let token = Self.token(#"{"sub":"system:serviceaccount:keda:keda-operator","x":"??>>"}"#)
        try write(token + "\n", to: "token")
        let path = folder.appending(path: "token").path
        #expect(try CredentialFiles(root: nil).serviceAccountToken(in: path) == Secret(token))
    }

    @Test(arguments: [
        "canary", "a.canary.c", "", token(#"{"sub":"system:node:canary"}"#), token(#"{"sub":1}"#), token("canary"),
        token("{}"),
    ])
    func `nothing else is taken for one`(text: String) throws {
        try write(text, to: "token")
        let path = folder.appending(path: "token").path
        let error = #expect(throws: CredentialError.self) {
            try CredentialFiles(root: nil).serviceAccountToken(in: path)
        }
        #expect(error?.description.hasSuffix("is not the token of a service account") == true)
    }

    @Test(arguments: ["/dev/zero", "/none", "/etc"])
    func `a token's file must be a regular one`(path: String) {
        #expect(throws: CredentialError.self) { try CredentialFiles(root: nil).serviceAccountToken(in: path) }
    }

    @Test func `triggers see variables of clouds and the files that these name, and nothing else`() throws {
        try write(" jwt\n", to: "token")
        try write("\n", to: "empty")
        let path = { (name: String) in self.folder.appending(path: name).path }
        var settings = CredentialSettings()
        settings.takeCloudVariables(
            from: Secret([
                "AWS_TOKEN": path("token"), "AWS_NONE": "", "AWS_EMPTY": path("empty"), "AWS_LOST": path("lost"),
                "AWS_FOLDER": folder.path, "AWS_ENDLESS": "/dev/zero", "SECRET": path("token"),
            ])
        )
        let process = CredentialResolver.testing(FakeConfig(), settings).process
        #expect(try process.text(ofFileIn: "AWS_TOKEN") == "jwt")
        #expect(process["AWS_TOKEN"] == Secret(path("token")) && process["AWS_NONE"] == nil)
        for name in ["SECRET", "AWS_NONE", "PATH"] { #expect(try process.text(ofFileIn: name) == nil) }
        for name in ["AWS_EMPTY", "AWS_LOST", "AWS_FOLDER", "AWS_ENDLESS"] {
            let error = #expect(throws: ScalerError.self) { try process.text(ofFileIn: name) }
            #expect(error?.description.hasPrefix("\(name) of the operator: the file ") == true)
        }
    }

    @Test func `a file gives everything or nothing, and for the cluster-wide kind only`() async throws {
        var settings = CredentialSettings()
        settings.fileRoot = folder.appending(path: "root").path
        let spec = try AuthenticationSpec.parsing(
            #"{"filePath":"team/db.json","secretTargetRef":[{"parameter":"p","name":"s","key":"k"}],"awsSecretManager":{}}"#
        )
        let config = FakeConfig(
            authentications: ["TriggerAuthentication shop/auth": spec, "ClusterTriggerAuthentication auth": spec]
        )
        let resolver = CredentialResolver.testing(config, settings)
        let resolved = try await resolver.resolve(
            CredentialResolverTests.trigger(kind: "ClusterTriggerAuthentication"),
            in: "shop",
            container: nil
        ) { nil }
        #expect(resolved.texts.authentication == ["password": "v", "user": "u"])
        #expect(resolved.lookAgain == .seconds(60) && resolved.gaps.isEmpty)
        await #expect(
            throws: CredentialError(
                "TriggerAuthentication shop/auth: filePath is for ClusterTriggerAuthentications only"
            )
        ) {
            try await resolver.resolve(CredentialResolverTests.trigger(), in: "shop", container: nil) { nil }
        }
    }
}
