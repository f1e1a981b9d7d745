extension CatalogChange: CustomStringConvertible {
    /// One line of plain English: `plan silver, signed up before 2021-02-01, from 2022-02-01: price orders: allowance
    /// 60,000 a year → 12,000 a year`.
    package var description: String {
        switch self {
        case .renamed(let old, let new): "catalog: name \(old) → \(new)"
        case .currency(let old, let new): "catalog: currency \(old.code) → \(new.code)"
        case .currencyAdded(let currency): "catalog: currency \(currency.code): added"
        case .currencyRemoved(let currency): "catalog: currency \(currency.code): removed"
        case .firstCurrency(let old, let new):
            "catalog: currency of subscriptions that name none \(old.code) → \(new.code)"
        case .inCurrency(let currency, let change): "in \(currency.code): \(change)"
        case .rounding(let old, let new): "catalog: rounding \(old.rawValue) → \(new.rawValue)"
        case .noticesADay(let new): "notices: \(new ? "now" : "no longer") at most one a day for each subscription"
        case .noticeTemplate(let kind, let new):
            "notices: \(kind.rawValue) → \(new.map { "'\($0.subject)'" } ?? "Meterbook's own words")"
        case .changePolicy(let old, let new):
            "changes: \(old?.description ?? "at the renewal") → \(new?.description ?? "at the renewal")"
        case .invoiceTerms(let old, let new): "invoices: \(old) → \(new)"
        case .seller(let key, let old, let new): "seller: \(key) \(Self.quoted(old)) → \(Self.quoted(new))"
        case .taxBegins(let rules): "tax: now charged, prices are \(rules.prices.rawValue), \(Self.rates(rules))"
        case .taxEnds(let rules): "tax: no longer charged, prices were \(rules.prices.rawValue), \(Self.rates(rules))"
        case .taxPrices(let old, let new): "tax: prices \(old.rawValue) → \(new.rawValue)"
        case .taxRateAdded(let rate): "tax \(rate.subject): added, \(rate.terms)"
        case .taxRateRemoved(let rate): "tax \(rate.subject): removed, \(rate.terms)"
        case .taxRateEdited(let old, let new): "tax \(old.subject): \(old.terms) → \(new.terms)"
        case .meterAdded(let meter): "meter \(meter.key): added, '\(meter.name)', \(meter.aggregate.rawValue)"
        case .meterRemoved(let meter): "meter \(meter.key): removed"
        case .meterRenamed(let meter, let old, let new): "meter \(meter): name '\(old)' → '\(new)'"
        case .meterAggregate(let meter, let old, let new):
            "meter \(meter): aggregate \(old.rawValue) → \(new.rawValue)"
        case .meterUnit(let meter, let old, let new):
            "meter \(meter): unit \(old.one)/\(old.other) → \(new.one)/\(new.other)"
        case .meterRule(let meter, let key, let old, let new): "meter \(meter): \(key) \(old) → \(new)"
        case .decisionAdded(let rule): "decision \(rule.key): added, \(rule)"
        case .decisionRemoved(let rule): "decision \(rule.key): removed"
        case .decisionEdited(let old, let new): "decision \(old.key): \(old) → \(new)"
        case .planAdded(let plan):
            "plan \(plan.key): added, '\(plan.name)', invoiced every \(plan.invoiceEvery), \(Self.versions(plan))"
        case .planRemoved(let plan): "plan \(plan.key): removed"
        case .planRenamed(let plan, let old, let new): "plan \(plan): name '\(old)' → '\(new)'"
        case .planWording(let plan, let new): "plan \(plan): wording → \(new.map { "'\($0)'" } ?? "none")"
        case .planInvoice(let plan, let old, let new, _): "plan \(plan): invoiced every \(old) → every \(new)"
        case .planAlignment(let plan, let old, let new): "plan \(plan): aligned to \(old.phrase) → to \(new.phrase)"
        case .planTrial(let plan, let old, let new):
            "plan \(plan): trial \(old?.description ?? "none") → \(new?.description ?? "none")"
        case .versionAdded(let plan, let from, let cohort): "plan \(plan): version from \(from) \(cohort.phrase): added"
        case .versionRemoved(let plan, let from, let cohort):
            "plan \(plan): version from \(from) \(cohort.phrase): removed"
        case .versionEdited(let plan, let from, let cohort):
            "plan \(plan): version from \(from) \(cohort.phrase): edited"
        case .terms(let plan, let cohort, let from, let until, let term):
            "plan \(plan), \(cohort.subject), from \(from)\(until.map { " until \($0)" } ?? ""): \(term)"
        }
    }

    private static func quoted(_ text: String?) -> String { text.map { "'\($0)'" } ?? "none" }

    private static func rates(_ rules: TaxRules) -> String {
        "\(rules.rates.count) rate\(rules.rates.count == 1 ? "" : "s")"
    }

    private static func versions(_ plan: Plan) -> String {
        let count = plan.versions.count
        let first = plan.versions.map(\.from).min().map { " from \($0)" } ?? ""
        return "\(count) version\(count == 1 ? "" : "s")\(first)"
    }
}

extension CatalogChange.Term: CustomStringConvertible {
    package var description: String {
        switch self {
        case .termsBegin: "no terms → terms"
        case .noTermsAnyMore: "terms → no terms"
        case .priceAdded(let price): "price \(price.key): added, '\(price.name)'"
        case .priceRemoved(let price): "price \(price.key): removed"
        case .priceRenamed(let price, let old, let new): "price \(price): name '\(old)' → '\(new)'"
        case .priceWording(let price, let new): "price \(price): wording → \(new.map { "'\($0)'" } ?? "none")"
        case .priceShowsZero(let price, let new):
            "price \(price): a line of 0 is \(new ? "now shown" : "no longer shown")"
        case .taxCategory(let price, let old, let new): "price \(price): tax \(old) → \(new)"
        case .priceReplaced(let old, let new): "price \(old.key): \(old.model.word) → \(new.model.word)"
        case .flatAmount(let price, let cadence, let old, let new):
            "price \(price): \(cadence) \(Self.text(old)) → \(Self.text(new))"
        case .meter(let price, let old, let new): "price \(price): meter \(old) → \(new)"
        case .allowance(let price, let old, let new): "price \(price): allowance \(old) → \(new)"
        case .rate(let price, let old, let new): Self.rate(price, old, new)
        case .alreadyPaid(let price, let new):
            "price \(price): what was counted before is \(new ? "now paid already" : "no longer paid already")"
        case .maximum(let price, let old, let new): "price \(price): maximum \(Self.text(old)) → \(Self.text(new))"
        case .alerts(let price, let old, let new):
            "price \(price): alerts \(Self.percents(old)) → \(Self.percents(new))"
        case .minimum(let price, let old, let new, let on, let per):
            "price \(price): minimum \(Self.text(old)) → \(Self.text(new)) a \(per) for \(on.joined(separator: " and "))"
        case .charged(let price, let new):
            "price \(price): now charged in \(new == .inAdvance ? "advance" : "arrears")"
        case .prorated(let price, let new): "price \(price): \(new ? "now" : "no longer") prorated"
        case .discount(let price, let old, let new): "price \(price): \(old) → \(new)"
        case .entitlementAdded(let entitlement):
            "entitlement \(entitlement.key): added, \(Self.text(entitlement.value))"
        case .entitlementRemoved(let entitlement): "entitlement \(entitlement.key): removed"
        case .entitlementRenamed(let entitlement, let old, let new):
            "entitlement \(entitlement): name '\(old)' → '\(new)'"
        case .entitlementValue(let entitlement, let old, let new):
            "entitlement \(entitlement): \(Self.text(old)) → \(Self.text(new))"
        case .entitlementMeter(let entitlement, let old, let new):
            "entitlement \(entitlement): meter \(old ?? "none") → \(new ?? "none")"
        case .conditionAdded(let condition): "eligible \(condition.key): added, \(condition)"
        case .conditionRemoved(let condition): "eligible \(condition.key): removed"
        case .conditionRenamed(let condition, let old, let new): "eligible \(condition): name '\(old)' → '\(new)'"
        case .conditionEdited(let old, let new): "eligible \(old.key): \(old) → \(new)"
        }
    }

    private static func text(_ amount: CatalogChange.Amount?) -> String {
        amount.map { "\($0.currency.format($0.minor)) \($0.currency.code)" } ?? "none"
    }

    private static func percents(_ alerts: [Int32]) -> String {
        alerts.isEmpty ? "none" : alerts.map { "\($0)%" }.joined(separator: ", ")
    }

    private static func text(_ value: Entitlement.Value) -> String {
        switch value {
        case .limit(let limit): grouped(limit)
        case .unlimited: "unlimited"
        case .flag(let flag): flag ? "yes" : "no"
        case .text(let text): "'\(text)'"
        }
    }

    private static func rate(_ price: String, _ old: Rate?, _ new: Rate?) -> String {
        let isUnit = [old, new].compactMap(\.self).allSatisfy { $0.plainUnitPrice != nil }
        return "price \(price): \(isUnit ? "unit price" : "rate") \(text(old)) → \(text(new))"
    }

    private static func text(_ rate: Rate?) -> String { rate.map { "\($0)" } ?? "none" }

    /// `60,000`: English text, whatever the locale.
    static func grouped(_ number: Int64) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }
}

extension CatalogChange.Allowance: CustomStringConvertible {
    /// `60,000 a year`, `1 per 2 months`.
    package var description: String {
        let isWord = Cadence.words.contains { $0.cadence == per }
        return "\(CatalogChange.Term.grouped(quantity)) \(isWord ? "a" : "per") \(per)"
    }
}

extension Alignment {
    fileprivate var phrase: String {
        switch self {
        case .anniversary: "the anniversary"
        case .calendar: "the calendar"
        }
    }
}

extension Cohort {
    /// As a subject: `everyone`, `signed up before 2021-02-01`, `contract acme, signed up before 2021-02-01`.
    fileprivate var subject: String {
        guard let contract else { return dates }
        return from == nil && before == nil ? "contract \(contract)" : "contract \(contract), \(dates)"
    }

    private var dates: String {
        switch (from, before) {
        case (nil, nil): "everyone"
        case (let from?, nil): "signed up from \(from)"
        case (nil, let before?): "signed up before \(before)"
        case (let from?, let before?): "signed up from \(from) before \(before)"
        }
    }

    fileprivate var phrase: String {
        self == .everyone ? "for everyone" : contract == nil ? "for who \(dates)" : "for \(subject)"
    }
}

extension PriceModel {
    fileprivate var word: String {
        switch self {
        case .flat: "flat price"
        case .usage: "usage price"
        case .minimum: "minimum"
        case .discount: "discount"
        }
    }
}

extension TaxRate {
    fileprivate var subject: String { "\(place), \(category), from \(from)" }

    fileprivate var terms: String { "\(percent)%\(until.map { " until \($0)" } ?? "")" }
}
