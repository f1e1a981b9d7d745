/// What pulling past days again has changed, and what the next close will bill for it.
package struct BackfillStatement: Hashable, Sendable {
    /// In the order in which the sources were pulled.
    package var sources: [Source]
    /// By source, month and meter.
    package var readings: [Readings]
    /// By meter.
    package var totals: [Totals]
    package var corrections: Corrections

    /// How a source was pulled.
    package struct Source: Hashable, Sendable {
        package var name: String
        /// All of them.
        package var chunks: Int
        /// Those that earlier runs had done, which were not asked for again.
        package var doneBefore: Int
        /// The runs that had.
        package var runs: [Int64]

        package init(name: String, chunks: Int, doneBefore: Int, runs: [Int64]) {
            self.name = name
            self.chunks = chunks
            self.doneBefore = doneBefore
            self.runs = runs
        }
    }

    /// What a source brought of a meter for the days of a month. Quantities are in the smallest parts of the meter's unit.
    package struct Readings: Hashable, Sendable {
        package var source: String
        /// The first of the month.
        package var month: CivilDate
        package var meter: String
        /// How many digits of a quantity stand behind the point.
        package var places: Int
        package var new: Int64
        /// The sum of these.
        package var newQuantity: Int128
        package var restated: Int64
        /// By how much these have risen in sum; negative where they fell.
        package var difference: Int128

        package init(
            source: String, month: CivilDate, meter: String, places: Int, new: Int64, newQuantity: Int128,
            restated: Int64, difference: Int128
        ) {
            self.source = source
            self.month = month
            self.meter = meter
            self.places = places
            self.new = new
            self.newQuantity = newQuantity
            self.restated = restated
            self.difference = difference
        }
    }

    /// How many totals of a meter are new or have changed.
    package struct Totals: Hashable, Sendable {
        package var meter: String
        package var count: Int64

        package init(meter: String, count: Int64) {
            self.meter = meter
            self.count = count
        }
    }

    /// What the next close of the subscriptions will bill of whose closed periods totals have changed: also for what had
    /// changed in them before.
    package struct Corrections: Hashable, Sendable {
        package var subscriptions: Int64 = 0
        /// Closed periods of theirs in which totals have changed.
        package var periods: Int64 = 0
        /// Subscriptions whose corrections cannot be computed: the close will hold them.
        package var failed: Int64 = 0
        /// By currency.
        package var sums: [Sum] = []
        /// The subscriptions whose corrections come to most, up or down: the first `mostNamed`.
        package var largest: [Correction] = []

        package static let mostNamed = 10

        package init() {}

        /// Adds what the next invoice of a subscription will correct. One of no lines changes nothing.
        package mutating func add(_ correction: Correction) {
            guard correction.lines > 0 else { return }
            let index =
                sums.firstIndex { $0.currency == correction.currency }
                ?? {
                    sums.append(Sum(currency: correction.currency))
                    sums.sort { $0.currency.code < $1.currency.code }
                    return sums.firstIndex { $0.currency == correction.currency } ?? 0
                }()
            sums[index].add(correction)
            let place = largest.firstIndex { correction.comesBefore($0) } ?? largest.count
            guard place < Self.mostNamed else { return }
            largest.insert(correction, at: place)
            if largest.count > Self.mostNamed { largest.removeLast() }
        }
    }

    /// The corrections in one currency.
    package struct Sum: Hashable, Sendable {
        package var currency: Currency
        package var subscriptions: Int64 = 0
        package var lines: Int64 = 0
        /// Minor units; what is billed more, and what is billed less, which is negative.
        package var more: Int128 = 0
        package var less: Int128 = 0

        /// What the corrections come to.
        package var amount: Int128 { more + less }

        package init(currency: Currency) {
            self.currency = currency
        }

        fileprivate mutating func add(_ correction: Correction) {
            subscriptions += 1
            lines += Int64(correction.lines)
            if correction.amount > 0 { more += correction.amount } else { less += correction.amount }
        }
    }

    /// What the next invoice of a subscription will correct.
    package struct Correction: Hashable, Sendable {
        package var subscription: String
        package var currency: Currency
        package var lines: Int
        /// Minor units.
        package var amount: Int128

        package init(subscription: String, currency: Currency, lines: Int, amount: Int128) {
            self.subscription = subscription
            self.currency = currency
            self.lines = lines
            self.amount = amount
        }

        /// Larger ones first, whatever their sign; then by key.
        fileprivate func comesBefore(_ other: Correction) -> Bool {
            (other.amount.magnitude, subscription) < (amount.magnitude, other.subscription)
        }
    }

    package init(
        sources: [Source], readings: [Readings] = [], totals: [Totals] = [], corrections: Corrections = Corrections()
    ) {
        self.sources = sources
        self.readings = readings
        self.totals = totals
        self.corrections = corrections
    }

    /// Whether the books are as they were.
    package var isUnchanged: Bool { readings.isEmpty && totals.isEmpty && corrections.subscriptions == 0 }
}
