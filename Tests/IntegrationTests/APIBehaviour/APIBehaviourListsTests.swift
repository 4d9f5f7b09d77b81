import KubeModel
import Testing

extension RealServers {
    /// Lists and watches tell the same on every server.
    @Suite struct APIBehaviourLists {
        /// Makes `m0` to `m<count-1>`, even ones with a label, and gives the version of the last.
        private static func fill(_ api: APISession, _ count: Int) async throws -> String {
            var version = ""
            for index in 0..<count {
                let labels: JSONValue =
                    index.isMultiple(of: 2) ? ["even": "yes", "n": .string("\(index)")] : ["n": .string("\(index)")]
                let map: JSONValue = [
                    "metadata": ["name": .string("m\(index)"), "labels": labels], "data": ["a": "1"],
                ]
                version = try await api.send(.post, "configmaps", map).version
            }
            return version
        }

        /// Queries and the names that they find among `m0` to `m5` (and what the cluster itself may add).
        static let selections: [(name: String, value: String, found: [String])] = [
            ("labelSelector", "even=yes", ["m0", "m2", "m4"]),
            ("labelSelector", "even", ["m0", "m2", "m4"]),
            ("labelSelector", "n in (1,2)", ["m1", "m2"]),
            ("labelSelector", "n notin (0,1,2,3,4),n", ["m5"]),
            ("labelSelector", "!even,n", ["m1", "m3", "m5"]),
            ("labelSelector", "n>3", ["m4", "m5"]),
            ("fieldSelector", "metadata.name=m3", ["m3"]),
        ]

        @Test(arguments: APIServer.atHand)
        func `selectors find the same objects`(server: APIServer) async throws {
            try await server.withSession { api in
                _ = try await Self.fill(api, 6)
                for selection in Self.selections {
                    let said = try await api.send(.get, "configmaps", query: [selection.name: selection.value])
                    #expect(said.names == selection.found, "\(selection.value)")
                }
                for (name, value) in [
                    ("labelSelector", "a=b=c"), ("fieldSelector", "data.a=1"), ("continue", "nonsense"),
                ] {
                    #expect(try await api.send(.get, "configmaps", query: [name: value]).status == 400, "\(value)")
                }
            }
        }

        @Test(arguments: APIServer.atHand)
        func `pages show one state, whatever happens meanwhile`(server: APIServer) async throws {
            try await server.withSession { api in
                _ = try await Self.fill(api, 7)
                func page(_ token: String?) async throws -> Said {
                    var query = ["limit": "3", "labelSelector": "n"]
                    query["continue"] = token
                    return try await api.send(.get, "configmaps", query: query)
                }
                let first = try await page(nil)
                #expect(first.names == ["m0", "m1", "m2"])
                try await api.send(.delete, "configmaps/m4")
                try await api.send(.post, "configmaps", ["metadata": ["name": "m45", "labels": ["n": "x"]]])
                let second = try await page(try #require(first.json[path: "metadata", "continue"]?.string))
                #expect(second.names == ["m3", "m4", "m5"])
                #expect(second.version == first.version)
                let third = try await page(try #require(second.json[path: "metadata", "continue"]?.string))
                #expect(third.names == ["m6"])
                #expect(third.json[path: "metadata", "continue"]?.string ?? "" == "")
            }
        }

        @Test(arguments: APIServer.atHand)
        func `a watch tells each change in order`(server: APIServer) async throws {
            try await server.withSession { api in
                let start = try await Self.fill(api, 2)
                try await api.merge("configmaps/m0", ["data": ["a": "2"]])
                try await api.send(.post, "configmaps", ["metadata": ["name": "new"]])
                try await api.send(.delete, "configmaps/m1")
                let events = try await api.watch("configmaps", from: start, upTo: 3)
                #expect(events.map(\.summary) == ["MODIFIED m0", "ADDED new", "DELETED m1"])
                #expect(events.allSatisfy { $0.object["kind"] == "ConfigMap" && $0.object["apiVersion"] == "v1" })
                let versions = events.compactMap {
                    $0.object[path: "metadata", "resourceVersion"]?.string.flatMap { Int($0) }
                }
                #expect(versions.count == 3)
                #expect(versions == versions.sorted())
                #expect(versions[2] > versions[1])
            }
        }

        @Test(arguments: APIServer.atHand)
        func `a watch without a version begins with what is there`(server: APIServer) async throws {
            try await server.withSession { api in
                _ = try await Self.fill(api, 3)
                for version in ["", "0"] {
                    let events = try await api.watch(
                        "configmaps",
                        from: version,
                        query: ["labelSelector": "n"],
                        upTo: 3
                    )
                    #expect(Set(events.map(\.summary)) == ["ADDED m0", "ADDED m1", "ADDED m2"], "from \(version)")
                }
            }
        }

        @Test(arguments: APIServer.atHand)
        func `coming into and going out of a selector are an addition and a deletion`(server: APIServer) async throws {
            try await server.withSession { api in
                let start = try await api.send(.post, "configmaps", ["metadata": ["name": "a"]]).version
                for value in ["yes", "no", "yes"] as [JSONValue] {
                    try await api.merge("configmaps/a", ["metadata": ["labels": ["on": value]]])
                }
                try await api.merge("configmaps/a", ["data": ["x": "1"]])
                let events = try await api.watch("configmaps", from: start, query: ["labelSelector": "on=yes"], upTo: 4)
                #expect(events.map(\.type) == ["ADDED", "DELETED", "ADDED", "MODIFIED"])
            }
        }

        @Test(arguments: APIServer.atHand)
        func `a watch ends after its time`(server: APIServer) async throws {
            try await server.withSession { api in
                let start = try await api.send(.post, "configmaps", ["metadata": ["name": "a"]]).version
                var request = KubeRequest(.get, path: ["api", "v1", "namespaces", api.namespace, "configmaps"])
                request.query = [
                    .init("watch", "true"), .init("resourceVersion", start), .init("timeoutSeconds", "1"),
                    .init("labelSelector", "none=here"),
                ]
                #expect(try await api.endpoint.events(request, upTo: 1).isEmpty)
            }
        }

        // kube-apiserver forgets only after minutes, when etcd is compacted, so it is not asked.
        @Test(arguments: [APIServer.inProcess, .overHTTPS])
        func `a version from before the history is 410 within the stream`(server: APIServer) async throws {
            try await server.withSession(historyCapacity: 3) { api in
                _ = try await Self.fill(api, 5)
                let events = try await api.watch("configmaps", from: "1", upTo: 1)
                #expect(events.map(\.type) == ["ERROR"])
                #expect(events.first?.object["code"] == 410)
                #expect(events.first?.object["reason"] == "Expired")
            }
        }

        @Test(arguments: APIServer.atHand)
        func `a version that is yet to come is not listed`(server: APIServer) async throws {
            try await server.withSession { api in
                let said = try await api.send(.get, "configmaps", query: ["resourceVersion": "999999999"])
                #expect(said.status == 504)
                #expect(said.reason == "Timeout")
                #expect(try await api.send(.get, "configmaps", query: ["resourceVersion": "0"]).status == 200)
            }
        }

        @Test(arguments: APIServer.atHand)
        func `tables have rows of cells under named columns`(server: APIServer) async throws {
            try await server.withSession { api in
                _ = try await Self.fill(api, 2)
                let said = try await api.send(
                    .get,
                    "configmaps",
                    query: ["labelSelector": "n"],
                    accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
                )
                #expect(said.json["kind"] == "Table")
                #expect(said.json["apiVersion"] == "meta.k8s.io/v1")
                let columns = said.json["columnDefinitions"]?.array ?? []
                #expect(columns.map { $0["name"] } == ["Name", "Data", "Age"])
                let rows = said.json["rows"]?.array ?? []
                #expect(rows.map { $0["cells"]?.array?.first } == ["m0", "m1"])
                #expect(rows.map { $0["cells"]?.array?[1] } == [1, 1])
                #expect(rows.first?["object"]?["kind"] == "PartialObjectMetadata")
            }
        }
    }
}
