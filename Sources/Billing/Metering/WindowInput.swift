/// Everything that a meter's quantity for one window is computed from.
package struct WindowInput: Sendable {
    /// The days that are counted.
    package var window: DateRange
    /// The same as instants, in the subscription's time zone: microseconds since 1970-01-01 UTC.
    package var startsAt: Int64
    package var endsAt: Int64
    /// When which account belongs to the subscription. An account may come back; its spans do not overlap.
    package var members: [MemberSpan]
    /// The readings of the meter's series and channels on the window's days and, for a meter that carries levels, at
    /// least the last one of each channel before them. One a day and channel; in any order.
    package var readings: [DayReading]
    /// The intervals of the meter's series and channels that touch the window; in any order.
    package var intervals: [OnInterval]

    package init(
        window: DateRange, startsAt: Int64, endsAt: Int64, members: [MemberSpan], readings: [DayReading] = [],
        intervals: [OnInterval] = []
    ) {
        self.window = window
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.members = members
        self.readings = readings
        self.intervals = intervals
    }
}

/// A channel of an account.
package struct MeteredChannel: Hashable, Sendable, Comparable {
    /// The store's number of the account.
    package var account: Int64
    /// The store's number of the channel.
    package var channel: Int32

    package init(account: Int64, channel: Int32) {
        self.account = account
        self.channel = channel
    }

    package static func < (left: MeteredChannel, right: MeteredChannel) -> Bool {
        (left.account, left.channel) < (right.account, right.channel)
    }
}

/// A stretch of time in which an account belongs to a subscription: as days, and as instants.
package struct MemberSpan: Hashable, Sendable {
    package var account: Int64
    package var starts: CivilDate
    /// The first day that no longer counts; nil while the account is linked.
    package var ends: CivilDate?
    /// Microseconds since 1970-01-01 UTC.
    package var startsAt: Int64
    /// Nil while the account is linked.
    package var endsAt: Int64?

    package init(account: Int64, starts: CivilDate, ends: CivilDate?, startsAt: Int64, endsAt: Int64?) {
        self.account = account
        self.starts = starts
        self.ends = ends
        self.startsAt = startsAt
        self.endsAt = endsAt
    }

    func contains(_ day: CivilDate) -> Bool {
        starts <= day && (ends.map { day < $0 } ?? true)
    }
}

/// What a channel counted on a day, in the smallest parts of the meter's unit.
package struct DayReading: Hashable, Sendable {
    package var source: MeteredChannel
    package var day: CivilDate
    /// Not negative.
    package var quantity: Int64

    package init(source: MeteredChannel, day: CivilDate, quantity: Int64) {
        self.source = source
        self.day = day
        self.quantity = quantity
    }
}

/// A time in which a channel was on: half-open, `[on, off)`. One that is empty says that the channel was not on at all.
package struct OnInterval: Hashable, Sendable {
    package var source: MeteredChannel
    /// Microseconds since 1970-01-01 UTC.
    package var on: Int64
    /// Nil while it is on.
    package var off: Int64?

    package init(source: MeteredChannel, on: Int64, off: Int64?) {
        self.source = source
        self.on = on
        self.off = off
    }
}
