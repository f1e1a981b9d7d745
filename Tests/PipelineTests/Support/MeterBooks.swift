import TestSupport

/// A vendor with every kind of meter, and a deployment of whatever rows a test writes.
extension Books {
    /// Each meter that is no running sum has a price of 1.00 a unit and nothing included, so that an invoice line's amount
    /// is its quantity.
    static func meterCatalog(invoice: String = "month") -> String {
        let meters = [
            ("best_day", "aggregate: max, of: orders"), ("best_days", "aggregate: max, of: orders, pool: per_account"),
            ("listed", "aggregate: latest, of: listings"), ("listed_mean", "aggregate: mean, of: listings"),
            ("stores", "aggregate: unique, of: orders"),
            ("last_month", "aggregate: sum, of: orders, window: previous_month"),
            ("amazon", "aggregate: sum, of: orders, channels: [amazon]"),
            ("week", "aggregate: sum, of: orders, window: 7 days"),
            ("carts", "aggregate: peak"), ("edi", "aggregate: peak, of: carts, categories: [edi]"),
            ("carts_each", "aggregate: peak, of: carts, pool: per_account"),
            ("disk", "aggregate: mean, of: gigabytes, places: 2"),
        ]
        let unit = "unit: {one: unit, other: units}"
        return """
            catalog: shop
            currency: USD
            meters:
              orders: {name: Orders, aggregate: sum, \(unit)}
            \(meters.map { "  \($0.0): {name: \($0.0), \($0.1), \(unit)}" }.joined(separator: "\n"))
            plans:
              p:
                name: P
                invoice: \(invoice)
                versions:
                  - from: 2015-01-01
                    prices:
                      orders: {usage: orders, name: Orders, allowance: 0, per: \(invoice), unit_price: 1}
            \(meters.map {
                "          \($0.0): {usage: \($0.0), name: \($0.0), allowance: 0, per: \(invoice), unit_price: 1}"
            }.joined(separator: "\n"))

            """
    }

    /// - Parameters:
    ///   - subscriptions: key, anchor date and time zone; each has a customer of its own.
    ///   - memberships: account, subscription, first day, and the first day after or nothing.
    func deployMeters(
        _ subscriptions: [(key: String, anchor: String, zone: String)], memberships: [String],
        invoice: String = "month"
    ) throws {
        try folder.write(
            """
            sources:
              customers: {feeds: customers, file: customers.csv}
              subscriptions: {feeds: subscriptions, file: subscriptions.csv}
              accounts: {feeds: accounts, file: accounts.csv}
              memberships: {feeds: memberships, file: memberships.csv}
              counts: {feeds: readings, file: counts.csv}
              carts: {feeds: intervals, file: carts.csv, columns: {meter: {value: carts}}}
            """, to: "sources.yaml")
        try folder.write(Self.meterCatalog(invoice: invoice), to: "catalog.yaml")
        try write("customer", subscriptions.map(\.key), to: "customers.csv")
        try write(
            "subscription,customer,plan,anchor,time_zone",
            subscriptions.map { "\($0.key),\($0.key),p,\($0.anchor),\($0.zone)" }, to: "subscriptions.csv")
        let accounts = Set(memberships.compactMap { $0.split(separator: ",").first.map(String.init) })
        try write("account", accounts.sorted(), to: "accounts.csv")
        try link(memberships)
        try count([])
        try carts([])
        try run("catalog", "apply", folder.path + "/catalog.yaml")
    }

    func link(_ memberships: [String]) throws {
        try write("account,subscription,from,until", memberships, to: "memberships.csv")
    }

    /// Rows of account, channel, category, meter, day, quantity.
    func count(_ rows: [String]) throws {
        try write("account,channel,category,meter,day,quantity", rows, to: "counts.csv")
    }

    /// Rows of account, channel, category, on, off.
    func carts(_ rows: [String]) throws {
        try write("account,channel,category,on,off", rows, to: "carts.csv")
    }

    private func write(_ header: String, _ rows: [String], to name: String) throws {
        try folder.write(([header] + rows).joined(separator: "\n") + "\n", to: name)
    }

    /// What a subscription's invoice bills, by price; what is zero is left out. Amounts are in cents.
    func billed(_ subscription: String, _ end: String) throws -> [String: Int] {
        var amounts: [String: Int] = [:]
        for text in try run("invoice", "export").split(separator: "\n") {
            let invoice = try JSON(String(text))
            guard try invoice.text("reference") == "\(subscription)/\(end)" else { continue }
            for line in try invoice.list("lines") {
                let cents = try line.cents("amount")
                if cents != 0 { amounts[try line.text("price"), default: 0] += cents }
            }
        }
        return amounts
    }
}
