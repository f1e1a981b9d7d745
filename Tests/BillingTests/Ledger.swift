import Billing
import Testing

/// What a store does for one subscription, in memory: it keeps readings as slice totals, notes late usage, closes what is
/// due, and remembers every line that was billed.
///
/// A reading of a day can be given again; the later one replaces the earlier. After each close the outcome's invariants
/// are checked.
struct Ledger {
    struct Billed {
        var reference: LineReference
        var line: InvoiceLine
    }

    private(set) var subscription: Subscription
    private(set) var catalog: RatingCatalog
    private var earlier: [RatingCatalog] = []
    private var closer: Closer
    private var slicing: Slicing
    private(set) var open: OpenPeriod?
    private(set) var periods: [ClosedHistory.Period] = []
    private(set) var invoices: [ClosedPeriod] = []
    private(set) var lines: [Billed] = []
    private(set) var readings: [Key: Int64] = [:]
    private var totals: [Key: Int64] = [:]
    private var lateFrom: CivilDate?

    /// A meter on a day, or in the slice that begins on it.
    struct Key: Hashable {
        var meter: Int32
        var day: CivilDate
    }

    /// The first open period is the one that contains `start`, by default the anchor date.
    init(_ subscription: Subscription, _ catalog: RatingCatalog, from start: String? = nil) throws {
        self.subscription = subscription
        self.catalog = catalog
        closer = Closer(catalog: catalog)
        slicing = try catalog.slicing(of: subscription, cuts: catalog.catalog.cuts)
        open = try catalog.openPeriod(of: subscription, containing: start.map(day) ?? subscription.anchor)
    }

    /// From now on periods are rated with another catalog; those that are closed keep theirs. The open period is set up
    /// again, unless told otherwise.
    mutating func apply(_ next: RatingCatalog, reopening: Bool = true) throws {
        if reopening, let number = open?.number { open = try next.openPeriod(of: subscription, number: Int(number)) }
        earlier.append(catalog)
        catalog = next
        closer = Closer(catalog: next, earlier: earlier)
        slicing = try next.slicing(of: subscription, cuts: (earlier + [next]).flatMap(\.catalog.cuts))
        totals = [:]
        for (key, quantity) in readings {
            totals[Key(meter: key.meter, day: try slicing.start(containing: key.day)), default: 0] += quantity
        }
    }

    mutating func read(_ text: String, _ quantity: Int64, meter: Int32 = 1) throws {
        try read(day(text), quantity, meter: meter)
    }

    mutating func read(_ day: CivilDate, _ quantity: Int64, meter: Int32 = 1) throws {
        let slice = Key(meter: meter, day: try slicing.start(containing: day))
        let known = readings.updateValue(quantity, forKey: Key(meter: meter, day: day)) ?? 0
        guard known != quantity else { return }
        totals[slice, default: 0] += quantity - known
        if let open, day < open.period.start { lateFrom = min(lateFrom ?? slice.day, slice.day) }
    }

    /// Closes what is due, with the history that late usage calls for, and returns the outcome.
    @discardableResult
    mutating func close(_ asOf: String) throws -> CloseOutcome { try close(day(asOf)) }

    @discardableResult
    mutating func close(_ asOf: CivilDate) throws -> CloseOutcome {
        var outcome = CloseOutcome()
        guard let open, open.period.end <= asOf else { return outcome }
        var from = open.countsFrom
        var history: ClosedHistory?
        if let late = lateFrom {
            from = min(from, try closer.historyStart(of: subscription, on: late))
            history = self.history(from: from)
        }
        let totals = totals.filter { from <= $0.key.day && $0.key.day < asOf }
            .map { SliceTotal(meter: $0.key.meter, start: $0.key.day, quantity: $0.value) }
        try closer.close(subscription, open: open, asOf: asOf, totals: totals, history: history, into: &outcome)
        #expect(outcome.checkInvariants())
        for closed in outcome.periods {
            invoices.append(closed)
            periods.append(ClosedHistory.Period(period: closed.period, catalog: catalog.id))
            for (number, index) in closed.lines.enumerated() {
                let reference = LineReference(periodEnd: closed.period.end, line: Int16(number + 1))
                lines.append(Billed(reference: reference, line: outcome.lines[index]))
            }
        }
        self.open = outcome.next
        lateFrom = nil
        return outcome
    }

    /// What has been billed so far for each price and service period that ends after a day.
    private func history(from start: CivilDate) -> ClosedHistory {
        var billed: [ClosedHistory.Billed] = []
        for (reference, line) in lines.map({ ($0.reference, $0.line) }) {
            guard line.kind != .flat, line.service.end > start, reference.periodEnd > start else { continue }
            if let known = billed.firstIndex(where: { $0.price == line.price && $0.service == line.service }) {
                billed[known].quantity += line.quantity
                billed[known].billable += line.billable
                billed[known].amount += line.amount
            } else {
                billed.append(
                    ClosedHistory.Billed(
                        price: line.price, service: line.service, quantity: line.quantity, billable: line.billable,
                        amount: line.amount, original: reference))
            }
        }
        return ClosedHistory(periods: periods.filter { $0.period.end > start }, billed: billed)
    }

    /// The sum of all invoices, in minor units.
    var total: Int64 { invoices.reduce(0) { $0 + $1.total } }

    /// What all invoices together say of each price and service period.
    var balance: [Service: Balance] {
        var balance: [Service: Balance] = [:]
        for billed in lines {
            let service = Service(price: billed.line.price, kind: billed.line.kind == .flat, range: billed.line.service)
            balance[service, default: Balance()].quantity += billed.line.quantity
            balance[service, default: Balance()].billable += billed.line.billable
            balance[service, default: Balance()].amount += billed.line.amount
        }
        return balance
    }

    struct Service: Hashable {
        var price: Int32
        var kind: Bool
        var range: DateRange
    }

    struct Balance: Hashable {
        var quantity: Int64 = 0
        var billable: Int64 = 0
        var amount: Int64 = 0
    }

    /// Another subscription that delivered the final readings at once and is closed once, until the same day.
    func ratedOnce(_ asOf: String) throws -> Ledger {
        var once = try Ledger(subscription, catalog)
        for (key, quantity) in readings { try once.read(key.day, quantity, meter: key.meter) }
        try once.close(asOf)
        return once
    }
}
