import Foundation
import TestSupport

/// A subscription of the Connex catalog, with a customer and an account of its own.
///
/// From the key `northwind` follow the customer `northwind`, the subscription `northwind` and the account
/// `northwind-store`.
struct Subscriber: Sendable {
    var key: String
    var plan = "silver"
    var anchor: String
    /// Nil for the anchor date.
    var signedUp: String?
    /// Nil for the anchor date.
    var starts: String?
    var ends: String?
    var cadence: String?

    init(
        _ key: String, plan: String = "silver", anchor: String, signedUp: String? = nil, starts: String? = nil,
        ends: String? = nil, cadence: String? = nil
    ) {
        self.key = key
        self.plan = plan
        self.anchor = anchor
        self.signedUp = signedUp
        self.starts = starts
        self.ends = ends
        self.cadence = cadence
    }

    /// Signed up before 2021-02-01, so with the old limits until 2022-01-31; billed from the June of 2021.
    static func legacy(_ key: String = "northwind", plan: String = "silver", day: String = "01") -> Subscriber {
        Subscriber(key, plan: plan, anchor: "2020-06-\(day)", starts: "2021-06-\(day)")
    }
}

/// One count: so many orders of an account on a day.
struct Count: Sendable {
    var day: String
    var quantity: Int
    var account = "northwind-store"
    var channel = "shopify"

    init(_ day: String, _ quantity: Int, account: String = "northwind-store", channel: String = "shopify") {
        self.day = day
        self.quantity = quantity
        self.account = account
        self.channel = channel
    }
}

extension Books {
    static let repository: String = {
        var path = #filePath
        for _ in 0..<4 { path = (path as NSString).deletingLastPathComponent }
        return path
    }()

    static let connexCatalog = repository + "/jobs/examples/connex/catalog.yaml"

    static let sources = """
        sources:
          customers: {feeds: customers, file: customers.csv}
          subscriptions: {feeds: subscriptions, file: subscriptions.csv}
          accounts: {feeds: accounts, file: accounts.csv}
          memberships: {feeds: memberships, file: memberships.csv}
          orders:
            feeds: readings
            file: orders/*.csv
            columns: {meter: {value: orders}}
        """

    /// Writes a deployment with these subscribers and no counts yet, and applies the catalog of Connex.
    func deploy(_ subscribers: Subscriber..., catalog: String? = Books.connexCatalog) throws {
        try deploy(subscribers, catalog: catalog)
    }

    func deploy(_ subscribers: [Subscriber], catalog: String? = Books.connexCatalog) throws {
        try folder.write(Books.sources, to: "sources.yaml")
        try write(subscribers)
        try write([], to: "empty.csv")
        if let catalog { try run("catalog", "apply", catalog) }
    }

    func write(_ subscribers: [Subscriber]) throws {
        func file(_ header: String, _ row: (Subscriber) -> String) -> String {
            ([header] + subscribers.map(row)).joined(separator: "\n") + "\n"
        }
        try folder.write(file("customer,name") { "\($0.key),The \($0.key) company" }, to: "customers.csv")
        try folder.write(
            file("subscription,customer,plan,anchor,signed_up,starts,ends,cadence") {
                "\($0.key),\($0.key),\($0.plan),\($0.anchor),\($0.signedUp ?? ""),\($0.starts ?? ""),"
                    + "\($0.ends ?? ""),\($0.cadence ?? "")"
            }, to: "subscriptions.csv")
        try folder.write(file("account,name") { "\($0.key)-store,The \($0.key) store" }, to: "accounts.csv")
        try folder.write(file("account,subscription") { "\($0.key)-store,\($0.key)" }, to: "memberships.csv")
    }

    /// Writes a file of counts, which replaces one of the same name.
    func write(_ counts: [Count], to name: String) throws {
        try folder.write(
            "account,channel,day,quantity\n"
                + counts.map { "\($0.account),\($0.channel),\($0.day),\($0.quantity)\n" }.joined(), to: "orders/\(name)"
        )
    }

    /// Runs a job on the deployment, and expects it to succeed.
    @discardableResult
    func job(_ words: String...) throws -> String {
        let arguments = words + ["--deployment", folder.path, "--database", conninfo(for: words)]
        let outcome = try Program.meterbook.run(arguments)
        guard outcome.code == 0 else {
            throw TestFailure(
                "\(words.joined(separator: " ")) ended with \(outcome.code ?? -1): \(outcome.errors)\(outcome.output)")
        }
        return outcome.output
    }

    /// Runs a job on the deployment, however it ends.
    func attempt(_ words: String..., environment: [String: String] = [:]) throws -> Program.Outcome {
        try Program.meterbook.run(
            words + ["--deployment", folder.path, "--database", conninfo(for: words)], environment: environment)
    }

    /// Whether the books agree with themselves, and every invoice comes out again as it was written.
    func agree() throws -> Bool {
        let outcome = try meterbook("reconcile")
        if outcome.code != 0 { print(outcome.output, outcome.errors) }
        return try outcome.code == 0 && outcome.output.contains("The books agree.") && replays()
    }

    /// Whether the deployment's catalog would have billed every subscription what it was billed.
    func wouldBillTheSame() throws -> Bool {
        let outcome = try meterbook(
            "close", "--dry-run", "--catalog", folder.path + "/catalog.yaml", "--workers", "1", "--json")
        let report = try JSON(outcome.output)
        let isSame = try outcome.code == 0 && report.number("unchanged") == report.number("subscriptions")
        if !isSame { print(outcome.output, outcome.errors) }
        return isSame
    }

    /// Whether every invoice comes out again, to the last byte, from what was known when it was made.
    func replays() throws -> Bool {
        let outcome = try meterbook("replay", "--all")
        if outcome.code != 0 { print(outcome.output, outcome.errors) }
        return outcome.code == 0
    }
}

extension Books {
    /// What a subscription was invoiced, invoice after invoice, as the export tells it.
    func invoices(_ subscription: String = "northwind") throws -> [Billed] {
        try run("invoice", "export").split(separator: "\n").map { try Billed(JSON(String($0))) }
            .filter { $0.subscription == subscription }
    }

    /// The account page.
    func usage(_ subscription: String = "northwind", asOf: String) throws -> JSON {
        try JSON(run("usage", subscription, "--as-of", asOf, "--json"))
    }
}

/// An invoice with its lines, amounts in cents.
struct Billed: Equatable, CustomStringConvertible {
    struct Line: Equatable, CustomStringConvertible {
        var kind: String
        /// The first day of the service and the first day after it.
        var service: String
        var quantity: Int
        var before: Int
        var threshold: Int
        var billable: Int
        var cents: Int
        var corrects: String?

        static func flat(_ from: String, _ until: String, _ cents: Int) -> Line {
            Line(
                kind: "flat", service: "\(from)/\(until)", quantity: 1, before: 0, threshold: 0, billable: 1,
                cents: cents)
        }

        /// Usage of a service period: what was counted, what had been counted before, the threshold, what lies beyond it.
        static func usage(
            _ from: String, _ until: String, _ quantity: Int, before: Int, threshold: Int, billable: Int = 0,
            cents: Int = 0
        ) -> Line {
            Line(
                kind: "usage", service: "\(from)/\(until)", quantity: quantity, before: before, threshold: threshold,
                billable: billable, cents: cents)
        }

        static func correction(
            _ from: String, _ until: String, _ quantity: Int, before: Int, threshold: Int, billable: Int, cents: Int,
            of corrects: String
        ) -> Line {
            Line(
                kind: "correction", service: "\(from)/\(until)", quantity: quantity, before: before,
                threshold: threshold, billable: billable, cents: cents, corrects: corrects)
        }

        var description: String {
            "\(kind) \(service) quantity \(quantity) before \(before) threshold \(threshold) billable \(billable) "
                + "cents \(cents)" + (corrects.map { " corrects \($0)" } ?? "")
        }
    }

    var reference: String
    var subscription: String
    var cents: Int
    var lines: [Line]

    init(_ json: JSON) throws {
        reference = try json.text("reference")
        subscription = try json.text("subscription")
        cents = try json.cents("total")
        lines = try json.list("lines").map { line in
            let service = try line.object("service")
            return Line(
                kind: try line.text("kind"), service: "\(try service.text("start"))/\(try service.text("end"))",
                quantity: try line.number("quantity"), before: try line.number("counted_before"),
                threshold: try line.number("threshold"), billable: try line.number("billable"),
                cents: try line.cents("amount"), corrects: try? line.text("corrects"))
        }
    }

    /// The lines that are neither flat nor zero.
    var charges: [Line] { lines.filter { $0.kind != "flat" && $0.cents != 0 } }

    /// What the invoice charges beyond its flat prices.
    var usageCents: Int { lines.filter { $0.kind != "flat" }.reduce(0) { $0 + $1.cents } }

    var description: String { "\(reference) \(cents): \(lines.map(\.description).joined(separator: "; "))" }
}

extension [Billed] {
    /// The invoice of the period that ended on this day.
    func ended(_ day: String) throws -> Billed {
        guard let found = first(where: { $0.reference.hasSuffix("/\(day)") }) else {
            throw TestFailure("no invoice for the period that ended on \(day): \(map(\.reference))")
        }
        return found
    }

    /// What all invoices charge beyond their flat prices.
    var usageCents: Int { reduce(0) { $0 + $1.usageCents } }
}
