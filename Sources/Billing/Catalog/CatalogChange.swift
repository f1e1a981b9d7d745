/// One thing that a new catalog changes.
package indirect enum CatalogChange: Hashable, Sendable {
    case renamed(old: String, new: String)
    case currency(old: Currency, new: Currency)
    case currencyAdded(Currency)
    case currencyRemoved(Currency)
    /// The currency of subscriptions that name none.
    case firstCurrency(old: Currency, new: Currency)
    /// What changes only for those who pay in a currency.
    case inCurrency(Currency, CatalogChange)
    case rounding(old: Rounding, new: Rounding)
    /// Whether a subscription gets at most one message a day.
    case noticesADay(new: Bool)
    /// What a kind of message says; nil for what it says without the catalog.
    case noticeTemplate(NoticeKind, new: NoticeTemplate?)

    /// When a change of plan takes effect for which nobody names a day.
    case changePolicy(old: ChangePolicy?, new: ChangePolicy?)

    /// When invoices are finalized, and what their numbers look like.
    case invoiceTerms(old: InvoiceTerms, new: InvoiceTerms)
    /// A key of `seller` with its values as they are written; nil for none.
    case seller(key: String, old: String?, new: String?)
    /// A catalog without tax gets rules, or one with them gets none.
    case taxBegins(TaxRules)
    case taxEnds(TaxRules)
    /// Whether amounts are before or with tax.
    case taxPrices(old: TaxRules.Prices, new: TaxRules.Prices)
    case taxRateAdded(TaxRate)
    case taxRateRemoved(TaxRate)
    /// Another percentage or another end of a rate from the same day.
    case taxRateEdited(old: TaxRate, new: TaxRate)

    case meterAdded(Meter)
    case meterRemoved(Meter)
    case meterRenamed(meter: String, old: String, new: String)
    case meterAggregate(meter: String, old: Meter.Aggregate, new: Meter.Aggregate)
    case meterUnit(meter: String, old: UnitName, new: UnitName)
    /// How the meter counts, beyond its aggregate: a key of the catalog and its values as they are written.
    case meterRule(meter: String, key: String, old: String, new: String)

    case decisionAdded(DecisionRule)
    case decisionRemoved(DecisionRule)
    case decisionEdited(old: DecisionRule, new: DecisionRule)

    case planAdded(Plan)
    case planRemoved(Plan)
    case planRenamed(plan: String, old: String, new: String)
    case planWording(plan: String, new: String?)
    /// `since` is the first day that the plan had terms.
    case planInvoice(plan: String, old: Cadence, new: Cadence, since: CivilDate?)

    /// Both concern new subscriptions alone: who holds the plan keeps his dates.
    case planAlignment(plan: String, old: Alignment, new: Alignment)
    case planTrial(plan: String, old: Cadence?, new: Cadence?)

    case versionAdded(plan: String, from: CivilDate, cohort: Cohort)
    case versionRemoved(plan: String, from: CivilDate, cohort: Cohort)
    case versionEdited(plan: String, from: CivilDate, cohort: Cohort)

    /// What is different for these subscriptions on the days `[from, until)`; without end when nil.
    case terms(plan: String, cohort: Cohort, from: CivilDate, until: CivilDate?, Term)

    /// What can be different between the terms of two versions.
    package enum Term: Hashable, Sendable {
        /// There was no version for these subscriptions on these days, and now there is one.
        case termsBegin
        case noTermsAnyMore
        case priceAdded(Price)
        case priceRemoved(Price)
        case priceRenamed(price: String, old: String, new: String)
        case priceWording(price: String, new: String?)
        case priceShowsZero(price: String, new: Bool)
        case taxCategory(price: String, old: String, new: String)
        /// A price of another kind under the same key.
        case priceReplaced(old: Price, new: Price)
        case flatAmount(price: String, every: Cadence, old: Amount?, new: Amount?)
        case meter(price: String, old: String, new: String)
        case allowance(price: String, old: Allowance, new: Allowance)
        case rate(price: String, old: Rate?, new: Rate?)
        case alreadyPaid(price: String, new: Bool)
        case maximum(price: String, old: Amount?, new: Amount?)
        /// Percentages of the allowance.
        case alerts(price: String, old: [Int32], new: [Int32])
        case minimum(price: String, old: Amount, new: Amount, on: [String], per: Cadence)
        case charged(price: String, new: FlatPrice.Charged)
        case prorated(price: String, new: Bool)
        case discount(price: String, old: Discount, new: Discount)
        case entitlementAdded(Entitlement)
        case entitlementRemoved(Entitlement)
        case entitlementRenamed(entitlement: String, old: String, new: String)
        case entitlementValue(entitlement: String, old: Entitlement.Value, new: Entitlement.Value)
        case entitlementMeter(entitlement: String, old: String?, new: String?)
        case conditionAdded(EligibilityCondition)
        case conditionRemoved(EligibilityCondition)
        case conditionRenamed(condition: String, old: String, new: String)
        case conditionEdited(old: EligibilityCondition, new: EligibilityCondition)
    }

    /// A sum of money that knows its currency, because the two catalogs may differ in theirs.
    package struct Amount: Hashable, Sendable {
        package var minor: Int64
        package var currency: Currency

        package init(minor: Int64, currency: Currency) {
            self.minor = minor
            self.currency = currency
        }
    }

    package struct Allowance: Hashable, Sendable {
        package var quantity: Int64
        package var per: Cadence

        package init(quantity: Int64, per: Cadence) {
            self.quantity = quantity
            self.per = per
        }
    }
}

extension CatalogChange {
    /// True when the change concerns days before `day`: what was in force then is rewritten, so a period that was
    /// closed would be rated differently today. A new name rewrites nothing, and nobody held a plan that is new.
    package func changesPast(before day: CivilDate) -> Bool {
        switch self {
        case .currency, .rounding, .meterAggregate, .meterRule: true
        case .inCurrency(_, let change): change.changesPast(before: day)
        // What was decided stays as it was.
        case .decisionAdded, .decisionRemoved, .decisionEdited: false
        case .currencyAdded, .currencyRemoved, .firstCurrency, .renamed, .meterAdded, .meterRenamed, .meterUnit,
            .planAdded, .planRenamed, .planAlignment, .planTrial,
            .planWording, .noticesADay, .noticeTemplate, .changePolicy, .invoiceTerms, .seller:
            false
        case .taxPrices: true
        case .taxBegins(let rules), .taxEnds(let rules): rules.rates.contains { $0.from < day }
        case .taxRateAdded(let rate), .taxRateRemoved(let rate): rate.from < day
        case .taxRateEdited(let old, let new):
            // Only what lies between two ends is different where the percentage is the same.
            (old.percent == new.percent ? [old.until, new.until].compactMap(\.self).min() ?? old.from : old.from) < day
        // Only a meter that no price names can be removed; where one did, the prices' own changes say so.
        case .meterRemoved: false
        case .planRemoved(let plan): plan.versions.contains { $0.from < day }
        case .planInvoice(_, _, _, let since): since.map { $0 < day } ?? false
        case .versionAdded(_, let from, _), .versionRemoved(_, let from, _), .versionEdited(_, let from, _): from < day
        case .terms(_, _, let from, _, let term):
            switch term {
            case .priceRenamed, .priceWording, .priceShowsZero, .alerts, .entitlementRenamed, .entitlementMeter: false
            // Who has chosen the plan keeps it.
            case .conditionAdded, .conditionRemoved, .conditionRenamed, .conditionEdited: false
            default: from < day
            }
        }
    }
}

extension CatalogChange {
    /// The plan that the change is about; nil when it concerns every plan.
    package var plan: String? {
        switch self {
        case .renamed, .currency, .currencyAdded, .currencyRemoved, .firstCurrency, .rounding, .noticesADay,
            .noticeTemplate, .changePolicy, .invoiceTerms, .seller, .taxBegins, .taxEnds, .taxPrices, .taxRateAdded,
            .taxRateRemoved,
            .taxRateEdited, .meterAdded, .meterRemoved, .meterRenamed, .meterAggregate, .meterUnit,
            .meterRule,
            .decisionAdded, .decisionRemoved, .decisionEdited:
            nil
        case .inCurrency(_, let change): change.plan
        case .planAdded(let plan), .planRemoved(let plan): plan.key
        case .planRenamed(let plan, _, _), .planInvoice(let plan, _, _, _), .planAlignment(let plan, _, _),
            .planTrial(let plan, _, _), .planWording(let plan, _), .versionAdded(let plan, _, _),
            .versionRemoved(let plan, _, _), .versionEdited(let plan, _, _), .terms(let plan, _, _, _, _):
            plan
        }
    }
}
