import Foundation
import TestSupport
import Testing

/// Who is told that an allowance is used, and how often: once for each subscription, price, allowance period and share.
@Suite("Usage alerts, end to end")
struct AlertTests {
    @Test("Case 3: from 7,000 to 11,000 in one pull are two alerts, in order, and none again when it is restated")
    func restated() async throws {
        try await withBooks { books in
            try books.deploy(example: "appseconnect")
            func night(_ day: String, _ counts: [(String, Int)]) throws {
                try books.folder.write(
                    "account,process_flow,day,transactions\n"
                        + counts.map { "monsoon-flows,erp-shop,\($0.0),\($0.1)\n" }.joined(),
                    to: "data/transactions.csv")
                try books.job("nightly", "--as-of", day)
            }
            try night("2026-05-03", [("2026-05-02", 7_000)])
            #expect(try books.told() == [])
            try night("2026-05-05", [("2026-05-02", 7_000), ("2026-05-04", 4_000)])
            let both = ["monsoon 2026-05-01 80% due 2026-05-05", "monsoon 2026-05-01 100% due 2026-05-05"]
            #expect(try books.told() == both)
            try night("2026-05-06", [("2026-05-02", 7_000), ("2026-05-04", 500)])
            try night("2026-05-07", [("2026-05-02", 7_000), ("2026-05-04", 4_000)])
            try night("2026-05-08", [("2026-05-02", 7_000), ("2026-05-04", 9_000)])
            #expect(try books.told() == both)
            // The limit of June is a limit of its own.
            try night(
                "2026-06-04", [("2026-05-02", 7_000), ("2026-05-04", 4_000), ("2026-06-02", 7_999), ("2026-06-03", 1)])
            #expect(try books.told() == both + ["monsoon 2026-06-01 80% due 2026-06-04"])

            let first = try #require(try books.notices().first)
            #expect(try first.text("kind") == "usage_alert")
            #expect(try first.text("topic") == "standard.transactions")
            #expect(try first.text("subject") == "80% of your Transactions are used")
            #expect(try first.text("text").contains("has used 11000 of 10000 transactions"))
            #expect(try first.text("text").contains("from 2026-05-01 to 2026-05-31"))
            #expect(try first.text("status") == "pending")
            #expect(try books.agree())
        }
    }

    @Test("Run ten times more, nothing changes, and nobody is looked at again")
    func rerun() async throws {
        try await withBooks { books in
            try books.deployAlerts(["northwind", "harbor"], "allowance: 100, alerts: [50, 100], unit_price: 1")
            try books.write(
                [Count("2022-01-05", 60), Count("2022-01-05", 10, account: "harbor-store")], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-01-10")
            #expect(try books.told() == ["northwind 2022-01-01 50% due 2022-01-10"])
            let before = try books.hash()
            for _ in 0..<10 {
                let run = try JSON(books.job("nightly", "--as-of", "2022-01-10", "--json"))
                #expect(try run.object("alerting").number("subscriptions") == 0)
            }
            #expect(try books.hash() == before)
            // What changes is looked at, and nothing else.
            try books.write(
                [Count("2022-01-05", 60), Count("2022-01-05", 11, account: "harbor-store")], to: "all.csv")
            let run = try JSON(books.job("nightly", "--as-of", "2022-01-11", "--json"))
            #expect(try run.object("alerting").number("subscriptions") == 1)
            #expect(try run.object("alerting").number("notices") == 0)
        }
    }

    @Test("A yearly allowance that is invoiced by the month is told of over the year")
    func year() async throws {
        try await withBooks { books in
            try books.deployAlerts(["northwind"], "allowance: 1200, per: year, alerts: [50, 80, 100], unit_price: 1")
            var counts: [Count] = []
            for (month, expected) in [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 1), (7, 1), (8, 1), (9, 1), (10, 2)] {
                let name = month < 10 ? "0\(month)" : "\(month)"
                counts.append(Count("2022-\(name)-15", 100))
                try books.write(counts, to: "all.csv")
                try books.job("nightly", "--as-of", "2022-\(name)-16")
                #expect(try books.told().count == expected, "in month \(month)")
            }
            #expect(
                try books.told() == [
                    "northwind 2022-01-01 50% due 2022-06-16", "northwind 2022-01-01 80% due 2022-10-16",
                ])
            // The last night of the year brings the rest, and still says so.
            counts.append(Count("2022-12-31", 200))
            try books.write(counts, to: "all.csv")
            try books.job("nightly", "--as-of", "2023-01-01")
            #expect(try books.told().last == "northwind 2022-01-01 100% due 2023-01-01")
            // What is closed is told of no more.
            try books.job("nightly", "--as-of", "2023-02-01")
            #expect(try books.told().count == 3)
        }
    }

    @Test("At most one a day: what comes together follows on the next days, in order, and none is lost")
    func oneADay() async throws {
        try await withBooks { books in
            try books.deployAlerts(
                ["northwind", "harbor"], "allowance: 100, alerts: [50, 80, 100], unit_price: 1",
                notices: "notices: {one_a_day: yes}")
            try books.write([Count("2022-01-05", 85)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-01-06")
            try books.write(
                [Count("2022-01-05", 85), Count("2022-01-06", 20), Count("2022-01-06", 50, account: "harbor-store")],
                to: "all.csv")
            try books.job("nightly", "--as-of", "2022-01-07")
            let told = try books.told()
            #expect(
                told.filter { $0.hasPrefix("northwind") } == [
                    "northwind 2022-01-01 50% due 2022-01-06", "northwind 2022-01-01 80% due 2022-01-07",
                    "northwind 2022-01-01 100% due 2022-01-08",
                ])
            // Each subscription has days of its own.
            #expect(told.filter { $0.hasPrefix("harbor") } == ["harbor 2022-01-01 50% due 2022-01-07"])

            // The deliverer was away for a week: it makes up for it one a day.
            let box = books.folder.path + "/box"
            try FileManager.default.createDirectory(atPath: box, withIntermediateDirectories: true)
            var left: [Int] = []
            for day in ["2022-01-14", "2022-01-14", "2022-01-15", "2022-01-16", "2022-01-17"] {
                let outcome = try books.meterbook("notice", "deliver", "--directory", box, "--as-of", day)
                left.append(try books.notices("pending").count)
                #expect(outcome.code == (left.last == 0 ? 0 : 75), "\(day): \(outcome.errors)")
            }
            #expect(left == [2, 2, 1, 0, 0])
            #expect(try FileManager.default.contentsOfDirectory(atPath: box).count == 4)
        }
    }

    @Test("A backfill of the past warns nobody; the next night warns of what is still under way")
    func backfill() async throws {
        try await withBooks { books in
            try books.deployAlerts(["northwind"], "allowance: 1200, per: year, alerts: [100], unit_price: 1")
            try books.write([Count("2022-03-05", 2_000)], to: "all.csv")
            try books.job("backfill", "--from", "2022-01-01", "--to", "2022-06-01", "--as-of", "2022-08-20")
            #expect(try books.told() == [])
            try books.job("nightly", "--as-of", "2022-08-20")
            #expect(try books.told() == ["northwind 2022-01-01 100% due 2022-08-20"])
            try books.job("backfill", "--from", "2022-01-01", "--to", "2022-08-20", "--as-of", "2022-08-20")
            #expect(try books.told().count == 1)
        }
    }

    @Test("A dry run says how many it would write, and writes none")
    func dryRun() async throws {
        try await withBooks { books in
            try books.deployAlerts(["northwind"], "allowance: 100, alerts: [50, 100], unit_price: 1")
            try books.write([Count("2022-01-05", 100)], to: "all.csv")
            let before = try books.hash(journal: true)
            let dry = try JSON(books.job("nightly", "--as-of", "2022-01-10", "--dry-run", "--json"))
            #expect(try dry.object("alerting").number("notices") == 2)
            #expect(try books.hash(journal: true) == before)
            let real = try JSON(books.job("nightly", "--as-of", "2022-01-10", "--json"))
            #expect(try real.object("alerting").number("notices") == 2)
        }
    }

    @Test("Workers and batch sizes tell the same customers the same, once")
    func workersAndBatches() async throws {
        let keys = (10..<33).map { "customer-\($0)" }
        var all: [String] = []
        for (workers, batch) in [("1", "5000"), ("1", "4"), ("2", "1"), ("3", "7")] {
            all.append(
                try await withBooks { books in
                    try books.deployAlerts(keys, "allowance: 100, alerts: [50, 100], unit_price: 1")
                    let counts = keys.enumerated().map { Count("2022-01-05", $0 * 5, account: "\($1)-store") }
                    try books.write(counts, to: "all.csv")
                    for _ in 0..<2 {
                        try books.job("nightly", "--as-of", "2022-01-10", "--workers", workers, "--batch", batch)
                    }
                    let told = try books.told()
                    #expect(told.count == 13 + 3)
                    return told.sorted().joined(separator: "\n")
                        + (try books.sql("SELECT catalog_id, as_of, watermark FROM meterbook.alert_progress"))
                })
        }
        #expect(Set(all).count == 1)
    }

    @Test("Killed in the midst of its notices, the run leaves whole batches, and the next one writes the rest once")
    func killed() async throws {
        let keys = (0..<60).map { "customer-\($0)" }
        try await withBooks { books in
            try books.deployAlerts(keys, "allowance: 100, alerts: [50, 100], unit_price: 1")
            try books.write(keys.map { Count("2022-01-05", 100, account: "\($0)-store") }, to: "all.csv")
            let gate = try Gate(
                books, "AFTER INSERT ON meterbook.notice FOR EACH STATEMENT",
                when: "(SELECT count(*) FROM meterbook.notice) > 40")
            let running = try books.start(
                "nightly", "--deployment", books.folder.path, "--as-of", "2022-01-10", "--batch", "10")
            try gate.await(1, of: running)
            running.kill()
            #expect(running.wait().signal == SIGKILL)
            try gate.open()
            let again = try books.runAgain(
                "nightly", "--deployment", books.folder.path, "--as-of", "2022-01-10", "--batch", "10")
            #expect(again.code == 0, "\(again.errors)")
            let told = try books.told()
            #expect(told.count == 120)
            #expect(
                Set(told)
                    == Set(keys.flatMap { key in [50, 100].map { "\(key) 2022-01-01 \($0)% due 2022-01-10" } }))
            for key in keys {
                #expect(told.filter { $0.hasPrefix(key + " ") }.map { $0.contains(" 50%") } == [true, false])
            }
        }
    }

    @Test("A subscription that cannot be computed keeps nobody from being told, and is told when it can be")
    func failed() async throws {
        try await withBooks { books in
            try books.deployAlerts(["northwind", "harbor"], "allowance: 100, alerts: [100], unit_price: 1")
            let sound = try Books.text(of: books.folder.path + "/catalog.yaml")
            // No terms any more for who has no contract: for northwind.
            let broken = sound.replacingOccurrences(
                of: "- from: 2015-01-01", with: "- from: 2015-01-01\n        contract: acme")
            try books.folder.write(
                "subscription,customer,plan,anchor,contract\nnorthwind,northwind,basic,2022-01-01,\n"
                    + "harbor,harbor,basic,2022-01-01,acme\n", to: "subscriptions.csv")
            try books.write(
                [Count("2022-01-05", 100), Count("2022-01-05", 100, account: "harbor-store")], to: "all.csv")
            try books.job("pull", "--source", "customers", "--as-of", "2022-01-06")
            try books.job("pull", "--source", "subscriptions", "--as-of", "2022-01-06")
            try books.run("catalog", "apply", books.folder.write(broken, to: "broken.yaml"))
            // All but the subscriptions, which could not be taken in again.
            for source in ["accounts", "memberships"] {
                try books.job("pull", "--source", source, "--as-of", "2022-01-06")
            }
            let outcome = try books.attempt("pull", "--source", "orders", "--as-of", "2022-01-06", "--json")
            #expect(outcome.code == 65)
            let alerting = try JSON(outcome.output).object("alerting")
            #expect(try alerting.number("failed") == 1)
            #expect(try alerting.number("notices") == 1)
            #expect(try books.told() == ["harbor 2022-01-01 100% due 2022-01-06"])
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            try books.run("close", "--as-of", "2022-01-08")
            #expect(
                try books.told() == [
                    "harbor 2022-01-01 100% due 2022-01-06", "northwind 2022-01-01 100% due 2022-01-08",
                ])
        }
    }

    @Test("Alerts that a catalog adds, and terms that begin in mid-year, are told of without a new count")
    func newTerms() async throws {
        try await withBooks { books in
            try books.deployAlerts(["northwind"], "allowance: 1000, per: year, unit_price: 1")
            try books.write([Count("2022-01-05", 600)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-01-10")
            let text = try Books.text(of: books.folder.path + "/catalog.yaml")
            let next =
                text.replacingOccurrences(of: "per: year,", with: "per: year, alerts: [50],").replacingOccurrences(
                    of: "\n\n", with: "\n")
                    + """

                          - from: 2022-02-01
                            prices:
                              orders: {usage: orders, name: Orders, allowance: 500, per: year, alerts: [50, 100], unit_price: 1}
                    """
            try books.run("catalog", "apply", books.folder.write(next, to: "next.yaml"))
            try books.run("close", "--as-of", "2022-01-11")
            #expect(try books.told() == ["northwind 2022-01-01 50% due 2022-01-11"])
            // From February 500 are included, and 600 are counted.
            try books.run("close", "--as-of", "2022-01-31")
            #expect(try books.told().count == 1)
            try books.run("close", "--as-of", "2022-02-01")
            #expect(try books.told().last == "northwind 2022-01-01 100% due 2022-02-01")
        }
    }

    /// Somebody on the plan `basic` of a catalog, who has used 60.
    private func deploy(_ books: Books, ofCatalog catalog: String) throws {
        try books.deploy(
            [Subscriber("northwind", plan: "basic", anchor: "2022-01-01")],
            catalog: books.folder.write(catalog, to: "catalog.yaml"))
        try books.write([Count("2022-01-10", 60)], to: "all.csv")
    }

    /// Somebody who has used 60 of 1,000, of which terms that come with a renewal leave 100.
    private func deploy(_ books: Books, renewedTermsFrom day: String) throws {
        let catalog =
            Books.alertCatalog("allowance: 1000, per: year, unit_price: 1") + """
                      - from: \(day)
                        takes_effect: at_renewal
                        prices:
                          orders: {usage: orders, name: Orders, allowance: 100, per: year, alerts: [50], unit_price: 1}

                """
        try deploy(books, ofCatalog: catalog)
    }

    @Test("Terms that come with the renewal are told of on its night, without a new count")
    func atRenewal() async throws {
        try await withBooks { books in
            try self.deploy(books, renewedTermsFrom: "2022-01-15")
            for day in ["2022-01-14", "2022-01-20", "2022-01-31"] { try books.job("nightly", "--as-of", day) }
            #expect(try books.told() == [])
            try books.job("nightly", "--as-of", "2022-02-01")
            #expect(try books.told() == ["northwind 2022-01-01 50% due 2022-02-01"])
        }
    }

    @Test("What was counted on a plan that has been left is told of, also where the next plan tells nothing")
    func leftPlan() async throws {
        try await withBooks { books in
            let catalog =
                Books.alertCatalog("allowance: 100, alerts: [50], unit_price: 1") + """
                      plain:
                        name: Plain
                        invoice: month
                        versions:
                          - {from: 2015-01-01, prices: {}}

                    """
            try books.deploy(
                [Subscriber("northwind", plan: "basic", anchor: "2022-01-01")],
                catalog: books.folder.write(catalog, to: "catalog.yaml"))
            try books.write([], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-01-20")
            // No night for two weeks: January is still open when the plan is left.
            try books.run(
                "subscription", "change", "northwind", "--plan", "plain", "--at", "2022-02-03", "--as-of", "2022-02-04")
            try books.write([Count("2022-01-25", 60)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-02-05")
            #expect(try books.told() == ["northwind 2022-01-01 50% due 2022-02-05"])
        }
    }

    @Test(
        "A change at once to a plan whose allowance is used up already is told of without a new count, if its night had alerts or not",
        arguments: [true, false])
    func changedAtOnce(hasAlerts: Bool) async throws {
        try await withBooks { books in
            let catalog =
                Books.alertCatalog("allowance: 1000, per: year, alerts: [90], unit_price: 1") + """
                      small:
                        name: Small
                        invoice: month
                        versions:
                          - from: 2015-01-01
                            prices:
                              orders: {usage: orders, name: Orders, allowance: 100, per: year, alerts: [50], unit_price: 1}

                    """
            try self.deploy(books, ofCatalog: catalog)
            // Behind the renewal of its day, so that it divides no total.
            try books.job("nightly", "--as-of", "2022-02-01")
            try books.run(
                "subscription", "change", "northwind", "--plan", "small", "--at", "now", "--as-of", "2022-02-01")
            try books.folder.write(
                "job: j\nsteps: [pull, \(hasAlerts ? "alert, " : "")close]\n", to: "j.yaml")
            try books.run(
                "run", books.folder.path + "/j.yaml", "--deployment", books.folder.path, "--as-of", "2022-02-02")
            if !hasAlerts {
                #expect(try books.told() == [])
                try books.job("nightly", "--as-of", "2022-02-03")
            }
            let day = hasAlerts ? "2022-02-02" : "2022-02-03"
            #expect(try books.told() == ["northwind 2022-01-01 50% due \(day)"])
        }
    }

    @Test("Terms that come with the renewal are told of with that of the rhythm that was asked for")
    func atRenewalOfAnotherRhythm() async throws {
        try await withBooks { books in
            try self.deploy(books, renewedTermsFrom: "2022-04-15")
            try books.job("nightly", "--as-of", "2022-02-10")
            // Quarters from March 1 on: the first renewal behind April 15 is on June 1.
            try books.run("subscription", "change", "northwind", "--cadence", "quarter", "--as-of", "2022-02-10")
            for day in ["2022-03-01", "2022-04-20", "2022-05-01", "2022-05-31"] {
                try books.job("nightly", "--as-of", day)
            }
            try books.write([Count("2022-01-10", 61)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-05-31")
            #expect(try books.told() == [])
            try books.job("nightly", "--as-of", "2022-06-01")
            #expect(try books.told() == ["northwind 2022-01-01 50% due 2022-06-01"])
        }
    }

    @Test("A meter that is no running sum is known at its period's end, and told of then")
    func peak() async throws {
        try await withBooks { books in
            try books.deployAlerts(["northwind"], "allowance: 100, alerts: [50], unit_price: 1")
            let text = try Books.text(of: books.folder.path + "/catalog.yaml")
            let best = text.replacingOccurrences(of: "aggregate: sum", with: "aggregate: max, of: counts")
                .replacingOccurrences(of: "orders: {name", with: "orders: {name")
            try books.run("catalog", "apply", books.folder.write(best, to: "best.yaml"))
            try books.folder.write(
                Books.sources.replacingOccurrences(of: "value: orders", with: "value: counts"), to: "sources.yaml")
            try books.write([Count("2022-01-05", 60), Count("2022-01-06", 40)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-01-31")
            #expect(try books.told() == [])
            // Nothing is pulled: the totals are made by the step before the alerts.
            try books.run("close", "--as-of", "2022-02-01")
            #expect(try books.told() == ["northwind 2022-01-01 50% due 2022-02-01"])
        }
    }
}
