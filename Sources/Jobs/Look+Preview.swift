package import Billing
import Store

extension Look {
    /// The invoice of the open period as it would be written now, and as it will be at the present pace. Nothing is written
    /// and nobody is kept waiting.
    ///
    /// - Parameters:
    ///   - asOf: the last day that has been counted; nil for the latest that has begun in some time zone.
    ///   - now: the present instant, in microseconds since 1970-01-01 UTC.
    /// - Throws: `JobError.noOpenPeriod` where the subscription has ended.
    package func preview(_ key: String, asOf: CivilDate?, now: Int64) throws -> InvoicePreview {
        let subscription = try store.subscription(key)
        guard let open = subscription.open else { throw JobError.noOpenPeriod(key) }
        let (catalog, day) = (try catalogs.currentForRating(), try today(asOf, now: now))
        let closer = Closer(catalog: catalog, earlier: try catalogs.all())
        let late = try store.lateFrom(subscription)
        let from = try min(
            open.countsFrom, closer.historyStart(of: subscription.terms, on: late ?? open.period.start))
        var reaching = open
        reaching.countsFrom = from
        var totals =
            try DateRange(start: from, end: open.period.end).map { try store.totals(subscription, in: $0) } ?? []
        // What the meter step has written of the open period is older than what is counted here.
        let running = Set(catalog.meters.filter(\.definition.isRunning).map(\.id))
        totals.removeAll { !running.contains($0.meter) && open.period.contains($0.start) }
        totals += try windows(subscription, catalog, open.period, until: day)
        let history = try late.map { _ in try store.history(subscription, from: from, before: open.period.end) }
        let invoices = try invoiceStore()
        let manual = try ManualLineStore(connection).pending(of: subscription)
        func invoice(_ totals: [SliceTotal]) throws -> InvoiceDocument {
            var outcome = CloseOutcome()
            try closer.close(
                subscription.terms, open: reaching, asOf: open.period.end, totals: totals, history: history,
                manual: manual, into: &outcome)
            // The open period is all that is due on its end.
            let total = outcome.periods.first?.total ?? 0
            return try invoices.document(
                subscription, open.period, outcome.lines, total: total, catalog, manual: manual)
        }
        let forecast = try SliceTotal.forecast(totals, of: open.period, running: running, until: day)
        let present = try invoice(totals)
        let credit = try CreditStore(connection).balance(
            ofCustomer: subscription.customerID, in: present.currency)
        return InvoicePreview(asOf: day, present: present, forecast: try forecast.map(invoice), credit: credit)
    }

    /// What the meters that are no running sums come to for the open period, as far as their windows have gone.
    private func windows(
        _ subscription: LookStore.StoredSubscription, _ catalog: RatingCatalog, _ period: DateRange,
        until day: CivilDate
    ) throws -> [SliceTotal] {
        guard !period.isEmpty else { return [] }
        return try catalog.meters.filter { !$0.definition.isRunning }.map { meter in
            let count = try window(subscription, catalog, meter.definition, for: period, until: day)
            return SliceTotal(meter: meter.id, start: period.start, quantity: count.quantity)
        }
    }
}
