/// What every object has around its own fields.
///
/// - Source: Kubernetes API reference, ObjectMeta.
enum ObjectMetaSchema {
    /// By name.
    static let properties: [String: JSONValue] = [
        "apiVersion": ["type": "string"],
        "kind": ["type": "string"],
        "metadata": metadata,
    ]

    /// `metadata`; what servers fill in is only listed, so that objects read from a cluster pass.
    private static let metadata: JSONValue = [
        "type": "object",
        "properties": [
            "name": text,
            "generateName": text,
            "namespace": text,
            "labels": texts,
            "annotations": texts,
            "finalizers": ["type": "array", "items": text],
            "ownerReferences": [
                "type": "array",
                "items": [
                    "type": "object",
                    "required": ["apiVersion", "kind", "name", "uid"],
                    "properties": [
                        "apiVersion": text,
                        "kind": text,
                        "name": text,
                        "uid": text,
                        "controller": ["type": "boolean"],
                        "blockOwnerDeletion": ["type": "boolean"],
                    ],
                ],
            ],
            "uid": text,
            "resourceVersion": text,
            "generation": ["type": "integer", "format": "int64"],
            "creationTimestamp": text,
            "deletionTimestamp": text,
            "deletionGracePeriodSeconds": ["type": "integer", "format": "int64"],
            "selfLink": text,
            "managedFields": ["type": "array", "items": anything],
        ],
    ]

    /// One text.
    private static let text: JSONValue = ["type": "string"]
    /// Texts by key.
    private static let texts: JSONValue = ["type": "object", "additionalProperties": ["type": "string"]]
    /// An object of which nothing is said.
    private static let anything: JSONValue = ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
}
