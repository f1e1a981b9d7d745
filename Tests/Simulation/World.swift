package import Oracle

/// A made-up vendor, his customers and everything that happens to them: a value, from which both the program's files and
/// the oracle's facts follow. What happens has a day, and becomes known to the first night from that day on; so any part can
/// be taken out, and what is left is a world.
package struct World: Sendable {
    /// What it was made from.
    package var seed: UInt64
    /// The catalogs, each from the night on that follows its day. The first one is there from the beginning.
    package var vendors: [(from: Day, vendor: Vendor)]
    package var subscriptions: [Subscriber]
    package var links: [Link]
    package var counts: [Count]
    package var moments: [Moment] = []
    package var spells: [Spell] = []
    package var events: [Event] = []
    package var nights: [Night]

    /// A subscription as its source tells of it.
    package struct Subscriber: Sendable {
        /// From when on the source has it.
        var known: Day
        var row: Row

        struct Row: Sendable {
            var key: String
            var customer: String
            var plan: String
            var anchor: Day?
            var billingDay: Int?
            var signedUp: Day?
            var starts: Day?
            var ends: Day?
            var trialEnds: Day?
            var cadence: String?
            var currency: String?
            var contract: String?
            var coupon: String?
            var couponFrom: Day?
            var zone: Zone?
        }
    }

    /// From when until when an account counts for a subscription, as its source tells from a day on.
    package struct Link: Sendable {
        var known: Day
        var account: String
        var subscription: String
        var from: Day
        var until: Day?
    }

    /// One count, or another word on it, as its source tells from a day on.
    package struct Count: Sendable {
        var known: Day
        var account: String
        var channel: String
        var category: String
        var series: String
        var day: Day
        /// In the smallest parts of the series' unit.
        var quantity: Int
    }

    /// Something that was counted at an instant, as its source tells from a day on.
    package struct Moment: Sendable {
        var known: Day
        var account: String
        var channel: String
        var series: String
        /// Minutes since 1970-01-01 UTC.
        var at: Int
        var quantity: Int
    }

    /// A stretch of time in which a channel was on, as its source tells from a day on.
    package struct Spell: Sendable {
        var known: Day
        var account: String
        var channel: String
        var category: String
        var series: String
        /// Minutes since 1970-01-01 UTC.
        var on: Int
        var off: Int?
    }

    /// Something that somebody asks for on a day, at the command line.
    package struct Event: Sendable {
        var day: Day
        var subscription: String
        var request: Request
    }

    /// One night that really runs.
    package struct Night: Sendable, Equatable {
        var day: Day
        var kind: Kind
        var workers = 1
        var batch = 5_000
        /// How much of the past a backfill pulls at a time.
        var chunk = "month"
        /// Whether it runs a second time, which has to change nothing.
        var isRepeated = false
        /// After how many reports of its progress it is asked to stop, to run again; nil for never.
        var isStoppedAfter: Int?
        /// The failpoints at which each of its runs dies, one run after the other, before one comes to its end.
        var diesAt: [Int] = []
        /// Whether its file has all that is known, or only what is new.
        var isWhole = true

        enum Kind: String, Sendable { case nightly, pullAndClose, backfill }
    }
}

extension World {
    /// The catalog that holds on a day.
    func vendor(on day: Day) -> Vendor? { vendors.last { $0.from <= day }?.vendor ?? vendors.first?.vendor }

    /// A source of chance of its own for each part, so that taking one part out leaves the others as they were.
    static func chance(_ seed: UInt64, _ part: UInt64) -> Chance {
        Chance(seed: seed &* 0x9e37_79b9_7f4a_7c15 &+ part &* 0xd1b5_4a32_d192_ed03)
    }
}
