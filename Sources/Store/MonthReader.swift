import Billing
import Postgres

/// Counts calendar months from the readings, for meters that add up days but of which no pull keeps a running total.
///
/// The months are those of a decision: whole, and the same for everybody. What an account counted on a day on which it was
/// not linked is left out.
struct MonthReader {
    private let connection: Connection
    private let meters: [RatingMeter]
    private let watermark: Int64?
    /// Subscriptions whose readings are held at a time.
    private static let size = 500

    /// - Parameter watermark: the last pull that is known; nil for now.
    init(_ connection: Connection, meters: [RatingMeter], watermark: Int64? = nil) {
        self.connection = connection
        self.meters = meters
        self.watermark = watermark
    }

    struct Request {
        var customerID: Int64
        var subscriptionID: Int64
        /// From the first of a month to that of another.
        var months: DateRange

        init(_ customerID: Int64, _ subscriptionID: Int64, _ months: DateRange) {
            (self.customerID, self.subscriptionID, self.months) = (customerID, subscriptionID, months)
        }
    }

    typealias Month = (start: CivilDate, quantity: Int64)

    /// What all meters together count in each month, for each request in order; nil where a sum passes 64 bits.
    func read(_ requests: [Request]) throws -> [[Month]?] {
        var counted: [[Month]?] = []
        for start in stride(from: 0, to: requests.count, by: Self.size) {
            let part = requests[start..<min(start + Self.size, requests.count)]
            let windows = try self.windows(Array(part))
            for request in part { counted.append(try months(request, windows)) }
        }
        return counted
    }

    /// What each account contributes to each month.
    ///
    /// - Throws: `BillingError.quantityOverflow`.
    func parts(_ request: Request) throws -> [(account: Int64, month: CivilDate, quantity: Int64)] {
        let windows = try windows([request])
        return try inputs(request, windows).flatMap { meter, month, input in
            try meter.quantity(of: input).parts.map { ($0.source.account, month, $0.quantity) }
        }
    }

    private func months(_ request: Request, _ windows: Windows) throws -> [Month]? {
        var months: [Month] = []
        for (meter, month, input) in try inputs(request, windows) {
            guard let quantity = try? meter.quantity(of: input).quantity else { return nil }
            months.append((month, quantity))
        }
        return months
    }

    private func windows(_ requests: [Request]) throws -> Windows {
        try WindowReader(connection, meters: meters, watermark: watermark).read(
            requests.map { request in
                WindowReader.Request(
                    customerID: request.customerID, subscriptionID: request.subscriptionID,
                    windows: Self.months(of: request.months))
            })
    }

    /// What each meter has to count in each month.
    private func inputs(
        _ request: Request, _ windows: Windows
    ) throws -> [(meter: Meter, month: CivilDate, input: WindowInput)] {
        let asked = WindowReader.Request(
            customerID: request.customerID, subscriptionID: request.subscriptionID, windows: [])
        return try meters.flatMap { meter in
            try Self.months(of: request.months).map { month in
                (meter.definition, month.start, try windows.input(asked, meter, month))
            }
        }
    }

    private static func months(of range: DateRange) -> [DateRange] {
        var months: [DateRange] = []
        var start = range.start
        while start < range.end, let next = start.adding(months: 1) {
            if let month = DateRange(start: start, end: next) { months.append(month) }
            start = next
        }
        return months
    }
}
