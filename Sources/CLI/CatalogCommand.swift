import ArgumentParser
import Billing
import Deployment
import Documents
import Foundation
import Jobs
import Store

struct CatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "Plans, meters and prices: check, compare and put in use.",
        subcommands: [Check.self, Diff.self, Apply.self, Schema.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Report every mistake of a catalog with its line and column.",
            discussion: "Exits with 65 when there is one. Example:\n\n  meterbook catalog check catalog.yaml")

        @Argument(help: "The catalog.", completion: .file(extensions: ["yaml", "yml"]))
        var file: String
        @OptionGroup var output: JSONOption

        func run() throws {
            let result = CatalogReader.read(bytes: try NamedFile.bytes(file), file: file)
            switch result {
            case .success(let catalog):
                let prices = catalog.pricesInOrder.count
                try Console.document(
                    output.json
                        ? DiagnosticJSON.text([])
                        : "\(file): no mistakes; \(catalog.plans.count) plans, \(catalog.meters.count) meters, \(prices) prices\n"
                )
            case .failure(let problems):
                if output.json {
                    try Console.document(DiagnosticJSON.text(problems.all.map(\.entry)))
                } else {
                    Console.complain(problems.description)
                }
                throw ExitStatus.badData.exitCode
            }
        }
    }

    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "diff", abstract: "Say what a catalog would change, and for whom.",
            usage: "meterbook catalog diff <file> [<options>]",
            discussion: "Compares with the catalog in use. Changes nothing.")

        @Argument(help: "The new catalog.", completion: .file(extensions: ["yaml", "yml"]))
        var file: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func run() throws {
            let (catalog, _) = try CatalogFile.read(file)
            let store = CatalogStore(try database.open().connect(), parse: DeploymentFolder.parseCatalog)
            let old = try store.current().map { try DeploymentFolder.parseCatalog($0.document) }
            let subscriptions = try store.subscriptionsByPlan()
            let changes = CatalogDiff.between(old: old, new: catalog).map { change in
                let use = change.plan.flatMap { subscriptions[$0] }
                return CatalogChangeEntry(
                    text: change.description, plan: change.plan, subscriptions: use?.subscriptions,
                    changesPast: use?.firstOpen.map { change.changesPast(before: $0) } ?? false)
            }
            try Console.document(output.json ? CatalogChangeJSON.text(changes) : CatalogChangeText.text(changes))
        }
    }

    struct Apply: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "apply", abstract: "Store a catalog under its hash and put it in use.",
            usage: "meterbook catalog apply <file> [<options>]",
            discussion: "A closed period keeps the catalog that it was rated with. Example:\n\n"
                + "  meterbook catalog apply jobs/examples/connex/catalog.yaml")

        @Argument(help: "The catalog.", completion: .file(extensions: ["yaml", "yml"]))
        var file: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var job: JobOptions

        func run() throws {
            let (catalog, document) = try CatalogFile.read(file)
            var context = try job.context(database.settings(job.work.flags))
            // A person waits for the answer, and gets it as one.
            context.log = .silent
            let runner = JobRunner(context)
            let (_, applied) = try runner.apply(catalog, document: document)
            if job.json {
                try Console.document(
                    AppliedCatalogJSON.text(
                        id: applied.id, isNew: applied.isNew, changed: applied.changed,
                        dividedTotals: applied.dividedTotals))
            } else if applied.changed {
                let divided = applied.dividedTotals > 0 ? "; \(applied.dividedTotals) totals divided at new dates" : ""
                try Console.print(
                    job.dryRun
                        ? "Dry run: the catalog can be put in use\(divided)."
                        : "Catalog \(applied.id) is in use\(divided).")
            }
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "Print the JSON Schema of catalogs, for editors.",
            discussion: "An editor finds it by a first line such as\n\n"
                + "  # yaml-language-server: $schema=../catalog.schema.json")

        @Flag(help: "The schema of sources.yaml instead.")
        var sources = false

        func run() throws {
            try Console.document(sources ? SourcesSchema.json : CatalogSchema.json)
        }
    }
}

/// A catalog's file.
enum CatalogFile {
    /// The catalog and its text, or all its mistakes.
    static func read(_ path: String) throws -> (Catalog, String) {
        let bytes = try NamedFile.bytes(path)
        switch CatalogReader.read(bytes: bytes, file: path) {
        case .success(let catalog): return (catalog, String(decoding: bytes, as: UTF8.self))
        case .failure(let problems):
            throw JobError.invalidSources(file: path, diagnostics: problems.all.map(\.description))
        }
    }
}

extension Diagnostic {
    var entry: DiagnosticEntry {
        DiagnosticEntry(
            file: file, line: line, column: column, path: path, code: code, found: found, expected: expected, hint: hint
        )
    }
}
