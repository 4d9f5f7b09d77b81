import ScalerKit
import Scalers
import Testing

@testable import swell

@Suite struct TriggerPageTests {
    @Test(arguments: ScalerRegistry.builtIn.types)
    func `a page has every setting, and an example that is complete`(type: String) throws {
        let schema = try #require(ScalerRegistry.builtIn[type]?.schema)
        let text = TriggerPage(schema).text
        for field in schema.fields {
            #expect(text.contains("\n  \(field.names.joined(separator: ", "))"), "\(field.names)")
            #expect(text.contains(field.help))
        }
        let example = Dictionary(uniqueKeysWithValues: schema.example.map { ($0, $1) })
        #expect(!example.isEmpty && schema.unknownKeys(in: example).isEmpty)
        for field in schema.fields where field.sources.contains(.metadata) {
            guard let name = field.names.first(where: { example[$0] != nil }), let value = example[name] else {
                #expect(!field.isRequired || example["\(field.names[0])FromEnv"] != nil, "\(field.names[0])")
                continue
            }
            #expect(field.problem(with: value) == nil)
            #expect(text.contains("      \(name): \""))
        }
    }

    @Test func `the list has a line for each type`() {
        let lines = TriggerPage.list(of: .builtIn).split(separator: "\n")
        #expect(lines.count == ScalerRegistry.builtIn.types.count)
        #expect(lines.contains { $0.hasPrefix("cron ") && $0.hasSuffix("window of time.") })
    }
}
