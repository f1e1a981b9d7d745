/// What a source or a channel had not delivered of a billing period when that was closed.
package struct PeriodGap: Hashable, Sendable {
    /// The raw values are the words of configuration, of holds, and of the books.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Days of which the source delivered nothing.
        case missingDay = "missing_day"
        /// Days with far less than is usual, or than was delivered of them before.
        case shrunkDay = "shrunk_day"
        /// Days since which the source was not read.
        case unreadSource = "unread_source"
        /// Days on which the source delivered, and of a channel that was there on nearly every day before, nothing.
        case missingChannel = "missing_channel"
    }

    package var kind: Kind
    package var source: String
    /// `missingChannel`: the channel; else nil.
    package var channel: Gap.ChannelKey?
    /// From the first day to the last.
    package var days: DateRange
    /// How many of these it is of, at least 1.
    package var count: Int

    package init(_ kind: Kind, source: String, channel: Gap.ChannelKey? = nil, days: DateRange, count: Int) {
        self.kind = kind
        self.source = source
        self.channel = channel
        self.days = days
        self.count = count
    }

    /// The last one of its days.
    package var lastDay: CivilDate { days.end.adding(days: -1) ?? days.end }
}

extension Gap.Kind {
    /// What it is to a period that it lies in.
    package var ofPeriod: PeriodGap.Kind {
        switch self {
        case .missing: .missingDay
        case .less: .shrunkDay
        case .unread: .unreadSource
        case .channelMissing, .channelStale: .missingChannel
        }
    }
}

extension PeriodGap: CustomStringConvertible {
    /// `source 'orders' delivered nothing for 2 days from 2026-01-15 to 2026-01-16`
    package var description: String {
        let first = days.start
        let when = count == 1 ? "\(first)" : "\(count) days from \(first) to \(lastDay)"
        switch kind {
        case .missingDay: return "source '\(source)' has delivered nothing for \(when)"
        case .shrunkDay: return "source '\(source)' has delivered far less than usual on \(when)"
        case .unreadSource: return "source '\(source)' has not been read since \(first)"
        case .missingChannel:
            let name = channel.map { key in
                "channel '\(key.channel)'\(key.category.isEmpty ? "" : " (\(key.category))") of account '\(key.account)'"
            }
            return "source '\(source)' has delivered nothing of \(name ?? "a channel") for \(when)"
        }
    }
}
