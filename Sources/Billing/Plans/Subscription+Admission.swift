extension RatingCatalog {
    /// What a source says of a subscription, before anything is known of it.
    package struct Application: Sendable {
        package var plan: String
        /// Nil where it follows from the billing day, the plan or the start.
        package var anchor: CivilDate?
        /// Whether it has this anchor already: then it may be on a plan by now that follows the calendar.
        package var anchorIsKnown = false
        /// Nil for the anchor date, or else for the start.
        package var signedUp: CivilDate?
        /// The first day that Meterbook bills; nil for the end of the trial, or else for the anchor date or the sign-up.
        package var starts: CivilDate?
        package var ends: CivilDate?
        /// The first day after the trial; nil for the plan's own trial.
        package var trialEnds: CivilDate?
        /// The day of the month, 1 to 31, on which periods begin.
        package var billingDay: Int?
        /// Nil for the plan's own invoice cadence.
        package var paysEvery: Cadence?
        /// Nil for the catalog's currency.
        package var currency: String?
        package var contract: String?
        package var coupon: String?
        /// Nil for the first day that is billed.
        package var couponFrom: CivilDate?

        package init(
            plan: String, anchor: CivilDate? = nil, signedUp: CivilDate? = nil, starts: CivilDate? = nil,
            ends: CivilDate? = nil, trialEnds: CivilDate? = nil, billingDay: Int? = nil, paysEvery: Cadence? = nil,
            currency: String? = nil, contract: String? = nil, coupon: String? = nil, couponFrom: CivilDate? = nil
        ) {
            self.plan = plan
            self.anchor = anchor
            self.signedUp = signedUp
            self.starts = starts
            self.ends = ends
            self.trialEnds = trialEnds
            self.billingDay = billingDay
            self.paysEvery = paysEvery
            self.currency = currency
            self.contract = contract
            self.coupon = coupon
            self.couponFrom = couponFrom
        }
    }

    /// The field that an application fails on, and why.
    package struct Refusal: Error, Hashable, Sendable {
        package var reason: RejectReason
        package var field: String
        package var found: String

        package init(_ reason: RejectReason, field: String, found: String) {
            self.reason = reason
            self.field = field
            self.found = found
        }
    }

    /// A subscription that the catalog sells.
    package struct Admission: Hashable, Sendable {
        package var terms: Subscription
        /// The first period that is billed; nil where the subscription ends within its trial.
        package var open: OpenPeriod?
        /// Whether the start rests on the plan's trial, and the anchor on its trial or alignment. Another catalog may
        /// give other dates to new subscriptions; who is known already keeps his.
        package var startIsPlans: Bool
        package var anchorIsPlans: Bool
    }

    /// The terms of a subscription and its first period, or the first reason why this catalog does not sell it: every
    /// subscription that is let in can be rated on its first day.
    package func admit(_ application: Application) throws(Refusal) -> Admission {
        guard let signedUp = application.signedUp ?? application.anchor ?? application.starts else {
            throw Refusal(.missingField, field: "signed_up", found: "")
        }
        let found = plans.first { $0.value.key == application.plan }
        let dates = try dates(of: application, signedUp: signedUp, found?.value)
        guard let (id, plan) = found, let anchor = dates.anchor else {
            throw Refusal(.unknownPlan, field: "plan", found: application.plan)
        }
        let cadence = application.paysEvery ?? plan.invoiceEvery
        let terms = Subscription(
            plan: id, anchor: anchor, starts: dates.starts, signedUp: signedUp, paysEvery: cadence,
            currency: application.currency ?? catalog.currency.code, ends: application.ends,
            contract: application.contract,
            coupon: application.coupon.map {
                Subscription.Coupon(code: $0, from: application.couponFrom ?? dates.starts)
            })
        let open: OpenPeriod?
        do {
            open = try firstPeriod(of: terms)
        } catch .noVersion {
            throw Refusal(.planNotSold, field: "plan", found: application.plan)
        } catch {
            throw Refusal(.dateOutOfRange, field: "anchor", found: "\(anchor)")
        }
        guard let index = try? plan.version(on: dates.starts, for: terms) else {
            throw Refusal(.planNotSold, field: "plan", found: application.plan)
        }
        guard cadence.isMultiple(of: plan.invoiceEvery) else {
            throw Refusal(.invalidCadence, field: "cadence", found: cadence.description)
        }
        for price in plan.versions[index].flats where price.terms.amount(every: cadence) == nil {
            throw Refusal(.invalidCadence, field: "cadence", found: cadence.description)
        }
        if let currency = application.currency, !catalog.currencies.contains(where: { $0.code == currency }) {
            throw Refusal(.otherCurrency, field: "currency", found: currency)
        }
        return Admission(
            terms: terms, open: open, startIsPlans: dates.startIsPlans, anchorIsPlans: dates.anchorIsPlans)
    }

    private struct Dates {
        var starts: CivilDate
        /// Nil only without a plan.
        var anchor: CivilDate?
        var startIsPlans: Bool
        var anchorIsPlans: Bool
    }

    /// The first billed day and the anchor date, as far as they can be told without a plan: what the source says goes
    /// before what the plan says. Refuses in the order of precedence.
    private func dates(
        of application: Application, signedUp: CivilDate, _ plan: RatingPlan?
    ) throws(Refusal) -> Dates {
        var trialEnds = application.trialEnds
        if trialEnds == nil, let trial = plan?.trial {
            trialEnds = signedUp.adding(trial)
            if trialEnds == nil { throw Refusal(.dateOutOfRange, field: "signed_up", found: "\(signedUp)") }
        }
        let starts = application.starts ?? trialEnds ?? application.anchor ?? signedUp
        if let ends = application.ends, ends <= starts {
            // Whoever leaves within his trial is never billed; any other end before the start is a mistake.
            let isInTrial = application.starts == nil && trialEnds != nil && ends > signedUp
            if !isInTrial { throw Refusal(.endNotAfterStart, field: "ends", found: "\(ends)") }
        }
        let isSecond = plan?.alignment == .calendar && !application.anchorIsKnown
        if let anchor = application.anchor, application.billingDay != nil || isSecond {
            throw Refusal(.secondAnchor, field: "anchor", found: "\(anchor)")
        }
        if let day = application.billingDay, case .days = plan?.invoiceEvery {
            throw Refusal(.billingDayWithoutMonths, field: "billing_day", found: "\(day)")
        }
        if let trialEnds = application.trialEnds {
            if trialEnds < signedUp {
                throw Refusal(.trialEndsBeforeSignUp, field: "trial_ends", found: "\(trialEnds)")
            }
            if let starts = application.starts, starts < trialEnds {
                throw Refusal(.startInTrial, field: "starts", found: "\(starts)")
            }
        }
        let startIsPlans = application.starts == nil && application.trialEnds == nil && plan?.trial != nil
        let isGiven = application.anchor != nil || application.billingDay != nil
        return Dates(
            starts: starts, anchor: try anchor(of: application, starts: starts, plan), startIsPlans: startIsPlans,
            anchorIsPlans: !isGiven && (startIsPlans || plan?.alignment == .calendar))
    }

    private func anchor(
        of application: Application, starts: CivilDate, _ plan: RatingPlan?
    ) throws(Refusal) -> CivilDate? {
        guard let plan else { return nil }
        if let anchor = application.anchor { return anchor }
        if let day = application.billingDay {
            guard let anchor = starts.latest(onDay: day) else {
                throw Refusal(.invalidBillingDay, field: "billing_day", found: "\(day)")
            }
            return anchor
        }
        guard let anchor = plan.alignment.anchor(for: starts, every: plan.invoiceEvery) else {
            throw Refusal(.dateOutOfRange, field: "starts", found: "\(starts)")
        }
        return anchor
    }
}

extension CivilDate {
    /// The day that lies a length of time later; a month that is too short gives its last day. Nil beyond the year 9999.
    package func adding(_ length: Cadence) -> CivilDate? {
        switch length {
        case .days(let days): adding(days: days)
        case .months(let months): adding(months: months)
        }
    }
}
