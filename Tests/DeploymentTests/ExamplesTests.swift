import Billing
import Deployment
import Foundation
import Testing

@Suite("The example deployments")
struct ExamplesTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "jobs/examples")

    private static let vendors = ["connex", "cdnow", "extensiv", "channeldock", "appseconnect", "a2x"]

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.folder.appending(path: path), encoding: .utf8)
    }

    @Test("The committed schemas are the program's own")
    func schemas() throws {
        #expect(try text("catalog.schema.json") == CatalogSchema.json, "run with METERBOOK_RECORD=1 to write them")
        #expect(try text("sources.schema.json") == SourcesSchema.json, "run with METERBOOK_RECORD=1 to write them")
        #expect(try text("meterbook.schema.json") == ConfigurationSchema.json, "METERBOOK_RECORD=1 writes them")
    }

    @Test("Write the schemas", .enabled(if: ProcessInfo.processInfo.environment["METERBOOK_RECORD"] == "1"))
    func record() throws {
        for (name, json) in [
            ("catalog", CatalogSchema.json), ("sources", SourcesSchema.json), ("meterbook", ConfigurationSchema.json),
        ] {
            try json.write(to: Self.folder.appending(path: "\(name).schema.json"), atomically: true, encoding: .utf8)
        }
    }

    @Test("The catalogs and the sources are sound", arguments: vendors)
    func sound(_ vendor: String) throws {
        let catalog = try CatalogReader.read(text: text("\(vendor)/catalog.yaml"), file: "catalog.yaml").get()
        let sources = try SourcesReader.read(text: text("\(vendor)/sources.yaml"), file: "sources.yaml").get()
        #expect(catalog.name == vendor)
        #expect(Set(sources.map(\.feeds)).union([.readings, .intervals]) == Set(Feed.allCases))
    }

    @Test("The sources that are servers are sound, each with its way from page to page")
    func servers() throws {
        let sources = try SourcesReader.read(text: text("servers/sources.yaml"), file: "sources.yaml").get()
        let kinds = sources.map { source in
            switch source.origin {
            case .file, .postgres: "none"
            case .prometheus: "prometheus"
            case .http(let origin):
                switch origin.pages {
                case nil: "one answer"
                case .cursor: "cursor"
                case .number: "number"
                case .next: "next"
                case .link: "link"
                }
            }
        }
        #expect(kinds == ["one answer", "link", "cursor", "number", "prometheus"])
    }

    @Test("Every file that a source names is there", arguments: vendors)
    func files(_ vendor: String) throws {
        for source in try SourcesReader.read(text: text("\(vendor)/sources.yaml"), file: "sources.yaml").get() {
            guard case .file(let path, _, _) = source.origin else { continue }
            let plain = path.split(separator: "*").first.map(String.init) ?? path
            let file = Self.folder.appending(path: "\(vendor)/\(plain)")
            #expect(FileManager.default.fileExists(atPath: file.path(percentEncoded: false)), "\(path)")
        }
    }

    @Test("The counts of the Connex example are those of its cases")
    func connexCounts() throws {
        var totals: [String: [String: Int]] = [:]
        let orders = Self.folder.appending(path: "connex/data/orders")
        for file in try FileManager.default.contentsOfDirectory(atPath: orders.path(percentEncoded: false)) {
            for line in try text("connex/data/orders/\(file)").split(separator: "\n").dropFirst() {
                let fields = line.split(separator: ",")
                let month = fields[2] < "2022-02-01" ? "before" : String(fields[2].prefix(7))
                totals[String(fields[0]), default: [:]][month, default: 0] += try #require(Int(fields[3]))
            }
        }
        #expect(
            totals.mapValues { $0["before"] } == [
                "northwind-store": 15_000, "harbor-lane-store": 8_000, "old-mill-store": 12_000,
                "juniper-store": 70_000,
                "saltmarsh-store": 13_000, "brightwater-store": 15_000,
            ])
        for month in ["2022-02", "2022-03", "2022-04", "2022-05"] {
            #expect(totals["northwind-store"]?[month] == 1_500)
        }
    }

    @Test("The late file of the Connex example is January again, with 400 orders more for one account")
    func connexLate() throws {
        func total(_ path: String) throws -> [Substring: Int] {
            try text("connex/data/\(path)").split(separator: "\n").dropFirst().reduce(into: [:]) { totals, line in
                let fields = line.split(separator: ",")
                totals[fields[0], default: 0] += try #require(Int(fields[3]))
            }
        }
        var expected = try total("orders/2022-01.csv")
        expected["brightwater-store", default: 0] += 400
        #expect(try total("late/2022-01.csv") == expected)
    }
}
