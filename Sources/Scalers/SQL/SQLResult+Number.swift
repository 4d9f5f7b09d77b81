internal import Foundation
internal import Outbound
internal import ScalerKit

extension SQLResult {
    /// The one number of the first row.
    ///
    /// - Throws: ``ScalerError``: what the query gave instead.
    /// - Source: KEDA, which scans the first row into a `float64`.
    func number() throws(ScalerError) -> Double {
        guard columns.count == 1, let column = columns.first else {
            throw ScalerError(.unexpectedAnswer, "the query must give one column, it gives \(columns.count)")
        }
        guard let row = firstRow else { throw ScalerError(.noValue, "the query gave no row") }
        guard let text = row.first ?? nil else { throw ScalerError(.noValue, "the query gave NULL") }
        switch column.kind {
        case .number, .text:
            guard let number = Double(text.trimmingCharacters(in: .whitespaces)) else {
                throw ScalerError(.unexpectedAnswer, "the query gave a text that is no number", detail: text)
            }
            guard number.isFinite else { throw ScalerError(.noValue, "the query gave \(number)") }
            return number
        case .other(let kind):
            throw ScalerError(.unexpectedAnswer, "the query must give a number, it gives \(kind)")
        }
    }
}
