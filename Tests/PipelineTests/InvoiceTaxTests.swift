import TestSupport
import Testing

/// What a finalized invoice says of tax and of its customer, and that it goes on saying it.
@Suite("Tax on invoices")
struct InvoiceTaxTests: PlaysShop {
    /// A German seller at 19 %, and at 16 % in the second half of 2020; a flat price of 50.05 and usage at 7 %.
    private func deploy(_ books: Books, prices: String = "exclusive") throws {
        let version = [
            "prices:", "  base: {flat: {month: 50.05}, name: Base, charged: in_advance}",
            "  orders: {usage: orders, name: Orders, unit_price: 1.00, tax: reduced}",
        ]
        try deploy(
            books, small: version, large: version,
            changes: """
                invoices: {finalize: at_once}
                seller: {name: Shop GmbH, address: [Hauptstr. 1, 10115 Berlin], country: DE, tax_numbers: {DE: DE136695976}}
                tax:
                  prices: \(prices)
                  rates:
                    - {country: DE, category: standard, from: 2007-01-01, percent: 19}
                    - {country: DE, category: standard, from: 2020-07-01, until: 2021-01-01, percent: 16}
                    - {country: DE, category: reduced, from: 1983-07-01, percent: 7}
                """)
        try books.folder.write(
            """
            customer,name,legal_name,address_1,postal_code,city,country,tax_number,po_number
            c,C,C AG,Ring 5,80331,Muenchen,DE,,PO-7
            f,F,F SARL,Rue 1,75001,Paris,FR,FR40303265045,
            z,Z,,,,,CH,,
            n,N,,,,,,,
            """, to: "customers.csv")
        try books.folder.write(
            "subscription,plan,anchor,cadence,customer\n"
                + ["c", "f", "z"].map { "\($0),small,2020-05-01,month,\($0)\n" }.joined(), to: "subscriptions.csv")
        try books.folder.write("account,subscription\na,c\nb,f\n", to: "memberships.csv")
    }

    private func taxes(_ books: Books) throws -> String {
        try books.sql(
            """
            SELECT s.key, f.period_ends, f.net, f.tax, f.gross, f.seller_number,
                string_agg(concat_ws(' ', t.treatment, t.country, t.category, trim_scale(t.percent), t.net, t.tax), ', '
                    ORDER BY t.place)
            FROM meterbook.finalized_invoice AS f
            JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
            LEFT JOIN meterbook.invoice_tax AS t USING (customer_id, subscription_id, period_ends, kind)
            GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 2, 1
            """)
    }

    @Test(
        "Each rate is rounded once, at the rate of the invoice's date; a business abroad and an export are charged none"
    )
    func rates() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try books.folder.write(
                "account,channel,meter,day,quantity\na,x,orders,2020-05-10,10\na,x,orders,2020-06-10,3\n",
                to: "counts.csv")
            try self.nights(books, "2020-05-01", "2020-06-01", "2020-07-01")
            // 50.05 × 19 % = 9.5095; 10.00 × 7 % = 0.70; in July 50.05 × 16 % = 8.008; 3.00 × 7 % = 0.21.
            #expect(
                try self.taxes(books) == """
                    c|2020-05-01|5005|951|5956|DE136695976|taxed DE standard 19 5005 951
                    f|2020-05-01|5005|0|5005|DE136695976|reverse_charge FR standard 0 5005 0
                    z|2020-05-01|5005|0|5005|DE136695976|export CH standard 0 5005 0
                    c|2020-06-01|6005|1021|7026|DE136695976|taxed DE reduced 7 1000 70, taxed DE standard 19 5005 951
                    f|2020-06-01|5005|0|5005|DE136695976|reverse_charge FR reduced 0 0 0, reverse_charge FR standard 0 5005 0
                    z|2020-06-01|5005|0|5005|DE136695976|export CH reduced 0 0 0, export CH standard 0 5005 0
                    c|2020-07-01|5305|822|6127|DE136695976|taxed DE reduced 7 300 21, taxed DE standard 16 5005 801
                    f|2020-07-01|5005|0|5005|DE136695976|reverse_charge FR reduced 0 0 0, reverse_charge FR standard 0 5005 0
                    z|2020-07-01|5005|0|5005|DE136695976|export CH reduced 0 0 0, export CH standard 0 5005 0
                    """)
            let shown = try books.run("invoice", "show", "c/2020-06-01")
            for line in [
                "  C AG\n  Ring 5\n  80331 Muenchen\n  DE\n  Order number PO-7\n",
                "  tax DE reduced 7 % on 10.00                                               0.70\n",
                "  tax DE standard 19 % on 50.05                                             9.51\n",
                "  to be paid USD                                                           70.26\n",
                "Tax number of the seller: DE136695976\n",
            ] {
                #expect(shown.contains(line), "\(shown)")
            }
            #expect(
                try books.run("invoice", "show", "f/2020-06-01").contains(
                    "Reverse charge: VAT is to be accounted for by the recipient"))
            let export = try books.run("invoice", "export")
            #expect(export.contains(#""net":"60.05","tax":"10.21","gross":"70.26""#), "\(export)")
            #expect(export.contains(#""bill_to":{"version":1,"legal_name":"F SARL","address":["Rue 1"]"#), "\(export)")
            #expect(try books.run("invoice", "verify-chain").contains("9 numbers, each follows"))
            #expect(try books.agree())
        }
    }

    @Test("Of prices with tax in them it is taken out, and net and tax come to the lines exactly")
    func inclusive() async throws {
        try await withBooks { books in
            try self.deploy(books, prices: "inclusive")
            try self.nights(books, "2020-05-01")
            // 50.05 × 19 / 119 = 7.9912…
            #expect(
                try self.taxes(books).hasPrefix(
                    "c|2020-05-01|4206|799|5005|DE136695976|taxed DE standard 19 4206 799\n"))
            let shown = try books.run("invoice", "show", "c/2020-05-01")
            #expect(shown.contains("  of it tax DE standard 19 % on 42.06"), "\(shown)")
            #expect(try books.agree())
        }
    }

    @Test(
        "A customer whose tax cannot be told is held, the others are not, and he is finalized when his country is known"
    )
    func unknown() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try books.folder.write(
                "subscription,plan,anchor,cadence,customer\nn,small,2020-05-01,month,n\nz,small,2020-05-01,month,z\n",
                to: "subscriptions.csv")
            try books.folder.write("account,subscription\n", to: "memberships.csv")
            for _ in 0..<2 {
                let night = try books.meterbook("nightly", "--as-of", "2020-05-01", "--deployment", books.folder.path)
                #expect(night.code == 65)
                #expect(
                    night.output.contains("The tax of 1 invoice cannot be told: meterbook hold list"), "\(night.output)"
                )
            }
            let holds = try books.run("hold", "list")
            #expect(holds.contains("invoice n/2020-05-01") && holds.contains("tax_unknown"), "\(holds)")
            let named = try books.meterbook("invoice", "finalize", "n/2020-05-01", "--as-of", "2020-05-01")
            #expect(named.code == 65)
            try books.folder.write("customer,name,country\nn,N,DE\nz,Z,CH\n", to: "customers.csv")
            try self.nights(books, "2020-05-02")
            #expect(
                try self.taxes(books) == """
                    n|2020-05-01|5005|951|5956|DE136695976|taxed DE standard 19 5005 951
                    z|2020-05-01|5005|0|5005|DE136695976|export CH standard 0 5005 0
                    """)
            #expect(try books.run("hold", "list") == "Nothing is held.\n")
        }
    }

    @Test("What was finalized keeps the details and the tax of its day, also when they change or are erased")
    func frozen() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2020-05-01")
            let before = try books.run("invoice", "show", "f/2020-05-01")
            try books.run("customer", "details", "f", "--legal-name", "G SARL", "--as-of", "2020-05-02")
            #expect(try books.run("invoice", "show", "f/2020-05-01") == before)
            try self.nights(books, "2020-06-01")
            #expect(try books.run("invoice", "show", "f/2020-06-01").contains("  F SARL\n"))
            try books.run("customer", "erase", "f", "--as-of", "2020-06-02")
            let erased = try books.run("invoice", "show", "f/2020-05-01")
            #expect(
                !erased.contains("SARL") && !erased.contains("Rue 1") && !erased.contains("FR40303265045"), "\(erased)")
            #expect(erased.contains("Reverse charge") && erased.contains("50.05"))
            #expect(try books.run("invoice", "verify-chain").contains("6 numbers, each follows"))
            #expect(try books.agree())
        }
    }
}
