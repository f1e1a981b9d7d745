/// The plans, meters and prices of one vendor as a person wrote them down: a value, already checked.
///
/// A catalog says what is sold; it holds no identifier of the store. `RatingCatalog` is the same thing made ready for
/// rating.
package struct Catalog: Hashable, Sendable {
    /// The vendor's short name.
    package var name: String
    /// The currency of all its amounts; where it sells in several, the one of subscriptions that name none.
    package var currency: Currency
    /// The same catalog in its other currencies: what is sold is the same, and only the amounts differ. They have no
    /// editions themselves.
    package var editions: [Catalog]
    /// How amounts are rounded to minor units.
    package var rounding: Rounding
    package var meters: [Meter]
    package var plans: [Plan]
    /// When subscriptions move to another plan by themselves.
    package var decisions: [DecisionRule]
    /// When a change of plan takes effect that somebody asks for without a day; nil for the renewal.
    package var changes: ChangePolicy?
    /// When invoices are given to customers, and how they are numbered.
    package var invoices: InvoiceTerms
    /// What customers are told, and how often.
    package var notices: NoticeTerms
    /// Who sells; where there are tax rules it is there.
    package var seller: Seller?
    /// What tax is charged; nil where none is.
    package var tax: TaxRules?

    package init(
        name: String, currency: Currency, editions: [Catalog] = [], rounding: Rounding, meters: [Meter],
        plans: [Plan], decisions: [DecisionRule] = [], changes: ChangePolicy? = nil,
        invoices: InvoiceTerms = InvoiceTerms(), notices: NoticeTerms = NoticeTerms(), seller: Seller? = nil,
        tax: TaxRules? = nil
    ) {
        self.name = name
        self.currency = currency
        self.editions = editions
        self.rounding = rounding
        self.meters = meters
        self.plans = plans
        self.notices = notices
        self.decisions = decisions
        self.changes = changes
        self.invoices = invoices
        self.seller = seller
        self.tax = tax
    }

    /// All currencies that it sells in, its own first.
    package var currencies: [Currency] { [currency] + editions.map(\.currency) }

    /// The catalog with its amounts in a currency; nil for one that it does not sell in.
    package func edition(in currency: Currency) -> Catalog? {
        currency == self.currency ? self : editions.first { $0.currency == currency }
    }
}

/// Something that a customer can subscribe to.
package struct Plan: Hashable, Sendable {
    package var key: String
    package var name: String
    /// How often an invoice is written; also the length of the billing period.
    package var invoiceEvery: Cadence
    /// Where the boundaries of the billing periods lie when a subscription does not say it itself.
    package var alignment: Alignment
    /// How long nothing is billed after the sign-up; nil where billing begins at once.
    package var trial: Cadence?
    /// Ascending by date; versions of one date have cohorts that do not meet.
    package var versions: [PlanVersion]
    /// What an invoice says of itself, as a template; nil for nothing.
    package var wording: String?

    package init(
        key: String, name: String, invoiceEvery: Cadence, alignment: Alignment = .anniversary, trial: Cadence? = nil,
        versions: [PlanVersion], wording: String? = nil
    ) {
        self.key = key
        self.name = name
        self.invoiceEvery = invoiceEvery
        self.alignment = alignment
        self.trial = trial
        self.versions = versions
        self.wording = wording
    }

    /// The version written for a day: the latest one that has begun, has not ended, and is for this sign-up date and
    /// contract. What a contract says goes before what is said to everyone.
    package func version(on day: CivilDate, signedUp: CivilDate, contract: String?) -> PlanVersion? {
        func latest(_ contract: String?) -> PlanVersion? {
            versions.last {
                $0.from <= day && $0.cohort.contains(signedUp) && $0.cohort.contract == contract
                    && ($0.until.map { day < $0 } ?? true)
            }
        }
        return contract.flatMap { latest($0) } ?? latest(nil)
    }
}

/// A plan's terms from a date, for a cohort or a contract.
package struct PlanVersion: Hashable, Sendable {
    /// When a version takes effect for subscriptions that signed up before its date. (One that is never meant for them has
    /// a cohort instead.)
    package enum TakesEffect: String, Hashable, Sendable, CaseIterable {
        /// On its date, in the midst of a period.
        case now
        /// At the first boundary, on or after its date, of the periods that the subscription pays for.
        case atRenewal = "at_renewal"
    }

    /// The first day on which the terms hold.
    package var from: CivilDate
    /// The first day on which they no longer hold; nil until a later version replaces them.
    package var until: CivilDate?
    package var cohort: Cohort
    package var takesEffect: TakesEffect
    package var prices: [Price]
    package var entitlements: [Entitlement]
    /// Who may choose the plan: whoever meets all of these. Part of the version and not of the plan, for it is a term like
    /// the others: it changes with a date, and a contract or a cohort may have its own.
    package var eligible: [EligibilityCondition]

    package init(
        from: CivilDate, until: CivilDate? = nil, cohort: Cohort, takesEffect: TakesEffect = .now, prices: [Price],
        entitlements: [Entitlement], eligible: [EligibilityCondition] = []
    ) {
        self.from = from
        self.until = until
        self.cohort = cohort
        self.takesEffect = takesEffect
        self.prices = prices
        self.entitlements = entitlements
        self.eligible = eligible
    }
}

/// The subscriptions that a version is for: by their sign-up date, `[from, before)`, each side open when nil; and where it
/// names one, only those under that contract, for whom it goes before what holds for everyone.
package struct Cohort: Hashable, Sendable {
    package var from: CivilDate?
    package var before: CivilDate?
    package var contract: String?

    package static let everyone = Cohort(from: nil, before: nil)

    package init(from: CivilDate?, before: CivilDate?, contract: String? = nil) {
        self.from = from
        self.before = before
        self.contract = contract
    }

    package func contains(_ signedUp: CivilDate) -> Bool {
        (from.map { $0 <= signedUp } ?? true) && (before.map { signedUp < $0 } ?? true)
    }

    /// True when some subscription belongs to both with the same precedence.
    package func meets(_ other: Cohort) -> Bool {
        guard contract == other.contract else { return false }
        let start = max(from ?? .earliest, other.from ?? .earliest)
        guard let end = [before, other.before].compactMap(\.self).min() else { return true }
        return start < end
    }
}

/// What a plan lets its holder do, beyond what is priced: a limit, a switch or a word.
package struct Entitlement: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case limit(Int64)
        case unlimited
        case flag(Bool)
        case text(String)
    }

    package var key: String
    package var name: String
    package var value: Value
    /// The key of the meter whose use a limit is for; nil where nothing counts it. What is used beyond a limit is shown to
    /// people, and costs nothing: that is what prices are for.
    package var meter: String?

    package init(key: String, name: String, value: Value, meter: String? = nil) {
        self.key = key
        self.name = name
        self.value = value
        self.meter = meter
    }
}
