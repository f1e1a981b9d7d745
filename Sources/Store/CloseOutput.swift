import Billing
import Postgres
import SQL

/// The rows that a batch of a close writes, collected in the form in which they are sent.
struct CloseOutput {
    private let terms: CloseBatch.Terms
    private var periods = CopyBuffer()
    private var invoices = CopyBuffer()
    private var lines = CopyBuffer()

    private var advanced = Advanced()
    private var endedCustomers: [Int64] = []
    private var endedSubscriptions: [Int64] = []
    private var settledCustomers: [Int64] = []
    private var settledSubscriptions: [Int64] = []
    private var changedCustomers: [Int64] = []
    private var changedSubscriptions: [Int64] = []
    private var unchangedCustomers: [Int64] = []
    private var unchangedSubscriptions: [Int64] = []
    private var held: [(due: DueSubscription, error: BillingError)] = []

    /// Column by column, as the statement takes them.
    private struct Advanced {
        var customers: [Int64] = []
        var subscriptions: [Int64] = []
        var was: [PGDate] = []
        var numbers: [Int32] = []
        var starts: [PGDate] = []
        var ends: [PGDate] = []
        var countsFrom: [PGDate] = []
    }

    init(terms: CloseBatch.Terms) {
        self.terms = terms
    }

    mutating func removeAll() {
        periods.removeAll(keepingCapacity: true)
        invoices.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        advanced.customers.removeAll(keepingCapacity: true)
        advanced.subscriptions.removeAll(keepingCapacity: true)
        advanced.was.removeAll(keepingCapacity: true)
        advanced.numbers.removeAll(keepingCapacity: true)
        advanced.starts.removeAll(keepingCapacity: true)
        advanced.ends.removeAll(keepingCapacity: true)
        advanced.countsFrom.removeAll(keepingCapacity: true)
        endedCustomers.removeAll()
        endedSubscriptions.removeAll()
        settledCustomers.removeAll()
        settledSubscriptions.removeAll()
        changedCustomers.removeAll()
        changedSubscriptions.removeAll()
        unchangedCustomers.removeAll()
        unchangedSubscriptions.removeAll()
        held.removeAll()
    }

    mutating func append(_ due: DueSubscription, _ outcome: CloseOutcome) {
        for closed in outcome.periods {
            periods.row(fields: 9)
            periods.int64(due.customerID)
            periods.int64(due.subscriptionID)
            periods.date(closed.period.end.daysSince1970)
            periods.date(closed.period.start.daysSince1970)
            periods.int32(closed.number)
            periods.int32(terms.catalogID)
            periods.int64(terms.watermark)
            periods.int16(terms.engine)
            periods.int64(terms.runID)

            invoices.row(fields: 8)
            invoices.int64(due.customerID)
            invoices.int64(due.subscriptionID)
            invoices.date(closed.period.end.daysSince1970)
            invoices.text("period")
            invoices.text("draft")
            invoices.text(due.currency)
            invoices.int64(closed.total)
            invoices.int16(Int16(truncatingIfNeeded: closed.lines.count))

            for index in closed.lines {
                append(
                    outcome.lines[index], number: Int16(truncatingIfNeeded: index - closed.lines.lowerBound + 1), due,
                    closed)
            }
        }
        settleChange(of: due, outcome)
        if let next = outcome.next {
            advanced.customers.append(due.customerID)
            advanced.subscriptions.append(due.subscriptionID)
            advanced.was.append(PGDate(due.open.period.end))
            advanced.numbers.append(next.number)
            advanced.starts.append(PGDate(next.period.start))
            advanced.ends.append(PGDate(next.period.end))
            advanced.countsFrom.append(PGDate(next.countsFrom))
        } else {
            endedCustomers.append(due.customerID)
            endedSubscriptions.append(due.subscriptionID)
        }
    }

    /// A change that the open period has passed has taken effect; one that lies behind the end never will.
    private mutating func settleChange(of due: DueSubscription, _ outcome: CloseOutcome) {
        guard due.hasPendingChange, let change = due.terms.changes.last else { return }
        if let next = outcome.next {
            guard change.day <= next.period.start else { return }
            changedCustomers.append(due.customerID)
            changedSubscriptions.append(due.subscriptionID)
        } else {
            unchangedCustomers.append(due.customerID)
            unchangedSubscriptions.append(due.subscriptionID)
        }
    }

    private mutating func append(_ line: InvoiceLine, number: Int16, _ due: DueSubscription, _ closed: ClosedPeriod) {
        lines.row(fields: 16)
        lines.int64(due.customerID)
        lines.int64(due.subscriptionID)
        lines.date(closed.period.end.daysSince1970)
        lines.text("period")
        lines.int16(number)
        lines.text(line.kind.label)
        lines.int32(line.price)
        lines.date(line.service.start.daysSince1970)
        lines.date(line.service.end.daysSince1970)
        lines.int64(line.quantity)
        lines.int64(line.before)
        lines.int64(line.threshold)
        lines.int64(line.billable)
        lines.int64(line.amount)
        if let corrects = line.corrects {
            lines.date(corrects.periodEnd.daysSince1970)
            lines.int16(corrects.line)
        } else {
            lines.null()
            lines.null()
        }
    }

    /// The subscription's late usage has been billed.
    mutating func settle(_ due: DueSubscription) {
        guard !held.contains(where: { $0.due.subscriptionID == due.subscriptionID }) else { return }
        settledCustomers.append(due.customerID)
        settledSubscriptions.append(due.subscriptionID)
    }

    mutating func hold(_ due: DueSubscription, _ error: BillingError) {
        held.append((due, error))
    }

    /// Writes everything, within the caller's transaction.
    func write(to connection: Connection) throws {
        try copy(periods, .copyBillingPeriod, to: connection)
        try copy(invoices, .copyInvoice, to: connection)
        try copy(lines, .copyInvoiceLine, to: connection)
        if !advanced.customers.isEmpty {
            let found = try connection.execute(
                Query(
                    .advanceOpenPeriods, advanced.customers, advanced.subscriptions, advanced.was, advanced.numbers,
                    advanced.starts, advanced.ends, advanced.countsFrom))
            try expect(.advanceOpenPeriods, advanced.customers.count, found)
        }
        if !endedCustomers.isEmpty {
            let found = try connection.execute(Query(.endOpenPeriods, endedCustomers, endedSubscriptions))
            try expect(.endOpenPeriods, endedCustomers.count, found)
        }
        if !changedCustomers.isEmpty {
            let found = try connection.execute(
                Query(.applyPlanChanges, changedCustomers, changedSubscriptions, terms.asOf, terms.runID))
            try expect(.applyPlanChanges, changedCustomers.count, found)
            try terms.notices.tell(
                .changeApplied, customers: changedCustomers, subscriptions: changedSubscriptions, on: connection)
        }
        if !unchangedCustomers.isEmpty {
            _ = try connection.execute(
                Query(.giveUpPlanChanges, unchangedCustomers, unchangedSubscriptions, terms.asOf, terms.runID))
        }
        if !settledCustomers.isEmpty {
            _ = try connection.execute(
                Query(.settleLateUsage, settledCustomers, settledSubscriptions, terms.watermark))
        }
        if terms.anyHolds {
            _ = try connection.execute(
                Query(
                    .releaseHolds, advanced.customers + endedCustomers, advanced.subscriptions + endedSubscriptions))
        }
        for (due, error) in held {
            _ = try connection.execute(
                Query(
                    .insertHold, due.customerID, due.subscriptionID, error.code, error.description,
                    due.open.period.end, terms.runID))
        }
    }

    private func copy(_ buffer: CopyBuffer, _ statement: Statement, to connection: Connection) throws {
        guard !buffer.isEmpty else { return }
        try expect(statement, buffer.rowCount, connection.copyIn(Query(statement), buffer))
    }

    private func expect(_ statement: Statement, _ expected: Int, _ found: Int) throws(StoreError) {
        guard expected == found else {
            throw .changedUnderneath(statement: statement.name, expected: expected, found: found)
        }
    }
}

extension InvoiceLine.Kind {
    /// The name of the kind in the database and in documents.
    package var label: String {
        switch self {
        case .flat: "flat"
        case .usage: "usage"
        case .correction: "correction"
        case .minimum: "minimum"
        case .discount: "discount"
        }
    }

    package init?(label: String) {
        switch label {
        case "flat": self = .flat
        case "usage": self = .usage
        case "correction": self = .correction
        case "minimum": self = .minimum
        case "discount": self = .discount
        default: return nil
        }
    }
}
