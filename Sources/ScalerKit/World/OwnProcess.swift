public import Outbound

/// What a scaler may know of the process that it runs in: some variables, and the files that they name.
///
/// Files are reached only through variables, so that no user of a trigger can name one.
public struct OwnProcess: Sendable {
    /// The variables; secret, as some of them are keys.
    private let variables: Secret<[String: String]>
    /// Gives the text at a path, of bounded size and without space around it.
    private let read: @Sendable (_ path: String) throws(ScalerError) -> Secret<String>

    /// Nothing is set.
    public init() {
        self.init(Secret([:])) { (_: String) throws(ScalerError) in
            throw ScalerError(.refused, "no file can be read here")
        }
    }

    /// Takes the variables that scalers may know, and what reads the files that they name.
    public init(
        _ variables: Secret<[String: String]>,
        read: @escaping @Sendable (_ path: String) throws(ScalerError) -> Secret<String>
    ) {
        self.variables = variables
        self.read = read
    }

    /// A variable; an empty one counts as not set.
    public subscript(name: String) -> Secret<String>? {
        variables.withValue { $0[name].flatMap { $0.isEmpty ? nil : Secret($0) } }
    }

    /// The text of the file that a variable names; `nil` where the variable is not set.
    ///
    /// - Throws: ``ScalerError`` for a file that cannot be read or is empty; it names the variable.
    public func text(ofFileIn variable: String) throws(ScalerError) -> Secret<String>? {
        guard let path = self[variable] else { return nil }
        do throws(ScalerError) {
            let text = try path.withValue { path throws(ScalerError) in try read(path) }
            guard !text.withValue(\.isEmpty) else { throw ScalerError(.refused, "the file is empty") }
            return text
        } catch {
            throw ScalerError(error.code, "\(variable) of the operator: \(error.summary)")
        }
    }
}
