/// What a run has invoiced, beside what the same subscriptions were invoiced for the period before: by plan, and the invoices
/// that differ most. It does not grow with the number of customers.
package struct RunComparison: Hashable, Sendable {
    package let rule: OutlierRule
    private var plans: [Place: PlanSum] = [:]
    private var rankings: [String: Ranking<Outlier>] = [:]
    private var currencies: [String: Currency] = [:]
    private var latestSubscription: String?
    private let limit: Int

    private struct Place: Hashable {
        let plan: String
        let currency: String
    }

    /// The invoices of the subscriptions that are on one plan and pay in one currency. Amounts are minor units.
    package struct PlanSum: Hashable, Sendable {
        package var subscriptions: Int64 = 0
        package var invoices: Int64 = 0
        /// Of the invoices those without one before them.
        package var first: Int64 = 0
        package var recurring: Int128 = 0
        package var usage: Int128 = 0
        package var overage: Int128 = 0
        package var corrections: Int128 = 0
        package var other: Int128 = 0
        package var total: Int128 = 0
        /// The invoices one period earlier.
        package var before: Int128 = 0

        package init() {}

        package var difference: Int128 { total - before }

        mutating func add(_ invoice: RunInvoice) {
            invoices += 1
            if invoice.kind == .period, invoice.before == nil { first += 1 }
            recurring += Int128(invoice.parts.recurring)
            usage += Int128(invoice.parts.usage)
            overage += Int128(invoice.parts.overage)
            corrections += Int128(invoice.parts.corrections)
            other += Int128(invoice.parts.other)
            total += Int128(invoice.total)
            before += Int128(invoice.before ?? 0)
        }

        mutating func add(_ sum: PlanSum) {
            subscriptions += sum.subscriptions
            invoices += sum.invoices
            first += sum.first
            recurring += sum.recurring
            usage += sum.usage
            overage += sum.overage
            corrections += sum.corrections
            other += sum.other
            total += sum.total
            before += sum.before
        }
    }

    /// - Parameter limit: how many outliers are kept of each currency.
    package init(rule: OutlierRule, limit: Int) {
        self.rule = rule
        self.limit = limit
    }

    package var isEmpty: Bool { plans.isEmpty }

    /// In order of their codes.
    package var inCurrencies: [Currency] { currencies.values.sorted { $0.code < $1.code } }

    /// By key.
    package func byPlan(_ currency: Currency) -> [(plan: String, sum: PlanSum)] {
        plans.filter { $0.key.currency == currency.code }.sorted { $0.key.plan < $1.key.plan }
            .map { (plan: $0.key.plan, sum: $0.value) }
    }

    package func total(_ currency: Currency) -> PlanSum {
        var total = PlanSum()
        for (_, sum) in byPlan(currency) { total.add(sum) }
        return total
    }

    /// The largest difference first.
    package func outliers(_ currency: Currency) -> Ranking<Outlier> {
        rankings[currency.code] ?? Ranking(limit: limit)
    }

    /// - Parameter invoice: those of a subscription come one behind the other.
    /// - Returns: what it is found to be; nil where nothing is to be said.
    @discardableResult
    package mutating func add(_ invoice: RunInvoice) -> Outlier? {
        let place = Place(plan: invoice.plan, currency: invoice.currency.code)
        currencies[invoice.currency.code] = invoice.currency
        var sum = plans[place] ?? PlanSum()
        sum.add(invoice)
        if latestSubscription != invoice.subscription { sum.subscriptions += 1 }
        latestSubscription = invoice.subscription
        plans[place] = sum
        guard let outlier = rule.judge(invoice) else { return nil }
        rankings[invoice.currency.code, default: Ranking(limit: limit)].offer(outlier)
        return outlier
    }
}
