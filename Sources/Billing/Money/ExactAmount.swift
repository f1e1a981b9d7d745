/// An amount of money before it is rounded: `units` × 10^−`places` of the major unit.
package struct ExactAmount: Hashable, Sendable {
    package let units: Int128
    package let places: Int

    package init(units: Int128, places: Int) {
        self.units = units
        self.places = places
    }
}
