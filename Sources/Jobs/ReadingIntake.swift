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
    private let window: PullStep.Window
    private let today: CivilDate
    /// What would change a period that ended on or before this day is refused; nil for none.
    private let cutoff: CivilDate?
    private let fields: [String]
    /// Where rows by the instant go; nil for a source of days.
    private let instants: (days: LocalDays, counts: CountStore)?

    private var accounts: KnownAccounts
    /// The numbers of channels. They are thrown away whole when they have grown, so memory has a bound.
    private var channels: [ReadingStore.ChannelName: Int32] = [:]
    private static let mostChannels = 200_000
    /// Pages whose accounts have not been asked for.
    private var gathered: [ReadPage] = []
    /// The pages before them: their accounts are being looked up.
    private var asked: (pages: [ReadPage], question: KnownAccounts.Question)?
    /// So many rows are gathered before their accounts are asked for. Of many together each costs less; but nobody should
    /// wait for the first ones.
    private var enough = 1
    private static let mostGathered = 1 << 16

    /// A page of which every row has been read, before it is known whose the rows are.
    private struct ReadPage {
        let page: RawPage
        let rows: [ReadRow]
        /// One for each row of a source that delivers by the instant.
        let times: [WrittenInstant]
    }

    private struct ReadRow {
        let index: Int
        let account: Int
        let channel: ReadingStore.ChannelName
        /// Nil for a meter that nobody knows.
        let series: Series?
        var day: CivilDate
        let quantity: Int64
    }

    private struct Series {
        let id: Int32
        /// The decimal places that a reading may have.
        let places: Int
        let isRunning: Bool
        /// How counts of instants become its reading of a day; nil where its meters do not agree.
        let rule: Meter.DayRule?
    }

    /// Where the usage of an account on a day is counted.
    private struct Spot {
        let account: Int
        let day: CivilDate
        let accountID: Int64
        let membership: ReadingStore.Account.Membership
        let sliceStart: CivilDate
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
        byInstant: Bool, sessions: ReadingStore.Sessions?, staysLanded: Bool
    ) throws {
        self.pull = pull
        catalog = try catalogs.currentForRating()
        cutoff = catalog.catalog.invoices.cutoff(on: asOf)
        let standIns = byInstant ? Feed.readings.standIns : [:]
        fields = Feed.readings.fields.map { standIns[$0.name]?.name ?? $0.name }
        store = try ReadingStore(
            pull, WindowSeries(catalogs.windowMeters().all, carried: catalogs.levelSeries()), sessions: sessions,
            staysLanded: staysLanded)
        let running = try catalogs.runningMeters()
        for meter in catalog.meters where meter.definition.aggregate != .peak {
            let key = meter.definition.series
            let rule = meter.definition.dayRule
            series[key] = Series(
                id: meter.series, places: meter.definition.places, isRunning: running.contains(meter.series),
                rule: series[key].map { $0.rule == rule ? rule : nil } ?? rule)
        }
        instants = byInstant ? (LocalDays(pull.connection), try CountStore(pull, series: Self.counted(series))) : nil
        accounts = KnownAccounts(catalog, cuts: try catalogs.cuts())
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
        if accounts.isFull {
            try takeAll()
            accounts.forget()
        }
        gathered.append(try read(page))
        if instants == nil { try store.expect(gathered.last?.rows.count ?? 0) }
        let rows = gathered.reduce(0) { $0 + $1.rows.count }
        guard rows >= enough else { return }
        enough = min(2 * rows, Self.mostGathered)
        try ask()
    }

    /// Asks whose the gathered rows are, and takes in those that were asked for before.
    private func ask() throws {
        let next = (gathered, accounts.ask(store))
        gathered = []
        try takeAsked()
        asked = next
    }

    /// Takes in what was asked for.
    private func takeAsked() throws {
        guard let (pages, question) = asked else { return }
        asked = nil
        try accounts.learn(question)
        for page in pages { try take(page) }
    }

    private func takeAll() throws {
        try ask()
        try takeAsked()
    }

    /// Reads the rows of a page, and names whose they are.
    private func read(_ page: RawPage) throws -> ReadPage {
        var rows: [ReadRow] = []
        rows.reserveCapacity(page.rowCount)
        var times: [WrittenInstant] = []
        // Nearly all rows name the same meter as the one before.
        var named: (key: String, series: Series?)?
        for index in 0..<page.rowCount {
            var row = RowReader(page, index, fields: fields)
            let (account, channel, meter) = (row.key(Field.account), row.key(Field.channel), row.key(Field.meter))
            if let meter, named?.key != meter { named = (meter, series[meter]) }
            let series = meter == nil ? nil : named?.series
            // Of a meter that nobody knows it cannot be told how many places are too many.
            let places = series?.places ?? Meter.mostPlaces
            let time = instants == nil ? nil : row.instant(Field.day)
            let day = instants == nil ? row.day(Field.day) : time?.day
            let quantity = row.quantity(Field.quantity, places: places)
            let category = row.optionalKey(Field.category)
            if let rejection = row.rejection {
                try pull.reject(rejection)
            } else if let account, let channel, let day, let quantity {
                rows.append(
                    ReadRow(
                        index: index, account: accounts.place(of: account),
                        channel: ReadingStore.ChannelName(key: channel, category: category ?? ""), series: series,
                        day: day, quantity: quantity))
                if let time { times.append(time) }
            }
        }
        return ReadPage(page: page, rows: rows, times: times)
    }

    /// Takes in a page whose accounts are known.
    private func take(_ read: ReadPage) throws {
        let found = try instants?.days.find(
            zip(read.rows, read.times).map {
                LocalDays.Counted(account: accounts[$0.account]?.account, at: $1)
            })
        let page = read.page
        var readings: [ReadingStore.Row] = []
        readings.reserveCapacity(read.rows.count)
        var names: [ReadingStore.ChannelName] = []
        names.reserveCapacity(read.rows.count)
        var instantsOfReadings: [Int64] = []
        var spot: Spot?
        for (position, row) in read.rows.enumerated() {
            var row = row
            if let found { row.day = found[position].day }
            if !window.contains(row.day), row.day <= today {
                pull.counts.outside += 1
                continue
            }
            do throws(Refusal) {
                if spot?.account != row.account || spot?.day != row.day || found != nil {
                    spot = nil
                    spot = try place(row, isMember: found?[position].isMember ?? true)
                } else {
                    try checkSeries(row)
                }
            } catch {
                var reader = RowReader(page, row.index, fields: fields)
                reader.refuse(error.reason, error.field)
                if let rejection = reader.rejection { try pull.reject(rejection) }
                continue
            }
            guard let spot, let series = row.series else { continue }
            names.append(row.channel)
            if let found { instantsOfReadings.append(found[position].at) }
            readings.append(
                ReadingStore.Row(
                    line: page.line(row.index), day: row.day, customerID: spot.membership.customerID,
                    subscriptionID: spot.membership.subscriptionID, accountID: spot.accountID, channelID: 0,
                    meterID: series.id, sliceStart: series.isRunning ? spot.sliceStart : nil, quantity: row.quantity))
        }
        try setChannels(names, of: &readings)
        if let instants {
            for (reading, at) in zip(readings, instantsOfReadings) {
                try instants.counts.land(reading, at: at, origin: page.origin)
            }
        } else {
            try store.land(readings, origin: page.origin)
        }
    }

    /// Why a row is not taken in.
    private struct Refusal: Error {
        let reason: RejectReason
        let field: Int
    }

    /// In the order of precedence: what the values mean, then what the store knows.
    private func place(_ row: ReadRow, isMember: Bool) throws(Refusal) -> Spot {
        guard row.day <= today else { throw Refusal(reason: .futureDay, field: Field.day) }
        try checkSeries(row)
        guard let known = accounts[row.account] else {
            throw Refusal(reason: .unknownAccount, field: Field.account)
        }
        guard isMember, let number = known.account.memberships.firstIndex(where: { $0.contains(row.day) }) else {
            throw Refusal(reason: .notAMember, field: Field.day)
        }
        guard let start = try? known.slicings[number].start(containing: row.day) else {
            throw Refusal(reason: .dateOutOfRange, field: Field.day)
        }
        return Spot(
            account: row.account, day: row.day, accountID: known.account.id,
            membership: known.account.memberships[number], sliceStart: start)
    }

    private func checkSeries(_ row: ReadRow) throws(Refusal) {
        guard let series = row.series else { throw Refusal(reason: .unknownMeter, field: Field.meter) }
        guard instants == nil || series.rule != nil else {
            throw Refusal(reason: .ambiguousMeter, field: Field.meter)
        }
    }

    /// Only the channels of rows that are taken in become known.
    ///
    /// - Parameter names: those of the readings, in their order.
    private func setChannels(_ names: [ReadingStore.ChannelName], of readings: inout [ReadingStore.Row]) throws {
        if channels.count > Self.mostChannels { channels.removeAll(keepingCapacity: true) }
        var missing: [Int] = []
        for (position, name) in names.enumerated() {
            if let number = channels[name] {
                readings[position].channelID = number
            } else {
                missing.append(position)
            }
        }
        guard !missing.isEmpty else { return }
        channels.merge(try store.channels(Array(Set(missing.map { names[$0] })))) { $1 }
        for position in missing {
            guard let number = channels[names[position]] else {
                throw StoreError.inconsistent("a channel got no number")
            }
            readings[position].channelID = number
        }
    }

    func finish(_ context: JobContext) throws -> Int64 {
        context.reporter.begin("storing readings", total: nil)
        defer { context.reporter.end() }
        try takeAll()
        let (stop, reporter) = (context.stop, context.reporter)
        return try store.apply(instants?.counts, retainedSince: cutoff) { done, all in
            try stop.check()
            reporter.begin("storing readings", total: all)
            reporter.advance(to: done)
        }
    }
}
