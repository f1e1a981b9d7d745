import TestSupport
import Testing

/// What changes of plan do to each kind of price, and to what a plan allows.
@Suite("Changes and their terms")
struct ChangeTermsTests: PlaysShop {
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

    @Test("What is credited is what was paid, also where the catalog has another price by now")
    func editedPrice() async throws {
        try await withBooks { books in
            try self.deploy(books, small: Self.discounted("30.00"), large: Self.discounted("60.00"))
            try self.nights(books, "2026-04-10")
            let catalog = try Books.text(of: books.folder.path + "/catalog.yaml")
            try books.folder.write(catalog.replacing("month: 30.00", with: "month: 90.00"), to: "catalog.yaml")
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            try self.change(books, to: "large", at: "now", on: "2026-04-11")
            // 20 of 30 days of 30.00 and of 60.00, each less 10%.
            #expect(
                try books.invoices("s").ended("2026-04-11/change").lines.map(\.cents) == [-20_00, 2_00, 40_00, -4_00])
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
