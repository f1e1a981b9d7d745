/// An ISO 4217 currency: its code and how many decimal places its minor unit has.
package struct Currency: Hashable, Sendable {
    /// Three capital letters, for example `USD`.
    package let code: String
    /// 0, 2 or 3: a yen has none, a dollar 100 cents, a Kuwaiti dinar 1,000 fils.
    package let exponent: Int

    /// Nil for a code that is not an active ISO 4217 currency with 0, 2 or 3 places.
    package init?(code: some StringProtocol) {
        let code = String(code)
        guard let exponent = Self.exponents[code] else { return nil }
        self.code = code
        self.exponent = exponent
    }

    /// Minor units in one major unit: 1, 100 or 1,000.
    package var minorUnits: Int64 {
        switch exponent {
        case 0: 1
        case 2: 100
        default: 1_000
        }
    }

    /// A sum of money as decimal text with exactly the currency's places: `-12.30`, `500` for yen.
    package func format(_ minor: Int64) -> String {
        format(Int128(minor))
    }

    /// The same for a sum that may be wider than any one amount.
    package func format(_ minor: Int128) -> String {
        guard exponent > 0 else { return String(minor) }
        let (whole, fraction) = minor.magnitude.quotientAndRemainder(dividingBy: UInt128(minorUnits))
        let digits = String(fraction)
        let padding = String(repeating: "0", count: exponent - digits.utf8.count)
        return "\(minor < 0 ? "-" : "")\(whole).\(padding)\(digits)"
    }

    /// ISO 4217 (list one, active codes). Codes of funds, metals, tests and the four-place units of account are left
    /// out: nothing is sold in them.
    private static let exponents: [String: Int] = {
        var table: [String: Int] = [:]
        let none = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
        let three = "BHD IQD JOD KWD LYD OMR TND"
        let two = """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP \
            CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS \
            INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN \
            MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE \
            SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR \
            ZMW ZWG
            """
        for (codes, exponent) in [(none, 0), (three, 3), (two, 2)] {
            for code in codes.split(separator: " ") { table[String(code)] = exponent }
        }
        return table
    }()
}
