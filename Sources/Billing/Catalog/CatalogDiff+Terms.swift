extension CatalogDiff {
    /// Days over which the same changes hold.
    private struct Span: Hashable {
        var from: CivilDate
        var until: CivilDate?
        var changes: [CatalogChange.Term]
    }

    /// What changes for which sign-up dates on which days.
    static func terms(_ old: Plan, _ new: Plan, _ currencies: (Currency, Currency)) -> [CatalogChange] {
        var columns: [(cohort: Cohort, spans: [Span])] = []
        for cohort in cohorts(old, new) {
            let spans = spans(old, new, cohort, currencies)
            if let last = columns.indices.last, columns[last].spans == spans,
                columns[last].cohort.contract == cohort.contract
            {
                columns[last].cohort.before = cohort.before
            } else {
                columns.append((cohort, spans))
            }
        }
        return columns.flatMap { cohort, spans in
            spans.flatMap { span in
                span.changes.map {
                    .terms(plan: old.key, cohort: cohort, from: span.from, until: span.until, $0)
                }
            }
        }
    }

    /// Without a contract and under each that some version names: the sign-up dates, cut at each date where some version's
    /// cohort begins or ends. Within one of these, all subscriptions have the same versions.
    private static func cohorts(_ old: Plan, _ new: Plan) -> [Cohort] {
        let edges = Set(
            (old.versions + new.versions).flatMap { [$0.cohort.from, $0.cohort.before] }.compactMap(\.self)
        )
        .sorted()
        let starts = [nil] + edges.map { Optional($0) }
        let ends = edges.map { Optional($0) } + [nil]
        let contracts = Set((old.versions + new.versions).compactMap(\.cohort.contract)).sorted()
        return ([nil] + contracts.map { Optional($0) }).flatMap { contract in
            zip(starts, ends).map { Cohort(from: $0, before: $1, contract: contract) }
        }
    }

    private static func spans(
        _ old: Plan, _ new: Plan, _ cohort: Cohort, _ currencies: (Currency, Currency)
    ) -> [Span] {
        let signedUp = cohort.from ?? .earliest
        let days = Set((old.versions + new.versions).flatMap { [$0.from, $0.until].compactMap(\.self) }).sorted()
        var spans: [Span] = []
        for (index, day) in days.enumerated() {
            let until = index + 1 < days.count ? days[index + 1] : nil
            let before = old.version(on: day, signedUp: signedUp, contract: cohort.contract)
            let after = new.version(on: day, signedUp: signedUp, contract: cohort.contract)
            let changes = changes(before, after, currencies)
            if let last = spans.indices.last, spans[last].until == day, spans[last].changes == changes {
                spans[last].until = until
            } else {
                spans.append(Span(from: day, until: until, changes: changes))
            }
        }
        return spans.filter { !$0.changes.isEmpty }
    }

    private static func changes(
        _ old: PlanVersion?, _ new: PlanVersion?, _ currencies: (Currency, Currency)
    ) -> [CatalogChange.Term] {
        guard let old, let new else {
            return old == nil && new == nil ? [] : [new == nil ? .noTermsAnyMore : .termsBegin]
        }
        let prices = pairs(old.prices, new.prices, \.key).flatMap { price($0, $1, currencies) }
        return prices + pairs(old.entitlements, new.entitlements, \.key).flatMap(entitlement)
            + pairs(old.eligible, new.eligible, \.key).flatMap(condition)
    }

    private static func price(
        _ old: Price?, _ new: Price?, _ currencies: (Currency, Currency)
    ) -> [CatalogChange.Term] {
        guard let old else { return new.map { [.priceAdded($0)] } ?? [] }
        guard let new else { return [.priceRemoved(old)] }
        var renamed: [CatalogChange.Term] =
            old.name == new.name ? [] : [.priceRenamed(price: old.key, old: old.name, new: new.name)]
        if old.wording != new.wording { renamed.append(.priceWording(price: old.key, new: new.wording)) }
        if old.hidesZero != new.hidesZero { renamed.append(.priceShowsZero(price: old.key, new: old.hidesZero)) }
        // A discount has the category of its prices, whose own changes say so.
        if old.taxCategory != new.taxCategory, !new.takesTaxCategory {
            renamed.append(.taxCategory(price: old.key, old: old.taxCategory, new: new.taxCategory))
        }
        switch (old.model, new.model) {
        case (.flat(let before), .flat(let after)): return renamed + flat(old.key, before, after, currencies)
        case (.usage(let before), .usage(let after)): return renamed + usage(old.key, before, after, currencies)
        case (.minimum(let before), .minimum(let after)):
            return renamed + minimum(old.key, before, after, currencies)
        case (.discount(let before), .discount(let after)):
            return renamed + (before == after ? [] : [.discount(price: old.key, old: before, new: after)])
        default: return [.priceReplaced(old: old, new: new)]
        }
    }

    private static func flat(
        _ price: String, _ old: FlatPrice, _ new: FlatPrice, _ currencies: (Currency, Currency)
    ) -> [CatalogChange.Term] {
        var cadences = old.amounts.map(\.cadence)
        cadences += new.amounts.map(\.cadence).filter { !cadences.contains($0) }
        return cadences.compactMap { cadence in
            let before = old.amount(every: cadence).map { CatalogChange.Amount(minor: $0, currency: currencies.0) }
            let after = new.amount(every: cadence).map { CatalogChange.Amount(minor: $0, currency: currencies.1) }
            return before == after ? nil : .flatAmount(price: price, every: cadence, old: before, new: after)
        } + (old.charged == new.charged ? [] : [.charged(price: price, new: new.charged)])
            + (old.isProrated == new.isProrated ? [] : [.prorated(price: price, new: new.isProrated)])
    }

    private static func usage(
        _ price: String, _ old: UsagePrice, _ new: UsagePrice, _ currencies: (Currency, Currency)
    ) -> [CatalogChange.Term] {
        var changes: [CatalogChange.Term] = []
        if old.meter != new.meter { changes.append(.meter(price: price, old: old.meter, new: new.meter)) }
        if old.allowance != new.allowance || old.per != new.per {
            changes.append(
                .allowance(
                    price: price, old: CatalogChange.Allowance(quantity: old.allowance, per: old.per),
                    new: CatalogChange.Allowance(quantity: new.allowance, per: new.per)))
        }
        if old.rate != new.rate { changes.append(.rate(price: price, old: old.rate, new: new.rate)) }
        if old.alreadyPaid != new.alreadyPaid {
            changes.append(.alreadyPaid(price: price, new: new.alreadyPaid))
        }
        let before = old.maximum.map { CatalogChange.Amount(minor: $0, currency: currencies.0) }
        let after = new.maximum.map { CatalogChange.Amount(minor: $0, currency: currencies.1) }
        if before != after { changes.append(.maximum(price: price, old: before, new: after)) }
        if old.alerts != new.alerts { changes.append(.alerts(price: price, old: old.alerts, new: new.alerts)) }
        if old.isProrated != new.isProrated { changes.append(.prorated(price: price, new: new.isProrated)) }
        return changes
    }

    private static func minimum(
        _ price: String, _ old: MinimumPrice, _ new: MinimumPrice, _ currencies: (Currency, Currency)
    ) -> [CatalogChange.Term] {
        let before = CatalogChange.Amount(minor: old.amount, currency: currencies.0)
        let after = CatalogChange.Amount(minor: new.amount, currency: currencies.1)
        let prorated: [CatalogChange.Term] =
            old.isProrated == new.isProrated ? [] : [.prorated(price: price, new: new.isProrated)]
        return before == after && old.on == new.on && old.per == new.per
            ? prorated : [.minimum(price: price, old: before, new: after, on: new.on, per: new.per)] + prorated
    }

    private static func entitlement(_ old: Entitlement?, _ new: Entitlement?) -> [CatalogChange.Term] {
        guard let old else { return new.map { [.entitlementAdded($0)] } ?? [] }
        guard let new else { return [.entitlementRemoved(old)] }
        var changes: [CatalogChange.Term] = []
        if old.name != new.name {
            changes.append(.entitlementRenamed(entitlement: old.key, old: old.name, new: new.name))
        }
        if old.value != new.value {
            changes.append(.entitlementValue(entitlement: old.key, old: old.value, new: new.value))
        }
        if old.meter != new.meter {
            changes.append(.entitlementMeter(entitlement: old.key, old: old.meter, new: new.meter))
        }
        return changes
    }

    private static func condition(
        _ old: EligibilityCondition?, _ new: EligibilityCondition?
    ) -> [CatalogChange.Term] {
        guard let old else { return new.map { [.conditionAdded($0)] } ?? [] }
        guard let new else { return [.conditionRemoved(old)] }
        var renamed = old
        renamed.name = new.name
        return (old.name == new.name ? [] : [.conditionRenamed(condition: old.key, old: old.name, new: new.name)])
            + (renamed == new ? [] : [.conditionEdited(old: old, new: new)])
    }
}
