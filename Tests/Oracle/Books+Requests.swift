package import Billing

/// What somebody asks for at the command line.
package enum Request: Hashable, Sendable {
    case change(plan: String?, paysEvery: Cadence?, at: When?)
    /// Ends a subscription: on a day, or with what is paid for.
    case cancel(on: Day?)
    /// Takes back an end that has not come.
    case reactivate

    package enum When: Hashable, Sendable {
        case now
        case renewal
        case on(Day)
    }
}

extension OracleBooks {
    /// Does what is asked for.
    ///
    /// - Returns: the code of the reason why not; nil where it is done.
    package mutating func ask(_ request: Request, of key: String, on day: Day) throws -> String? {
        guard let account = accounts[key], let catalog = catalogs.last else { throw Puzzle("nobody knows \(key)") }
        let sold = Sold(catalog, number: catalogs.count - 1, in: account.holding.currency)
        if case .change(let plan, let every, let when) = request {
            return try change(account, plan, every, when, sold, on: day)
        }
        guard let open = account.open, !account.holding.isOver(on: open.start) else { return "change_after_end" }
        if case .cancel(let end) = request { return cancel(account, open, end, on: day) }
        guard account.holding.ends != nil else { return "no_end" }
        accounts[key]?.holding.ends = nil
        return nil
    }

    private mutating func cancel(_ account: SubscriptionAccount, _ open: Span, _ day: Day?, on asOf: Day) -> String? {
        if isWaiting(account, on: asOf) { return "change_waiting" }
        let now = account.certain.held(on: asOf)
        let end: Day
        if asOf < now.starts, now.signedUp < now.starts, day.map({ $0 <= now.starts }) ?? true {
            end = max(day ?? now.starts, now.signedUp + 1)
        } else {
            end = day ?? now.renewal(from: max(asOf, open.end))
            if end <= open.start || end <= now.starts { return "change_in_closed_period" }
        }
        let key = account.holding.key
        accounts[key]?.holding.ends = end
        if let last = account.holding.changes.last, last.day >= end { giveUpChange(of: key, asOf: asOf) }
        // What would begin on or behind the end never begins.
        if open.start >= end { accounts[key]?.next = nil }
        return nil
    }

    /// Whether a close has yet to make a change whose day has come.
    private func isWaiting(_ account: SubscriptionAccount, on day: Day) -> Bool {
        account.pending.map { $0.day <= day && !account.holding.isOver(on: $0.day) } ?? false
    }

    private mutating func change(
        _ account: SubscriptionAccount, _ asked: String?, _ every: Cadence?, _ when: Request.When?, _ sold: Sold,
        on asOf: Day
    ) throws -> String? {
        if isWaiting(account, on: asOf) { return "change_waiting" }
        let certain = account.certain
        guard let open = account.open, !certain.isOver(on: open.start) else { return "change_after_end" }
        let now = certain.held(on: certain.changes.last?.day ?? certain.starts)
        let (plan, paysEvery) = (asked ?? now.plan, every ?? now.paysEvery)
        let isRhythm = paysEvery != now.paysEvery
        let key = certain.key
        if plan == now.plan, !isRhythm {
            guard account.pending != nil else { return "no_change" }
            giveUpChange(of: key, asOf: asOf)
            return nil
        }
        let today = max(asOf, certain.starts)
        let day: Day =
            switch when ?? usual(from: now.plan, to: plan, isRhythm, sold.catalog) {
            case .now: today
            case .renewal: now.renewal(from: max(today, open.end))
            case .on(let day): max(day, certain.starts)
            }
        let isBeginning = try day == certain.starts && isBeforeEverything(account, now, open, sold)
        let isAtOnce = !isBeginning && (day < open.end || now.renewal(from: day) != day)
        if day < open.start { return "change_in_closed_period" }
        if !isBeginning, let last = certain.changes.last, day <= last.day { return "change_before_change" }
        if certain.isOver(on: day) { return "change_after_end" }
        if isAtOnce, isRhythm { return "cadence_at_renewal" }
        let (old, new) = (try sold.plan(now.plan), try sold.plan(plan))
        if old.alignment != new.alignment || old.invoiceEvery != new.invoiceEvery { return "other_periods" }
        let change = Holding.Change(
            day: day, plan: plan, paysEvery: isRhythm ? paysEvery : nil, isAtOnce: isAtOnce, isPending: !isBeginning)
        var moved = certain
        moved.changes.append(change)
        moved = moved.held(on: day)
        guard let version = try? sold.version(for: moved, on: day) else { return "plan_not_sold" }
        let isPayable = new.versions[version].prices.allSatisfy { price in
            guard case .flat(let flat) = price.model else { return true }
            return flat.amounts.contains { $0.cadence == paysEvery }
        }
        guard isPayable else { return "invalid_cadence" }
        giveUpChange(of: key, asOf: asOf)
        if isBeginning {
            try accounts[key]?.begin(on: change, sold)
        } else {
            accounts[key]?.holding.changes.append(change)
            try accounts[key]?.settleAtOnce(catalogs, asOf: asOf)
        }
        return nil
    }

    /// Whether the open period is the one with which everything begins.
    private func isBeforeEverything(
        _ account: SubscriptionAccount, _ now: Holding, _ open: Span, _ sold: Sold
    ) throws -> Bool {
        var plain = now
        plain.changes = []
        return try SubscriptionAccount(plain, sold).open == open
    }

    private func usual(from: String, to: String, _ isRhythm: Bool, _ catalog: Catalog) -> Request.When {
        guard !isRhythm, let policy = catalog.changes, let old = policy.order.firstIndex(of: from),
            let new = policy.order.firstIndex(of: to)
        else { return .renewal }
        return (new > old ? policy.up : policy.down) == .now ? .now : .renewal
    }
}

extension Holding {
    /// The first day from one on on which a period begins that is paid for.
    func renewal(from day: Day) -> Day {
        if day <= starts { return starts }
        let period = payments.period(of: day)
        return period.start == day ? day : period.end
    }
}
