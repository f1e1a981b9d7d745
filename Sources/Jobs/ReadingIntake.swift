import Billing
import Connectors
import Deployment
import Store

/// Readings: each is given its subscription, its meter and the slice that it counts in, or a reason why it has none.
final class ReadingIntake: Intake {
    private let pull: PullStore
    private let store: ReadingStore
    private let catalog: RatingCatalog
    /// What a reading may be of: the series that the catalog's meters count, by key.
    private var series: [String: Series] = [:]
    private let cuts: [CivilDate]
    private let window: PullStep.Window
    private let today: CivilDate
    private let fields = Feed.readings.fields.map(\.name)

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
    }

    private enum Known {
        case unknown
        case account(ReadingStore.Account, [Slicing])
    }

    private enum Field {
        static let account = 0
        static let channel = 1
        static let meter = 2
        static let day = 3
        static let quantity = 4
        static let category = 5
    }

    init(
        _ pull: PullStore, catalogs: CatalogStore, window: PullStep.Window, today: CivilDate
    ) throws {
        self.pull = pull
        catalog = try catalogs.currentForRating()
        store = try ReadingStore(pull, WindowSeries(catalogs.windowMeters().all, carried: catalogs.levelSeries()))
        let running = try catalogs.runningMeters()
        for meter in catalog.meters where meter.definition.aggregate != .peak {
            series[meter.definition.series] = Series(
                id: meter.series, places: meter.definition.places, isRunning: running.contains(meter.series))
        }
        cuts = try catalogs.cuts()
        self.window = window
        self.today = today
    }

    func take(_ page: RawPage) throws {
        typealias Fields = (
            index: Int, account: String, channel: ReadingStore.ChannelName, meter: String, day: CivilDate,
            quantity: Int64
        )
        var rows: [Fields] = []
        rows.reserveCapacity(page.rowCount)
        for index in 0..<page.rowCount {
            var row = RowReader(page, index, fields: fields)
            let (account, channel, meter) = (row.key(Field.account), row.key(Field.channel), row.key(Field.meter))
            // Of a meter that nobody knows it cannot be told how many places are too many.
            let places = meter.flatMap { series[$0]?.places } ?? Meter.mostPlaces
            let (day, quantity) = (row.day(Field.day), row.quantity(Field.quantity, places: places))
            let category = row.optionalKey(Field.category)
            if let rejection = row.rejection {
                try pull.reject(rejection)
            } else if let account, let channel, let meter, let day, let quantity {
                let name = ReadingStore.ChannelName(key: channel, category: category ?? "")
                rows.append((index, account, name, meter, day, quantity))
            }
        }
        try learnAccounts(rows.map(\.account))
        var placed: [(row: Int, reading: ReadingStore.Row)] = []
        placed.reserveCapacity(rows.count)
        for (position, row) in rows.enumerated() {
            if !window.contains(row.day), row.day <= today {
                pull.counts.outside += 1
                continue
            }
            var reader = RowReader(page, row.index, fields: fields)
            if let reading = place(page, row.index, row.account, row.meter, row.day, row.quantity, &reader) {
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
            try store.land(reading, origin: page.origin)
        }
    }

    private func place(
        _ page: RawPage, _ index: Int, _ account: String, _ meter: String, _ day: CivilDate, _ quantity: Int64,
        _ reader: inout RowReader
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
        guard case .account(let known, let slicings) = accounts[account] ?? .unknown else {
            reader.refuse(.unknownAccount, Field.account)
            return nil
        }
        guard let number = known.memberships.firstIndex(where: { $0.contains(day) }) else {
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

    private func learnAccounts(_ keys: [String]) throws {
        if accounts.count > Self.mostKnown { accounts.removeAll(keepingCapacity: true) }
        let missing = Set(keys.filter { accounts[$0] == nil })
        guard !missing.isEmpty else { return }
        let found = try store.accounts(missing.sorted())
        for key in missing {
            guard let account = found[key] else {
                accounts[key] = .unknown
                continue
            }
            let slicings = try account.memberships.map { membership in
                try catalog.slicing(
                    of: Subscription(
                        plan: membership.plan, anchor: membership.anchor, starts: membership.billedFrom,
                        signedUp: membership.anchor, paysEvery: .month, ends: nil), cuts: cuts)
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
        return try store.apply { done, all in
            try context.stop.check()
            context.reporter.begin("storing readings", total: all)
            context.reporter.advance(to: done)
        }
    }
}
