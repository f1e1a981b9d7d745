/// Something that a source should have delivered and has not.
package struct Gap: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Days of which the source delivered nothing.
        case missing
        /// A day with far less than is usual, or than was delivered of it before.
        case less
        /// The source was not read.
        case unread
        /// Days on which the source delivered, and of a channel that was there on nearly every day before, nothing.
        case channelMissing = "channel_missing"
        /// The same, up to the last day that the source delivered.
        case channelStale = "channel_stale"
    }

    package var kind: Kind
    package var source: String
    /// Nil for the source as a whole.
    package var channel: ChannelKey?
    package var days: DateRange
    /// `less`: what was delivered and what was to be expected; else nil.
    package var figures: Figures?

    /// A channel of an account.
    package struct ChannelKey: Hashable, Sendable {
        package var account: String
        package var channel: String
        /// Empty for none.
        package var category: String

        package init(account: String, channel: String, category: String) {
            self.account = account
            self.channel = channel
            self.category = category
        }
    }

    package struct Figures: Hashable, Sendable {
        package enum Unit: String, Hashable, Sendable { case readings, quantity }

        /// `quantity`: the sum of all readings, in the smallest parts of their meters' units.
        package var unit: Unit
        package var found: Int64
        package var usual: Int64

        package init(unit: Unit, found: Int64, usual: Int64) {
            self.unit = unit
            self.found = found
            self.usual = usual
        }
    }

    package init(
        _ kind: Kind, source: String, days: DateRange, channel: ChannelKey? = nil, figures: Figures? = nil
    ) {
        self.kind = kind
        self.source = source
        self.days = days
        self.channel = channel
        self.figures = figures
    }
}

/// What all sources delivered in a window, and what they did not.
package struct GapReport: Hashable, Sendable {
    package struct Source: Hashable, Sendable {
        package var name: String
        package var expectation: Expectation
        /// The as-of date of the last run that read it; nil for none.
        package var lastRead: CivilDate?
        /// Day by day of the window; empty for a source that has no days.
        package var states: [SourceDays.State]

        package init(name: String, expectation: Expectation, lastRead: CivilDate?, states: [SourceDays.State]) {
            self.name = name
            self.expectation = expectation
            self.lastRead = lastRead
            self.states = states
        }

        /// For how many days nobody has read it, where that is so long that it is missed no more; nil where it is not.
        package func givenUp(asOf: CivilDate) -> Int? {
            guard expectation.every == .usual, let lastRead, let unread = DateRange(start: lastRead, end: asOf),
                unread.days > SourceDays.givenUpAfter
            else { return nil }
            return unread.days
        }
    }

    package var window: DateRange
    package var asOf: CivilDate
    package var sources: [Source]
    /// Those of sources first, and then of channels.
    package var gaps: [Gap]

    package init(window: DateRange, asOf: CivilDate, sources: [Source], gaps: [Gap]) {
        self.window = window
        self.asOf = asOf
        self.sources = sources
        self.gaps = gaps
    }
}
