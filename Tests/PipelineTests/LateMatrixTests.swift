import TestSupport
import Testing

/// Late usage of every kind, on every kind of terms, by any number of periods: all invoices together are what rating the
/// final readings once comes to.
///
/// Each cell is a subscription of its own, invoiced on the 10th of each month, whose period from 2020-06-10 to 07-10 changes:
/// in the same period, or when one, three or eleven more have been closed.
@Suite("The matrix of late usage")
struct LateMatrixTests: PlaysShop {
    private enum Change: String, CaseIterable {
        case increase, decrease, both
        /// Up, and a month later down to something else.
        case again
    }

    /// The night of the change, by how many periods have been closed since the one that changes.
    private static let arrivals = [0: "2020-07-05", 1: "2020-08-05", 3: "2020-10-05", 11: "2021-06-05"]
    /// The night on which what changed once changes again.
    private static let seconds = [0: "2020-07-08", 1: "2020-09-05", 3: "2020-11-05", 11: "2021-07-05"]
    private static let end = "2021-08-11"

    private static let terms: [(key: String, versions: @Sendable (String) -> [String])] = [
        ("flat", { ["2019-01-01: allowance: \($0 == "orders" ? 100 : 3), unit_price: 0.37"] }),
        (
            "tiers",
            {
                let (first, second) = $0 == "orders" ? (50, 120) : (2, 4)
                return [
                    "2019-01-01: tiers: [{up_to: \(first), unit_price: 1.01}, {up_to: \(second), unit_price: 0.53}, "
                        + "{unit_price: 0.29}]"
                ]
            }
        ),
        ("year", { _ in ["2019-01-01: allowance: 900, per: year, unit_price: 0.37"] }),
        (
            "paid",
            { _ in
                [
                    "2019-01-01: allowance: 5000, per: year",
                    "2020-08-01: allowance: 300, per: year, already_paid: yes, unit_price: 0.37",
                ]
            }
        ),
    ]
    private static let meters = ["orders", "level", "sellers", "flows"]

    /// What a meter that is no running sum may be priced by: it has one quantity for each invoice.
    private static func isSold(_ meter: String, _ terms: String) -> Bool {
        meter == "orders" || terms == "flat" || terms == "tiers"
    }

    private static func catalog(_ isIncluded: (String, String) -> Bool) -> String {
        var text = """
            catalog: matrix
            currency: USD
            meters:
              orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
              level: {name: Level, aggregate: latest, unit: {one: item, other: items}}
              sellers: {name: Sellers, aggregate: unique, unit: {one: seller, other: sellers}}
              flows: {name: Flows, aggregate: peak, unit: {one: flow, other: flows}}
            plans:

            """
        for meter in meters {
            for (key, versions) in terms where isIncluded(meter, key) {
                text += "  \(meter)_\(key):\n    name: P\n    invoice: month\n    versions:\n"
                for version in versions(meter) {
                    let (from, price) = (version.prefix(10), version.dropFirst(12))
                    text += "      - from: \(from)\n        prices:\n"
                    text += "          base: {flat: {month: 5.00}, name: B, charged: in_advance}\n"
                    text += "          use: {usage: \(meter), name: U, \(price)}\n"
                }
            }
        }
        return text
    }

    private struct Cell {
        var meter: String
        var terms: String
        var change: Change
        var periods: Int

        var key: String { "\(meter)-\(terms)-\(change)-\(periods)" }
        var plan: String { "\(meter)_\(terms)" }
    }

    private static let cells = meters.flatMap { meter in
        terms.filter { isSold(meter, $0.key) }.flatMap { terms in
            Change.allCases.flatMap { change in
                arrivals.keys.sorted().map { Cell(meter: meter, terms: terms.key, change: change, periods: $0) }
            }
        }
    }

    private static let months = (0..<19).map { index in
        let (year, month) = (2020 + (index + 1) / 12, (index + 1) % 12 + 1)
        return "\(year)-\(month < 10 ? "0" : "")\(month)"
    }

    /// Rows of counts as they are known on a night.
    private static func counts(on night: String) -> [String] {
        cells.filter { $0.meter != "flows" }.flatMap { cell in
            months.flatMap { month in
                values(of: cell, in: month, on: night).filter { $0.day <= night }
                    .map { "\(cell.key),\($0.channel),\(cell.meter),\($0.day),\($0.quantity)" }
            }
        }
    }

    private static func values(
        of cell: Cell, in month: String, on night: String
    ) -> [(day: String, channel: String, quantity: Int)] {
        // 80 orders a month are 960 a year; a level of 4; four sellers.
        var values: [String: Int] =
            switch cell.meter {
            case "orders": ["12 x": 43, "25 x": 37]
            case "level": ["12 x": 3, "25 x": 4]
            default: ["12 p": 1, "12 q": 1, "25 r": 1, "25 s": 1]
            }
        if month == "2020-06" {
            let isChanged = night >= arrivals[cell.periods, default: ""]
            let isChangedAgain = cell.change == .again && night >= seconds[cell.periods, default: ""]
            if isChanged { values.merge(changed(cell), uniquingKeysWith: { $1 }) }
            if isChangedAgain { values.merge(changedAgain(cell), uniquingKeysWith: { $1 }) }
        }
        return values.sorted { $0.key < $1.key }.map { place, quantity in
            let parts = place.split(separator: " ")
            return ("\(month)-\(parts[0])", String(parts[1]), quantity)
        }
    }

    private static func changed(_ cell: Cell) -> [String: Int] {
        switch (cell.meter, cell.change) {
        case ("orders", .increase), ("orders", .again): ["25 x": 137]
        case ("orders", .decrease): ["25 x": 2]
        case ("orders", .both): ["12 x": 201, "25 x": 9]
        case ("level", .increase), ("level", .again): ["25 x": 9]
        case ("level", .decrease): ["25 x": 1]
        case ("level", .both): ["12 x": 8, "25 x": 2]
        case (_, .increase), (_, .again): ["25 t": 1, "25 u": 5]
        case (_, .decrease): ["25 r": 0, "25 s": 0]
        case (_, .both): ["25 r": 0, "25 t": 1, "25 u": 1, "25 v": 1]
        }
    }

    private static func changedAgain(_ cell: Cell) -> [String: Int] {
        switch cell.meter {
        case "orders": ["12 x": 5, "25 x": 20]
        case "level": ["25 x": 2]
        default: ["25 t": 0, "25 p": 1]
        }
    }

    /// Three flows from the 12th to the 20th of each month.
    private static func flows(on night: String) -> [String] {
        cells.filter { $0.meter == "flows" }.flatMap { cell in
            months.flatMap { month -> [String] in
                var spans = ["a": (12, 20), "b": (13, 20), "c": (14, 20)]
                if month == "2020-06", night >= arrivals[cell.periods, default: ""] {
                    switch cell.change {
                    case .increase, .again: (spans["d"], spans["e"]) = ((15, 16), (15, 18))
                    case .decrease: (spans["b"], spans["c"]) = ((13, 13), (14, 14))
                    case .both: (spans["c"], spans["d"], spans["e"]) = ((14, 14), (16, 18), (16, 18))
                    }
                    if cell.change == .again, night >= seconds[cell.periods, default: ""] {
                        (spans["d"], spans["b"]) = ((15, 15), (13, 13))
                    }
                }
                return spans.sorted { $0.key < $1.key }.filter { "\(month)-\($0.value.1)" < night }.map {
                    channel, days in
                    "\(cell.key),\(channel),\(month)-\(days.0)T08:00:00Z,\(month)-\(days.1)T20:00:00Z"
                }
            }
        }
    }

    private func deploy(_ books: Books) throws {
        let files = books.folder
        try files.write(Self.catalog(Self.isSold), to: "catalog.yaml")
        try files.write(
            """
            sources:
              customers: {feeds: customers, file: customers.csv}
              subscriptions: {feeds: subscriptions, file: subscriptions.csv}
              accounts: {feeds: accounts, file: accounts.csv}
              memberships: {feeds: memberships, file: memberships.csv}
              counts: {feeds: readings, file: counts.csv}
              flows: {feeds: intervals, file: flows.csv, columns: {meter: {value: flows}}}
            """, to: "sources.yaml")
        try files.write("customer\nc\n", to: "customers.csv")
        try files.write(
            "subscription,plan,anchor,customer\n" + Self.cells.map { "\($0.key),\($0.plan),2020-02-10,c\n" }.joined(),
            to: "subscriptions.csv")
        try files.write("account\n" + Self.cells.map { "\($0.key)\n" }.joined(), to: "accounts.csv")
        try files.write(
            "account,subscription\n" + Self.cells.map { "\($0.key),\($0.key)\n" }.joined(), to: "memberships.csv")
        try books.run("catalog", "apply", files.path + "/catalog.yaml")
    }

    private func night(_ books: Books, _ night: String) throws {
        let (rows, spans) = (Self.counts(on: night), Self.flows(on: night))
        try books.folder.write(
            (["account,channel,meter,day,quantity"] + rows).joined(separator: "\n") + "\n", to: "counts.csv")
        try books.folder.write(
            (["account,channel,on,off"] + spans).joined(separator: "\n") + "\n", to: "flows.csv")
        try books.job("nightly", "--as-of", night)
    }

    private func sums(_ books: Books) throws -> [String: String] {
        let rows = try books.sql(
            """
            SELECT s.key, sum(i.total) FROM meterbook.invoice AS i
            JOIN meterbook.subscription AS s USING (customer_id, subscription_id) GROUP BY 1
            """)
        return Dictionary(
            uniqueKeysWithValues: rows.split(separator: "\n").map { row in
                let fields = row.split(separator: "|")
                return (String(fields[0]), String(fields[1]))
            })
    }

    @Test("In every cell all invoices together are what rating the final readings once comes to, to the cent")
    func matrix() async throws {
        let nights = (Self.months.flatMap { ["\($0)-05", "\($0)-11"] } + ["2020-07-08"]).sorted()
        let (late, corrected) = try await withBooks { books in
            try self.deploy(books)
            for night in nights { try self.night(books, night) }
            #expect(try books.agree())
            let corrected = try books.sql(
                """
                SELECT DISTINCT s.key FROM meterbook.invoice_line AS l
                JOIN meterbook.subscription AS s USING (customer_id, subscription_id) WHERE l.line_kind = 'correction'
                """)
            return (try self.sums(books), Set(corrected.split(separator: "\n").map(String.init)))
        }
        let once = try await withBooks { books in
            try self.deploy(books)
            try self.night(books, Self.end)
            return try self.sums(books)
        }
        #expect(late.count == Self.cells.count)
        for cell in Self.cells {
            #expect(late[cell.key] == once[cell.key], "\(cell.key)")
            // Something was late, so that a matrix in which nothing happens does not pass.
            #expect(corrected.contains(cell.key) == (cell.periods > 0), "\(cell.key)")
        }
    }

    @Test(
        "A meter with one quantity for each invoice is not sold by an allowance over a year, nor by what was paid already"
    )
    func notSold() async throws {
        try await withBooks { books in
            for meter in Self.meters.dropFirst() {
                for terms in ["year", "paid"] {
                    let file = try books.folder.write(
                        Self.catalog { $0 == meter && $1 == terms }, to: "refused.yaml")
                    let check = try Program.meterbook.run(["catalog", "check", file])
                    #expect(check.code == 65, "\(meter) \(terms)")
                }
            }
        }
    }
}
