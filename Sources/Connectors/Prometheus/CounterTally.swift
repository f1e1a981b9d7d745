/// What counters have counted day by day, from their samples: exactly what lies between one sample and the next, and nothing
/// that would have to be guessed.
///
/// - The increase between two samples counts on the day of the later one. A sample of the very start of a day ends the day
///   before.
/// - A value below the one before has begun anew at zero, so it counts whole.
/// - What a series had counted before its first sample, where there is none on the day before either, is not known. It counts
///   nothing, or all of it where series are said to begin at zero.
///
/// - Where the day before has no sample of any series, the server may have forgotten it, and a part of this day too: such a
///   day is refused, or a day that was counted in full would be restated to its evening.
///
/// A day's count follows from that day and the one before alone, so it does not depend on which days a pull asks for.
struct CounterTally {
    /// The series that agree in the labels that are wanted: together they are one row.
    struct Count: Hashable {
        /// In the order in which they are wanted; nil where the series have no such label.
        var labels: [String?]
        /// Why it cannot be told: of several reasons the first.
        var refusal: SampleValue.Refusal?
        var sum = SampleValue.zero
    }

    private let labels: [String]
    private let fromZero: Bool
    private let mostSeries: Int
    private var counters: [String: Counter] = [:]
    private var counts: [[String?]: Count] = [:]
    private var day = 0
    /// Whether the present day has samples, and the one before.
    private var isKnown = (now: false, before: false)

    private struct Counter {
        var last: SampleValue?
        /// The day of the latest sample.
        var day: Int
        var labels: [String?]
    }

    struct TooManySeries: Error {}

    /// - Parameter labels: those that are wanted.
    init(labels: [String], fromZero: Bool, mostSeries: Int) {
        self.labels = labels
        self.fromZero = fromZero
        self.mostSeries = mostSeries
    }

    /// Takes in samples of the present day, which follow those that were taken before.
    ///
    /// - Parameter counting: whether it counts; of the day before the first only the last values do.
    mutating func add(_ series: PrometheusMatrix.Series, counting: Bool) throws(TooManySeries) {
        guard !series.samples.isEmpty else { return }
        isKnown.now = true
        let name = series.labels.map { "\($0.name)\u{0}\($0.value)" }.sorted().joined(separator: "\u{1}")
        var counter =
            counters[name]
            ?? Counter(
                last: nil, day: day,
                labels: labels.map { wanted in series.labels.first { $0.name == wanted }?.value })
        var count = counts[counter.labels] ?? Count(labels: counter.labels)
        for sample in series.samples {
            do throws(SampleValue.Refusal) {
                let value = try SampleValue(sample.value)
                let increase = counter.last.map { value.increase(since: $0) } ?? (fromZero ? value : .zero)
                guard let sum = count.sum.adding(increase) else {
                    throw SampleValue.Refusal(kind: .tooLarge, found: "a sum that has no room")
                }
                count.sum = sum
                counter.last = value
            } catch {
                count.refusal = count.refusal ?? error
            }
        }
        counter.day = day
        counters[name] = counter
        guard counters.count <= mostSeries else { throw TooManySeries() }
        if counting { counts[counter.labels] = count }
    }

    /// Ends the day: its counts, in the order of their labels.
    mutating func endDay() -> [Count] {
        var result = counts.values.sorted { left, right in
            left.labels.lexicographicallyPrecedes(right.labels) { ($0 ?? "") < ($1 ?? "") }
        }
        if !isKnown.before {
            for place in result.indices {
                result[place].refusal = SampleValue.Refusal(
                    kind: .unknownStart, found: "no sample of any series on the day before")
            }
        }
        isKnown = (false, isKnown.now)
        counts.removeAll(keepingCapacity: true)
        counters = counters.filter { $0.value.day == day }
        day += 1
        return result
    }
}
