/// A country by its two-letter code of ISO 3166-1, for example `DE`.
package struct Country: Hashable, Sendable, CustomStringConvertible {
    /// Two capital letters.
    package let code: String
    package var description: String { code }

    /// Nil for a code that ISO 3166-1 has not assigned. Greece is `GR` and the United Kingdom `GB`: `EL` and `UK` are what
    /// others call them.
    package init?(code: some StringProtocol) {
        let code = String(code)
        guard Self.assigned.contains(code) else { return nil }
        self.code = code
    }

    /// For the tables of this folder, whose codes a test looks up.
    init(known code: String) {
        self.code = code
    }

    /// What was probably meant by a text that is no code: `de`, `EL`, `UK`.
    package static func meant(by text: some StringProtocol) -> Country? {
        let code = text.uppercased()
        switch code {
        case "EL": return Country(code: "GR")
        case "UK": return Country(code: "GB")
        default: return Country(code: code)
        }
    }

    /// ISO 3166-1, all officially assigned codes.
    private static let assigned: Set<String> = Set(
        """
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ \
        CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO \
        FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE \
        JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO \
        MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW \
        PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM \
        TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
        """.split(separator: " ").map(String.init))
}

/// A part of a country by its code of ISO 3166-2 without the country's: `NY` for `US-NY`.
package struct Region: Hashable, Sendable, CustomStringConvertible {
    /// One to three capital letters and digits.
    package let code: String
    package var description: String { code }

    /// Takes the code with its country in front as well. Which codes a country has is not looked up: the list changes every
    /// year, and a code that no rate names makes no difference.
    ///
    /// - Returns: nil where it is no such code, or names another country.
    package init?(_ text: some StringProtocol, of country: Country) {
        var code = text[...]
        if let hyphen = code.firstIndex(of: "-") {
            guard code[..<hyphen] == country.code else { return nil }
            code = code[code.index(after: hyphen)...]
        }
        let isCode = code.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
        guard (1...3).contains(code.utf8.count), isCode else { return nil }
        self.code = String(code)
    }

    /// As it was stored.
    package init(stored code: String) {
        self.code = code
    }
}

/// Where somebody is established, as far as tax goes by it.
package struct TaxPlace: Hashable, Sendable, CustomStringConvertible {
    package var country: Country
    /// Nil where it is not known, or makes no difference.
    package var region: Region?

    package init(country: Country, region: Region? = nil) {
        self.country = country
        self.region = region
    }

    /// `DE`, `US-NY`.
    package var description: String { region.map { "\(country)-\($0)" } ?? country.code }
}
