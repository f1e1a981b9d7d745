package import Billing

/// How the values of billing stand in JSON: written byte by byte, because an export of a month writes millions of them.
extension JSONWriter {
    /// A sum of money as a string with exactly the currency's places, as `Currency.format` writes it.
    package mutating func member(_ key: StaticString, _ minor: Int64?, in currency: Currency) {
        guard let minor else { return }
        member(key) { writer in
            guard currency.exponent > 0 else { return writer.appendDigits(minor) }
            let (whole, fraction) = minor.magnitude.quotientAndRemainder(dividingBy: currency.minorUnits.magnitude)
            if minor < 0 { writer.append(ascii: UInt8(ascii: "-")) }
            writer.appendDigits(whole)
            writer.append(ascii: UInt8(ascii: "."))
            writer.appendDigits(fraction, width: currency.exponent)
        }
    }

    /// A quantity: a number where it has no decimal places, otherwise a string with exactly these, as money is written.
    package mutating func member<Number: FixedWidthInteger>(_ key: StaticString, _ quantity: Number, places: Int) {
        guard places > 0 else { return member(key, quantity) }
        var parts: Number.Magnitude = 1
        for _ in 0..<min(places, Meter.mostPlaces) { parts *= 10 }
        member(key) { writer in
            let (whole, fraction) = quantity.magnitude.quotientAndRemainder(dividingBy: parts)
            if quantity < 0 { writer.append(ascii: UInt8(ascii: "-")) }
            writer.appendDigits(whole)
            writer.append(ascii: UInt8(ascii: "."))
            writer.appendDigits(fraction, width: places)
        }
    }

    /// An amount before rounding: as many places as it needs, and never fewer than
    /// the currency has.
    package mutating func member(_ key: StaticString, exact amount: ExactAmount, in currency: Currency) {
        member(key, NumberText.exact(amount, in: currency, grouped: false))
    }

    package mutating func member(_ key: StaticString, _ day: CivilDate?) {
        guard let day else { return }
        member(key) { $0.append(day) }
    }

    /// `{"start": …, "end": …}`, half-open.
    package mutating func member(_ key: StaticString, _ range: DateRange?) {
        guard let range else { return }
        object(key) { writer in
            writer.member("start", range.start)
            writer.member("end", range.end)
        }
    }

    /// The name of an invoice, `SUBSCRIPTION/PERIOD-END` or `SUBSCRIPTION/DAY/change`, and of a line on the first of them,
    /// `SUBSCRIPTION/PERIOD-END#LINE`.
    package mutating func member(
        _ key: StaticString, referenceTo subscription: String, periodEnd: CivilDate, isChange: Bool = false,
        line: Int16? = nil
    ) {
        member(key) { writer in
            writer.escape(subscription)
            writer.append(ascii: UInt8(ascii: "/"))
            writer.append(periodEnd)
            if isChange { writer.escape("/change") }
            guard let line else { return }
            writer.append(ascii: UInt8(ascii: "#"))
            writer.appendDigits(line)
        }
    }

    /// An instant of UTC from microseconds since 1970-01-01.
    package mutating func member(_ key: StaticString, instant microseconds: Int64?) {
        guard let microseconds else { return }
        member(key, InstantText.precise(microseconds))
    }

    mutating func append(_ day: CivilDate) {
        let (year, month, day) = day.components
        appendDigits(year, width: 4)
        append(ascii: UInt8(ascii: "-"))
        appendDigits(month, width: 2)
        append(ascii: UInt8(ascii: "-"))
        appendDigits(day, width: 2)
    }
}
