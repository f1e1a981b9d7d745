import Billing
import Testing

@Suite("Billing details")
struct BillingDetailTests {
    private typealias Name = BillingDetailChange.Name

    /// What texts say, and what is wrong with them as `reason field`.
    private static func read(
        _ texts: [Name: String], known: String? = nil
    ) throws -> (change: BillingDetailChange, refused: [String]) {
        var refused: [String] = []
        let change = BillingDetailChange(known: try known.map(TaxCases.country)) {
            texts[$0]
        } refuse: { reason, name in
            refused.append("\(reason.rawValue) \(name)")
        }
        return (change, refused)
    }

    @Test("What is said is set, what is empty is taken away, and the rest stays")
    func applied() throws {
        let (first, refused) = try Self.read([
            .legalName: "Northwind GmbH", .address1: "Rosenweg 1", .address3: "Hinterhaus", .postalCode: "10115",
            .city: "Berlin", .country: "DE", .region: "DE-BE", .taxNumber: "DE 123 456 789", .poNumber: "PO-7",
            .language: "de", .taxExempt: "",
        ])
        #expect(refused == [])
        let known = first.applied(to: BillingDetail())
        #expect(known.address == ["Rosenweg 1", "Hinterhaus"])
        #expect((known.region?.code, known.taxNumber, known.vatCountry?.code) == ("BE", "DE123456789", "DE"))
        let (second, _) = try Self.read([.city: "Potsdam", .poNumber: "", .address2: "Nebenweg 2"], known: "DE")
        var expected = known
        (expected.city, expected.poNumber, expected.address) = ("Potsdam", nil, ["Nebenweg 2"])
        #expect(second.applied(to: known) == expected)
        #expect(BillingDetailChange().applied(to: known) == known)
    }

    @Test("Another country takes the region along, unless one is said with it")
    func moved() throws {
        let known = try Self.read([.country: "US", .region: "NY"]).change.applied(to: BillingDetail())
        #expect(try Self.read([.country: "US"]).change.applied(to: known).region?.code == "NY")
        #expect(try Self.read([.country: "CA"]).change.applied(to: known).region == nil)
        #expect(try Self.read([.country: "CA", .region: "ON"]).change.applied(to: known).region?.code == "ON")
        #expect(try Self.read([.region: "NJ"], known: "US").change.applied(to: known).region?.code == "NJ")
    }

    @Test(
        "What cannot be taken has its reason",
        arguments: [
            ([.country: "Germany"], ["invalid_country country"]), ([.country: "de"], ["invalid_country country"]),
            ([.country: "US", .region: "New York"], ["invalid_region region"]),
            ([.region: "NY"], ["missing_field country"]), ([.country: "", .region: "NY"], ["missing_field country"]),
            ([.taxNumber: "DE123456789"], ["missing_field country"]),
            ([.country: "DE", .taxNumber: "12345"], ["invalid_tax_number taxNumber"]),
            // What is wrong with the number shows when the country is right.
            ([.country: "Germany", .taxNumber: "12345"], ["invalid_country country"]),
            ([.language: "german!"], ["invalid_language language"]),
            ([.legalName: " x"], ["surrounding_space legalName"]), ([.city: "a\nb"], ["control_character city"]),
            ([.address2: String(repeating: "x", count: 201)], ["field_too_long address2"]),
            ([.taxExempt: "a\u{1}"], ["control_character taxExempt"]),
        ] as [([BillingDetailChange.Name: String], [String])])
    func refused(texts: [BillingDetailChange.Name: String], reasons: [String]) throws {
        #expect(try Self.read(texts).refused == reasons)
    }

    @Test("A language has a well-formed tag of BCP 47")
    func languages() {
        let sound = [
            "de", "pt-BR", "zh-Hant-TW", "es-419", "sl-rozaj-biske", "de-CH-1901", "ast", "zh-yue-HK", "en-a-bbb-x-a",
            "de-x-firma", "EN-us",
        ]
        for text in sound { #expect(LanguageTag(text)?.text == text, "\(text)") }
        for text in ["", "d", "german!", "de_DE", "de-", "-de", "de--DE", "de-a", "de-x", "12", "dé", "de-DE-DE"] {
            #expect(LanguageTag(text) == nil, "\(text)")
        }
    }

    @Test("Tax goes by country, region, VAT number and exemption, and without a country by nothing")
    func buyer() throws {
        let (change, _) = try Self.read([
            .country: "FR", .region: "75C", .taxNumber: "FR12345678901", .taxExempt: "Mission",
        ])
        #expect(
            change.applied(to: BillingDetail()).taxBuyer
                == TaxBuyer(
                    place: try TaxCases.place("FR", "75C"), vatCountry: try TaxCases.country("FR"),
                    exemptReason: "Mission"))
        #expect(BillingDetail(legalName: "X").taxBuyer == nil)
    }

    @Test("After an erasure the VAT number has to be said again before it counts for another version")
    func successor() throws {
        var detail = BillingDetail()
        detail.country = try TaxCases.country("DE")
        detail.vatCountry = detail.country
        func version(erasedOn: CivilDate?) -> BillingDetailVersion {
            BillingDetailVersion(
                number: 1, detail: detail, recordedOn: .earliest, runID: 1, digest: [], erasedOn: erasedOn)
        }
        #expect(version(erasedOn: nil).successor == detail)
        #expect(version(erasedOn: .latest).successor.vatCountry == nil)
        #expect(version(erasedOn: .latest).successor.country == detail.country)
    }
}
