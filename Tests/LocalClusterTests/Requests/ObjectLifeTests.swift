import KubeModel
import Testing

@testable import LocalCluster

@Suite struct ObjectLifeTests {
    @Test func `a new object gets what the server sets`() {
        var world = World()
        let said = world.send(.post, Place.configMaps, Sample.configMap("one"))
        #expect(said.status == 201)
        #expect(said.json.namespace == "default")
        #expect(said.json.uid.count == 36)
        #expect(said.json[meta: "creationTimestamp"] == "2026-06-16T10:00:00Z")
        #expect(said.json.resourceVersion != nil)
        #expect(said.json[meta: "generation"] == nil)
        #expect(world.send(.get, Place.configMaps + "/one").json == said.json)
    }

    @Test func `a name that is taken is refused in the server's words`() {
        var world = World()
        world.send(.post, Place.configMaps, Sample.configMap("one"))
        let said = world.send(.post, Place.configMaps, Sample.configMap("one"))
        #expect(said.status == 409)
        #expect(said.reason == "AlreadyExists")
        #expect(said.message == "configmaps \"one\" already exists")
        #expect(said.json["details"] == ["name": "one", "kind": "configmaps"])
    }

    @Test func `generateName ends in five random characters, other for each object`() {
        var world = World()
        var map = Sample.configMap("")
        map["metadata"] = ["generateName": "job-"]
        let names = (0..<20).map { _ in world.send(.post, Place.configMaps, map).json.name }
        #expect(Set(names).count == 20)
        #expect(names.allSatisfy { $0.wholeMatch(of: /job-[bcdfghjklmnpqrstvwxz2456789]{5}/) != nil })
    }

    @Test(arguments: [
        ("Upper", "a lowercase RFC 1123 subdomain"), ("-a", "a lowercase RFC 1123 subdomain"),
        ("a..b", "a lowercase RFC 1123 subdomain"), ("", "name or generateName is required"),
        (String(repeating: "a", count: 254), "must be no more than 253 characters"),
    ])
    func `a bad name is invalid`(name: String, part: String) {
        var world = World()
        let said = world.send(.post, Place.configMaps, Sample.configMap(name))
        #expect(said.status == 422)
        #expect(said.reason == "Invalid")
        #expect(said.message.contains(part))
        #expect(said.json[path: "details", "causes"]?.array?.first?["field"] == "metadata.name")
    }

    @Test(arguments: [
        ("/api/v1/namespaces/default/configmaps/none", 404, "NotFound", "configmaps \"none\" not found"),
        ("/apis/apps/v1/namespaces/default/deployments/none", 404, "NotFound", "deployments.apps \"none\" not found"),
        ("/api/v1/namespaces/none", 404, "NotFound", "namespaces \"none\" not found"),
    ])
    func `what is not there is not found`(path: String, status: Int, reason: String, message: String) {
        var world = World()
        let said = world.send(.get, path)
        #expect(said.status == status)
        #expect(said.reason == reason)
        #expect(said.message == message)
    }

    @Test(arguments: [
        "/apis/none.example/v1/things", "/api/v2/pods", "/api/v1/nothings", "/apis/apps/v1/namespaces/default/pods",
        "/api/v1/pods/name", "/api/v1/namespaces/default/configmaps/a/status", "/nowhere",
    ])
    func `a path that leads nowhere is 404`(path: String) {
        var world = World()
        let said = world.send(.get, path)
        #expect(said.status == 404)
        #expect(said.message == "the server could not find the requested resource")
    }

    @Test(arguments: [
        (KubeRequest.Method.post, Place.configMaps + "/one"), (.put, Place.configMaps), (.patch, Place.configMaps),
        (.delete, "/api/v1/configmaps"), (.post, "/api/v1/configmaps"), (.delete, "/apis"),
    ])
    func `a method that a path does not have is refused`(method: KubeRequest.Method, path: String) {
        var world = World()
        world.send(.post, Place.configMaps, Sample.configMap("one"))
        let said = world.send(method, path, Sample.configMap("one"))
        #expect(said.status == 405)
        #expect(said.reason == "MethodNotAllowed")
    }

    @Test func `an old resourceVersion is a conflict`() {
        var world = World()
        let first = world.send(.post, Place.configMaps, Sample.configMap("one")).json
        var second = first
        second["data"] = ["a": "2"]
        #expect(world.send(.put, Place.configMaps + "/one", second).status == 200)
        var third = first
        third["data"] = ["a": "3"]
        let said = world.send(.put, Place.configMaps + "/one", third)
        #expect(said.status == 409)
        #expect(said.reason == "Conflict")
        #expect(
            said.message
                == "Operation cannot be fulfilled on configmaps \"one\": the object has been modified; "
                + "please apply your changes to the latest version and try again"
        )
        #expect(world.send(.get, Place.configMaps + "/one").json["data"] == ["a": "2"])
    }

    @Test func `a change that changes nothing leaves the object as it is`() {
        var world = World()
        let first = world.send(.post, Place.configMaps, Sample.configMap("one")).json
        #expect(world.send(.put, Place.configMaps + "/one", first).json == first)
        #expect(world.send(.put, Place.configMaps + "/one", Sample.configMap("one")).json == first)
    }

    @Test func `a put cannot change what only the server writes`() {
        var world = World()
        let first = world.send(.post, Place.deployments, Sample.deployment("web")).json
        var wish = first
        wish[meta: "creationTimestamp"] = "1999-01-01T00:00:00Z"
        wish[meta: "generation"] = 99
        wish["status"] = ["replicas": 7]
        #expect(world.send(.put, Place.deployments + "/web", wish).json == first)
        wish[meta: "uid"] = "another"
        #expect(world.send(.put, Place.deployments + "/web", wish).status == 409)
    }

    @Test func `the generation grows with the spec and not with labels or status`() {
        var world = World()
        world.send(.post, Place.deployments, Sample.deployment("web"))
        func patched(_ path: String, _ patch: JSONValue) -> JSONValue {
            world.send(.patch, Place.deployments + path, patch, type: "application/merge-patch+json").json
        }
        #expect(patched("/web", ["metadata": ["labels": ["a": "b"]]])[meta: "generation"] == 1)
        #expect(patched("/web/status", ["status": ["replicas": 3]])[meta: "generation"] == 1)
        #expect(patched("/web", ["spec": ["replicas": 4]])[meta: "generation"] == 2)
        #expect(patched("/web", ["spec": ["replicas": 4]])[meta: "generation"] == 2)
        #expect(patched("/web", ["status": ["replicas": 9]])[path: "status", "replicas"] == 3)
        #expect(patched("/web/status", ["spec": ["replicas": 9]])[path: "spec", "replicas"] == 4)
    }

    @Test func `a dry run says what would be and does nothing`() {
        var world = World()
        let before = world.state.revision
        #expect(world.send(.post, Place.configMaps + "?dryRun=All", Sample.configMap("one")).status == 201)
        #expect(world.send(.get, Place.configMaps + "/one").status == 404)
        world.send(.post, Place.configMaps, Sample.configMap("one"))
        #expect(world.send(.delete, Place.configMaps + "/one?dryRun=All").status == 200)
        #expect(world.send(.delete, Place.configMaps + "/one", ["dryRun": ["All"]]).status == 200)
        #expect(world.send(.get, Place.configMaps + "/one").status == 200)
        #expect(world.state.revision == before + 1)
        #expect(world.send(.post, Place.configMaps + "?dryRun=Some", Sample.configMap("two")).status == 422)
    }

    /// Bodies, and what the server says to them.
    private static let bodies: [(JSONValue, Int)] = [
        ("text", 400), (["kind": "Secret", "apiVersion": "v1"], 400),
        (["kind": "ConfigMap", "apiVersion": "v2"], 400),
        (["metadata": ["name": "a", "namespace": "other"]], 400), (["metadata": ["name": 5]], 400),
        (["metadata": ["name": "a", "labels": ["x": 1]]], 400),
        (["metadata": ["name": "a", "labels": ["-x": "1"]]], 422),
        (["metadata": ["name": "a", "labels": ["x": "bad value"]]], 422),
        (["metadata": ["name": "a"], "data": ["a/b": "1"]], 422),
        (["metadata": ["name": "a"]], 201),
    ]

    @Test(arguments: bodies)
    func `a body must be what its place takes`(body: JSONValue, status: Int) {
        var world = World()
        #expect(world.send(.post, Place.configMaps, body).status == status)
    }

    @Test func `bodies of another media type or beyond the limit are refused`() {
        var world = World()
        let said = world.send(.post, Place.configMaps, Sample.configMap("one"), type: "text/plain")
        #expect(said.status == 415)
        #expect(said.reason == "UnsupportedMediaType")
        let large = Sample.configMap("two", ["a": String(repeating: "x", count: APIRequest.bodyLimit)])
        #expect(world.send(.post, Place.configMaps, large).status == 413)
        #expect(world.send(.get, Place.configMaps, accept: "application/vnd.kubernetes.protobuf").status == 406)
        #expect(
            world.send(.get, Place.configMaps, accept: "application/vnd.kubernetes.protobuf,application/json").status
                == 200
        )
    }

    @Test func `a secret's texts become data`() {
        var world = World()
        let secret: JSONValue = ["metadata": ["name": "s"], "stringData": ["user": "me"], "data": ["raw": "AAE="]]
        let said = world.send(.post, "/api/v1/namespaces/default/secrets", secret)
        #expect(said.json["data"] == ["user": "bWU=", "raw": "AAE="])
        #expect(said.json["stringData"] == nil)
        #expect(said.json["type"] == "Opaque")
    }

    @Test func `what is null is absent`() {
        var world = World()
        var deployment = Sample.deployment("web")
        deployment[meta: "creationTimestamp"] = .null
        deployment[path: "spec", "template", "metadata", "creationTimestamp"] = .null
        let said = world.send(.post, Place.deployments, deployment)
        #expect(said.status == 201)
        #expect(said.json[path: "spec", "template", "metadata"] == ["labels": ["app": "web"]])
    }

    @Test func `an object that the cluster has no room for is refused`() {
        var world = World { settings in
            settings.objectCapacity = 6
            settings.runsWorkloads = false
        }
        for index in 0..<2 { #expect(world.send(.post, Place.configMaps, Sample.configMap("m\(index)")).status == 201) }
        let said = world.send(.post, Place.configMaps, Sample.configMap("last"))
        #expect(said.status == 503)
        #expect(said.reason == "ServiceUnavailable")
    }
}
