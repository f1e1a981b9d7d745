/// A tax number as it stands on invoices, and the country of the European Union whose VAT number it is.
package struct TaxNumber: Hashable, Sendable {
    /// A VAT number without the spaces, points and hyphens that people put into it: `DE123456789`. Any other number as it
    /// was written.
    package let text: String
    /// The country that gave it, where it is a VAT number of a country that is or was a member; nil for any other.
    package let vatCountry: Country?

    /// The longest number that is taken, in bytes.
    package static let longest = 50

    /// The structure alone is looked at (the Commission's VIES, question 11 of its FAQ): whether a number is in use only
    /// the country's office knows.
    ///
    /// - Parameter country: where its holder is.
    /// - Returns: nil for a text that is too long, and in a country of the Union for one that is no member's VAT number.
    package init?(_ text: String, in country: Country) {
        guard !text.isEmpty, text.utf8.count <= Self.longest else { return nil }
        if let (number, country) = Self.vatNumber(text) {
            self.text = number
            vatCountry = country
            return
        }
        guard !EuropeanUnion.isMemberForGood(country) else { return nil }
        self.text = text
        vatCountry = nil
    }

    /// Under this number a seller declares in a country: its VAT number, that of another member where the one-stop-shop
    /// is used (Article 369d of Directive 2006/112/EC), or `EU` and nine digits for a seller from outside (Article 362).
    package static func isSellers(_ text: String, in country: Country) -> Bool {
        if TaxNumber(text, in: country) != nil { return true }
        return text.hasPrefix("EU") && matches(compact(text).utf8.dropFirst(2), "999999999")
    }

    /// What a number of the country looks like, for messages.
    package static func example(of country: Country) -> String {
        guard let pattern = patterns[country.code]?.first else { return "123456789" }
        var digit = 0
        let body = pattern.map { mark -> Character in
            switch mark {
            case "9", "S":
                digit = digit % 9 + 1
                return Character("\(digit)")
            case "L", "X": return "A"
            default: return mark
            }
        }
        return (country.code == "GR" ? "EL" : country.code) + String(body)
    }

    private static func compact(_ text: String) -> String {
        text.filter { !" .-".contains($0) }.uppercased()
    }

    private static func vatNumber(_ text: String) -> (String, Country)? {
        let number = compact(text)
        guard number.utf8.allSatisfy({ $0 < 0x80 }), let country = EuropeanUnion.country(ofPrefix: number.prefix(2)),
            let known = patterns[country.code]
        else { return nil }
        let body = number.utf8.dropFirst(2)
        // In Spain the first or the last may be a letter, and one of them is.
        if country.code == "ES", body.first.map(isDigit) == true, body.last.map(isDigit) == true { return nil }
        return known.contains { matches(body, $0) } ? (number, country) : nil
    }

    private static func matches(_ body: some Collection<UInt8>, _ pattern: String) -> Bool {
        body.count == pattern.utf8.count
            && zip(body, pattern.utf8).allSatisfy { byte, mark in
                switch mark {
                case UInt8(ascii: "9"): isDigit(byte)
                case UInt8(ascii: "L"): isLetter(byte)
                case UInt8(ascii: "X"): isDigit(byte) || isLetter(byte)
                case UInt8(ascii: "S"): isDigit(byte) || isLetter(byte) || byte == 0x2B || byte == 0x2A
                default: byte == mark
                }
            }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }

    /// What stands behind the two letters: 9 is a digit, X a digit or a letter, S also + and *, L a letter; anything else
    /// is itself.
    private static let patterns: [String: [String]] = [
        "AT": ["U99999999"], "BE": ["0999999999", "1999999999"], "BG": ["999999999", "9999999999"],
        "CY": ["99999999L"], "CZ": ["99999999", "999999999", "9999999999"], "DE": ["999999999"], "DK": ["99999999"],
        "EE": ["999999999"], "ES": ["X9999999X"], "FI": ["99999999"], "FR": ["XX999999999"],
        "GB": ["999999999", "999999999999", "GD999", "HA999"], "GR": ["999999999"], "HR": ["99999999999"],
        "HU": ["99999999"], "IE": ["9S99999L", "9999999LL"], "IT": ["99999999999"],
        "LT": ["999999999", "999999999999"],
        "LU": ["99999999"], "LV": ["99999999999"], "MT": ["99999999"], "NL": ["SSSSSSSSSB99"], "PL": ["9999999999"],
        "PT": ["999999999"], "RO": (2...10).map { String(repeating: "9", count: $0) }, "SE": ["999999999999"],
        "SI": ["99999999"], "SK": ["9999999999"],
    ]
}
