import Foundation
import KubeModel

/// One kind of object: where it is served, what the server does to it, how it is shown.
///
/// ``KindTable`` holds one for each built-in kind and for each registered CustomResourceDefinition; discovery, paths,
/// tables, defaults and subresources all come from it.
struct Kind: Sendable, Identifiable {
    /// `<plural>.<group>` of the stored form; one store of objects each.
    typealias ID = String

    /// What a kind is called.
    struct Names: Sendable, Hashable {
        /// In objects: `Deployment`.
        var kind: String
        /// In URLs: `deployments`.
        var plural: String
        /// For people: `deployment`.
        var singular: String
        /// For people in a hurry: `deploy`.
        var shortNames: [String] = []
        /// Groups of kinds for `kubectl get`, such as `all`.
        var categories: [String] = []
    }

    /// One group and version in which a kind is served.
    struct View: Sendable {
        /// Which.
        var version: GroupVersion
        /// From the stored form to this one; `apiVersion` is set by the caller.
        var show: @Sendable (JSONValue) -> JSONValue = { $0 }
        /// From this form to the stored one; `apiVersion` is set by the caller.
        var store: @Sendable (JSONValue) -> JSONValue = { $0 }
        /// Whether it is another form than the stored one.
        var converts = false
        /// What `fieldSelector` knows here besides name and namespace, as paths in this form.
        var selectableFields: [String: [String]]?
        /// Its own columns, if they differ from the kind's.
        var columns: [Column]?
        /// What its objects must fit; `nil` for built-in kinds, whose rules are ``Kind/check``.
        var schema: StructuralSchema?
        /// The same as its definition has it, for those who ask what there is.
        var openAPI: JSONValue?
    }

    /// What makes `metadata.generation` grow.
    ///
    /// Changes of `metadata` and of `status` never do, but for annotations where it is said.
    enum GenerationRule: Sendable {
        /// The kind has no generation.
        case none
        /// Whatever is neither metadata nor status.
        case content
        /// That, and the annotations, as Deployments have it.
        case contentAndAnnotations
        /// Status too: custom kinds without a status subresource.
        case allButMetadata
    }

    /// Where the `/scale` subresource reads and writes.
    struct ScaleRule: Sendable, Hashable {
        /// The wish.
        var specReplicas = ["spec", "replicas"]
        /// The count.
        var statusReplicas = ["status", "replicas"]
        /// A structured selector, or a text; `nil` for a scale without one.
        var selector: [String]? = ["spec", "selector"]
    }

    /// Which names the server takes.
    enum NameRule: Sendable {
        /// RFC 1123, with dots, up to 253.
        case subdomain
        /// RFC 1123, without dots, up to 63.
        case label
        /// RFC 1035: as a label, but not starting with a digit.
        case label1035
        /// What fits into one segment of a path.
        case pathSegment
    }

    /// What is being checked.
    struct Draft: Sendable {
        /// The stored form, with defaults.
        var object: JSONValue
        /// What it replaces.
        var old: JSONValue?
        /// In which version the request spoke.
        var version: GroupVersion
    }

    /// What it is called.
    var names: Names
    /// Whether its objects live in namespaces.
    var isNamespaced = true
    /// Where it is served, the stored form first.
    var views: [View]
    /// What makes its generation grow.
    var generation = GenerationRule.none
    /// Whether `/status` exists and the main path leaves `status` alone.
    var hasStatus = false
    /// Where `/scale` reads and writes, if it exists.
    var scale: ScaleRule?
    /// Which names the server takes.
    var nameRule = NameRule.subdomain
    /// Whether a PUT may come without a `resourceVersion`.
    var allowsUnconditionalUpdate = true
    /// Whether a PUT to a new name stores it.
    var createsOnUpdate = false
    /// Whether DELETE answers with the object rather than with a Status.
    var answersDeletedObject = false
    /// Whether a DELETE of the collection deletes what is in it.
    var deletesCollections = true
    /// Whether lists in it have merge keys: built-in kinds only.
    var mergesStrategically = true
    /// What `fieldSelector` knows besides name and namespace, where the view says nothing else.
    var selectableFields: [String: [String]] = [:]
    /// Fills defaults into a new or changed object; also what the server sets at birth.
    var fill: @Sendable (inout JSONValue) -> Void = { _ in }
    /// What is wrong with an object.
    var check: @Sendable (Draft) -> [FieldProblem] = { _ in [] }
    /// What `kubectl get` shows of it.
    var columns: [Column] = [.name, .age]
    /// For kinds that are only questions: the answer; nothing is stored.
    var review: (@Sendable (JSONValue) -> JSONValue)?

    /// See ``ID``.
    var id: ID {
        let group = views[0].version.group
        return group.isEmpty ? names.plural : "\(names.plural).\(group)"
    }

    /// `apiVersion` of what is stored.
    var storedVersion: GroupVersion { views[0].version }

    /// `<plural>.<group>` as messages have it: `deployments.apps`, `pods`.
    func qualified(in view: View) -> String {
        view.version.group.isEmpty ? names.plural : "\(names.plural).\(view.version.group)"
    }

    /// An object as a view shows it.
    func shown(_ object: JSONValue, in view: View) -> JSONValue {
        var shown = view.show(object)
        shown["apiVersion"] = .string(view.version.description)
        shown["kind"] = .string(names.kind)
        return shown
    }

    /// An object of a view as it is stored.
    func stored(_ object: JSONValue, from view: View) -> JSONValue {
        var stored = view.store(object)
        stored["apiVersion"] = .string(storedVersion.description)
        stored["kind"] = .string(names.kind)
        return stored
    }

    /// What the API can do with it, as discovery lists it.
    var verbs: [String] {
        guard review == nil else { return ["create"] }
        let all = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
        return deletesCollections ? all : all.filter { $0 != "deletecollection" }
    }
}
