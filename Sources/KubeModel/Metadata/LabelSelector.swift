/// Which labels an object must have.
///
/// - Source: Kubernetes, "Labels and Selectors"; `apimachinery/pkg/labels/selector.go` for the text form.
public struct LabelSelector: Sendable, Hashable {
    /// One condition on one label.
    public enum Requirement: Sendable, Hashable {
        /// `key in (a,b)`; `key=a` is the same with one value.
        case isIn(String, Set<String>)
        /// `key notin (a,b)`; met by an object without the label.
        case isNotIn(String, Set<String>)
        /// `key`.
        case exists(String)
        /// `!key`.
        case isAbsent(String)
        /// `key>5`, for labels that hold whole numbers.
        case isGreater(String, Int64)
        /// `key<5`, for labels that hold whole numbers.
        case isLess(String, Int64)
    }

    /// All must be met; none at all is met by every object.
    public var requirements: [Requirement]

    /// Makes a selector.
    public init(_ requirements: [Requirement] = []) {
        self.requirements = requirements
    }

    /// Whether an object with these labels is meant.
    public func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { requirement in
            switch requirement {
            case .isIn(let key, let values): labels[key].map(values.contains) ?? false
            case .isNotIn(let key, let values): labels[key].map { !values.contains($0) } ?? true
            case .exists(let key): labels[key] != nil
            case .isAbsent(let key): labels[key] == nil
            case .isGreater(let key, let bound): labels[key].flatMap(Int64.init).map { $0 > bound } ?? false
            case .isLess(let key, let bound): labels[key].flatMap(Int64.init).map { $0 < bound } ?? false
            }
        }
    }

    /// The labels that must have one certain value; `nil` if any requirement says more than that.
    public var equalities: [String: String]? {
        var labels: [String: String] = [:]
        for requirement in requirements {
            guard case .isIn(let key, let values) = requirement, values.count == 1, let value = values.first else {
                return nil
            }
            labels[key] = value
        }
        return labels
    }
}

extension LabelSelector: CustomStringConvertible {
    /// The text form, as `labelSelector=` takes it.
    public var description: String {
        requirements.map { requirement in
            switch requirement {
            case .isIn(let key, let values) where values.count == 1: "\(key)=\(values.first ?? "")"
            case .isIn(let key, let values): "\(key) in (\(values.sorted().joined(separator: ",")))"
            case .isNotIn(let key, let values): "\(key) notin (\(values.sorted().joined(separator: ",")))"
            case .exists(let key): key
            case .isAbsent(let key): "!\(key)"
            case .isGreater(let key, let bound): "\(key)>\(bound)"
            case .isLess(let key, let bound): "\(key)<\(bound)"
            }
        }
        .joined(separator: ",")
    }
}

extension LabelSelector: Codable {
    /// The members of the structured form.
    private enum CodingKeys: String, CodingKey {
        case matchLabels
        case matchExpressions
    }

    /// One entry of `matchExpressions`.
    private struct Expression: Codable {
        /// The label.
        let key: String
        /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
        let `operator`: String
        /// Empty for the last two.
        let values: [String]?
    }

    /// Reads the structured form, `matchLabels` and `matchExpressions`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let labels = try container.decodeIfPresent([String: String].self, forKey: .matchLabels) ?? [:]
        var requirements = labels.sorted { $0.key < $1.key }.map { Requirement.isIn($0.key, [$0.value]) }
        for expression in try container.decodeIfPresent([Expression].self, forKey: .matchExpressions) ?? [] {
            let values = Set(expression.values ?? [])
            switch expression.operator {
            case "In": requirements.append(.isIn(expression.key, values))
            case "NotIn": requirements.append(.isNotIn(expression.key, values))
            case "Exists": requirements.append(.exists(expression.key))
            case "DoesNotExist": requirements.append(.isAbsent(expression.key))
            default:
                throw DecodingError.dataCorruptedError(
                    forKey: .matchExpressions,
                    in: container,
                    debugDescription: "\(expression.operator) is not In, NotIn, Exists or DoesNotExist"
                )
            }
        }
        self.requirements = requirements
    }

    /// Writes the structured form.
    ///
    /// - Throws: `EncodingError` for `>` and `<`, which it cannot say.
    public func encode(to encoder: any Encoder) throws {
        var (labels, expressions): ([String: String], [Expression]) = ([:], [])
        for requirement in requirements {
            switch requirement {
            case .isIn(let key, let values) where values.count == 1 && labels[key] == nil: labels[key] = values.first
            case .isIn(let key, let values):
                expressions.append(Expression(key: key, operator: "In", values: values.sorted()))
            case .isNotIn(let key, let values):
                expressions.append(Expression(key: key, operator: "NotIn", values: values.sorted()))
            case .exists(let key): expressions.append(Expression(key: key, operator: "Exists", values: nil))
            case .isAbsent(let key): expressions.append(Expression(key: key, operator: "DoesNotExist", values: nil))
            case .isGreater, .isLess:
                throw EncodingError.invalidValue(
                    self,
                    .init(codingPath: encoder.codingPath, debugDescription: "> and < exist in text only")
                )
            }
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        if !labels.isEmpty { try container.encode(labels, forKey: .matchLabels) }
        if !expressions.isEmpty { try container.encode(expressions, forKey: .matchExpressions) }
    }
}
