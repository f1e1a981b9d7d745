extension RatingCatalog {
    /// What a source says of a subscription, before anything is known of it.
    package struct Application: Sendable {
        package var plan: String
        package var anchor: CivilDate
        package var signedUp: CivilDate
        /// The first day that Meterbook bills.
        package var starts: CivilDate
        package var ends: CivilDate?
        /// Nil for the plan's own invoice cadence.
        package var paysEvery: Cadence?
        /// Nil for the catalog's currency.
        package var currency: String?
        package var contract: String?
        package var coupon: Subscription.Coupon?

        package init(
            plan: String, anchor: CivilDate, signedUp: CivilDate, starts: CivilDate, ends: CivilDate?,
            paysEvery: Cadence?, currency: String?, contract: String? = nil, coupon: Subscription.Coupon? = nil
        ) {
            self.plan = plan
            self.anchor = anchor
            self.signedUp = signedUp
            self.starts = starts
            self.ends = ends
            self.paysEvery = paysEvery
            self.currency = currency
            self.contract = contract
            self.coupon = coupon
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

    /// The terms of a subscription and its first period, or the first reason why this catalog does not sell it: every
    /// subscription that is let in can be rated on its first day.
    package func admit(_ application: Application) throws(Refusal) -> (terms: Subscription, open: OpenPeriod) {
        if let ends = application.ends, ends <= application.starts {
            throw Refusal(.endNotAfterStart, field: "ends", found: "\(ends)")
        }
        guard let (id, plan) = plans.first(where: { $0.value.key == application.plan }) else {
            throw Refusal(.unknownPlan, field: "plan", found: application.plan)
        }
        let cadence = application.paysEvery ?? plan.invoiceEvery
        let terms = Subscription(
            plan: id, anchor: application.anchor, signedUp: application.signedUp, paysEvery: cadence,
            ends: application.ends, contract: application.contract, coupon: application.coupon)
        let offBoundary = Refusal(.startOffBoundary, field: "starts", found: "\(application.starts)")
        guard application.starts >= application.anchor else { throw offBoundary }
        let open: OpenPeriod?
        do {
            open = try openPeriod(of: terms, containing: application.starts)
        } catch {
            throw Refusal(.dateOutOfRange, field: "anchor", found: "\(application.anchor)")
        }
        guard let open, open.period.start == application.starts else { throw offBoundary }
        guard let index = try? plan.version(on: application.starts, for: terms) else {
            throw Refusal(.planNotSold, field: "plan", found: application.plan)
        }
        guard cadence.isMultiple(of: plan.invoiceEvery) else {
            throw Refusal(.invalidCadence, field: "cadence", found: cadence.description)
        }
        for price in plan.versions[index].prices {
            if case .flat(let flat) = price.model, flat.amount(every: cadence) == nil {
                throw Refusal(.invalidCadence, field: "cadence", found: cadence.description)
            }
        }
        if let currency = application.currency, currency != catalog.currency.code {
            throw Refusal(.otherCurrency, field: "currency", found: currency)
        }
        return (terms, open)
    }
}
