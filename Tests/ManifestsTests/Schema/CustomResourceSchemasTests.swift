import CustomResources
import Foundation
import KubeModel
import Manifests
import Scaling
import Testing

@Suite struct CustomResourceSchemasTests {
    @Test(arguments: [
        ("ScaledObject", ["spec.scaleTargetRef", "spec.triggers"]),
        ("ScaledJob", ["spec.jobTargetRef", "spec.triggers"]),
        ("TriggerAuthentication", []), ("ClusterTriggerAuthentication", []),
    ])
    func `each kind has the schema of its CRD`(kind: String, missing: [String]) throws {
        let schema = try #require(CustomResourceSchemas.builtIn[ScaledObject.resourceType.groupVersion, kind])
        #expect(schema.problems(in: ["spec": [:]]).map(\.path.description) == missing)
    }

    @Test func `every file of config/crd is built in as it stands`() throws {
        let folder = Samples.project.appending(path: "config/crd")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
        #expect(CustomResources.files.keys.sorted() == names.sorted())
        for (name, bytes) in CustomResources.files {
            #expect(try Data(contentsOf: folder.appending(path: name)) == Data(bytes))
        }
    }
}
