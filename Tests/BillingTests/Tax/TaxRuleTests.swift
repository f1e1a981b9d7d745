import Billing
import Testing

@Suite("What tax goes by")
struct TaxRuleTests {
    @Test(
        "Two rates contradict each other where it cannot be told which holds",
        arguments: [
            // The days of the second against 2020-01-01 until 2021-01-01.
            ("2020-01-01", "2022-01-01", true), ("2020-06-01", "2022-01-01", true), ("2020-06-01", nil, true),
            ("2019-06-01", "2020-06-01", true),
            ("2020-06-01", "2020-07-01", false), ("2020-06-01", "2021-01-01", false), ("2021-01-01", nil, false),
            ("2019-01-01", nil, false), ("2019-01-01", "2020-01-01", false), ("2019-01-01", "2022-01-01", false),
        ] as [(String, String?, Bool)])
    func overlap(from: String, until: String?, contradicts: Bool) throws {
        let first = try TaxCases.rate("DE", from: "2020-01-01", until: "2021-01-01", "19")
        let second = try TaxCases.rate("DE", from: from, until: until, "16")
        #expect(first.contradicts(second) == contradicts)
        #expect(second.contradicts(first) == contradicts)
        for other in [
            try TaxCases.rate("DE", "BY", from: from, until: until, "16"),
            try TaxCases.rate("DE", nil, "reduced", from: from, until: until, "16"),
            try TaxCases.rate("FR", from: from, until: until, "16"),
        ] {
            #expect(!first.contradicts(other))
        }
    }

    @Test("A country has its code of ISO 3166-1, and the usual mistakes have an answer")
    func countries() {
        for code in ["DE", "GR", "GB", "US", "ZW", "AX"] { #expect(Country(code: code)?.code == code) }
        for (text, meant) in [("de", "DE"), ("EL", "GR"), ("UK", "GB"), ("XX", nil), ("DEU", nil), ("", nil)] {
            #expect(Country(code: text) == nil)
            #expect(Country.meant(by: text)?.code == meant)
        }
    }

    @Test("A region has its code of ISO 3166-2, also with its own country in front and no other")
    func regions() throws {
        let country = try TaxCases.country("US")
        for text in ["NY", "US-NY"] { #expect(Region(text, of: country)?.code == "NY") }
        for text in ["New York", "ny", "CA-ON", "", "US-", "NYCC", "US-N Y"] {
            #expect(Region(text, of: country) == nil, "\(text)")
        }
    }

    @Test("Every country of the Union is one of ISO's, and has the numbers that its office gives")
    func numbers() throws {
        let sound = [
            "ATU12345678", "BE0123456789", "BE1123456789", "BG123456789", "BG1234567890", "CY12345678X", "CZ12345678",
            "CZ123456789", "CZ1234567890", "DE123456789", "DK12345678", "EE123456789", "EL123456789", "ESA12345678",
            "ES12345678Z", "ESX1234567X", "FI12345678", "FR12345678901", "FRK7123456789", "HR12345678901", "HU12345678",
            "IE1234567FA", "IE1234567T", "IE1A12345B", "IE1+12345B", "IT12345678901", "LT123456789", "LT123456789012",
            "LU12345678", "LV12345678901", "MT12345678", "NL123456789B01", "PL1234567890", "PT123456789", "RO12",
            "RO1234567890", "SE123456789012", "SI12345678", "SK1234567890",
        ]
        var countries: Set<String> = []
        for text in sound {
            let code = text.hasPrefix("EL") ? "GR" : String(text.prefix(2))
            let country = try TaxCases.country(code)
            let number = try #require(TaxNumber(text, in: country), "\(text)")
            #expect(number.text == text)
            #expect(number.vatCountry == country)
            #expect(EuropeanUnion.isMember(country, on: day("2021-01-01")))
            countries.insert(code)
        }
        #expect(countries.count == 27)
        for country in try countries.map(TaxCases.country) {
            #expect(TaxNumber(TaxNumber.example(of: country), in: country)?.vatCountry == country, "\(country)")
        }
    }

    @Test("A VAT number may have spaces, points and hyphens, and a malformed one is none")
    func malformed() throws {
        let germany = try TaxCases.country("DE")
        for text in ["DE 123 456 789", "de-123.456.789"] {
            #expect(TaxNumber(text, in: germany)?.text == "DE123456789")
        }
        for text in [
            "DE12345678", "DE1234567890", "DE12345678X", "123456789", "12/345/67890", "GR123456789", "ES12345678",
            "ESA1234567", "ATA12345678", "XX123456789", "", "DE１２３４５６７８９",
        ] {
            #expect(TaxNumber(text, in: germany) == nil, "\(text)")
        }
        // A business of one country may have its number of another; outside of the Union numbers are as they are.
        #expect(TaxNumber("FR12345678901", in: germany)?.vatCountry?.code == "FR")
        let swiss = try #require(TaxNumber("CHE-123.456.789 MWST", in: TaxCases.country("CH")))
        #expect(swiss.text == "CHE-123.456.789 MWST")
        #expect(swiss.vatCountry == nil)
        #expect(TaxNumber(String(repeating: "1", count: 51), in: try TaxCases.country("CH")) == nil)
        #expect(TaxNumber("XI123456789", in: try TaxCases.country("GB"))?.vatCountry?.code == "GB")
    }

    @Test("Countries belong to the Union from their accession, Britain until its VAT left with the transition period")
    func membership() {
        func members(_ text: String) -> Int {
            let day = day(text)
            let codes = (65...90).flatMap { first in
                (65...90).compactMap { second -> Country? in
                    guard let first = Unicode.Scalar(first), let second = Unicode.Scalar(second) else { return nil }
                    return Country(code: "\(first)\(second)")
                }
            }
            return codes.filter { EuropeanUnion.isMember($0, on: day) }.count
        }
        #expect(members("2003-12-31") == 15)
        #expect(members("2004-05-01") == 25)
        #expect(members("2013-06-30") == 27)
        #expect(members("2020-12-31") == 28)
        #expect(members("2021-01-01") == 27)
    }
}
