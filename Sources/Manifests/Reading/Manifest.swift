public import KubeModel

/// One object as somebody wrote it, and where its parts stand.
public struct Manifest: Sendable {
    /// The file as it was named; `<stdin>` for standard input.
    public let file: String
    /// The object.
    public let content: JSONValue
    /// Where its parts stand.
    let map: SourceMap
    /// The way from the document to the object: empty, or `items[3]` of a list.
    let base: ValuePath

    /// Takes what a document holds.
    init(file: String, content: JSONValue, map: SourceMap, base: ValuePath = ValuePath()) {
        self.file = file
        self.content = content
        self.map = map
        self.base = base
    }

    /// Where a value stands; a value that is missing stands where what should hold it does.
    public func position(of path: ValuePath) -> Position {
        map.part(at: path).position
    }

    /// A finding about a value in this object.
    public func finding(_ severity: Finding.Severity, at path: ValuePath, _ message: String) -> Finding {
        Finding(file: file, position: position(of: path), severity, field: base + path, message)
    }

    /// What `apiVersion` says; empty if it says nothing.
    public var apiVersion: String { content["apiVersion"]?.string ?? "" }

    /// What `kind` says; empty if it says nothing.
    public var kind: String { content["kind"]?.string ?? "" }

    /// Namespace and name, empty where they are not given.
    public var key: ObjectKey {
        ObjectKey(
            namespace: content[path: "metadata", "namespace"]?.string ?? "",
            name: content[path: "metadata", "name"]?.string ?? ""
        )
    }
}

extension Manifest {
    /// The objects of a `…List`, one by one; any other object as it is.
    ///
    /// Items of a typed list, which come without kind and version from a server, get them from the list.
    ///
    /// - Source: Kubernetes, `apimachinery/pkg/apis/meta/v1/unstructured`, `UnstructuredList`; kubectl flattens lists.
    var flattened: [Manifest] {
        guard kind.hasSuffix("List"), let items = content["items"]?.array else { return [self] }
        let itemKind = String(kind.dropLast("List".count))
        return items.enumerated()
            .flatMap { index, item in
                var item = item
                if item.object != nil, !itemKind.isEmpty, item["kind"] == nil, item["apiVersion"] == nil {
                    item["kind"] = .string(itemKind)
                    item["apiVersion"] = content["apiVersion"]
                }
                let path = ValuePath([.key("items"), .index(index)])
                return Manifest(file: file, content: item, map: map.part(at: path), base: base + path).flattened
            }
    }
}
