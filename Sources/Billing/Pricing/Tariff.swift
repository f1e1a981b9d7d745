/// A rate ready for arithmetic: what a quantity costs, exactly and rounded once.
///
/// All five models of `Rate` come down to three: a step is a tier with a flat fee and no unit price, and a percentage is
/// one open tier whose unit is a unit of money.
///
/// A class, as `RatingPlan` is: it is asked twice for every line of use.
package final class Tariff: Sendable {
    private enum Model: Sendable {
        case graduated([Tier])
        case volume([Tier])
        case package(size: Int64, price: Int128)
    }

    private struct Tier: Sendable {
        /// The quantity before this tier.
        let after: Int64
        let upTo: Int64?
        let unitPrice: Int128
        let flat: Int128
    }

    private let model: Model
    /// Places of an exact amount: those of a price and those of a quantity.
    private let exactPlaces: Int
    /// What a flat fee is multiplied by to stand in the same units as a quantity times a unit price.
    private let scale: Int128
    private let unitsPerMinor: Int128
    private let rounding: Rounding
    private let key: String

    /// - Parameters:
    ///   - places: the decimal places of a quantity, 0 to 6; 12.5 of a meter with one place is given as 125. The bounds of
    ///     tiers and the size of a package are whole units.
    ///   - key: the price's, for messages.
    package init(_ rate: Rate, places: Int, key: String, currency: Currency, rounding: Rounding) {
        // A hundredth more where prices are per cent, so that no division comes before the rounding.
        var extraPlaces = places
        switch rate.model {
        case .graduated(let tiers):
            model = .graduated(Self.follow(places, tiers.map { ($0.upTo, $0.unitPrice.units, $0.flat.units) }))
        case .volume(let tiers):
            model = .volume(Self.follow(places, tiers.map { ($0.upTo, $0.unitPrice.units, $0.flat.units) }))
        case .stairStep(let steps):
            model = .volume(Self.follow(places, steps.map { ($0.upTo, 0, $0.amount.units) }))
        case .package(let size, let price):
            model = .package(size: max(1, Self.parts(size, places: places)), price: price.units)
        case .percentage(let percentage):
            extraPlaces += 2
            model = .graduated([
                Tier(after: 0, upTo: nil, unitPrice: percentage.percent.units, flat: percentage.fixed.units)
            ])
        }
        exactPlaces = ExactDecimal.places + extraPlaces
        scale = (0..<extraPlaces).reduce(1) { product, _ in product * 10 }
        unitsPerMinor = ExactDecimal.one / Int128(currency.minorUnits) * scale
        self.rounding = rounding
        self.key = key
    }

    private static func follow(
        _ places: Int, _ tiers: [(upTo: Int64?, unitPrice: Int128, flat: Int128)]
    ) -> [Tier] {
        var after: Int64 = 0
        return tiers.map { tier in
            let upTo = tier.upTo.map { parts($0, places: places) }
            defer { after = upTo ?? after }
            return Tier(after: after, upTo: upTo, unitPrice: tier.unitPrice, flat: tier.flat)
        }
    }

    /// Whole units in the smallest parts that a meter counts; what no quantity of 64 bits reaches is no limit.
    package static func parts(_ units: Int64, places: Int) -> Int64 {
        var parts = units
        for _ in 0..<min(max(places, 0), Meter.mostPlaces) {
            let (product, overflow) = parts.multipliedReportingOverflow(by: 10)
            guard !overflow else { return .max }
            parts = product
        }
        return parts
    }

    /// What a quantity of zero or more costs, rounded to minor units.
    ///
    /// - Parameter chargingZero: whether the flat fee of the first tier is due for a quantity of zero.
    package func amount(_ quantity: Int64, chargingZero: Bool) throws(BillingError) -> Int64 {
        guard quantity > 0 || chargingZero else { return 0 }
        var sum: Int128 = 0
        try forEachShare(quantity, chargingZero: chargingZero) { share throws(BillingError) in
            let (next, overflow) = sum.addingReportingOverflow(share.exact.units)
            guard !overflow else { throw BillingError.amountOverflow(price: key) }
            sum = next
        }
        return try round(sum)
    }

    private func round(_ exact: Int128) throws(BillingError) -> Int64 {
        guard let minor = Int64(exactly: rounding.divide(exact, by: unitsPerMinor)) else {
            throw BillingError.amountOverflow(price: key)
        }
        return minor
    }

    /// The parts of which an amount is the sum, for people who ask how it came about.
    package func shares(_ quantity: Int64, chargingZero: Bool) throws(BillingError) -> [Share] {
        var shares: [Share] = []
        try forEachShare(quantity, chargingZero: chargingZero) { shares.append($0) }
        return shares
    }

    /// The one place where a quantity becomes money.
    private func forEachShare(
        _ quantity: Int64, chargingZero: Bool, _ body: (Share) throws(BillingError) -> Void
    ) throws(BillingError) {
        switch model {
        case .graduated(let tiers):
            for tier in tiers {
                guard quantity > tier.after || (chargingZero && tier.after == 0) else { return }
                if let fee = try fee(tier) { try body(fee) }
                let last = min(quantity, tier.upTo ?? quantity)
                guard last > tier.after else { continue }
                try body(units(last - tier.after, beyond: tier.after, at: tier.unitPrice))
            }
        case .volume(let tiers):
            guard quantity > 0 || chargingZero,
                let tier = tiers.first(where: { $0.upTo.map { quantity <= $0 } ?? true })
            else { return }
            if let fee = try fee(tier) { try body(fee) }
            if quantity > 0, tier.unitPrice > 0 || tier.flat == 0 {
                try body(units(quantity, beyond: 0, at: tier.unitPrice))
            }
        case .package(let size, let price):
            guard quantity > 0 else { return }
            let packages = (quantity - 1) / size + 1
            let exact = try product(Int128(packages), try product(price, scale))
            try body(
                Share(
                    kind: .packages(packages, size: size, price: ExactDecimal(units: price)),
                    exact: ExactAmount(units: exact, places: exactPlaces)))
        }
    }

    private func fee(_ tier: Tier) throws(BillingError) -> Share? {
        guard tier.flat > 0 else { return nil }
        let exact = try product(tier.flat, scale)
        return Share(
            kind: .fee(beyond: tier.after, amount: ExactDecimal(units: tier.flat)),
            exact: ExactAmount(units: exact, places: exactPlaces))
    }

    private func units(_ quantity: Int64, beyond after: Int64, at price: Int128) throws(BillingError) -> Share {
        Share(
            kind: .units(quantity, beyond: after, unitPrice: ExactDecimal(units: price)),
            exact: ExactAmount(units: try product(Int128(quantity), price), places: exactPlaces))
    }

    private func product(_ left: Int128, _ right: Int128) throws(BillingError) -> Int128 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        guard !overflow else { throw BillingError.amountOverflow(price: key) }
        return product
    }
}

extension Tariff {
    /// One part of an amount.
    package struct Share: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// Units that lie beyond a quantity, each at a price. Of a percentage the price is per hundred.
            case units(Int64, beyond: Int64, unitPrice: ExactDecimal)
            /// What is charged once for a quantity beyond another one.
            case fee(beyond: Int64, amount: ExactDecimal)
            case packages(Int64, size: Int64, price: ExactDecimal)
        }

        package let kind: Kind
        package let exact: ExactAmount
    }
}
