import Foundation
import TestSupport
import Testing

/// Changes of plan on odd days: late usage around them, before the start, behind the end, after a missed night.
@Suite("Changes and their days")
struct ChangeDaysTests: PlaysShop {
    @Test("Late usage of a period whose end is the day of a change is corrected on the plan that it was billed on")
    func lateBeforeTheChange() async throws {
        try await withBooks { books in
            func version(_ month: String) -> [String] {
                [
                    "prices:", "  base: {flat: {month: \(month)}, name: Base, charged: in_advance, prorated: yes}",
                    "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00}",
                    "  off: {discount: {percent: 10}, name: Off}",
                ]
            }
            try self.deploy(books, small: version("30.00"), large: version("60.00"))
            try self.nights(books, "2026-05-01")
            try self.change(books, to: "large", at: "now", on: "2026-05-01")
            #expect(
                try books.invoices("s").ended("2026-05-01/change").lines.map(\.cents) == [-30_00, 3_00, 60_00, -6_00])
            // 25 orders of April become known in May: 15.00 beyond the limit, less 10%.
            try books.folder.write(
                "account,channel,meter,day,quantity\na,x,orders,2026-04-20,25\n", to: "counts.csv")
            try self.nights(books, "2026-05-02", "2026-06-01")
            let june = try books.invoices("s").ended("2026-06-01").lines
            #expect(june.filter { $0.kind == "correction" }.map(\.cents) == [15_00, -1_50])
            #expect(june.filter { $0.kind == "flat" }.map(\.cents) == [60_00])
            #expect(june.reduce(0) { $0 + $1.cents } == 60_00 - 6_00 + 15_00 - 1_50)
            #expect(try books.run("hold", "list") == "Nothing is held.\n")
            #expect(try books.agree())
        }
    }

    @Test("What the renewal on another plan discounts in advance is no part of a correction of the month before it")
    func lateBeforeTheRenewal() async throws {
        try await withBooks { books in
            try self.deploy(
                books, small: Self.discounted("30.00", isOff: false), large: Self.discounted("60.00"))
            try self.count(books, "2026-03-12,25")
            try self.nights(books, "2026-03-01")
            try self.change(books, to: "large", at: "renewal", on: "2026-03-05")
            try self.nights(books, "2026-04-01", "2026-05-01")
            try self.count(books, "2026-03-12,26")
            try self.nights(books, "2026-05-02", "2026-06-01")
            let corrections = try books.invoices("s").ended("2026-06-01").lines.filter { $0.kind == "correction" }
            #expect(corrections.map { "\($0.service) \($0.cents)" } == ["2026-03-01/2026-04-01 100"])
            #expect(try books.agree())
        }
    }

    @Test(
        "What two invoices have discounted of one period is corrected on the one that has its use, with whatever else is late"
    )
    func lateOnBothSidesOfTheRenewal() async throws {
        try await withBooks { books in
            try self.deploy(
                books, small: Self.discounted("30.00", isOff: false), large: Self.discounted("60.00"))
            try self.nights(books, "2026-04-01")
            try self.change(books, to: "large", at: "renewal", on: "2026-04-10")
            try self.nights(books, "2026-05-01", "2026-06-01")
            func lines(_ day: String) throws -> [String] {
                try books.invoices("s").ended(day).lines.map {
                    "\($0.kind) \($0.service) \($0.before) \($0.cents)" + ($0.corrects.map { " of \($0)" } ?? "")
                }
            }
            // The price of May is discounted with April, and its use with May itself.
            #expect(
                try lines("2026-05-01").filter { $0.hasPrefix("discount") } == [
                    "discount 2026-05-01/2026-06-01 6000 -600"
                ])
            #expect(
                try lines("2026-06-01") == [
                    "flat 2026-06-01/2026-07-01 0 6000", "usage 2026-05-01/2026-06-01 0 0",
                    "discount 2026-05-01/2026-06-01 6000 -600",
                ])
            // 15 orders of April, without a discount, and 25 of May.
            try self.count(books, "2026-04-20,15", "2026-05-20,25")
            try self.nights(books, "2026-06-02", "2026-07-01")
            #expect(
                try lines("2026-07-01").filter { $0.hasPrefix("correction") } == [
                    "correction 2026-04-01/2026-05-01 0 500 of s/2026-05-01#1",
                    "correction 2026-05-01/2026-06-01 0 1500 of s/2026-06-01#2",
                    "correction 2026-05-01/2026-06-01 7500 -150 of s/2026-06-01#3",
                ])
            #expect(try books.agree())
        }
    }

    /// Orders at 1.00 beyond an allowance.
    private static func use(_ terms: String) -> [String] {
        ["prices:", "  orders: {usage: orders, name: Orders, \(terms), unit_price: 1.00}"]
    }

    @Test(
        "On the day of a change the new plan's allowance of a year is told of, though the old one counts by the month")
    func alertsOfTheNewPlan() async throws {
        try await withBooks { books in
            try self.deploy(
                books, small: Self.use("allowance: 1000"),
                large: Self.use("allowance: 100, per: year, alerts: [50, 100]"))
            try self.count(books, "2026-01-15,60")
            try self.nights(books, "2026-03-02")
            try self.change(books, to: "large", at: "renewal", on: "2026-03-10")
            try self.nights(books, "2026-03-31")
            #expect(try books.told() == [])
            try self.nights(books, "2026-04-01")
            #expect(try books.told() == ["s 2026-01-01 50% due 2026-04-01"])
            try self.nights(books, "2026-04-02")
            #expect(try books.told().count == 1)
        }
    }

    @Test("A period that ended before a change at once is not told of on the new plan's terms")
    func alertsOfTheOldPlan() async throws {
        try await withBooks { books in
            try self.deploy(
                books, small: Self.use("allowance: 1000"), large: Self.use("allowance: 100, per: quarter, alerts: [50]")
            )
            try self.nights(books, "2026-01-02")
            try self.change(books, to: "large", at: "now", on: "2026-04-05")
            try self.count(books, "2026-01-15,60")
            try self.nights(books, "2026-04-06")
            #expect(try books.told() == [])
            try self.count(books, "2026-01-15,60", "2026-04-06,60")
            try self.nights(books, "2026-04-07")
            #expect(try books.told() == ["s 2026-04-01 50% due 2026-04-07"])
        }
    }

    @Test("A short first period that is discounted with what is paid in advance for it is corrected by its use alone")
    func lateInTheFirstPeriod() async throws {
        try await withBooks { books in
            try self.deploy(books, small: Self.discounted("30.00"), large: Self.discounted("60.00"))
            try books.folder.write(
                "subscription,plan,anchor,starts,cadence,customer\ns,small,2026-03-01,2026-03-11,month,c\n",
                to: "subscriptions.csv")
            try self.count(books, "2026-03-12,25")
            try self.nights(books, "2026-03-11", "2026-04-01")
            try self.count(books, "2026-03-12,26")
            try self.nights(books, "2026-04-02", "2026-05-01")
            let corrections = try books.invoices("s").ended("2026-05-01").lines.filter { $0.kind == "correction" }
            #expect(corrections.map(\.cents) == [1_00, -10])
            #expect(try books.agree())
        }
    }

    @Test("The account page prices what was counted since a change in the midst of a period, as the invoice does")
    func usageSinceTheChange() async throws {
        try await withBooks { books in
            func version(_ month: String, _ price: String) -> [String] {
                [
                    "prices:", "  base: {flat: {month: \(month)}, name: Base, charged: in_advance, prorated: yes}",
                    "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: \(price)}",
                ]
            }
            try self.deploy(books, small: version("30.00", "1.00"), large: version("60.00", "0.50"))
            try self.count(books, "2026-03-05,15")
            try self.nights(books, "2026-03-16")
            try self.change(books, to: "large", at: "now", on: "2026-03-16")
            // 15 orders on the small plan: 5 beyond ten. 12 more on the large one, at half the price.
            try self.count(books, "2026-03-05,15", "2026-03-20,12")
            try self.nights(books, "2026-03-25")
            let usage = try books.run("usage", "s", "--as-of", "2026-03-25", "--json")
            for member in [
                #""counted": 27"#, #""over": 12"#, #""over_amount": "6.00""#, #""charged_from": "2026-03-16""#,
            ] {
                #expect(usage.contains(member), "\(usage)")
            }
            #expect(
                try books.run("usage", "s", "--as-of", "2026-03-25")
                    .contains("over           12 orders since 2026-03-16: 6.00 USD"))
            try self.nights(books, "2026-04-01")
            #expect(
                try books.invoices("s").ended("2026-04-01").lines.filter { $0.kind == "usage" }.map(\.cents)
                    == [5_00, 6_00])
        }
    }

    @Test("A night that was missed has its change made before another one, or an end, is taken")
    func missedNight() async throws {
        try await withBooks { books in
            try self.deploy(books, small: Self.discounted("30.00"), large: Self.discounted("60.00"))
            try self.nights(books, "2026-03-10")
            try self.change(books, to: "large", at: "renewal", on: "2026-03-10")
            for arguments in [["change", "s", "--plan", "small"], ["cancel", "s"]] {
                let outcome = try Program.meterbook.run(
                    ["subscription"] + arguments
                        + ["--as-of", "2026-04-08", "--database", books.conninfo(for: ["subscription"] + arguments)])
                #expect(outcome.code == 65)
                #expect(outcome.errors.contains("a change of 2026-04-01 is still to be made"), "\(outcome.errors)")
            }
            try self.nights(books, "2026-04-08")
            try self.change(books, to: "small", at: "now", on: "2026-04-08")
            #expect(try books.invoices("s").ended("2026-04-01").lines.first { $0.kind == "flat" }?.cents == 60_00)
            // A change for a day behind an end that the source names comes to nothing.
            try self.change(books, to: "large", at: "2026-05-10", on: "2026-04-09")
            try books.folder.write(
                "subscription,plan,anchor,cadence,ends,customer\ns,small,2026-01-01,month,2026-05-05,c\n",
                to: "subscriptions.csv")
            try self.nights(books, "2026-04-20", "2026-05-01", "2026-05-11", "2026-06-01")
            #expect(try books.invoices("s").allSatisfy { !$0.reference.contains("2026-05-10") })
            #expect(
                try books.sql("SELECT string_agg(status, ' ' ORDER BY change_id) FROM meterbook.plan_change")
                    == "applied applied preempted")
            #expect(try books.agree())
        }
    }

    @Test("A change that one night passes together with the end behind it has been made")
    func changeBeforeTheEnd() async throws {
        try await withBooks { books in
            try self.deploy(
                books, small: Self.discounted("30.00", isOff: false), large: Self.discounted("60.00", isOff: false))
            try books.folder.write(
                "subscription,plan,anchor,cadence,ends,customer\ns,small,2026-01-01,month,2026-04-16,c\n",
                to: "subscriptions.csv")
            try self.nights(books, "2026-03-10")
            try self.change(books, to: "large", at: "renewal", on: "2026-03-10")
            try self.nights(books, "2026-06-01")
            #expect(try books.invoices("s").ended("2026-04-01").lines.first { $0.kind == "flat" }?.cents == 60_00)
            #expect(
                try books.sql(
                    """
                    SELECT c.status, p.key FROM meterbook.plan_change AS c
                    JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
                    JOIN meterbook.plan AS p ON p.plan_id = s.plan_id
                    """) == "applied|large")
            #expect(try books.agree())
        }
    }

    @Test("A source that names another rhythm asks for that alone, whatever plan somebody has chosen since")
    func onlyWhatIsNew() async throws {
        try await withBooks { books in
            func version(_ month: String, _ year: String) -> [String] {
                [
                    "prices:",
                    "  base: {flat: {month: \(month), year: \(year)}, name: Base, charged: in_advance, prorated: yes}",
                ]
            }
            try self.deploy(books, small: version("30.00", "300.00"), large: version("60.00", "600.00"))
            try self.nights(books, "2026-04-10")
            try self.change(books, to: "large", at: "now", on: "2026-04-10")
            try books.folder.write(
                "subscription,plan,anchor,cadence,customer\ns,small,2026-01-01,year,c\n", to: "subscriptions.csv")
            try self.nights(books, "2026-04-11", "2026-05-01")
            #expect(try books.invoices("s").ended("2026-05-01").cents == 600_00)
            // And the plan alone, by a source that says nothing of rhythms.
            try books.folder.write("subscription,plan,anchor,customer\ns,small,2026-01-01,c\n", to: "subscriptions.csv")
            #expect(try books.attempt("nightly", "--as-of", "2026-05-02").code == 0)
            #expect(
                try books.sql(
                    "SELECT pays_every, takes_effect FROM meterbook.plan_change WHERE status = 'announced'")
                    == "month|2027-05-01")
        }
    }

    @Test("A plan that the catalog no longer sells to one subscription keeps nobody else from being billed")
    func oneOfMany() async throws {
        try await withBooks { books in
            func version(_ month: String) -> [String] {
                [
                    "prices:", "  base: {flat: {month: \(month)}, name: Base, charged: in_advance}",
                    "entitlements:", "  orders: {name: Orders, limit: 10, meter: orders}",
                ]
            }
            try self.deploy(books, small: version("30.00"), large: version("60.00"))
            try books.folder.write(
                "subscription,plan,anchor,cadence,customer\ns,small,2026-01-01,month,c\nt,small,2026-01-01,month,c\n",
                to: "subscriptions.csv")
            try self.nights(books, "2026-04-10")
            try self.change(books, to: "large", at: "renewal", on: "2026-04-10")
            let catalog = try Books.text(of: books.folder.path + "/catalog.yaml")
            let later = catalog.replacing("60.00", with: "60.00").split(separator: "  large:")
            try #require(later.count == 2)
            try books.folder.write(
                later[0] + "  large:" + later[1].replacing("2020-01-01", with: "2026-06-01"), to: "catalog.yaml")
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            #expect(try books.attempt("nightly", "--as-of", "2026-05-01").code == 65)
            #expect(try books.invoices("t").last?.reference == "t/2026-05-01")
            #expect(try books.invoices("s").last?.reference == "s/2026-04-01")
            #expect(try books.run("hold", "list").contains("no_plan_version"))
        }
    }

    @Test(
        "Before anything is invoiced another plan is held from the start, also where only that one is paid in advance")
    func beforeTheStart() async throws {
        try await withBooks { books in
            try self.deploy(
                books,
                small: ["prices:", "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00}"],
                large: [
                    "prices:",
                    "  base: {flat: {month: 60.00, year: 600.00}, name: Base, charged: in_advance}",
                ])
            try books.folder.write(
                "subscription,plan,anchor,cadence,customer\ns,small,2026-03-15,month,c\n", to: "subscriptions.csv")
            try self.nights(books, "2026-03-05")
            try self.change(books, to: "large", at: "now", on: "2026-03-05")
            try self.nights(books, "2026-03-06", "2026-03-15", "2026-04-15")
            #expect(
                try books.invoices("s").flatMap(\.lines).map { "\($0.service) \($0.cents)" } == [
                    "2026-03-15/2026-04-15 6000", "2026-04-15/2026-05-15 6000",
                ])
            #expect(try books.agree())
        }
    }

    @Test("A source may name another day for what it has asked for, and take back an end with the same row")
    func anotherDay() async throws {
        try await withBooks { books in
            try self.deploy(books, small: Self.discounted("30.00"), large: Self.discounted("60.00"))
            func says(_ plan: String, at: String, ends: String) throws {
                try books.folder.write(
                    "subscription,plan,anchor,cadence,change_at,ends,customer\n"
                        + "s,\(plan),2026-01-01,month,\(at),\(ends),c\n", to: "subscriptions.csv")
            }
            try says("small", at: "", ends: "2026-05-01")
            try self.nights(books, "2026-04-10")
            // The change of May 1st needs the end to be gone.
            try says("large", at: "2026-05-01", ends: "")
            try self.nights(books, "2026-04-11")
            try says("large", at: "2026-04-21", ends: "")
            try self.nights(books, "2026-04-12", "2026-04-12")
            #expect(
                try books.sql(
                    "SELECT string_agg(takes_effect || ' ' || status, ', ' ORDER BY change_id) FROM meterbook.plan_change"
                )
                    == "2026-05-01 preempted, 2026-04-21 announced")
            try self.nights(books, "2026-04-21", "2026-05-01")
            #expect(
                try books.invoices("s").ended("2026-04-21/change").lines.map(\.cents) == [-10_00, 1_00, 20_00, -2_00])
            #expect(try books.agree())
        }
    }

    @Test("A coupon without a day holds from the start, also when that rests on the trial of a plan that has been left")
    func couponFromTheStart() async throws {
        try await withBooks { books in
            func plan(_ month: String) -> [String] {
                [
                    "prices:", "  base: {flat: {month: \(month)}, name: Base}",
                    "  off: {discount: {percent: 10}, name: Off, coupon: SPRING, periods: 2}",
                ]
            }
            try self.deploy(books, small: plan("30.00"), large: plan("60.00"))
            let catalog = books.folder.path + "/catalog.yaml"
            try books.folder.write(
                Books.text(of: catalog).replacingOccurrences(
                    of: "name: small\n", with: "name: small\n    trial: 1 month\n"), to: "catalog.yaml")
            try books.run("catalog", "apply", catalog)
            try books.folder.write(
                "subscription,plan,signed_up,coupon,customer\ns,small,2026-03-01,SPRING,c\n", to: "subscriptions.csv")
            try self.nights(books, "2026-04-01")
            try self.change(books, to: "large", at: "renewal", on: "2026-04-10")
            try self.nights(books, "2026-05-01", "2026-05-02", "2026-06-01", "2026-07-01")
            #expect(try books.sql("SELECT coupon_from FROM meterbook.subscription") == "2026-04-01")
            #expect(try books.sql("SELECT count(*) FROM meterbook.rejected_row") == "0")
            // Two periods from the start on, and none after them.
            #expect(try books.invoices("s").map(\.cents) == [27_00, 54_00, 60_00])
        }
    }

    @Test("A rhythm asked for before the start is billed like that of who came with it, period for period")
    func rhythmBeforeTheStart() async throws {
        try await withBooks { books in
            let base = ["prices:", "  base: {flat: {month: 10.00}, name: Base, charged: in_advance}"]
            try self.deploy(books, small: base, large: base)
            let catalog = books.folder.path + "/catalog.yaml"
            try books.folder.write(
                Books.text(of: catalog).replacingOccurrences(of: "invoice: month", with: "invoice: 10 days")
                    .replacingOccurrences(of: "month: 10.00", with: "10 days: 10.00, 30 days: 27.00"),
                to: "catalog.yaml")
            try books.run("catalog", "apply", catalog)
            try books.folder.write(
                """
                subscription,plan,anchor,starts,cadence,customer
                s,small,2026-03-01,2026-03-15,10 days,c
                came,small,2026-03-01,2026-03-15,30 days,c

                """, to: "subscriptions.csv")
            try self.nights(books, "2026-03-10")
            try books.run("subscription", "change", "s", "--cadence", "30 days", "--at", "now", "--as-of", "2026-03-10")
            try self.nights(books, "2026-03-15", "2026-04-10", "2026-05-10")
            // From March 1 on a paid period ends with each third billing period: on March 31 and on April 30.
            let expected = ["2026-03-15/2026-03-31 2700", "2026-03-31/2026-04-30 2700", "2026-04-30/2026-05-30 2700"]
            for key in ["s", "came"] {
                #expect(
                    try books.invoices(key).flatMap { $0.lines.map { "\($0.service) \($0.cents)" } } == expected)
            }
            #expect(try books.agree())
        }
    }

    @Test("Whoever cancels before he is billed is never billed")
    func neverBilled() async throws {
        try await withBooks { books in
            try self.deploy(books, small: Self.discounted("30.00"), large: Self.discounted("60.00"))
            try books.folder.write(
                "subscription,plan,signed_up,trial_ends,customer\ns,small,2026-03-01,2026-03-15,c\n",
                to: "subscriptions.csv")
            try self.nights(books, "2026-03-05")
            try books.run("subscription", "cancel", "s", "--as-of", "2026-03-05")
            try self.nights(books, "2026-03-06", "2026-03-15", "2026-05-01")
            #expect(try books.invoices("s").isEmpty)
            #expect(try books.sql("SELECT ends FROM meterbook.subscription") == "2026-03-15")
            #expect(try books.agree())
        }
    }
}
