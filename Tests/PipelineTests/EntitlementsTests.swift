import TestSupport
import Testing

@Suite("meterbook entitlements")
struct EntitlementsTests {
    /// No price names a meter, so that none of them has totals but the running one.
    private static let catalog = """
        catalog: shop
        currency: USD
        meters:
          orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
          channels: {name: Channels, aggregate: unique, of: orders, unit: {one: channel, other: channels}}
          week: {name: Last week, aggregate: sum, of: orders, window: 7 days, unit: {one: order, other: orders}}
          listed: {name: Listings, aggregate: latest, of: listings, unit: {one: listing, other: listings}}
        plans:
          p:
            name: P
            invoice: month
            versions:
              - from: 2020-01-01
                prices: {}
                entitlements:
                  orders: {name: Orders, limit: unlimited, meter: orders}
                  channels: {name: Channels, limit: 1, meter: channels}
                  week: {name: Orders of the last week, limit: 2, meter: week}
                  listed: {name: Listings, limit: 25, meter: listed}
                  chat: {name: Chat, flag: yes}
              - from: 2022-03-01
                prices: {}
                entitlements:
                  channels: {name: Channels, limit: 5, meter: channels}
                  week: {name: Orders of the last week, limit: 2, meter: week}

        """

    private func deploy(_ books: Books) throws {
        try books.deploy(
            [
                Subscriber("northwind", plan: "p", anchor: "2022-01-10"),
                Subscriber("southwind", plan: "p", anchor: "2022-01-10", ends: "2022-02-10"),
            ], catalog: nil)
        let listings = "\n  listings: {feeds: readings, file: listings.csv, columns: {meter: {value: listings}}}\n"
        try books.folder.write(Books.sources + listings, to: "sources.yaml")
        try books.folder.write(
            """
            account,channel,day,quantity
            northwind-store,shopify,2022-01-15,30
            northwind-store,ebay,2022-02-15,12

            """, to: "listings.csv")
        try books.write(
            [
                Count("2022-01-20", 5), Count("2022-02-10", 5), Count("2022-02-12", 7, channel: "ebay"),
                Count("2022-02-14", 0, channel: "amazon"), Count("2022-02-20", 4), Count("2022-03-05", 3),
                Count("2022-01-20", 8, account: "southwind-store"),
            ], to: "all.csv")
        try books.run("catalog", "apply", books.folder.write(Self.catalog, to: "catalog.yaml"))
        try books.job("nightly", "--as-of", "2022-03-09")
    }

    /// What is used and what of it lies beyond the limit, by entitlement; an excess of -1 where there is no limit.
    private func used(_ books: Books, _ day: String, _ subscription: String = "northwind") throws -> [String: [Int]] {
        let json = try JSON(books.run("entitlements", subscription, "--as-of", day, "--json"))
        var used: [String: [Int]] = [:]
        for held in try json.list("entitlements") where held.keys.contains("use") {
            let excess = held.keys.contains("excess") ? try held.number("excess") : -1
            used[try held.text("key")] = [try held.number("use"), excess]
        }
        return used
    }

    @Test("Use is what each meter comes to in the billing period so far, also for meters that no price names")
    func use() async throws {
        try await withBooks { books in
            try deploy(books)
            // The first period, January 10 to February 9, is closed by now.
            let inJanuary = try used(books, "2022-01-20")
            #expect(
                inJanuary == [
                    "orders": [5, -1], "channels": [1, 0], "week": [0, 0], "listed": [30, 5],
                ])
            // 5 and 7 from February 10 on, of two channels; the listings of January stand; the last week begins March 3.
            let onThe12th = try used(books, "2022-02-12")
            #expect(
                onThe12th == [
                    "orders": [12, -1], "channels": [2, 1], "week": [0, 0], "listed": [30, 5],
                ])
            // Who counted nothing is no channel.
            let onThe20th = try used(books, "2022-02-20")
            #expect(
                onThe20th == [
                    "orders": [16, -1], "channels": [2, 1], "week": [0, 0], "listed": [42, 17],
                ])
        }
    }

    @Test("The limits are those of the plan version in force, in the midst of a period")
    func versions() async throws {
        try await withBooks { books in
            try deploy(books)
            #expect(try used(books, "2022-02-28")["channels"] == [2, 1])
            #expect(try used(books, "2022-03-01") == ["channels": [2, 0], "week": [0, 0]])
            #expect(try used(books, "2022-03-09") == ["channels": [2, 0], "week": [3, 1]])
        }
    }

    @Test("Before its start and after its end a subscription has entitlements and no use")
    func outside() async throws {
        try await withBooks { books in
            try deploy(books)
            #expect(try used(books, "2022-02-09", "southwind")["orders"] == [8, -1])
            for (subscription, day) in [("southwind", "2022-02-10"), ("northwind", "2022-01-09")] {
                let json = try JSON(books.run("entitlements", subscription, "--as-of", day, "--json"))
                #expect(!json.keys.contains("period"))
                let metered = try json.list("entitlements").map { try $0.flag("metered") }
                #expect(metered == [true, true, true, true, false])
                #expect(try used(books, day, subscription).isEmpty)
            }
        }
    }

    @Test("The Connex example says how many selling channels are used, and that nobody counts the hours")
    func connex() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            try books.write(
                ["shopify", "ebay", "amazon"].map { Count("2021-06-02", 5, channel: $0) }, to: "all.csv")
            try books.job("nightly", "--as-of", "2021-06-15")
            let page = try books.run("entitlements", "northwind", "--as-of", "2021-06-10")
            let lines = page.split(separator: "\n").map(String.init)
            #expect(lines.contains("Selling channels                 2      3 channels        1"))
            #expect(lines.contains("Hours of screen sharing a month  2      not metered"))
            #expect(try books.agree())
        }
    }
}
