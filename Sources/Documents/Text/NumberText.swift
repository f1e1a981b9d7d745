package import Billing

/// Numbers as people read them: thousands separated by commas, money with the currency's places. JSON takes none of these
/// separators.
package enum NumberText {
    /// `1,500`, `-400`.
    package static func grouped(_ value: some BinaryInteger) -> String {
        (value < 0 ? "-" : "") + group(String(value.magnitude))
    }

    /// A quantity with so many of its digits behind the point, zeros at the end left out: `1,500`, `12.5`.
    package static func grouped(_ value: some BinaryInteger, places: Int) -> String {
        (value < 0 ? "-" : "") + point(String(value.magnitude), places: places, atLeast: 0, grouped: true)
    }

    /// A quantity in its smallest parts, without separators: `13695`, `12.5`.
    package static func plain(_ quantity: some BinaryInteger, places: Int) -> String {
        let text = point(String(quantity.magnitude), places: places, atLeast: 0, grouped: false)
        return (quantity < 0 ? "-" : "") + text
    }

    /// A change: `+1,500`, `-400`, `0`.
    package static func signed(_ value: some BinaryInteger) -> String {
        signed(value, places: 0)
    }

    package static func signed(_ value: some BinaryInteger, places: Int) -> String {
        (value > 0 ? "+" : "") + grouped(value, places: places)
    }

    /// A sum of money in minor units: `1,234.50`, `-0.05`, `500` for yen.
    package static func money(_ minor: some BinaryInteger, in currency: Currency) -> String {
        let text = point(String(minor.magnitude), places: currency.exponent, atLeast: currency.exponent, grouped: true)
        return (minor < 0 ? "-" : "") + text
    }

    /// A change of a sum of money: `+1,234.50`, `-0.05`, `0.00`.
    package static func signedMoney(_ minor: some BinaryInteger, in currency: Currency) -> String {
        (minor > 0 ? "+" : "") + money(minor, in: currency)
    }

    /// A change in percent of what it was: `+12.5%`; nil as `share`.
    package static func percent(_ change: Int128, of base: Int128) -> String? {
        share(change, of: base).map { ($0.hasPrefix("-") || $0 == "0.0" ? "" : "+") + $0 + "%" }
    }

    /// A change in percent of what it was, for other programs: to one place, half away from zero, `12.5` or `-0.1`. Nil where
    /// it was nothing or a credit, of which there is no share, and beyond what 128 bits hold.
    package static func share(_ change: Int128, of base: Int128) -> String? {
        guard base > 0 else { return nil }
        let (product, overflow) = change.magnitude.multipliedReportingOverflow(by: 2_000)
        guard !overflow else { return nil }
        let tenths = (product + base.magnitude) / (2 * base.magnitude)
        return (tenths > 0 && change < 0 ? "-" : "") + point(String(tenths), places: 1, atLeast: 1, grouped: false)
    }

    /// An amount before rounding: as many places as it needs, and never fewer than the currency has: `100.00`, `27.305`.
    package static func exact(_ amount: ExactAmount, in currency: Currency, grouped: Bool = true) -> String {
        let text = point(
            String(amount.units.magnitude), places: amount.places, atLeast: currency.exponent, grouped: grouped)
        return (amount.units < 0 ? "-" : "") + text
    }

    /// Puts a point before the last `places` digits, and takes zeros away from the end until `atLeast` places are left.
    private static func point(_ digits: String, places: Int, atLeast: Int, grouped: Bool) -> String {
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
        let whole = String(padded.dropLast(places))
        var fraction = padded.suffix(places)
        while fraction.utf8.count > atLeast, fraction.last == "0" { fraction.removeLast() }
        let text = grouped ? group(whole) : whole
        return fraction.isEmpty ? text : "\(text).\(fraction)"
    }

    /// A number that stands in JSON without separators, with them: `-1715.00` is `-1,715.00`.
    static func grouped(written number: String) -> String {
        let sign = number.prefix { $0 == "-" }
        let parts = number.dropFirst(sign.count).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        return sign + ([group(String(parts[0]))] + parts.dropFirst().map(String.init)).joined(separator: ".")
    }

    private static func group(_ digits: String) -> String {
        var text: [UInt8] = []
        let count = digits.utf8.count
        for (index, digit) in digits.utf8.enumerated() {
            if index > 0, (count - index) % 3 == 0 { text.append(UInt8(ascii: ",")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
