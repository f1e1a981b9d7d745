package import Billing
import Postgres
import SQL

extension LookStore {
    /// What a meter counts for a subscription in a window, and what that is made of.
    ///
    /// - Parameter watermark: as it was known then; nil for now.
    package func count(
        _ subscription: StoredSubscription, _ meter: RatingMeter, in window: DateRange, watermark: Int64? = nil
    ) throws -> WindowCount {
        let request = WindowReader.Request(
            customerID: subscription.customerID, subscriptionID: subscription.subscriptionID,
            windows: [window])
        let windows = try WindowReader(connection, meters: [meter], watermark: watermark).read([request])
        let found = try meter.definition.quantity(of: windows.input(request, meter, window))
        let accounts = Dictionary(
            try connection.query(
                Query(.listAccountKeys, Set(found.parts.map(\.source.account)).sorted()),
                as: Int64.self, String.self), uniquingKeysWith: { first, _ in first })
        let instants = Set(found.parts.compactMap(\.instant)).sorted()
        let times = try connection.query(
            Query(
                .readLocalTimes, instants.map { PGTimestamp(microsecondsSince1970: $0) }, subscription.timeZone),
            as: CivilDate.self, String.self)
        let local = Dictionary(zip(instants, times), uniquingKeysWith: { first, _ in first })
        let sources = found.parts.map { part in
            let channel = windows.channels[part.source.channel]
            let time = part.instant.flatMap { local[$0] }
            return WindowCount.Source(
                account: accounts[part.source.account] ?? "", channel: channel?.key ?? "",
                category: channel?.category ?? "", quantity: part.quantity, day: part.day ?? time?.0 ?? window.start,
                instant: time?.1)
        }
        return WindowCount(
            meter: meter.definition, window: window, quantity: found.quantity,
            sources: sources.sorted { ($0.account, $0.channel, $0.category) < ($1.account, $1.channel, $1.category) })
    }
}
