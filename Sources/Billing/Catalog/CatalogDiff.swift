/// What a new catalog changes, for whom and from which date: what a person reads before applying it.
///
/// Versions are compared by what they do, not by how they are written. The sign-up dates are cut at every cohort's edge
/// and the days at every version's date; within each field of that grid one version is in force in the old catalog and
/// one in the new, and their terms are compared.
///
///     signed up    … ── 2021-02-01 ── …
///     days 2015-01-01  60,000 │ none
///          2021-02-01  60,000 │ 12,000
///          2022-02-01  12,000 │ 12,000      ← a new version for everyone: only the left column changes its allowance
///
/// Neighbouring fields that change in the same way become one change. Added, removed and rewritten versions are named
/// as well, because a version's date itself can matter (`UsagePrice.alreadyPaid`).
package enum CatalogDiff {
    /// In the order: catalog, seller, tax, meters, plans; each by key. Empty when nothing changes. `old` is nil for a first catalog.
    package static func between(old: Catalog?, new: Catalog) -> [CatalogChange] {
        guard let old else {
            return sorted(new.meters, \.key).map { .meterAdded($0) } + sorted(new.plans, \.key).map { .planAdded($0) }
        }
        // Compared in a currency of both, where there is one: what differs then differs in its amounts, not in their units.
        let common = new.currencies.filter { old.edition(in: $0) != nil }
        guard let first = common.first, let before = old.edition(in: first), let after = new.edition(in: first) else {
            return edition(old, new)
        }
        var changes = edition(before, after)
        let told = Set(changes)
        for currency in common.dropFirst() {
            guard let before = old.edition(in: currency), let after = new.edition(in: currency) else { continue }
            changes += edition(before, after).filter { !told.contains($0) }.map { .inCurrency(currency, $0) }
        }
        changes += new.currencies.filter { !common.contains($0) }.map { .currencyAdded($0) }
        changes += old.currencies.filter { !common.contains($0) }.map { .currencyRemoved($0) }
        if old.currency != new.currency { changes.append(.firstCurrency(old: old.currency, new: new.currency)) }
        return changes
    }

    /// Compares two catalogs without their editions.
    private static func edition(_ old: Catalog, _ new: Catalog) -> [CatalogChange] {
        var changes: [CatalogChange] = []
        if old.name != new.name { changes.append(.renamed(old: old.name, new: new.name)) }
        if old.currency != new.currency { changes.append(.currency(old: old.currency, new: new.currency)) }
        if old.rounding != new.rounding { changes.append(.rounding(old: old.rounding, new: new.rounding)) }
        changes += notices(old.notices, new.notices)
        if old.changes != new.changes { changes.append(.changePolicy(old: old.changes, new: new.changes)) }
        if old.invoices != new.invoices { changes.append(.invoiceTerms(old: old.invoices, new: new.invoices)) }
        changes += seller(old.seller, new.seller) + tax(old.tax, new.tax)
        for (before, after) in pairs(old.meters, new.meters, \.key) { changes += meter(before, after) }
        let currencies = (old.currency, new.currency)
        for (before, after) in pairs(old.plans, new.plans, \.key) { changes += plan(before, after, currencies) }
        for (before, after) in pairs(old.decisions, new.decisions, \.key) {
            switch (before, after) {
            case (nil, let new?): changes.append(.decisionAdded(new))
            case (let old?, nil): changes.append(.decisionRemoved(old))
            case (let old?, let new?) where old != new: changes.append(.decisionEdited(old: old, new: new))
            default: break
            }
        }
        return changes
    }

    private static func notices(_ old: NoticeTerms, _ new: NoticeTerms) -> [CatalogChange] {
        let templates = NoticeKind.allCases.filter { old.templates[$0] != new.templates[$0] }.map { kind in
            CatalogChange.noticeTemplate(kind, new: new.templates[kind])
        }
        return (old.oneADay == new.oneADay ? [] : [.noticesADay(new: new.oneADay)]) + templates
    }

    /// What two lists hold under each key, by key.
    static func pairs<Element>(
        _ old: [Element], _ new: [Element], _ key: KeyPath<Element, String>
    ) -> [(Element?, Element?)] {
        let before = Dictionary(old.map { ($0[keyPath: key], $0) }) { first, _ in first }
        let after = Dictionary(new.map { ($0[keyPath: key], $0) }) { first, _ in first }
        return Set(before.keys).union(after.keys).sorted().map { (before[$0], after[$0]) }
    }

    private static func sorted<Element>(_ list: [Element], _ key: KeyPath<Element, String>) -> [Element] {
        list.sorted { $0[keyPath: key] < $1[keyPath: key] }
    }

    private static func meter(_ old: Meter?, _ new: Meter?) -> [CatalogChange] {
        switch (old, new) {
        case (nil, let new?): return [.meterAdded(new)]
        case (let old?, nil): return [.meterRemoved(old)]
        case (let old?, let new?):
            var changes: [CatalogChange] = []
            if old.name != new.name { changes.append(.meterRenamed(meter: old.key, old: old.name, new: new.name)) }
            if old.aggregate != new.aggregate {
                changes.append(.meterAggregate(meter: old.key, old: old.aggregate, new: new.aggregate))
            }
            for (before, after) in zip(old.rules, new.rules) where before.value != after.value {
                changes.append(
                    .meterRule(meter: old.key, key: before.key, old: before.value, new: after.value))
            }
            if old.unit != new.unit { changes.append(.meterUnit(meter: old.key, old: old.unit, new: new.unit)) }
            return changes
        case (nil, nil): return []
        }
    }

    private static func plan(_ old: Plan?, _ new: Plan?, _ currencies: (Currency, Currency)) -> [CatalogChange] {
        switch (old, new) {
        case (nil, let new?): return [.planAdded(new)]
        case (let old?, nil): return [.planRemoved(old)]
        case (let old?, let new?):
            var changes: [CatalogChange] = []
            if old.name != new.name { changes.append(.planRenamed(plan: old.key, old: old.name, new: new.name)) }
            if old.wording != new.wording { changes.append(.planWording(plan: old.key, new: new.wording)) }
            if old.invoiceEvery != new.invoiceEvery {
                changes.append(
                    .planInvoice(
                        plan: old.key, old: old.invoiceEvery, new: new.invoiceEvery,
                        since: old.versions.map(\.from).min()))
            }
            if old.alignment != new.alignment {
                changes.append(.planAlignment(plan: old.key, old: old.alignment, new: new.alignment))
            }
            if old.trial != new.trial {
                changes.append(.planTrial(plan: old.key, old: old.trial, new: new.trial))
            }
            return changes + versions(old, new) + terms(old, new, currencies)
        case (nil, nil): return []
        }
    }

    /// Versions as they are written: known again by their date and cohort.
    private static func versions(_ old: Plan, _ new: Plan) -> [CatalogChange] {
        struct Identity: Hashable {
            var from: CivilDate
            var cohort: Cohort
        }
        func byIdentity(_ plan: Plan) -> [Identity: PlanVersion] {
            Dictionary(plan.versions.map { (Identity(from: $0.from, cohort: $0.cohort), $0) }) { first, _ in first }
        }
        let (before, after) = (byIdentity(old), byIdentity(new))
        let all = Set(before.keys).union(after.keys).sorted {
            ($0.from, $0.cohort.from ?? .earliest, $0.cohort.before ?? .latest)
                < ($1.from, $1.cohort.from ?? .earliest, $1.cohort.before ?? .latest)
        }
        return all.compactMap { identity in
            let (plan, from, cohort) = (old.key, identity.from, identity.cohort)
            switch (before[identity], after[identity]) {
            case (nil, _?): return .versionAdded(plan: plan, from: from, cohort: cohort)
            case (_?, nil): return .versionRemoved(plan: plan, from: from, cohort: cohort)
            case (let old?, let new?) where old != new:
                return .versionEdited(plan: plan, from: from, cohort: cohort)
            default: return nil
            }
        }
    }
}

extension Meter {
    /// How it counts, beyond its aggregate: the keys of the catalog with their values as a person writes them.
    fileprivate var rules: [(key: String, value: String)] {
        func list(_ names: [String]) -> String { names.isEmpty ? "all" : names.sorted().joined(separator: ", ") }
        return [
            ("places", String(places)), ("of", series), ("channels", list(channels)),
            ("categories", list(categories)), ("pool", pool.rawValue), ("window", window.description),
        ]
    }
}
