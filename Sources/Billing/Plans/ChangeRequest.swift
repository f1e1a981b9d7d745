/// What a customer or the vendor asks for: another plan, or another rhythm of paying for it.
package struct ChangeRequest: Hashable, Sendable {
    /// When it is to take effect.
    package enum Day: Hashable, Sendable {
        /// On the day of the request.
        case now
        /// Where the next period begins that the subscription pays for.
        case renewal
        case on(CivilDate)

        /// Reads `now`, `renewal` or a day; nil for anything else.
        package init?(_ text: String) {
            switch text {
            case "now": self = .now
            case "renewal": self = .renewal
            default:
                guard let day = CivilDate(text) else { return nil }
                self = .on(day)
            }
        }

        /// The same words that are read.
        package var text: String {
            switch self {
            case .now: "now"
            case .renewal: "renewal"
            case .on(let day): "\(day)"
            }
        }
    }

    /// The key of the plan.
    package var plan: String
    /// Nil for as often as now.
    package var paysEvery: Cadence?
    /// Nil for what the catalog says of such a change.
    package var day: Day?

    package init(plan: String, paysEvery: Cadence? = nil, day: Day? = nil) {
        self.plan = plan
        self.paysEvery = paysEvery
        self.day = day
    }
}

/// A request that can be carried out.
package struct AdmittedChange: Hashable, Sendable {
    /// What the subscription is to be; nil where it is that already, so that the request takes back a pending change.
    package var change: Subscription.Change?
    /// The store's number of the plan until then.
    package var wasPlan: Int32

    /// Whether the day lies in a period that has been paid for, or divides one: credit and charge have an invoice of their
    /// own.
    package var isAtOnce: Bool { change?.isAtOnce ?? false }
    /// Where billing begins on the new plan, for a change before anything was invoiced: it holds from the start. Nil for any
    /// other.
    package var beginning: OpenPeriod?
}

/// Why a request cannot be carried out.
package enum ChangeRefusal: Error, Hashable, Sendable {
    case unknownPlan(String, known: [String])
    /// It has this plan and rhythm, and nothing is pending that could be taken back.
    case noChange(plan: String, paysEvery: Cadence)
    /// Nothing is left that another plan could be held in.
    case ended(on: CivilDate)
    /// The day lies in or behind the subscription's end.
    case ends(on: CivilDate, day: CivilDate)
    /// The day lies in a period that has been closed.
    case closed(day: CivilDate, openSince: CivilDate)
    /// The plan changed on that day or later.
    case changedSince(CivilDate, day: CivilDate)
    /// A change is pending whose day has come: the next close makes it.
    case waiting(since: CivilDate)
    /// Another rhythm begins where a paid period does.
    case rhythmAtRenewal(day: CivilDate, renewal: CivilDate)
    /// The plans are invoiced in other periods.
    case otherPeriods(plan: String, every: Cadence, was: Cadence)
    /// The plan's periods begin with the calendar, and those of the present one do not; or the other way round.
    case otherAlignment(plan: String, alignment: Alignment)
    /// The plan has no terms for the subscription on that day.
    case notSold(plan: String, day: CivilDate)
    /// The plan cannot be paid for this often.
    case noAmount(plan: String, paysEvery: Cadence)
    /// The plan has conditions that are not met: each in words, with its figure.
    case notEligible(plan: String, reasons: [String])
    /// There is no end to take back.
    case goesOn
    case billing(BillingError)
}

extension RatingCatalog {
    /// A plan as the catalog defines it, by its number.
    package func definition(ofPlan number: Int32) -> Plan? {
        plans[number].flatMap { rating in catalog.plans.first { $0.key == rating.key } }
    }

    package func number(ofPlan key: String) -> Int32? { plans.first { $0.value.key == key }?.key }

    /// Looks at a request for a subscription: what changes when, or why nothing can.
    ///
    /// - Parameters:
    ///   - subscription: with all its changes, the pending one left out.
    ///   - open: the period that is closed next; nil after the end.
    ///   - isPending: whether a change is pending, that the request takes the place of.
    ///   - asOf: the day of the request.
    package func admit(
        _ request: ChangeRequest, of subscription: Subscription, open: OpenPeriod?, isPending: Bool, asOf: CivilDate
    ) throws(ChangeRefusal) -> AdmittedChange {
        guard let (plan, target) = plans.first(where: { $0.value.key == request.plan }) else {
            throw .unknownPlan(request.plan, known: catalog.plans.map(\.key))
        }
        guard let open, !subscription.hasEnded(by: open.period.start) else {
            throw .ended(on: subscription.ends ?? asOf)
        }
        let today = max(asOf, subscription.starts)
        let now = subscription.held(on: .latest)
        let cadence = request.paysEvery ?? now.paysEvery
        if now.plan == plan, now.paysEvery == cadence {
            guard isPending else { throw .noChange(plan: request.plan, paysEvery: cadence) }
            return AdmittedChange(change: nil, wasPlan: plan)
        }
        var moved = now
        (moved.changes, moved.plan, moved.paysEvery) = ([], plan, cadence)
        let (renewal, day, isAtOnce): (CivilDate, CivilDate, Bool)
        let beginning: OpenPeriod?
        do throws(BillingError) {
            renewal = try now.renewal(from: max(today, open.period.end))
            switch request.day ?? usualDay(from: now.plan, to: plan, changesRhythm: now.paysEvery != cadence) {
            case .now: day = today
            case .renewal: day = renewal
            case .on(let date): day = max(date, subscription.starts)
            }
            // What begins with a period that nothing has been invoiced for yet is invoiced with it.
            let begins = try now.renewal(from: day) == day
            let first = day == subscription.starts ? try firstPeriod(of: now) : nil
            let isBeginning = first == open
            isAtOnce = !isBeginning && (day < open.period.end || !begins)
            beginning = isBeginning ? try firstPeriod(of: moved) : nil
        } catch {
            throw .billing(error)
        }
        guard day >= open.period.start else { throw .closed(day: day, openSince: open.period.start) }
        if beginning == nil, let last = subscription.changes.last, day <= last.day {
            throw .changedSince(last.day, day: day)
        }
        if let ends = subscription.ends, day >= ends { throw .ends(on: ends, day: day) }
        if isAtOnce, now.paysEvery != cadence { throw .rhythmAtRenewal(day: day, renewal: renewal) }
        if let was = plans[now.plan], was.alignment != target.alignment {
            throw .otherAlignment(plan: request.plan, alignment: target.alignment)
        }
        if let was = plans[now.plan], was.invoiceEvery != target.invoiceEvery {
            throw .otherPeriods(plan: request.plan, every: target.invoiceEvery, was: was.invoiceEvery)
        }
        let change = Subscription.Change(
            day: day, plan: plan, paysEvery: now.paysEvery == cadence ? nil : cadence, isAtOnce: isAtOnce)
        try requireTerms(of: request.plan, cadence, for: subscription, change)
        return AdmittedChange(change: change, wasPlan: now.plan, beginning: beginning)
    }

    private func requireTerms(
        of plan: String, _ cadence: Cadence, for subscription: Subscription, _ change: Subscription.Change
    ) throws(ChangeRefusal) {
        var moved = subscription
        moved.changes.append(change)
        moved = moved.held(on: change.day)
        let isPayable: Bool
        do throws(BillingError) {
            let rated = try self.plan(of: moved)
            let version = rated.versions[try rated.version(on: change.day, for: moved)]
            isPayable =
                cadence.isMultiple(of: rated.invoiceEvery)
                && version.flats.allSatisfy { $0.terms.amount(every: cadence) != nil }
        } catch {
            if case .noVersion = error { throw .notSold(plan: plan, day: change.day) }
            throw .billing(error)
        }
        guard isPayable else { throw .noAmount(plan: plan, paysEvery: cadence) }
    }

    /// What the catalog says of a change for which no day is named.
    private func usualDay(
        from was: Int32, to plan: Int32, changesRhythm: Bool
    ) -> ChangeRequest.Day {
        guard !changesRhythm, let policy = catalog.changes, let from = plans[was]?.key, let to = plans[plan]?.key,
            let lower = policy.order.firstIndex(of: from), let higher = policy.order.firstIndex(of: to)
        else { return .renewal }
        return (higher > lower ? policy.up : policy.down) == .now ? .now : .renewal
    }
}

extension Subscription {
    /// The first day, from one on, on which a period begins that it pays for.
    package func renewal(from day: CivilDate) throws(BillingError) -> CivilDate {
        if day <= starts { return starts }
        let index = try paidPeriods.index(containing: day)
        let boundary = try paidPeriods.boundary(index)
        return boundary == day ? boundary : try paidPeriods.boundary(index + 1)
    }
}

/// When a change of plan takes effect for which nobody names a day.
package struct ChangePolicy: Hashable, Sendable {
    package enum Effect: String, Hashable, Sendable, CaseIterable {
        case now, renewal
    }

    /// The keys of plans from the lowest to the highest; what is not among them changes at the renewal.
    package var order: [String]
    package var up: Effect
    package var down: Effect

    package init(order: [String], up: Effect = .now, down: Effect = .renewal) {
        self.order = order
        self.up = up
        self.down = down
    }
}

extension ChangePolicy: CustomStringConvertible {
    /// `small, large: up now, down renewal`
    package var description: String {
        "\(order.joined(separator: ", ")): up \(up.rawValue), down \(down.rawValue)"
    }
}

extension ChangeRefusal {
    /// The stable code under which a refused row is stored.
    package var code: String {
        switch self {
        case .unknownPlan: "unknown_plan"
        case .noChange: "no_change"
        case .ended, .ends: "change_after_end"
        case .closed: "change_in_closed_period"
        case .changedSince: "change_before_change"
        case .waiting: "change_waiting"
        case .rhythmAtRenewal: "cadence_at_renewal"
        case .otherPeriods, .otherAlignment: "other_periods"
        case .notSold: "plan_not_sold"
        case .noAmount: "invalid_cadence"
        case .notEligible: "not_eligible"
        case .goesOn: "no_end"
        case .billing(let error): error.code
        }
    }
}

extension ChangeRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownPlan(let plan, let known):
            "there is no plan '\(plan)' in the catalog; it has \(known.joined(separator: ", "))"
        case .noChange(let plan, let cadence):
            "the subscription is on plan '\(plan)' and pays every \(cadence), and no change is pending"
        case .ended(let day): "the subscription has ended on \(day); deliver a new one with a key of its own"
        case .ends(let end, let day):
            "the subscription ends on \(end), and \(day) does not lie before that; name an earlier day or reactivate it first"
        case .closed(let day, let since):
            "\(day) lies in a period that has been closed; the open one began on \(since): name a day from then on"
        case .changedSince(let last, let day):
            "the plan has changed on \(last), so that it cannot change on \(day); name a later day"
        case .waiting(let since):
            "a change of \(since) is still to be made, since no close has run since then; run 'meterbook close' and ask again"
        case .rhythmAtRenewal(let day, let renewal):
            "how often it is paid changes at a renewal, and \(day) is none; the next one is on \(renewal)"
        case .otherPeriods(let plan, let every, let was):
            "plan '\(plan)' is invoiced every \(every), and the present one every \(was); choose one that is invoiced alike"
        case .otherAlignment(let plan, let alignment):
            "the periods of plan '\(plan)' begin \(alignment == .calendar ? "with the calendar" : "on each anniversary"), and "
                + "those of the present one do not; choose one whose periods begin alike"
        case .notSold(let plan, let day):
            "plan '\(plan)' has no terms for this subscription on \(day); choose another plan or day"
        case .noAmount(let plan, let cadence):
            "plan '\(plan)' cannot be paid every \(cadence); choose another cadence"
        case .notEligible(let plan, let reasons):
            "plan \(plan) may not be chosen for \(reasons.count == 1 ? "one reason" : "\(reasons.count) reasons"): "
                + reasons.joined(separator: "; ")
        case .goesOn: "the subscription has no end that could be taken back"
        case .billing(let error): error.description
        }
    }
}
