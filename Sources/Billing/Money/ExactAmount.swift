/// An amount of money before it is rounded: `units` × 10^−`places` of the major unit.
package struct ExactAmount: Hashable, Sendable {
    package let units: Int128
    package let places: Int

    package init(units: Int128, places: Int) {
        self.units = units
        self.places = places
    }
}

extension ExactAmount {
    /// Plain decimal text without zeros behind the last place that says something: `12`, `12.5`, `-0.05`.
    package var plain: String {
        var (rest, places) = (units, places)
        while places > 0, rest % 10 == 0 { (rest, places) = (rest / 10, places - 1) }
        guard places > 0 else { return "\(rest)" }
        let digits = String(rest.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
        return "\(rest < 0 ? "-" : "")\(padded.dropLast(places)).\(padded.suffix(places))"
    }
}
