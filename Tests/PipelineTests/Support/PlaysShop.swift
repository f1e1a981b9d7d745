import TestSupport

/// Plays a shop with two plans, `small` and `large`, one subscription `s`, and its accounts `a` and `b`.
protocol PlaysShop {}

extension PlaysShop {
    static var orders: String { "orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}" }

    /// Two plans, `small` and `large`, from version bodies that are indented by ten.
    func deploy(
        _ books: Books, meters: [String] = [Self.orders], small: [String], large: [String], cadence: String = "month",
        changes: String = "", currency: String = "USD"
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
            currency: \(currency)
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

    func nights(_ books: Books, _ days: String...) throws {
        for day in days { try books.job("nightly", "--as-of", day) }
    }

    func change(_ books: Books, to plan: String, at: String? = nil, on day: String) throws {
        if let at {
            try books.run("subscription", "change", "s", "--plan", plan, "--at", at, "--as-of", day)
        } else {
            try books.run("subscription", "change", "s", "--plan", plan, "--as-of", day)
        }
    }

    /// Orders at 1.00 beyond ten, and 10% off where the plan says so.
    static func discounted(_ month: String, isOff: Bool = true) -> [String] {
        [
            "prices:", "  base: {flat: {month: \(month)}, name: Base, charged: in_advance, prorated: yes}",
            "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00}",
        ] + (isOff ? ["  off: {discount: {percent: 10}, name: Off}"] : [])
    }

    func count(_ books: Books, _ rows: String...) throws { try count(books, rows) }

    func count(_ books: Books, _ rows: [String]) throws {
        try books.folder.write(
            "account,channel,meter,day,quantity\n" + rows.map { "a,x,orders,\($0)\n" }.joined(), to: "counts.csv")
    }
}
