import Billing
import Postgres

/// The quantities of whole billing periods, computed anew from what was known at the watermark of each close.
///
/// Everything of a batch that has the same watermark is read together.
struct PastWindows {
    /// A close of a subscription.
    struct Request: Hashable {
        let customerID: Int64
        let subscriptionID: Int64
        let watermark: Int64
    }

    private struct Wanted {
        var meters: [RatingMeter]
        var periods: [RatingCatalog.MeteredPeriod]
    }

    private let connection: Connection
    private let meters: [RatingMeter]
    private var wanted: [Request: [Wanted]] = [:]
    private var windows: [Int64: Windows] = [:]

    init(_ connection: Connection, meters: [RatingMeter]) {
        self.connection = connection
        self.meters = meters
    }

    mutating func ask(_ request: Request, meters: [RatingMeter], periods: [RatingCatalog.MeteredPeriod]) {
        guard !periods.isEmpty else { return }
        wanted[request, default: []].append(Wanted(meters: meters, periods: periods))
    }

    mutating func read() throws {
        for (watermark, requests) in Dictionary(grouping: wanted.keys, by: \.watermark) {
            windows[watermark] = try WindowReader(connection, meters: meters, watermark: watermark).read(
                requests.map { reading($0) })
        }
    }

    private func reading(_ request: Request) -> WindowReader.Request {
        WindowReader.Request(
            customerID: request.customerID, subscriptionID: request.subscriptionID,
            windows: Array(Set((wanted[request] ?? []).flatMap { $0.periods.flatMap(\.windows) })))
    }

    /// The quantities of the periods of a close, as totals that begin with their periods.
    func totals(_ request: Request) throws -> [SliceTotal] {
        guard let wanted = wanted[request], let windows = windows[request.watermark] else { return [] }
        let reading = reading(request)
        var totals: [SliceTotal] = []
        var seen: Set<SliceTotal.Place> = []
        for wanted in wanted {
            for period in wanted.periods {
                for (meter, window) in zip(wanted.meters, period.windows)
                where seen.insert(SliceTotal.Place(meter: meter.id, start: period.period.start)).inserted {
                    let quantity = try meter.definition.quantity(of: windows.input(reading, meter, window)).quantity
                    totals.append(SliceTotal(meter: meter.id, start: period.period.start, quantity: quantity))
                }
            }
        }
        return totals
    }
}

extension SliceTotal {
    /// A meter, and the first day of a slice.
    fileprivate struct Place: Hashable {
        let meter: Int32
        let start: CivilDate
    }
}
