/// The days of one channel of an account beside those of its source.
///
/// A channel is missed on a day on which its source delivered, when in the four weeks before it was there on nearly every day
/// that the source was. So a channel that sells now and then is never missed, and one of workdays is not missed on Sundays.
package struct ChannelDays: Hashable, Sendable {
    package var source: String
    package var key: Gap.ChannelKey
    /// Whether it was there, day by day from the first day that was read on.
    package var present: [Bool]

    /// So many days before a window have a say in it.
    package static let lookBack = 28
    /// Of so many percent of the days on which the source delivered the channel has to have been there.
    package static let leastPercent = 90
    /// Fewer days of the source are too few to tell.
    package static let fewestDays = 14

    package init(source: String, key: Gap.ChannelKey, present: [Bool]) {
        self.source = source
        self.key = key
        self.present = present
    }

    /// What it lacks, in the order of the days.
    ///
    /// - Parameters:
    ///   - delivered: whether the source was there, for the same days.
    ///   - start: the first of them.
    ///   - window: the days that are asked for.
    ///   - staleDays: from so many days on, up to the last one of the source, the channel is stale.
    package func gaps(
        beside delivered: [Bool], from start: CivilDate, in window: DateRange, staleDays: Int
    ) -> [Gap] {
        let count = min(present.count, delivered.count)
        let missed = missed(beside: delivered)
        guard let last = delivered[..<count].lastIndex(of: true) else { return [] }
        return runs(missed, delivered).compactMap { run in
            guard let from = start.adding(days: run.lowerBound), let end = start.adding(days: run.upperBound + 1),
                let days = DateRange(start: max(from, window.start), end: min(end, window.end))
            else { return nil }
            let isStale = run.upperBound == last && run.count >= staleDays
            return Gap(isStale ? .channelStale : .channelMissing, source: source, days: days, channel: key)
        }
    }

    /// The days on which it is missed, in their order.
    ///
    /// - Parameters: as of `gaps`.
    package func missed(beside delivered: [Bool], from start: CivilDate) -> [CivilDate] {
        missed(beside: delivered).compactMap { start.adding(days: $0) }
    }

    private func missed(beside delivered: [Bool]) -> [Int] {
        let count = min(present.count, delivered.count)
        guard let first = present.firstIndex(of: true) else { return [] }
        // A day that was missed counts as one on which it was there, for the days after it.
        var wasThere = present
        var (ofSource, ofChannel) = (0, 0)
        var missed: [Int] = []
        for index in first..<count {
            let old = index - Self.lookBack - 1
            if old >= first, delivered[old] {
                ofSource -= 1
                if wasThere[old] { ofChannel -= 1 }
            }
            guard delivered[index] else { continue }
            if !present[index], ofSource >= Self.fewestDays, ofChannel * 100 >= ofSource * Self.leastPercent {
                missed.append(index)
                wasThere[index] = true
            }
            ofSource += 1
            if wasThere[index] { ofChannel += 1 }
        }
        return missed
    }

    /// Days one after the other, over those on which the source did not deliver either.
    private func runs(_ missed: [Int], _ delivered: [Bool]) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for index in missed {
            if let last = runs.last, !delivered[(last.upperBound + 1)..<index].contains(true) {
                runs[runs.count - 1] = last.lowerBound...index
            } else {
                runs.append(index...index)
            }
        }
        return runs
    }
}
