import Billing
import Connectors
import Deployment
import Store

/// Readings: each is given its subscription, its meter and the slice that it counts in, or a reason why it has none. What a
/// source delivers by the instant is given its local day first, and added up to the day's reading in the end.
final class ReadingIntake: Intake {
    private let pull: PullStore
    private let store: ReadingStore
    private let catalog: RatingCatalog
    /// What a reading may be of: the series that the catalog's meters count, by key.
    private var series: [String: Series] = [:]
    private let cuts: [CivilDate]
    private let window: PullStep.Window
    private let today: CivilDate
    /// What would change a period that ended on or before this day is refused; nil for none.
    private let cutoff: CivilDate?
    private let fields: [String]
    /// Where rows by the instant go; nil for a source of days.
    private let instants: (days: LocalDays, counts: CountStore)?

    /// What is known of accounts and channels. It is thrown away whole when it has grown, so memory has a bound however
    /// many accounts there are.
    private var accounts: [String: Known] = [:]
    private var channels: [ReadingStore.ChannelName: Int32] = [:]
    private static let mostKnown = 200_000

    private struct Series {
        let id: Int32
        /// The decimal places that a reading may have.
        let places: Int
        let isRunning: Bool
        /// How counts of instants become its reading of a day; nil where its meters do not agree.
        let rule: Meter.DayRule?
    }

    private enum Known {
        case unknown
        case account(ReadingStore.Account, [Slicing])
    }

    private enum Field {
        static let account = 0
        static let channel = 1
        static let meter = 2
        /// The day, or the instant in its place.
        static let day = 3
        static let quantity = 4
        static let category = 5
    }

    init(
        _ pull: PullStore, catalogs: CatalogStore, window: PullStep.Window, today: CivilDate, asOf: CivilDate,
        byInstant: Bool
    ) throws {
        self.pull = pull
        catalog = try catalogs.currentForRating()
        cutoff = catalog.catalog.invoices.cutoff(on: asOf)
        let standIns = byInstant ? Feed.readings.standIns : [:]
        fields = Feed.readings.fields.map { standIns[$0.name]?.name ?? $0.name }
        store = try ReadingStore(pull, WindowSeries(catalogs.windowMeters().all, carried: catalogs.levelSeries()))
        let running = try catalogs.runningMeters()
        for meter in catalog.meters where meter.definition.aggregate != .peak {
            let key = meter.definition.series
            let rule = meter.definition.dayRule
            series[key] = Series(
                id: meter.series, places: meter.definition.places, isRunning: running.contains(meter.series),
                rule: series[key].map { $0.rule == rule ? rule : nil } ?? rule)
        }
        instants = byInstant ? (LocalDays(pull.connection), try CountStore(pull, series: Self.counted(series))) : nil
        cuts = try catalogs.cuts()
        self.window = window
        self.today = today
    }

    private static func counted(_ series: [String: Series]) -> [CountStore.Series] {
        series.values.compactMap { series in
            series.rule.map {
                CountStore.Series(
                    meterID: series.id, rule: $0, most: FieldText.largestQuantity(places: series.places))
            }
        }
    }

    func take(_ page: RawPage) throws {
        typealias Fields = (
            index: Int, account: String, channel: ReadingStore.ChannelName, meter: String, day: CivilDate,
            quantity: Int64
        )
        var rows: [Fields] = []
        rows.reserveCapacity(page.rowCount)
        var times: [WrittenInstant] = []
        for index in 0..<page.rowCount {
            var row = RowReader(page, index, fields: fields)
            let (account, channel, meter) = (row.key(Field.account), row.key(Field.channel), row.key(Field.meter))
            // Of a meter that nobody knows it cannot be told how many places are too many.
            let places = meter.flatMap { series[$0]?.places } ?? Meter.mostPlaces
            let time = instants == nil ? nil : row.instant(Field.day)
            let day = instants == nil ? row.day(Field.day) : time?.day
            let quantity = row.quantity(Field.quantity, places: places)
            let category = row.optionalKey(Field.category)
            if let rejection = row.rejection {
                try pull.reject(rejection)
            } else if let account, let channel, let meter, let day, let quantity {
                let name = ReadingStore.ChannelName(key: channel, category: category ?? "")
                rows.append((index, account, name, meter, day, quantity))
                if let time { times.append(time) }
            }
        }
        try learnAccounts(rows.map(\.account))
        let found = try instants?.days.find(
            zip(rows, times).map { LocalDays.Counted(account: known($0.account), at: $1) })
        for (position, found) in (found ?? []).enumerated() { rows[position].day = found.day }
        var placed: [(row: Int, reading: ReadingStore.Row)] = []
        placed.reserveCapacity(rows.count)
        for (position, row) in rows.enumerated() {
            if !window.contains(row.day), row.day <= today {
                pull.counts.outside += 1
                continue
            }
            var reader = RowReader(page, row.index, fields: fields)
            let isMember = found?[position].isMember ?? true
            if let reading = place(page, row.index, row.account, row.meter, row.day, row.quantity, isMember, &reader) {
                placed.append((position, reading))
            } else if let rejection = reader.rejection {
                try pull.reject(rejection)
            }
        }
        // Only the channels of rows that are taken in become known.
        try learnChannels(placed.map { rows[$0.row].channel })
        for (position, reading) in placed {
            guard let channel = channels[rows[position].channel] else {
                throw StoreError.inconsistent("a channel got no number")
            }
            var reading = reading
            reading.channelID = channel
            if let instants, let found {
                try instants.counts.land(reading, at: found[position].at, origin: page.origin)
            } else {
                try store.land(reading, origin: page.origin)
            }
        }
    }

    private func place(
        _ page: RawPage, _ index: Int, _ account: String, _ meter: String, _ day: CivilDate, _ quantity: Int64,
        _ isMember: Bool, _ reader: inout RowReader
    ) -> ReadingStore.Row? {
        // In the order of precedence: what the values mean, then what the store knows.
        guard day <= today else {
            reader.refuse(.futureDay, Field.day)
            return nil
        }
        guard let series = series[meter] else {
            reader.refuse(.unknownMeter, Field.meter)
            return nil
        }
        guard instants == nil || series.rule != nil else {
            reader.refuse(.ambiguousMeter, Field.meter)
            return nil
        }
        guard case .account(let known, let slicings) = accounts[account] ?? .unknown else {
            reader.refuse(.unknownAccount, Field.account)
            return nil
        }
        guard isMember, let number = known.memberships.firstIndex(where: { $0.contains(day) }) else {
            reader.refuse(.notAMember, Field.day)
            return nil
        }
        guard let start = try? slicings[number].start(containing: day) else {
            reader.refuse(.dateOutOfRange, Field.day)
            return nil
        }
        let sliceStart = series.isRunning ? start : nil
        let membership = known.memberships[number]
        return ReadingStore.Row(
            line: page.line(index), day: day, customerID: membership.customerID,
            subscriptionID: membership.subscriptionID, accountID: known.id, channelID: 0,
            meterID: series.id, sliceStart: sliceStart, quantity: quantity)
    }

    private func known(_ account: String) -> ReadingStore.Account? {
        guard case .account(let known, _) = accounts[account] ?? .unknown else { return nil }
        return known
    }

    private func learnAccounts(_ keys: [String]) throws {
        if accounts.count > Self.mostKnown { accounts.removeAll(keepingCapacity: true) }
        let missing = Set(keys.filter { accounts[$0] == nil })
        guard !missing.isEmpty else { return }
        let found = try store.accounts(missing.sorted())
        let own = try store.cuts(of: found.values)
        for key in missing {
            guard let account = found[key] else {
                accounts[key] = .unknown
                continue
            }
            let slicings = try account.memberships.map { membership in
                try catalog.slicing(
                    of: Subscription(
                        plan: membership.plan, anchor: membership.anchor, starts: membership.billedFrom,
                        signedUp: membership.anchor, paysEvery: .month, ends: nil),
                    cuts: cuts + own[membership.subscriptionID])
            }
            accounts[key] = .account(account, slicings)
        }
    }

    private func learnChannels(_ names: [ReadingStore.ChannelName]) throws {
        if channels.count > Self.mostKnown { channels.removeAll(keepingCapacity: true) }
        let missing = Set(names.filter { channels[$0] == nil })
        guard !missing.isEmpty else { return }
        channels.merge(try store.channels(Array(missing))) { $1 }
    }

    func finish(_ context: JobContext) throws -> Int64 {
        context.reporter.begin("storing readings", total: nil)
        defer { context.reporter.end() }
        return try store.apply(
            instants?.counts, retainedSince: cutoff
        ) { done, all in
            try context.stop.check()
            context.reporter.begin("storing readings", total: all)
            context.reporter.advance(to: done)
        }
    }
}
