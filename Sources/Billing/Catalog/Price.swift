/// One pricing rule of a plan version.
package struct Price: Hashable, Sendable {
    package var key: String
    /// What the invoice line says.
    package var name: String
    package var model: PriceModel

    package init(key: String, name: String, model: PriceModel) {
        self.key = key
        self.name = name
        self.model = model
    }
}

/// The kinds of price; no kind carries another kind's fields.
package enum PriceModel: Hashable, Sendable {
    case flat(FlatPrice)
    case usage(UsagePrice)
}

/// A fixed amount for each period that the subscription pays for, charged in arrears: on the invoice with which the
/// paid period ends.
package struct FlatPrice: Hashable, Sendable {
    /// What one period costs, in minor units, by how often the subscription pays. Each cadence is a multiple of the
    /// plan's invoice cadence, and none stands twice.
    package var amounts: [Amount]

    package struct Amount: Hashable, Sendable {
        package var cadence: Cadence
        package var minor: Int64

        package init(cadence: Cadence, minor: Int64) {
            self.cadence = cadence
            self.minor = minor
        }
    }

    package init(amounts: [Amount]) {
        self.amounts = amounts
    }

    package func amount(every cadence: Cadence) -> Int64? {
        amounts.first { $0.cadence == cadence }?.minor
    }
}

/// An allowance over a period, and what goes beyond it at a rate.
package struct UsagePrice: Hashable, Sendable {
    /// The key of the meter that is counted.
    package var meter: String
    /// The quantity included in each allowance period.
    package var allowance: Int64
    /// The allowance period: a multiple of the plan's invoice cadence. The count starts again at its boundaries.
    package var per: Cadence
    /// What the quantity beyond the allowance costs; nil where nothing is sold beyond it, so it is counted and not charged.
    package var rate: Rate?
    /// When this version takes effect within an allowance period, whatever was counted in that period until then is paid
    /// already: for the rest of that period the threshold is the larger of the allowance and that count.
    package var alreadyPaid: Bool

    package init(meter: String, allowance: Int64, per: Cadence, rate: Rate?, alreadyPaid: Bool) {
        self.meter = meter
        self.allowance = allowance
        self.per = per
        self.rate = rate
        self.alreadyPaid = alreadyPaid
    }
}

/// What a quantity costs, tier by tier (graduated: each unit at the price of the tier that it falls into).
package struct Rate: Hashable, Sendable {
    /// Never empty; `upTo` ascends strictly and only the last tier is open.
    package var tiers: [Tier]

    package struct Tier: Hashable, Sendable {
        /// The last unit of the tier, counted from the first unit beyond the allowance; nil for the open last tier.
        package var upTo: Int64?
        /// The price of one unit in major units of the catalog's currency.
        package var unitPrice: ExactDecimal

        package init(upTo: Int64?, unitPrice: ExactDecimal) {
            self.upTo = upTo
            self.unitPrice = unitPrice
        }
    }

    package init(tiers: [Tier]) {
        self.tiers = tiers
    }
}
