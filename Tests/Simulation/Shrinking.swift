import Oracle

/// Takes parts out of a world for as long as the program and the oracle disagree in the same kind of thing.
struct Shrinking {
    private(set) var world: World
    private(set) var flaw: Flaw
    /// Worlds that may still be played: each takes as long as a test.
    private var left = 250

    init(_ world: World, _ flaw: Flaw) {
        (self.world, self.flaw) = (world, flaw)
    }

    mutating func run() {
        var size = 0
        repeat {
            size = left
            let before = weight
            shorten(\.subscriptions)
            shorten(\.nights)
            shorten(\.vendors, keeping: 1)
            shorten(\.links)
            shorten(\.counts)
            shorten(\.events)
            shorten(\.moments)
            shorten(\.spells)
            shrinkVendors()
            plainNights()
            plainRows()
            if weight == before { return }
        } while left > 0 && left < size
    }

    private var weight: Int {
        let prices = world.vendors.flatMap(\.vendor.plans).flatMap(\.versions).map { $0.prices.count + 1 }
        let fields = world.subscriptions.map(\.row.said).reduce(0, +)
        return world.subscriptions.count + world.nights.count + world.vendors.count + world.links.count
            + world.counts.count + world.moments.count + world.spells.count + world.events.count + prices.reduce(0, +)
            + fields
    }

    /// Keeps a smaller world that is no better.
    ///
    /// - Returns: whether it was kept.
    private mutating func keep(_ smaller: World) -> Bool {
        guard left > 0 else { return false }
        left -= 1
        // What is no world any more is not smaller.
        guard let found = try? Simulation.flaw(in: smaller), found.kind == flaw.kind else { return false }
        (world, flaw) = (smaller, found)
        return true
    }

    /// Takes out halves, then quarters, down to single ones.
    private mutating func shorten<T>(_ part: WritableKeyPath<World, [T]>, keeping first: Int = 0) {
        var size = max(1, (world[keyPath: part].count - first + 1) / 2)
        while true {
            var place = world[keyPath: part].count
            while place > first, left > 0 {
                let start = max(first, place - size)
                var smaller = world
                smaller[keyPath: part].removeSubrange(start..<place)
                _ = keep(smaller)
                place = start
            }
            if size == 1 { return }
            size /= 2
        }
    }

    /// Takes plans, versions, rules and prices out of all catalogs.
    private mutating func shrinkVendors() {
        for place in world.vendors.indices {
            func attempt(_ self: inout Shrinking, _ change: (inout Vendor) -> Void) {
                var smaller = self.world
                change(&smaller.vendors[place].vendor)
                _ = self.keep(smaller)
            }
            for rule in world.vendors[place].vendor.rules.indices.reversed() {
                attempt(&self) { $0.rules.remove(at: rule) }
            }
            for plan in world.vendors[place].vendor.plans.indices.reversed() {
                attempt(&self) { $0.plans.remove(at: plan) }
            }
            for plan in world.vendors[place].vendor.plans.indices {
                for version in world.vendors[place].vendor.plans[plan].versions.indices.reversed() {
                    attempt(&self) { $0.plans[plan].versions.remove(at: version) }
                }
                for version in world.vendors[place].vendor.plans[plan].versions.indices {
                    for price in world.vendors[place].vendor.plans[plan].versions[version].prices.indices.reversed() {
                        attempt(&self) { $0.plans[plan].versions[version].prices.remove(at: price) }
                    }
                }
            }
        }
    }

    private mutating func plainNights() {
        for place in world.nights.indices {
            var plain = world.nights[place]
            plain = World.Night(day: plain.day, kind: .nightly)
            guard plain != world.nights[place] else { continue }
            var smaller = world
            smaller.nights[place] = plain
            _ = keep(smaller)
        }
    }

    private mutating func plainRows() {
        for place in world.subscriptions.indices {
            for field in World.Subscriber.Row.optional {
                var smaller = world
                guard field(&smaller.subscriptions[place].row) else { continue }
                _ = keep(smaller)
            }
        }
    }
}

extension World.Subscriber.Row {
    /// Takes one field away each, and says whether it was there.
    static var optional: [(inout Self) -> Bool] {
        [
            { taken(&$0.ends) }, { taken(&$0.trialEnds) }, { taken(&$0.contract) }, { taken(&$0.couponFrom) },
            { taken(&$0.coupon) }, { taken(&$0.cadence) }, { taken(&$0.currency) }, { taken(&$0.billingDay) },
            { taken(&$0.anchor) }, { taken(&$0.signedUp) }, { taken(&$0.starts) }, { taken(&$0.zone) },
        ]
    }

    private static func taken<T>(_ field: inout T?) -> Bool {
        defer { field = nil }
        return field != nil
    }

    /// How many of its fields say something.
    var said: Int {
        Self.optional.count { field in
            var row = self; return field(&row)
        }
    }
}
