import Billing
import Documents
import Testing

/// What another catalog would have billed, as a file and as a page.
@Suite("What if")
struct WhatIfTests {
    private static func subscription(
        _ key: String, name: String = "", plan: String = "silver", _ invoices: (Int64, WhatIfSubscription.Outcome)...
    ) throws -> WhatIfSubscription {
        WhatIfSubscription(
            key: key, customer: key, customerName: name, currency: try Fixture.currency("USD"),
            invoices: try invoices.enumerated().map { place, invoice in
                WhatIfSubscription.Invoice(
                    date: try Fixture.day("2022-0\(place + 1)-15"), plan: plan, billed: invoice.0, wouldBe: invoice.1)
            })
    }

    @Test("A row of the file quotes what has a comma, a quote or a line feed, and gives each reason once")
    func row() throws {
        let missing = WhatIfSubscription.Outcome.notComparable(.planMissing("silver"))
        let subscription = try Self.subscription(
            "a,b", name: "The \"best\"\nshop", (100_00, .amount(112_50)), (-5, .amount(0)), (7_00, missing),
            (8_00, missing))
        // 112.50 − 99.95 = 12.55, of 99.95 12.6 %.
        #expect(
            WhatIfCSV.row(subscription)
                == "\"a,b\",\"The \"\"best\"\"\nshop\",\"a,b\",silver,USD,2,99.95,112.50,12.55,12.6,2,"
                + "the catalog has no plan 'silver'\n")
    }

    @Test("Sums that workers found are added up, and the largest rises and falls come first")
    func merged() throws {
        var (one, other) = (WhatIfReport(limit: 1), WhatIfReport(limit: 1))
        one.add(try Self.subscription("a", (10_00, .amount(11_00))))
        one.add(try Self.subscription("b", (10_00, .amount(14_00))))
        other.add(try Self.subscription("c", plan: "gold", (10_00, .amount(9_00)), (1_00, .amount(1_00))))
        other.add(try Self.subscription("d", (10_00, .amount(10_00))))
        let missing = WhatIfSubscription.Outcome.notComparable(.planMissing("silver"))
        one.add(try Self.subscription("e", (3_00, missing)))
        other.add(try Self.subscription("f", (4_00, missing), (5_00, missing)))
        one.add(other)
        #expect(
            WhatIfText.render(one, catalog: "new.yaml") == """
                What if: new.yaml; nothing was kept
                8 invoices of 6 subscriptions, on the plans and with the usage that they were
                billed for; before tax.

                Not compared, and in no sum below
                  silver: the catalog has no plan 'silver'. Billed 12.00 USD on 3 invoices of 2
                    subscriptions.

                Plan    Invoices  Billed USD  Would be  Difference       %
                ------  --------  ----------  --------  ----------  ------
                gold           2       11.00     10.00       -1.00   -9.1%
                silver         3       30.00     35.00       +5.00  +16.7%
                ------  --------  ----------  --------  ----------  ------
                All            5       41.00     45.00       +4.00   +9.8%

                Dated in  Invoices  Billed USD  Would be  Difference       %
                --------  --------  ----------  --------  ----------  ------
                2022-01          4       40.00     44.00       +4.00  +10.0%
                2022-02          1        1.00      1.00        0.00    0.0%

                Largest rises, of 2
                Subscription  Plan    Billed USD  Would be  Difference       %
                ------------  ------  ----------  --------  ----------  ------
                b             silver       10.00     14.00       +4.00  +40.0%
                and 1 more

                Largest falls, of 1
                Subscription  Plan  Billed USD  Would be  Difference      %
                ------------  ----  ----------  --------  ----------  -----
                c             gold       11.00     10.00       -1.00  -9.1%

                """)
    }
}
