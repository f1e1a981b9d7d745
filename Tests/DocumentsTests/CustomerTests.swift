import Billing
import Documents
import Testing

@Suite("A customer with the billing details")
struct CustomerTests {
    private static func statement(_ versions: [BillingDetailVersion]) -> CustomerStatement {
        CustomerStatement(
            customer: "northwind", name: "Northwind", email: EmailAddress("billing@northwind.example"),
            versions: versions)
    }

    private static func version(
        _ number: Int32, _ detail: BillingDetail, erasedOn: String? = nil
    ) throws -> BillingDetailVersion {
        BillingDetailVersion(
            number: number, detail: detail, recordedOn: try #require(CivilDate("2022-06-0\(number)")),
            runID: Int64(number) + 6, digest: [0x0A] + [UInt8](repeating: 0xBC, count: 31),
            erasedOn: erasedOn.flatMap { CivilDate($0) })
    }

    private static func detail() throws -> BillingDetail {
        let germany = try #require(Country(code: "DE"))
        return BillingDetail(
            legalName: "Northwind GmbH", address: ["Rosenweg 1", "Hinterhaus"], postalCode: "10115", city: "Berlin",
            region: Region("BE", of: germany), country: germany, taxNumber: "DE123456789", vatCountry: germany,
            poNumber: "PO-7", email: EmailAddress("old@northwind.example"), language: LanguageTag("de"),
            taxExempt: "Mission")
    }

    @Test("The newest version stands above all of them, in 80 columns")
    func text() throws {
        var second = try Self.detail()
        second.taxNumber = nil
        second.vatCountry = nil
        second.taxExempt = nil
        second.region = nil
        let text = CustomerText.render(
            Self.statement([try Self.version(1, Self.detail()), try Self.version(2, second)]))
        #expect(
            text == """
                Customer northwind                                    billing details, version 2
                Northwind

                  legal name     Northwind GmbH
                  address        Rosenweg 1
                                 Hinterhaus
                  city           10115 Berlin
                  country        DE
                  PO number      PO-7
                  language       de
                  notices to     billing@northwind.example

                Version  Recorded    Run  Erased  Digest
                -------  ----------  ---  ------  ----------------
                      1  2022-06-01    7          0abcbcbcbcbcbcbc
                      2  2022-06-02    8          0abcbcbcbcbcbcbc

                """)
        let first = CustomerText.render(Self.statement([try Self.version(1, Self.detail())]))
        #expect(first.contains("  country        DE-BE\n  tax number     DE123456789, a VAT number of DE\n"))
        #expect(first.contains("  tax exempt     Mission\n"))
    }

    @Test("Of who was erased stands what tax goes by, and of who has no details that there are none")
    func erased() throws {
        var detail = BillingDetail()
        detail.country = Country(code: "DE")
        detail.vatCountry = detail.country
        let erased = CustomerText.render(
            CustomerStatement(
                customer: "northwind", name: "northwind", email: nil,
                versions: [try Self.version(1, detail, erasedOn: "2022-07-01")]))
        #expect(
            erased == """
                Customer northwind                                    billing details, version 1
                northwind

                  erased         on 2022-07-01: sources change nothing of the customer
                  country        DE
                  tax number     a VAT number of DE

                Version  Recorded    Run  Erased      Digest
                -------  ----------  ---  ----------  ----------------
                      1  2022-06-01    7  2022-07-01  0abcbcbcbcbcbcbc

                """)
        #expect(
            CustomerText.render(Self.statement([])) == """
                Customer northwind                                            no billing details
                Northwind

                  notices to     billing@northwind.example

                """)
    }

    @Test("JSON has every version with its whole digest, and leaves out what is not known")
    func json() throws {
        var second = BillingDetail()
        second.country = Country(code: "CH")
        let text = CustomerJSON.render(
            Self.statement([
                try Self.version(1, Self.detail()), try Self.version(2, second, erasedOn: "2022-07-01"),
            ]))
        let digest = "0a" + String(repeating: "bc", count: 31)
        #expect(
            text == """
                {
                  "schema": "meterbook.customer/1",
                  "customer": "northwind",
                  "name": "Northwind",
                  "email": "billing@northwind.example",
                  "details": [
                    {
                      "version": 1,
                      "legal_name": "Northwind GmbH",
                      "address": [
                        "Rosenweg 1",
                        "Hinterhaus"
                      ],
                      "postal_code": "10115",
                      "city": "Berlin",
                      "region": "BE",
                      "country": "DE",
                      "tax_number": "DE123456789",
                      "vat_country": "DE",
                      "po_number": "PO-7",
                      "email": "old@northwind.example",
                      "language": "de",
                      "tax_exempt": "Mission",
                      "recorded_on": "2022-06-01",
                      "run": 7,
                      "digest": "\(digest)"
                    },
                    {
                      "version": 2,
                      "country": "CH",
                      "recorded_on": "2022-06-02",
                      "run": 8,
                      "digest": "\(digest)",
                      "erased_on": "2022-07-01"
                    }
                  ]
                }

                """)
    }
}
