import TestSupport
import Testing

/// What changes of plan do to each kind of price, and to what a plan allows.
@Suite("Changes and their terms")
struct ChangeTermsTests {
    private static let orders = "orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}"

    /// Two plans, `small` and `large`, from version bodies that are indented by ten.
    private func deploy(
        _ books: Books, meters: [String] = [orders], small: [String], large: [String], cadence: String = "month",
        changes: String = ""
    ) throws {
        func plan(_ key: String, _ body: [String]) -> String {
            """
              \(key):
                name: \(key)
                invoice: month
                versions:
                  - from: 2020-01-01
            \(body.map { "        \($0)" }.joined(separator: "\n"))
            """
        }
        try books.folder.write(
            """
            catalog: shop
            currency: USD
            \(changes)
            meters:
            \(meters.map { "  \($0)" }.joined(separator: "\n"))
            plans:
            \(plan("small", small))
            \(plan("large", large))

            """, to: "catalog.yaml")
        try books.folder.write(
            """
            sources:
              customers: {feeds: customers, file: customers.csv}
              subscriptions: {feeds: subscriptions, file: subscriptions.csv}
              accounts: {feeds: accounts, file: accounts.csv}
              memberships: {feeds: memberships, file: memberships.csv}
              counts: {feeds: readings, file: counts.csv}
              flows: {feeds: intervals, file: flows.csv, columns: {meter: {value: flows}}}
            """, to: "sources.yaml")
        try books.folder.write("customer\nc\n", to: "customers.csv")
        try books.folder.write("account\na\nb\n", to: "accounts.csv")
        try books.folder.write("account,subscription\na,s\nb,s\n", to: "memberships.csv")
        try books.folder.write(
            "subscription,plan,anchor,cadence,customer\ns,small,2026-01-01,\(cadence),c\n", to: "subscriptions.csv")
        try books.folder.write("account,channel,meter,day,quantity\n", to: "counts.csv")
        try books.folder.write("account,channel,on,off\n", to: "flows.csv")
        if !meters.contains(where: { $0.contains("flows") }) {
            let sources = try Books.text(of: books.folder.path + "/sources.yaml")
            try books.folder.write(
                sources.split(separator: "\n").dropLast().joined(separator: "\n") + "\n", to: "sources.yaml")
        }
        try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
    }

    private func nights(_ books: Books, _ days: String...) throws {
        for day in days { try books.job("nightly", "--as-of", day) }
    }

    private func change(_ books: Books, to plan: String, at: String? = nil, on day: String) throws {
        if let at {
            try books.run("subscription", "change", "s", "--plan", plan, "--at", at, "--as-of", day)
        } else {
            try books.run("subscription", "change", "s", "--plan", plan, "--as-of", day)
        }
    }

    @Test("A discount in percent goes with the credit and with the charge; an amount off has been taken off")
    func discounts() async throws {
        try await withBooks { books in
            func version(_ year: String) -> [String] {
                [
                    "prices:", "  base: {flat: {year: \(year)}, name: Base, charged: in_advance, prorated: yes}",
                    "  yearly: {discount: {percent: 20}, pays: year, name: Yearly}",
                    "  gift: {discount: {amount: 5.00}, name: Gift}",
                ]
            }
            try self.deploy(books, small: version("600.00"), large: version("1200.00"), cadence: "year")
            try self.nights(books, "2026-07-01")
            #expect(try books.invoices("s").ended("2026-01-01").lines.map(\.cents) == [600_00, -120_00, -5_00])
            try self.change(books, to: "large", at: "now", on: "2026-07-02")
            // 182 of 365 days have passed: 299.18 of 600.00 and 598.36 of 1,200.00. 20% of 300.82 is 60.16, of 601.64 120.33.
            let invoice = try books.invoices("s").ended("2026-07-02/change")
            #expect(invoice.lines.map(\.kind) == ["flat", "discount", "flat", "discount"])
            #expect(invoice.lines.map(\.cents) == [-300_82, 60_16, 601_64, -120_33])
            #expect(invoice.cents == 240_65)
            try self.nights(books, "2026-08-01", "2027-01-01")
            #expect(try books.invoices("s").ended("2027-01-01").lines.map(\.cents).prefix(2) == [1_200_00, -240_00])
            #expect(try books.agree())
        }
    }

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

    /// Orders at 1.00 beyond ten, and 10% off where the plan says so.
    private static func discounted(_ month: String, isOff: Bool = true) -> [String] {
        [
            "prices:", "  base: {flat: {month: \(month)}, name: Base, charged: in_advance, prorated: yes}",
            "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00}",
        ] + (isOff ? ["  off: {discount: {percent: 10}, name: Off}"] : [])
    }

    private func count(_ books: Books, _ rows: String...) throws {
        try books.folder.write(
            "account,channel,meter,day,quantity\n" + rows.map { "a,x,orders,\($0)\n" }.joined(), to: "counts.csv")
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

    @Test("What is paid by the year in arrears knows a change of last May, however many months were closed since")
    func yearlyArrears() async throws {
        try await withBooks { books in
            func version(_ year: String) -> [String] {
                ["prices:", "  base: {flat: {year: \(year)}, name: Base, prorated: yes}"]
            }
            try self.deploy(books, small: version("1200.00"), large: version("2400.00"), cadence: "year")
            try self.nights(books, "2026-05-01")
            try self.change(books, to: "large", at: "now", on: "2026-05-15")
            for month in 6...12 { try self.nights(books, "2026-\(month < 10 ? "0" : "")\(month)-01") }
            try self.nights(books, "2027-01-01")
            // 134 of 365 days: 440.55 of 1,200.00 and 881.10 of 2,400.00.
            #expect(
                try books.invoices("s").ended("2027-01-01").lines.map { "\($0.service) \($0.cents)" } == [
                    "2026-01-01/2026-05-15 44055", "2026-05-15/2027-01-01 151890",
                ])
            #expect(try books.agree())
        }
    }

    @Test(
        "An amount off is taken off once in a period, and a percentage until a day as long as the period began before it"
    )
    func amountsAndDays() async throws {
        try await withBooks { books in
            func version(_ month: String) -> [String] {
                [
                    "prices:", "  base: {flat: {month: \(month)}, name: Base, charged: in_advance, prorated: yes}",
                    "  orders: {usage: orders, name: Orders, allowance: 0, unit_price: 1.00}",
                    "  gift: {discount: {amount: 5.00}, on: [orders], name: Gift}",
                    "  half: {discount: {percent: 50}, on: [base], until: 2026-04-10, name: Half}",
                ]
            }
            try self.deploy(books, small: version("30.00"), large: version("60.00"))
            try self.count(books, "2026-04-03,20", "2026-04-23,20")
            try self.nights(books, "2026-04-15")
            try self.change(books, to: "large", at: "now", on: "2026-04-16")
            // Half of 15.00 back, and half of 30.00 charged: April began before the 10th.
            #expect(
                try books.invoices("s").ended("2026-04-16/change").lines.map(\.cents) == [-15_00, 7_50, 30_00, -15_00])
            try self.nights(books, "2026-05-01")
            let gifts = try books.invoices("s").ended("2026-05-01").lines.filter { $0.kind == "discount" }
            #expect(gifts.map(\.cents).filter { $0 != 0 } == [-5_00])
            #expect(try books.agree())
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
                    ["subscription"] + arguments + ["--as-of", "2026-04-08", "--database", books.database.conninfo])
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

    @Test("What is paid in arrears is charged by the part on each plan, with the invoice that ends the period")
    func arrears() async throws {
        try await withBooks { books in
            func version(_ month: String, _ fee: String) -> [String] {
                [
                    "prices:", "  base: {flat: {month: \(month), quarter: \(month)}, name: Base, prorated: yes}",
                    "  fee: {flat: {month: \(fee), quarter: \(fee)}, name: Fee}",
                ]
            }
            try self.deploy(
                books, small: version("90.00", "7.00"), large: version("180.00", "9.00"), cadence: "quarter")
            try self.nights(books, "2026-04-01")
            // In February and again in May: a quarter of 91 days, of which 10 and 40 have passed in April and May.
            try self.change(books, to: "large", at: "now", on: "2026-04-11")
            try self.nights(books, "2026-05-01", "2026-05-02")
            try self.change(books, to: "small", at: "now", on: "2026-05-11")
            #expect(try books.invoices("s").allSatisfy { !$0.reference.hasSuffix("change") })
            try self.nights(books, "2026-07-01")
            let invoices = try books.invoices("s")
            #expect(try invoices.ended("2026-05-01").cents == 0)
            // 90.00 × 10/91 is 9.89; 180.00 × 40/91 less 180.00 × 10/91 is 79.12 − 19.78; 90.00 less 90.00 × 40/91 is 50.44.
            let july = try invoices.ended("2026-07-01").lines
            #expect(
                july.map { "\($0.service) \($0.cents)" } == [
                    "2026-04-01/2026-07-01 700", "2026-04-01/2026-04-11 989", "2026-04-11/2026-05-11 5934",
                    "2026-05-11/2026-07-01 5044",
                ])
            #expect(try books.agree())
        }
    }

    @Test(
        "A quantity of the whole period is charged once, on the plan of its first day; the new plan's own is counted from then on"
    )
    func wholePeriods() async throws {
        try await withBooks { books in
            let flows = "flows: {name: Flows, aggregate: peak, unit: {one: flow, other: flows}}"
            let stores = "stores: {name: Stores, aggregate: unique, of: orders, unit: {one: store, other: stores}}"
            try self.deploy(
                books, meters: [Self.orders, flows, stores],
                small: ["prices:", "  flows: {usage: flows, name: Flows, allowance: 0, unit_price: 10}"],
                large: [
                    "prices:", "  flows: {usage: flows, name: Flows, allowance: 0, unit_price: 12}",
                    "  stores: {usage: stores, name: Stores, allowance: 0, unit_price: 1}",
                ])
            try books.folder.write(
                "account,channel,on,off\na,x,2026-01-05T00:00:00Z,\na,y,2026-01-06T00:00:00Z,\n"
                    + "b,z,2026-04-20T00:00:00Z,\n", to: "flows.csv")
            try books.folder.write(
                "account,channel,meter,day,quantity\na,x,orders,2026-03-03,1\na,x,orders,2026-05-05,4\n"
                    + "a,y,orders,2026-05-05,4\n", to: "counts.csv")
            try self.nights(books, "2026-04-10")
            try self.change(books, to: "large", at: "now", on: "2026-04-11")
            try self.nights(books, "2026-04-12", "2026-05-01", "2026-06-01")
            let invoices = try books.invoices("s")
            #expect(
                try invoices.ended("2026-05-01").lines.map { "\($0.service) \($0.quantity) \($0.cents)" }
                    == ["2026-04-01/2026-05-01 3 3000"])
            #expect(
                try invoices.ended("2026-06-01").lines.map { "\($0.service) \($0.quantity) \($0.cents)" }
                    == ["2026-05-01/2026-06-01 3 3600", "2026-05-01/2026-06-01 2 200"])
            #expect(try books.agree())
        }
    }

    @Test("Without a day the catalog decides: up at once, down at the renewal")
    func policy() async throws {
        try await withBooks { books in
            func version(_ month: String) -> [String] {
                ["prices:", "  base: {flat: {month: \(month)}, name: Base, charged: in_advance, prorated: yes}"]
            }
            try self.deploy(
                books, small: version("30.00"), large: version("60.00"), changes: "changes: {order: [small, large]}")
            try self.nights(books, "2026-04-10")
            try self.change(books, to: "large", on: "2026-04-11")
            try self.change(books, to: "small", on: "2026-04-21")
            #expect(
                try books.sql("SELECT takes_effect, is_at_once, status FROM meterbook.plan_change ORDER BY change_id")
                    == "2026-04-11|t|applied\n2026-05-01|f|announced")
            try self.nights(books, "2026-05-01")
            #expect(try books.invoices("s").ended("2026-05-01").lines.map(\.cents) == [30_00])
            // The other way round.
            let text = try Books.text(of: books.folder.path + "/catalog.yaml")
            try books.folder.write(
                text.replacing("[small, large]", with: "[small, large], up: renewal, down: now"), to: "catalog.yaml")
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            try self.change(books, to: "large", on: "2026-05-11")
            try self.nights(books, "2026-06-01")
            try self.change(books, to: "small", on: "2026-06-16")
            #expect(try books.invoices("s").ended("2026-06-16/change").lines.map(\.cents) == [-30_00, 15_00])
            #expect(try books.agree())
        }
    }

    @Test("What exceeds the lower plan is listed with what to pause, the newest first, and looked at again every night")
    func review() async throws {
        try await withBooks { books in
            let meters = [
                Self.orders, "flows: {name: Flows, aggregate: peak, unit: {one: flow, other: flows}}",
                "listed: {name: Listed, aggregate: latest, of: listings, unit: {one: listing, other: listings}}",
            ]
            func version(_ flows: String, _ listings: String, _ orders: String) -> [String] {
                [
                    "prices: {}", "entitlements:", "  flows: {name: ProcessFlows, limit: \(flows), meter: flows}",
                    "  listings: {name: Listings, limit: \(listings), meter: listed}",
                    "  orders: {name: Orders, limit: \(orders), meter: orders}", "  seats: {name: Seats, limit: 1}",
                ]
            }
            try self.deploy(
                books, meters: meters, small: version("unlimited", "unlimited", "unlimited"),
                large: version("2", "100", "50"))
            try books.folder.write(
                """
                account,channel,on,off
                a,old,2026-01-05T00:00:00Z,
                a,gone,2026-01-06T00:00:00Z,2026-04-02T00:00:00Z
                b,middle,2026-02-01T00:00:00Z,
                a,late,2026-03-01T00:00:00Z,
                b,newest,2026-04-05T00:00:00Z,

                """, to: "flows.csv")
            try books.folder.write(
                """
                account,channel,meter,day,quantity
                a,amazon,listings,2026-01-10,60
                a,ebay,listings,2026-02-10,30
                b,amazon,listings,2026-03-10,40
                a,amazon,orders,2026-03-10,70
                a,amazon,orders,2026-04-03,51

                """, to: "counts.csv")
            try self.nights(books, "2026-04-10")
            let review = try JSON(
                books.run("subscription", "review", "s", "--plan", "large", "--as-of", "2026-04-10", "--json"))
            let excesses = try review.list("excesses")
            #expect(try excesses.map { try $0.text("entitlement") } == ["flows", "listings", "orders"])
            #expect(try excesses.map { try $0.number("used") } == [4, 130, 51])
            #expect(try excesses.map { try $0.number("most") } == [2, 100, 50])
            func pauses(_ index: Int) throws -> [String] {
                try excesses[index].list("pauses").map {
                    "\(try $0.text("account"))/\(try $0.text("channel")) \(try $0.text("since"))"
                }
            }
            #expect(try pauses(0) == ["b/newest 2026-04-05", "a/late 2026-03-01"])
            #expect(try pauses(1) == ["b/amazon 2026-03-10"])
            #expect(try pauses(2).isEmpty)
            try self.change(books, to: "large", at: "renewal", on: "2026-04-10")
            let rows = """
                SELECT e.entitlement, e.as_of, e.used, e.most, a.key, c.key, p.since
                FROM meterbook.plan_change_excess AS e
                LEFT JOIN meterbook.plan_change_pause AS p USING (customer_id, subscription_id, change_id, entitlement)
                LEFT JOIN meterbook.account AS a USING (account_id) LEFT JOIN meterbook.channel AS c USING (channel_id)
                ORDER BY e.entitlement, p.place
                """
            #expect(
                try books.sql(rows) == """
                    flows|2026-04-10|4|2|b|newest|2026-04-05
                    flows|2026-04-10|4|2|a|late|2026-03-01
                    listings|2026-04-10|130|100|b|amazon|2026-03-10
                    orders|2026-04-10|51|50|||
                    """)
            // Listings go down, and another flow is connected.
            let flows = try Books.text(of: books.folder.path + "/flows.csv")
            try books.folder.write(flows + "a,last,2026-04-15T00:00:00Z,\n", to: "flows.csv")
            let counts = try Books.text(of: books.folder.path + "/counts.csv")
            try books.folder.write(counts + "a,amazon,listings,2026-04-15,20\n", to: "counts.csv")
            try self.nights(books, "2026-04-16")
            #expect(
                try books.sql(rows) == """
                    flows|2026-04-16|5|2|a|last|2026-04-15
                    flows|2026-04-16|5|2|b|newest|2026-04-05
                    flows|2026-04-16|5|2|a|late|2026-03-01
                    orders|2026-04-16|51|50|||
                    """)
            let page = try books.run("subscription", "show", "s", "--as-of", "2026-04-16")
            #expect(page.contains("To be paused, the newest first"))
            // On the day of the change April's orders are over.
            try self.nights(books, "2026-05-01")
            #expect(try books.sql("SELECT string_agg(entitlement, ' ') FROM meterbook.plan_change_excess") == "flows")
        }
    }
}
