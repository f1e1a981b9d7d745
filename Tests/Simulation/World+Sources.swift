package import Billing
import Oracle

/// What the sources of a world say on a night: as files for the program, and as facts for the oracle.
extension World {
    static let sources = """
        sources:
          customers: {feeds: customers, file: customers.csv}
          subscriptions: {feeds: subscriptions, file: subscriptions.csv}
          accounts: {feeds: accounts, file: accounts.csv}
          memberships: {feeds: memberships, file: memberships.csv}
          counts: {feeds: readings, file: counts.csv}
          moments: {feeds: readings, file: moments.csv, columns: {at: at}}
          carts: {feeds: intervals, file: carts.csv}

        """

    /// The day from which a backfill finds everything that any source has.
    var firstDelivered: Day? {
        let instants = moments.map(\.at) + spells.map(\.on)
        // On whatever side of the date line somebody counts.
        return (counts.map(\.day) + nights.map(\.day) + instants.map { Zone.utc.day(at: $0) + -2 }).min()
    }

    /// The rows that are known on a day: of each subscription the last one.
    func rows(on day: Day) -> [Subscriber.Row] {
        var rows: [Subscriber.Row] = []
        for subscriber in subscriptions where subscriber.known <= day {
            rows.removeAll { $0.key == subscriber.row.key }
            rows.append(subscriber.row)
        }
        return rows
    }

    /// Who is linked, as far as it is known on a day: of an account that is linked on one day the last word.
    func links(on day: Day) -> [Link] {
        let keys = Set(rows(on: day).map(\.key))
        var links: [Link] = []
        for link in self.links where link.known <= day && keys.contains(link.subscription) {
            links.removeAll { $0.account == link.account && $0.from == link.from }
            links.append(link)
        }
        return links
    }

    /// The counts that the file of a night has: all that is known, or what became known since the night before.
    func counts(on night: Night, since last: Day?) -> [Tally.Place: Int] {
        let links = links(on: night.day)
        var said: [Tally.Place: Int] = [:]
        var new: Set<Tally.Place> = []
        for count in counts where count.known <= night.day && count.day <= night.day {
            guard let link = links.first(where: { $0.account == count.account && $0.contains(count.day) }) else {
                continue
            }
            let place = count.place
            said[place] = count.quantity
            // A count is told with its account at the earliest.
            if last.map({ max(count.known, link.known, known(link.subscription)) > $0 }) ?? true { new.insert(place) }
        }
        if !night.isWhole { said = said.filter { new.contains($0.key) } }
        for (place, quantity) in momentsByDay(on: night) { said[place] = quantity }
        return said
    }

    /// What was counted at instants, on the local days of whom it counts for. Files of it always have whole days.
    private func momentsByDay(on night: Night) -> [Tally.Place: Int] {
        var said: [Tally.Place: Int] = [:]
        for moment in moments(on: night) {
            guard let day = localDay(of: moment, on: night.day) else { continue }
            let place = Tally.Place(
                account: moment.account, channel: moment.channel, category: "", series: moment.series, day: day)
            said[place, default: 0] += moment.quantity
        }
        return said
    }

    private func moments(on night: Night) -> [Moment] {
        moments.filter { moment in
            moment.known <= night.day && localDay(of: moment, on: night.day).map { $0 <= night.day } ?? false
        }
    }

    /// The day on which a moment counts for the subscription that its account belongs to then; nil where that is none.
    private func localDay(of moment: Moment, on day: Day) -> Day? {
        for link in links(on: day) where link.account == moment.account {
            guard let zone = zone(link.subscription) else { continue }
            let local = zone.day(at: moment.at)
            if link.contains(local) { return local }
        }
        return nil
    }

    private func zone(_ subscription: String) -> Zone? {
        subscriptions.first { $0.row.key == subscription }.map { $0.row.zone ?? .utc }
    }

    /// The stretches that are known on a day, of accounts that are linked: of each the last word.
    func spells(on day: Day) -> [Tally.Spell] {
        let accounts = Set(links(on: day).map(\.account))
        var spells: [Tally.Spell.Place: Tally.Spell] = [:]
        for spell in self.spells where spell.known <= day && accounts.contains(spell.account) {
            let said = Tally.Spell(
                account: spell.account, channel: spell.channel, category: spell.category, series: spell.series,
                on: spell.on, off: spell.off)
            spells[said.place] = said
        }
        return Array(spells.values)
    }

    private func known(_ subscription: String) -> Day {
        subscriptions.first { $0.row.key == subscription }?.known ?? nights.first?.day ?? links[0].known
    }

    func delivery(on night: Night, since last: Day?) -> OracleBooks.Delivery {
        var delivery = OracleBooks.Delivery()
        delivery.applications = rows(on: night.day).map(\.application)
        delivery.memberships = links(on: night.day).map {
            Tally.Membership(account: $0.account, subscription: $0.subscription, from: $0.from, until: $0.until)
        }
        delivery.counts = counts(on: night, since: last)
        delivery.spells = spells(on: night.day)
        return delivery
    }

    /// The files of a night, by name.
    func files(on night: Night, since last: Day?) -> [String: String] {
        var chance = Self.chance(seed, 100 + UInt64(night.day.number))
        var files = ["sources.yaml": Self.sources]
        func file(_ name: String, _ header: String, _ rows: [String]) {
            files[name] = ([header] + chance.shuffled(rows)).joined(separator: "\n") + "\n"
        }
        let rows = rows(on: night.day)
        let links = links(on: night.day)
        file("customers.csv", "customer,name", Set(rows.map(\.customer)).sorted().map { "\($0),The \($0) company" })
        file("subscriptions.csv", Subscriber.Row.header, rows.map(\.csv))
        file("accounts.csv", "account", Set(links.map(\.account)).sorted())
        file(
            "memberships.csv", "account,subscription,from,until",
            links.map { "\($0.account),\($0.subscription),\($0.from),\($0.until.map { "\($0)" } ?? "")" })
        let places = Dictionary(vendors.flatMap(\.vendor.meters).map { ($0.series, $0.places) }) { first, _ in first }
        let instants = Set(moments.map(\.series))
        var counted = counts(on: night, since: last).filter { !instants.contains($0.key.series) }.map {
            place, quantity in
            let written = VendorInvention.decimal(quantity, places: places[place.series] ?? 0)
            return "\(place.account),\(place.channel),\(place.category),\(place.series),\(place.day),\(written)"
        }.sorted()
        // What is said twice counts once.
        counted += chance.some(of: counted, percent: 3)
        file("counts.csv", "account,channel,category,meter,day,quantity", counted)
        file(
            "moments.csv", "account,channel,meter,at,quantity",
            moments(on: night).map {
                "\($0.account),\($0.channel),\($0.series),\(Self.instant($0.at)),\($0.quantity)"
            })
        file(
            "carts.csv", "account,channel,category,meter,on,off",
            spells(on: night.day).map { spell in
                "\(spell.place.account),\(spell.place.channel),\(spell.category),\(spell.place.series),"
                    + "\(Self.instant(spell.place.on)),\(spell.off.map(Self.instant) ?? "")"
            })
        return files
    }

    /// An instant as files write it.
    static func instant(_ minutes: Int) -> String {
        let minute = minutes % 1_440
        func two(_ number: Int) -> String { "\(number < 10 ? "0" : "")\(number)" }
        return "\(Zone.utc.day(at: minutes))T\(two(minute / 60)):\(two(minute % 60)):00Z"
    }
}

extension World.Link {
    func contains(_ day: Day) -> Bool { from <= day && until.map { day < $0 } ?? true }
}

extension World.Count {
    var place: Tally.Place {
        Tally.Place(account: account, channel: channel, category: category, series: series, day: day)
    }
}

extension World.Subscriber.Row {
    static let header =
        "subscription,customer,plan,anchor,billing_day,signed_up,starts,ends,trial_ends,cadence,currency,contract,coupon,"
        + "coupon_from,time_zone"

    var csv: String {
        func text<T>(_ value: T?) -> String { value.map { "\($0)" } ?? "" }
        return [
            key, customer, plan, text(anchor), text(billingDay), text(signedUp), text(starts), text(ends),
            text(trialEnds), text(cadence), text(currency), text(contract), text(coupon), text(couponFrom),
            text(zone?.rawValue),
        ].joined(separator: ",")
    }

    var application: Application {
        var application = Application(key: key, customer: customer, plan: plan)
        (application.anchor, application.billingDay, application.signedUp) = (anchor, billingDay, signedUp)
        (application.starts, application.ends, application.trialEnds) = (starts, ends, trialEnds)
        application.paysEvery = cadence.flatMap { Cadence($0) }
        (application.currency, application.contract) = (currency, contract)
        (application.coupon, application.couponFrom) = (coupon, couponFrom)
        application.zone = zone ?? .utc
        return application
    }
}
