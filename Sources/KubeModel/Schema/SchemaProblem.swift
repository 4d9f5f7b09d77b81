/// One place where an object does not fit its schema.
///
/// It holds no words: `swell validate` speaks to people who write manifests, LocalCluster as the API server does.
public struct SchemaProblem: Sendable, Hashable {
    /// What is wrong.
    ///
    /// What was found may be a secret: it may be told only to those who sent it.
    public enum Fault: Sendable, Hashable {
        /// Something is missing.
        case missing
        /// A value is of another type.
        case type(wanted: StructuralSchema.Kind, found: JSONValue)
        /// A value is none of those allowed.
        case choice(among: [JSONValue], found: JSONValue)
        /// There is too little or too much.
        case limit(Measure, Limit, found: JSONValue)
        /// A whole number does not fit its width. The API server lets it pass, those who decode it do not.
        case width
        /// A text does not match.
        case pattern(String, found: String)
        /// A text does not say what it should.
        case format(String, found: String)
        /// An element is in the list already: itself, or its keys.
        case duplicate(JSONValue)
        /// Too few or too many of some schemas fit; so many did.
        case combination(Combination, fitting: Int)
        /// A member that the schema does not have, and those that it has. The object is valid; the API server drops
        /// the member.
        case unknownMember(known: [String])
    }

    /// What is too little or too much.
    public enum Measure: Sendable, Hashable {
        /// A number itself.
        case value
        /// The characters of a text.
        case characters
        /// The elements of a list.
        case elements
        /// The members of an object.
        case members
    }

    /// How much there may be.
    public enum Limit: Sendable, Hashable {
        /// So much or more.
        case least(Double)
        /// So much or less.
        case greatest(Double)
        /// More than that.
        case above(Double)
        /// Less than that.
        case below(Double)
    }

    /// How many of some schemas must fit, by the keyword's name.
    public enum Combination: String, Sendable, Hashable, CaseIterable {
        /// All of them.
        case all = "allOf"
        /// At least one.
        case any = "anyOf"
        /// One and no other.
        case one = "oneOf"
        /// None.
        case none = "not"
    }

    /// Where; what is missing has the path that it should have.
    public let path: ValuePath
    /// What is wrong.
    public let fault: Fault

    /// Whether the object is of no use with it.
    public var isFatal: Bool {
        if case .unknownMember = fault { return false }
        return true
    }
}
