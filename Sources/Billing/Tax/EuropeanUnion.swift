/// Where the value added tax of the European Union holds, and by which letters its countries' numbers begin: all of it in
/// one place, with the dates.
///
/// Sources: Directive 2006/112/EC (the VAT directive), Articles 5 to 7 and 215; the acts of accession for the dates; for the
/// United Kingdom the Withdrawal Agreement (2019/C 384 I/01), Articles 126 and 127.
package enum EuropeanUnion {
    /// A country, and the days on which it belongs: `[from, until)`.
    private struct Membership {
        let country: Country
        let from: CivilDate
        let until: CivilDate?
    }

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> CivilDate {
        CivilDate(year: year, month: month, day: day) ?? .earliest
    }

    private static let memberships: [Membership] = {
        let began: [(date: CivilDate, countries: String)] = [
            (day(1958, 1, 1), "BE DE FR IT LU NL"), (day(1973, 1, 1), "DK IE"), (day(1981, 1, 1), "GR"),
            (day(1986, 1, 1), "ES PT"), (day(1995, 1, 1), "AT FI SE"),
            (day(2004, 5, 1), "CY CZ EE HU LT LV MT PL SI SK"), (day(2007, 1, 1), "BG RO"), (day(2013, 7, 1), "HR"),
        ]
        let members = began.flatMap { began in
            began.countries.split(separator: " ").map {
                Membership(country: Country(known: String($0)), from: began.date, until: nil)
            }
        }
        // It left on 2020-01-31, and its VAT with the end of the transition period. Northern Ireland has stayed in for goods
        // alone (Windsor Framework, Article 8), and what a meter counts are services: so it is not told apart here.
        let britain = Membership(country: Country(known: "GB"), from: day(1973, 1, 1), until: day(2021, 1, 1))
        return members + [britain]
    }()

    /// Territories whose tax is that of another country: Article 7 of the directive; for the Isle of Man since it no longer
    /// says so the United Kingdom's own law (Isle of Man Act 1979).
    private static let treatedAs: [Country: Country] = [
        Country(known: "MC"): Country(known: "FR"), Country(known: "IM"): Country(known: "GB"),
    ]

    /// Regions of members in which the directive does not hold, by their codes of ISO 3166-2: Article 6, the Canary Islands
    /// with their provinces, Ceuta and Melilla. Those with a country's code of their own (Åland, the French overseas
    /// departments) are in no list of members to begin with.
    private static let outside: [Country: Set<String>] = [
        Country(known: "ES"): ["CN", "GC", "TF", "CE", "ML"]
    ]

    /// The place whose tax holds at a place: Monaco's is that of France.
    static func taxed(at place: TaxPlace) -> TaxPlace {
        treatedAs[place.country].map { TaxPlace(country: $0) } ?? place
    }

    /// The member whose VAT holds at a place on a day; nil outside of the Union.
    package static func member(at place: TaxPlace, on day: CivilDate) -> Country? {
        let place = taxed(at: place)
        let country = place.country
        if let region = place.region, outside[country]?.contains(region.code) ?? false { return nil }
        return isMember(country, on: day) ? country : nil
    }

    package static func isMember(_ country: Country, on day: CivilDate) -> Bool {
        memberships.contains { $0.country == country && $0.from <= day && ($0.until.map { day < $0 } ?? true) }
    }

    /// Whether the country is, without an end that is known.
    static func isMemberForGood(_ country: Country) -> Bool {
        memberships.contains { $0.country == country && $0.until == nil }
    }

    /// The country whose VAT numbers begin with two letters: its own code (Article 215), but `EL` for Greece, and `XI` for a
    /// business of Northern Ireland that trades in goods.
    static func country(ofPrefix prefix: some StringProtocol) -> Country? {
        switch prefix {
        case "EL": return Country(known: "GR")
        case "XI": return Country(known: "GB")
        case "GR": return nil
        default: return memberships.first { $0.country.code == prefix }?.country
        }
    }
}
