import Testing

@testable import Scalers

/// Each text by a regular expression, too, which says what is meant.
@Suite struct NumberTextTests {
    static let texts = [
        "", "5", "-5", "+5", "5.", "5.25", ".5", "-.5", ".", "+", "-", "e5", "5e3", "5E-3", "5e+3x", "5e", "5e+",
        "5.e2",
        ".e2", "..5", "5.5.5", "--5", "007", "12 rest", "12,5", "0x10", "1_000", "٣", "5é", "inf", "nan",
    ]

    @Test(arguments: texts)
    func `a number at the start is found`(text: String) {
        let expected = text.prefixMatch(of: #/[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?/#)?.output.0
        #expect(NumberText.decimal(startOf: text[...]) == expected)
    }

    @Test(arguments: texts)
    func `a whole number at the start is found`(text: String) {
        #expect(NumberText.whole(startOf: text[...]) == text.prefixMatch(of: #/[-+]?[0-9]+/#)?.output)
    }
}
