/// One pricing rule of a plan version.
package struct Price: Hashable, Sendable {
    package var key: String
    /// What the invoice line says.
    package var name: String
    package var model: PriceModel
    /// What stands below the name, as a template; nil for the sentence that Meterbook writes.
    package var wording: String?
    /// Whether a line of 0.00 is left out of what customers read. It is on the books all the same.
    package var hidesZero: Bool
    /// What decides at which of the catalog's tax rates it is taxed. A discount and a minimum have that of the prices that
    /// they are for.
    package var taxCategory: String

    package init(
        key: String, name: String, model: PriceModel, wording: String? = nil, hidesZero: Bool = false,
        taxCategory: String = TaxRules.standard
    ) {
        self.key = key
        self.name = name
        self.model = model
        self.wording = wording
        self.hidesZero = hidesZero
        self.taxCategory = taxCategory
    }

    /// Whether its tax category is that of other prices.
    package var takesTaxCategory: Bool {
        switch model {
        case .discount, .minimum: true
        case .flat, .usage: false
        }
    }

    /// The key of the meter that it counts; nil where it counts none.
    package var meter: String? {
        if case .usage(let usage) = model { usage.meter } else { nil }
    }
}

/// The kinds of price; no kind carries another kind's fields.
package enum PriceModel: Hashable, Sendable {
    case flat(FlatPrice)
    case usage(UsagePrice)
    case minimum(MinimumPrice)
    case discount(Discount)
}

/// A fixed amount for each period that the subscription pays for.
package struct FlatPrice: Hashable, Sendable {
    /// When a paid period is charged.
    package enum Charged: String, Hashable, Sendable, CaseIterable {
        /// On the invoice with which the paid period ends.
        case inArrears = "in_arrears"
        /// On the invoice on whose date the paid period begins; the first one on the invoice of the subscription's start.
        case inAdvance = "in_advance"
    }

    /// What one period costs, in minor units, by how often the subscription pays. Each cadence is a multiple of the
    /// plan's invoice cadence, and none stands twice.
    package var amounts: [Amount]
    package var charged: Charged
    /// Whether a part of a period costs its part of the amount, by the day. The denominator is the whole period that
    /// encloses the part, so February's day costs more than March's. A price that is not prorated is charged whole.
    package var isProrated: Bool

    package struct Amount: Hashable, Sendable {
        package var cadence: Cadence
        package var minor: Int64

        package init(cadence: Cadence, minor: Int64) {
            self.cadence = cadence
            self.minor = minor
        }
    }

    package init(amounts: [Amount], charged: Charged = .inArrears, isProrated: Bool = false) {
        self.amounts = amounts
        self.charged = charged
        self.isProrated = isProrated
    }

    package func amount(every cadence: Cadence) -> Int64? {
        amounts.first { $0.cadence == cadence }?.minor
    }
}

/// An allowance over a period, and what goes beyond it at a rate. Always charged in arrears: use is known at its end.
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
    /// The most that an allowance period costs, in minor units.
    package var maximum: Int64?
    /// Whether a subscription that begins in the midst of an allowance period has its part of the allowance and of the
    /// maximum, by the day, and nothing before its start counts. If not, it has all of both, and all that was counted since
    /// the allowance period began.
    package var isProrated: Bool
    /// The percentages of the threshold at which the customer is told, ascending; only beside an allowance.
    package var alerts: [Int32]

    /// Also beyond the allowance one may want to be told, up to ten times of it.
    package static let largestAlert: Int64 = 1_000

    package init(
        meter: String, allowance: Int64, per: Cadence, rate: Rate?, alreadyPaid: Bool,
        maximum: Int64? = nil, isProrated: Bool = false, alerts: [Int32] = []
    ) {
        self.meter = meter
        self.allowance = allowance
        self.per = per
        self.rate = rate
        self.alreadyPaid = alreadyPaid
        self.maximum = maximum
        self.alerts = alerts
        self.isProrated = isProrated
    }
}

/// What a quantity beyond the allowance costs. Quantities count from the first unit beyond it.
package struct Rate: Hashable, Sendable {
    package var model: Model
    /// Whether the flat fee that goes with a quantity is due also when the quantity is zero.
    package var chargesZero: Bool

    package enum Model: Hashable, Sendable {
        /// Each unit at the price of the tier that it falls into. One open tier is a plain price for each unit.
        case graduated([Tier])
        /// All units at the price of the tier that the whole quantity falls into.
        case volume([Tier])
        /// One amount for any quantity up to a bound.
        case stairStep([Step])
        /// Whole packages of so many units, each begun one at full price.
        case package(size: Int64, price: ExactDecimal)
        /// A share of an amount of money, and a fixed part.
        case percentage(Percentage)
    }

    /// Never an empty list; `upTo` ascends strictly and only the last tier is open.
    package struct Tier: Hashable, Sendable {
        /// The last quantity of the tier, which still belongs to it; nil for the open last tier.
        package var upTo: Int64?
        /// The price of one unit in major units of the catalog's currency.
        package var unitPrice: ExactDecimal
        /// Charged once when the quantity reaches into the tier, in major units.
        package var flat: ExactDecimal

        package init(upTo: Int64?, unitPrice: ExactDecimal, flat: ExactDecimal = .zero) {
            self.upTo = upTo
            self.unitPrice = unitPrice
            self.flat = flat
        }
    }

    /// As tiers: `upTo` ascends strictly and only the last step is open.
    package struct Step: Hashable, Sendable {
        package var upTo: Int64?
        /// Major units.
        package var amount: ExactDecimal

        package init(upTo: Int64?, amount: ExactDecimal) {
            self.upTo = upTo
            self.amount = amount
        }
    }

    /// The meter counts money in major units of the catalog's currency.
    package struct Percentage: Hashable, Sendable {
        /// 2.9 for 2.9 %; at most ten places.
        package var percent: ExactDecimal
        /// Charged beside the share, in major units.
        package var fixed: ExactDecimal

        package init(percent: ExactDecimal, fixed: ExactDecimal) {
            self.percent = percent
            self.fixed = fixed
        }
    }

    package init(_ model: Model, chargesZero: Bool = false) {
        self.model = model
        self.chargesZero = chargesZero
    }

    /// The same price for each unit.
    package static func unit(_ price: ExactDecimal) -> Rate {
        Rate(.graduated([Tier(upTo: nil, unitPrice: price)]))
    }
}
