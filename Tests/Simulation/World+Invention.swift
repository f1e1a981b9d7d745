import Billing
package import Oracle

extension World {
    /// The world that follows from a seed.
    package init(seed: UInt64) throws {
        var chance = Self.chance(seed, 0)
        let start = try Day("2021-01-01") + chance.number(0...1_000)
        let months = chance.number(2...14)
        let end = start.later(months: months)
        var invention = VendorInvention(seed, start: start, end: end)
        let vendor = invention.vendor()
        self.init(seed: seed, vendors: [(start, vendor)], subscriptions: [], links: [], counts: [], nights: [])
        if chance.percent(55) {
            var latest = vendor
            for _ in 0..<chance.number(1...2) {
                let day = vendors[vendors.count - 1].from + chance.number(5...200)
                if day >= end { break }
                latest = invention.edited(latest, after: day)
                vendors.append((day, latest))
            }
        }
        var people = PeopleInvention(seed, vendor, invention.invoice, start: start, end: end)
        (subscriptions, links) = people.people()
        counts = CountInvention(seed, vendor, links, invention.grain, start: start, end: end).counts()
        let times = TimeInvention(seed, vendor, subscriptions, links, start: start, end: end)
        (moments, spells) = (times.moments(), times.spells())
        events = Self.events(seed, vendor, subscriptions, invention.invoice, from: start, until: end)
        nights = Self.nights(seed, subscriptions, from: start, until: end, invention.invoice)
        kill(percent: 12)
    }

    /// Has every run of some nights die, once or several times.
    package mutating func kill(percent: Int) {
        var chance = Self.chance(seed, 8)
        for night in nights.indices {
            nights[night].diesAt = []
            guard chance.percent(percent) else { continue }
            for _ in 0..<chance.one(of: [1, 1, 2]) {
                nights[night].diesAt.append(chance.number(1...Self.lastFailpoint))
            }
        }
    }

    /// About as many as a night of a world passes. A run that passes fewer comes to its end.
    private static let lastFailpoint = 900

    private static func events(
        _ seed: UInt64, _ vendor: Vendor, _ subscriptions: [Subscriber], _ invoice: VendorInvention.Invoice,
        from start: Day, until end: Day
    ) -> [Event] {
        var chance = chance(seed, 7)
        var events: [Event] = []
        for subscriber in subscriptions where chance.percent(35) {
            for _ in 0..<chance.number(1...3) {
                let day = eventDay(events.last?.day ?? start, subscriber.row, from: start, until: end, &chance)
                var request = Request.change(plan: chance.one(of: vendor.plans).key, paysEvery: nil, at: nil)
                switch chance.number(0...9) {
                case 0...6:
                    let when: [Request.When?] = [
                        nil, .now, .now, .renewal, .on(day + chance.number(0...40)), .on(day + -chance.number(0...20)),
                    ]
                    let every = chance.percent(35) ? Cadence(chance.one(of: invoice.multiples)) : nil
                    request = .change(
                        plan: chance.percent(85) ? chance.one(of: vendor.plans).key : nil, paysEvery: every,
                        at: chance.one(of: when))
                case 7, 8: request = .cancel(on: chance.percent(50) ? nil : day + chance.number(-10...60))
                default: request = .reactivate
                }
                events.append(Event(day: day, subscription: subscriber.row.key, request: request))
            }
        }
        return events.sorted { $0.day < $1.day }
    }

    /// Some day; or that of another request, a day shortly after the subscription's first one, or one on which one of its
    /// periods ends.
    private static func eventDay(
        _ last: Day, _ row: Subscriber.Row, from start: Day, until end: Day, _ chance: inout Chance
    ) -> Day {
        let day = start + chance.number(0...(end - start))
        let first = row.starts ?? row.signedUp ?? start
        switch chance.number(0...9) {
        case 0, 1: return last
        case 2, 3: return min(max(start, first + chance.number(0...40)), end)
        case 4, 5: return min(day.next(like: row.anchor ?? first), end)
        default: return day
        }
    }

    private static func nights(
        _ seed: UInt64, _ subscriptions: [Subscriber], from start: Day, until end: Day,
        _ invoice: VendorInvention.Invoice
    ) -> [Night] {
        var chance = chance(seed, 4)
        var nights: [Night] = []
        let anchors = subscriptions.compactMap { $0.row.anchor ?? $0.row.starts ?? $0.row.signedUp }
        // At times on the very day on which somebody's period ends.
        func boundary(_ day: Day) -> Day {
            guard !anchors.isEmpty, chance.percent(30) else { return day }
            return day.next(like: chance.one(of: anchors))
        }
        func add(_ day: Day) {
            var night = Night(day: day, kind: .nightly)
            if chance.percent(12) { night.kind = .pullAndClose }
            if chance.percent(8) { night.kind = .backfill }
            night.chunk = chance.one(of: ["month", "quarter", "year"])
            if chance.percent(25) { night.workers = 2 }
            night.batch = chance.one(of: [1, 2, 5_000, 5_000])
            night.isRepeated = chance.percent(8)
            if chance.percent(10) { night.isStoppedAfter = chance.number(1...12) }
            night.isWhole = night.kind == .backfill || chance.percent(70)
            nights.append(night)
        }
        // Half a dozen nights, however long the world is: most are missed in a long one.
        let gap = max(3, (end - start) / 2)
        var day = start + chance.number(0...10)
        while day < end {
            add(day)
            day = chance.percent(15) ? day + 1 : boundary(day + chance.number(1...gap))
        }
        add(end)
        // And everybody has one more close, which corrects what is left.
        add(end + invoice.days * 2 + 3)
        return nights
    }
}

extension Day {
    /// The next day, from this one on, that is as far in its month.
    fileprivate func next(like other: Day) -> Day { (0..<31).map { self + $0 }.first { $0.day == other.day } ?? self }
}

/// Makes up customers with their subscriptions, and the accounts that are linked to them.
struct PeopleInvention {
    private var chance: Chance
    private let vendor: Vendor
    private let invoice: VendorInvention.Invoice
    private let start: Day
    private let end: Day

    init(_ seed: UInt64, _ vendor: Vendor, _ invoice: VendorInvention.Invoice, start: Day, end: Day) {
        chance = World.chance(seed, 2)
        (self.vendor, self.invoice, self.start, self.end) = (vendor, invoice, start, end)
    }

    mutating func people() -> ([World.Subscriber], [World.Link]) {
        var subscriptions: [World.Subscriber] = []
        var links: [World.Link] = []
        for customer in 0..<chance.one(of: [1, 1, 2, 2, 3, 4]) {
            for number in 0..<(chance.percent(25) ? 2 : 1) {
                let subscription = subscription("s\(customer)\(number)", of: "c\(customer)")
                subscriptions.append(subscription)
                for account in 0..<chance.one(of: [1, 1, 2, 3]) {
                    links += self.links("a\(customer)\(number)\(account)", subscription, subscriptions)
                }
            }
        }
        return (subscriptions, links)
    }

    private mutating func subscription(_ key: String, of customer: String) -> World.Subscriber {
        let plan = chance.one(of: vendor.plans)
        let isOnCalendar = plan.options.contains("align: calendar")
        var row = World.Subscriber.Row(key: key, customer: customer, plan: plan.key)
        // The first day is mostly about the beginning of the world, and at times in the middle of it.
        let starts = start + (chance.percent(70) ? chance.number(-50...30) : chance.number(0...max(1, end - start)))
        switch chance.number(0...9) {
        case 0...4 where !isOnCalendar:
            var anchor = starts + -chance.number(0...300)
            if chance.percent(40) { while (anchor + 1).day != 1 { anchor = anchor + 1 } }
            anchor = min(anchor, starts)
            row.anchor = anchor
            row.starts = chance.percent(40) ? starts : boundary(of: anchor, from: starts)
            if chance.percent(50) { row.signedUp = anchor + -chance.number(0...250) }
        case 5, 6:
            row.starts = starts
            if chance.percent(60) { row.signedUp = starts + -chance.number(0...200) }
            if invoice.word.contains("month") || invoice.word == "quarter", chance.percent(50) {
                row.billingDay = chance.number(1...31)
            }
        default:
            row.signedUp = starts + -chance.number(0...20)
            if chance.percent(25) { row.trialEnds = row.signedUp.map { $0 + chance.number(0...40) } }
        }
        if chance.percent(60) { row.cadence = chance.one(of: invoice.multiples) }
        if vendor.currencies.count > 1, chance.percent(70) { row.currency = chance.one(of: vendor.currencies).code }
        if chance.percent(30) { row.contract = "acme" }
        if chance.percent(40) {
            row.coupon = chance.percent(85) ? "SPRING" : "OTHER"
            if chance.percent(60) { row.couponFrom = starts + chance.number(-20...150) }
        }
        if chance.percent(60) { row.zone = chance.one(of: Zone.allCases) }
        if chance.percent(20) { row.ends = starts + chance.number(60...400) }
        let known = chance.percent(75) ? start : starts + chance.number(-10...60)
        return World.Subscriber(known: known, row: row)
    }

    /// The first day from a day on where a billing period begins that follows from an anchor date.
    private func boundary(of anchor: Day, from day: Day) -> Day {
        var number = 0
        let days = ["10 days": 10, "4 weeks": 28][invoice.word]
        let months = ["month": 1, "2 months": 2, "quarter": 3][invoice.word] ?? 1
        func boundary(_ number: Int) -> Day {
            days.map { anchor + number * $0 } ?? anchor.later(months: number * months)
        }
        while boundary(number) < day { number += 1 }
        return boundary(number)
    }

    /// Linked for good, or until some day and then perhaps to another subscription.
    private mutating func links(
        _ account: String, _ subscription: World.Subscriber, _ all: [World.Subscriber]
    ) -> [World.Link] {
        let from = start + (chance.percent(60) ? -100 : chance.number(-100...100))
        var first = World.Link(
            known: subscription.known + (chance.percent(80) ? 0 : chance.number(0...40)), account: account,
            subscription: subscription.row.key, from: from, until: nil)
        guard chance.percent(30) else { return [first] }
        let until = from + chance.number(20...300)
        if chance.percent(50) {
            first.until = until
        }
        var links = [first]
        if first.until == nil {
            // The end becomes known when it comes, or before.
            first.known = max(first.known, until + -chance.number(0...30))
            first.until = until
            links.append(first)
        }
        if chance.percent(60) {
            links.append(
                World.Link(
                    known: first.known, account: account, subscription: chance.one(of: all).row.key,
                    from: until + chance.number(0...20), until: nil))
        }
        return links
    }
}

/// Makes up what accounts count: most is known on the next night, some later, and some is said again otherwise.
struct CountInvention {
    private let seed: UInt64
    private let vendor: Vendor
    private let links: [World.Link]
    private let grain: Int
    private let start: Day
    private let end: Day

    init(_ seed: UInt64, _ vendor: Vendor, _ links: [World.Link], _ grain: Int, start: Day, end: Day) {
        (self.seed, self.vendor, self.links, self.start, self.end) = (seed, vendor, links, start, end)
        self.grain = grain
    }

    func counts() -> [World.Count] {
        var chance = World.chance(seed, 3)
        var counts: [World.Count] = []
        var seen: Set<Tally.Place> = []
        let days = (end - start) + 60
        let byDay = vendor.meters.filter { !["carts", "clicks"].contains($0.series) }
        let series = Dictionary(byDay.map { ($0.series, $0.places) }) { first, _ in first }.sorted {
            $0.key < $1.key
        }
        // About as many counts in every world.
        let percent = max(2, min(60, 30_000 / max(1, days * links.count * series.count)))
        var day = start + -60
        while day < end {
            for link in links where link.isFinal(among: links) {
                guard link.from <= day, link.until.map({ day < $0 }) ?? true else { continue }
                for (key, places) in series where chance.percent(percent) {
                    let unit = (0..<places).reduce(1) { product, _ in product * 10 }
                    let step = grain == 1 ? 1 : grain * unit
                    func quantity(_ most: Int) -> Int { chance.number(0...most) / step * step }
                    let known = day + (chance.percent(88) ? 1 : chance.number(1...100))
                    var count = World.Count(
                        known: min(known, end), account: link.account, channel: chance.one(of: ["shop", "market"]),
                        category: "", series: key, day: day, quantity: quantity(12 * unit))
                    if count.channel == "market", count.account.hasSuffix("1") { count.category = "edi" }
                    guard seen.insert(count.place).inserted else { continue }
                    counts.append(count)
                    while chance.percent(18) {
                        count.known = min(count.known + chance.number(1...120), end)
                        count.quantity = chance.percent(15) ? 0 : quantity(30 * unit)
                        counts.append(count)
                    }
                }
            }
            day = day + 1
        }
        return counts
    }
}

extension World.Link {
    /// Whether nothing else is said of it later.
    func isFinal(among links: [World.Link]) -> Bool {
        !links.contains { $0.account == account && $0.from == from && $0.known > known }
            && links.last { $0.account == account && $0.from == from }.map { $0.until == until } ?? true
    }
}
