/// What a person adds to the next invoice of a subscription: a charge, or a credit, with the reason and who said so.
package struct ManualLine: Hashable, Sendable {
    /// Which of the subscription's manual lines it is, from 1.
    package var number: Int32
    /// Minor units of the subscription's currency; negative for a credit, never 0.
    package var amount: Int64
    package var words: Words
    /// The first period that ends on or after this day takes it.
    package var from: CivilDate
    /// When the service happened; nil for the period that takes the line.
    package var service: DateRange?
    /// Why, for whoever reads the books later: customers are not shown it.
    package var reason: String
    package var author: String
    /// The as-of date of the run that added it.
    package var addedOn: CivilDate

    /// What the invoice says in the place of a price.
    package struct Words: Hashable, Sendable {
        /// One line.
        package var text: String
        /// As that of a price.
        package var taxCategory: String

        package init(text: String, taxCategory: String) {
            self.text = text
            self.taxCategory = taxCategory
        }
    }

    package init(
        number: Int32, amount: Int64, words: Words, from: CivilDate, service: DateRange?, reason: String,
        author: String,
        addedOn: CivilDate
    ) {
        self.number = number
        self.amount = amount
        self.words = words
        self.from = from
        self.service = service
        self.reason = reason
        self.author = author
        self.addedOn = addedOn
    }

    /// As it stands on the invoice of a period. Before the first period there are no days, so there it is the day itself.
    fileprivate func line(on period: DateRange) -> InvoiceLine {
        let day = DateRange(start: period.start, end: period.end.adding(days: 1) ?? period.end)
        return InvoiceLine(
            kind: .manual, price: 0, service: service ?? (period.isEmpty ? day ?? period : period), quantity: 1,
            before: 0,
            threshold: 0, billable: 1, amount: amount, corrects: nil, manual: number)
    }
}

extension [ManualLine] {
    /// Takes out those that the invoice of a period takes, and adds them to its lines.
    ///
    /// - Parameter isLast: whether the subscription has no period after this one: then nothing may wait any longer.
    mutating func bill(on period: DateRange, isLast: Bool, into lines: inout [InvoiceLine]) {
        for manual in self where isLast || manual.from <= period.end { lines.append(manual.line(on: period)) }
        removeAll { isLast || $0.from <= period.end }
    }
}

/// A manual line, whose it is, and what has become of it.
package struct ManualLineRecord: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case pending
        /// - Parameter on: the date of the invoice that has it.
        case billed(on: CivilDate)
        case withdrawn(Withdrawal)
    }

    /// Who took it back before it was billed.
    package struct Withdrawal: Hashable, Sendable {
        package var date: CivilDate
        package var reason: String
        package var author: String

        package init(date: CivilDate, reason: String, author: String) {
            self.date = date
            self.reason = reason
            self.author = author
        }
    }

    package var subscription: String
    package var currency: Currency
    package var line: ManualLine
    package var state: State

    package init(subscription: String, currency: Currency, line: ManualLine, state: State) {
        self.subscription = subscription
        self.currency = currency
        self.line = line
        self.state = state
    }
}
