/// How much one run of a formula may still do, so that every run ends quickly and in little memory.
struct FormulaBudget: Sendable {
    /// Nodes, comparisons and moves; a hundred thousand of them take some milliseconds.
    static let mostSteps = 1_000_000
    /// Items of arrays and maps, and bytes of strings, made in all.
    static let mostItems = 100_000
    /// Arrays in arrays.
    static let mostDepth = 100

    /// Steps that are left.
    private var steps = Self.mostSteps
    /// Items that are left.
    private var items = Self.mostItems

    /// Pays for work.
    ///
    /// - Throws: `.limit`.
    mutating func spend(_ count: Int = 1, at place: FormulaError.Place) throws(FormulaError) {
        guard count <= steps else {
            throw FormulaError(.limit, "the formula takes more than \(Self.mostSteps) steps", at: place)
        }
        steps -= count
    }

    /// Pays for memory, before it is used.
    ///
    /// - Throws: `.limit`.
    mutating func make(_ count: Int, at place: FormulaError.Place) throws(FormulaError) {
        guard count <= items else {
            throw FormulaError(.limit, "the formula makes more than \(Self.mostItems) items", at: place)
        }
        items -= count
    }
}
