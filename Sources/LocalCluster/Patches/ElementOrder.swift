import KubeModel

/// In which order the elements of a merged list stand.
///
/// Elements that the client knows keep the client's order, the others the server's; where both meet, an element of the
/// server's goes first only if it stood before the other one already.
///
/// - Source: Kubernetes, `apimachinery/pkg/util/strategicpatch/patch.go`, `normalizeElementOrder` and
///   `mergeSortedSlice`.
struct ElementOrder {
    /// What the client knows, in its order.
    let known: [JSONValue]
    /// The list before the patch.
    let original: [JSONValue]
    /// The member by which elements are told apart; `nil` for plain values.
    let key: String?

    /// The elements in order.
    ///
    /// - Complexity: quadratic in the length of the list; such lists are short.
    func sorted(_ merged: [JSONValue]) -> [JSONValue] {
        var mine = ranked(merged, by: known)[...]
        var theirs = merged.filter { place(of: $0, in: known) == nil }[...]
        theirs = ranked(Array(theirs), by: original)[...]
        var sorted: [JSONValue] = []
        while let my = mine.first, let their = theirs.first {
            if let old = place(of: their, in: original), let new = place(of: my, in: original), old < new {
                sorted.append(their)
                theirs.removeFirst()
            } else {
                sorted.append(my)
                mine.removeFirst()
            }
        }
        return sorted + mine + theirs
    }

    /// Those elements that are in a list, in its order.
    private func ranked(_ elements: [JSONValue], by list: [JSONValue]) -> [JSONValue] {
        elements.compactMap { element in place(of: element, in: list).map { (place: $0, element: element) } }
            .sorted { $0.place < $1.place }
            .map(\.element)
    }

    /// Where an element is in a list.
    private func place(of element: JSONValue, in list: [JSONValue]) -> Int? {
        guard let key else { return list.firstIndex(of: element) }
        return list.firstIndex { $0[key] == element[key] }
    }
}
