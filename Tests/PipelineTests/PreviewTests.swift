import Foundation
import TestSupport
import Testing

/// The next invoice before it is written.
@Suite("Previews")
struct PreviewTests: PlaysShop {
    private static let version = [
        "prices:", "  base: {flat: {month: 30.00}, name: Base, charged: in_advance}",
        "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00}",
        "  sellers: {usage: sellers, name: Sellers, unit_price: 2.00}",
    ]
    private static let sellers =
        "sellers: {name: Sellers, of: orders, aggregate: unique, unit: {one: seller, other: sellers}}"

    private func deploy(_ books: Books) throws {
        try deploy(books, meters: [Self.orders, Self.sellers], small: Self.version, large: Self.version)
    }

    @Test("The invoice if it closed now, and at the present pace: sums grow with the days, distinct sellers do not")
    func pace() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.count(books, "2026-03-02,12", "2026-03-09,8")
            try self.nights(books, "2026-01-01", "2026-03-11")
            // 20 orders in 10 of 31 days: 10 beyond the allowance; at this pace 62, so 52 beyond it. One seller costs 2.00.
            #expect(
                try books.run("preview", "s", "--as-of", "2026-03-10") == """
                    Preview of s/2026-04-01                                 counted until 2026-03-10
                    c (c)
                    2026-03-01 to 2026-03-31

                      1  Base                                 2026-04-01 to 2026-04-30         30.00
                      2  Orders                               2026-03-01 to 2026-03-31         10.00
                         20 orders: 10 beyond 10 (0 before this period)
                      3  Sellers                              2026-03-01 to 2026-03-31          2.00
                         1 seller
                                                                             Total USD         42.00

                    At this pace the invoice comes to USD                                      84.00
                      Orders: 62 orders                                                        52.00

                    """)
            let json = try JSON(books.run("preview", "s", "--as-of", "2026-03-10", "--json"))
            #expect(try json.text("schema") == "meterbook.preview/1")
        }
    }

    @Test("On its last day the preview is the invoice that the close then writes, with the corrections that wait")
    func becomesTheInvoice() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.count(books, "2026-02-10,25", "2026-03-02,12")
            try self.nights(books, "2026-01-01", "2026-03-01")
            // Five more of February become known in March, and the seller of March has a channel beside him.
            try books.folder.write(
                "account,channel,meter,day,quantity\na,x,orders,2026-02-10,30\na,x,orders,2026-03-02,12\n"
                    + "b,y,orders,2026-03-20,4\n", to: "counts.csv")
            try self.nights(books, "2026-03-31")
            let preview = try books.run("preview", "s", "--as-of", "2026-03-31", "--json")
            #expect(!preview.contains("forecast"))
            try self.nights(books, "2026-04-01")
            let invoice = try books.run("invoice", "show", "s/2026-04-01", "--json")
            let lines = try #require(invoice.range(of: "\"lines\": ["))
            let written = invoice[lines.lowerBound...].split(separator: "\n").map { $0.drop { $0 == " " } }
            let shown = preview.split(separator: "\n").map { $0.drop { $0 == " " } }
            let first = try #require(shown.firstIndex(of: "\"lines\": ["))
            #expect(Array(shown[first...].prefix(written.count - 2)) == Array(written.dropLast(2)))
            #expect(invoice.contains("correction"))
        }
    }

    @Test("Who has ended and been closed has no next invoice")
    func ended() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-01-01")
            try books.run("subscription", "cancel", "s", "--as-of", "2026-01-05")
            try self.nights(books, "2026-02-01")
            let preview = try books.meterbook("preview", "s", "--as-of", "2026-02-02")
            #expect(preview.code == 65)
            #expect(preview.errors.contains("subscription 's' has ended"), "\(preview.errors)")
            #expect(try books.meterbook("preview", "nobody").code == 64)
        }
    }
}
