import Oracle

/// Makes up what is told by the instant: single counts, and when channels were on. Instants like to lie where days, months
/// and summer times begin.
struct TimeInvention {
    private let seed: UInt64
    private let vendor: Vendor
    private let subscriptions: [World.Subscriber]
    private let links: [World.Link]
    private let start: Day
    private let end: Day

    init(
        _ seed: UInt64, _ vendor: Vendor, _ subscriptions: [World.Subscriber], _ links: [World.Link], start: Day,
        end: Day
    ) {
        (self.seed, self.vendor, self.subscriptions, self.links) = (seed, vendor, subscriptions, links)
        (self.start, self.end) = (start, end)
    }

    private var accounts: [String] { Set(links.map(\.account)).sorted() }

    func moments() -> [World.Moment] {
        guard vendor.meters.contains(where: { $0.series == "clicks" }) else { return [] }
        var chance = World.chance(seed, 5)
        var moments: [World.Moment] = []
        for account in accounts {
            for _ in 0..<chance.number(0...60) {
                let at = instant(&chance)
                // Where an account changes hands, two zones may have a say in whose an instant is.
                let isClear = links.allSatisfy { link in
                    link.account != account
                        || [link.from, link.until].allSatisfy { $0.map { abs($0.number - at / 1_440) > 2 } ?? true }
                }
                guard isClear, !moments.contains(where: { $0.account == account && $0.at == at }) else { continue }
                var moment = World.Moment(
                    known: Zone.utc.day(at: at) + (chance.percent(85) ? 2 : chance.number(2...90)), account: account,
                    channel: chance.one(of: ["shop", "market"]), series: "clicks", at: at,
                    quantity: chance.number(1...9))
                moment.known = max(min(moment.known, end), Zone.utc.day(at: at) + 2)
                moments.append(moment)
            }
        }
        return moments
    }

    func spells() -> [World.Spell] {
        guard vendor.meters.contains(where: { $0.series == "carts" }) else { return [] }
        var chance = World.chance(seed, 6)
        var spells: [World.Spell] = []
        for account in accounts {
            for channel in ["c1", "c2", "c3", "c4"].prefix(chance.number(0...4)) {
                let category = chance.percent(40) ? "edi" : ""
                var on = (start + -chance.number(0...60)).number * 1_440 + 300
                while on < end.number * 1_440, spells.count < 60 {
                    var spell = World.Spell(
                        known: Zone.utc.day(at: on) + (chance.percent(85) ? 2 : chance.number(2...60)),
                        account: account,
                        channel: channel, category: category, series: "carts", on: on, off: nil)
                    spells.append(spell)
                    guard chance.percent(85) else { break }
                    let off =
                        elsewhere(after: on, spells, &chance)
                        ?? max(on, chance.percent(50) ? on + chance.number(0...90_000) : near(on + 40_000, &chance))
                    spell.off = off
                    spell.known = max(spell.known, Zone.utc.day(at: off) + 2)
                    if spell.known < end || chance.percent(30) { spells.append(spell) }
                    // The next one begins at the same instant, or later, or before the end of this one.
                    on =
                        elsewhere(after: max(off - 1, on), spells, &chance)
                        ?? max(
                            on + 1, off + chance.one(of: [0, 0, chance.number(1...30_000), -chance.number(0...2_000)]))
                }
            }
        }
        return spells
    }

    /// At times an instant at which another channel was switched, for a peak has to tell which came first.
    private func elsewhere(after instant: Int, _ spells: [World.Spell], _ chance: inout Chance) -> Int? {
        guard chance.percent(25) else { return nil }
        let later = spells.flatMap { [$0.on, $0.off ?? $0.on] }.filter { $0 > instant && $0 < instant + 90_000 }
        return later.isEmpty ? nil : chance.one(of: later)
    }

    private func instant(_ chance: inout Chance) -> Int {
        near((start + chance.number(-50...max(1, end - start - 3))).number * 1_440 + chance.number(0...1_439), &chance)
    }

    /// An instant, or a time nearby at which a day begins somewhere, or a clock is changed.
    private func near(_ instant: Int, _ chance: inout Chance) -> Int {
        guard chance.percent(60) else { return instant }
        let day = Zone.utc.day(at: instant)
        let zone = chance.one(of: Zone.allCases)
        let begin = zone.start(of: chance.percent(50) ? day : day.firstOfMonth)
        return begin + chance.one(of: [0, 0, -1, 1, 30, -30, 60, -60, 120, 150])
    }
}
