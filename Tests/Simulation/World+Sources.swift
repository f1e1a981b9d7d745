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

        """

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
        return night.isWhole ? said : said.filter { new.contains($0.key) }
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
        var counted = counts(on: night, since: last).map { place, quantity in
            let written = VendorInvention.decimal(quantity, places: places[place.series] ?? 0)
            return "\(place.account),\(place.channel),\(place.category),\(place.series),\(place.day),\(written)"
        }.sorted()
        // What is said twice counts once.
        counted += chance.some(of: counted, percent: 3)
        file("counts.csv", "account,channel,category,meter,day,quantity", counted)
        return files
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
        "subscription,customer,plan,anchor,billing_day,signed_up,starts,ends,trial_ends,cadence,currency,contract,coupon,coupon_from"

    var csv: String {
        func text<T>(_ value: T?) -> String { value.map { "\($0)" } ?? "" }
        return [
            key, customer, plan, text(anchor), text(billingDay), text(signedUp), text(starts), text(ends),
            text(trialEnds), text(cadence), text(currency), text(contract), text(coupon), text(couponFrom),
        ].joined(separator: ",")
    }

    var application: Application {
        var application = Application(key: key, customer: customer, plan: plan)
        (application.anchor, application.billingDay, application.signedUp) = (anchor, billingDay, signedUp)
        (application.starts, application.ends, application.trialEnds) = (starts, ends, trialEnds)
        application.paysEvery = cadence.flatMap { Cadence($0) }
        (application.currency, application.contract) = (currency, contract)
        (application.coupon, application.couponFrom) = (coupon, couponFrom)
        return application
    }
}
