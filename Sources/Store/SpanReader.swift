import Billing
import Postgres

/// Counts spans of days from the readings, for meters that add up days but of which no pull keeps a running total.
///
/// The spans are those of a decision: whole months or billing periods. What an account counted on a day on which it was not
/// linked is left out.
struct SpanReader {
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
        /// In order of time.
        var spans: [DateRange]

        init(_ customerID: Int64, _ subscriptionID: Int64, _ spans: [DateRange]) {
            (self.customerID, self.subscriptionID, self.spans) = (customerID, subscriptionID, spans)
        }
    }

    /// What a span counted, by its first day.
    typealias Count = (start: CivilDate, quantity: Int64)

    /// What all meters together count in each span, for each request in order; nil where a sum passes 64 bits.
    func read(_ requests: [Request]) throws -> [[Count]?] {
        var counted: [[Count]?] = []
        for start in stride(from: 0, to: requests.count, by: Self.size) {
            let part = requests[start..<min(start + Self.size, requests.count)]
            let windows = try self.windows(Array(part))
            for request in part { counted.append(try counts(request, windows)) }
        }
        return counted
    }

    /// What each account contributes to each span.
    ///
    /// - Throws: `BillingError.quantityOverflow`.
    func parts(_ request: Request) throws -> [(account: Int64, start: CivilDate, quantity: Int64)] {
        let windows = try windows([request])
        return try inputs(request, windows).flatMap { meter, start, input in
            try meter.quantity(of: input).parts.map { ($0.source.account, start, $0.quantity) }
        }
    }

    private func counts(_ request: Request, _ windows: Windows) throws -> [Count]? {
        var counts: [Count] = []
        for (meter, start, input) in try inputs(request, windows) {
            guard let quantity = try? meter.quantity(of: input).quantity else { return nil }
            counts.append((start, quantity))
        }
        return counts
    }

    private func windows(_ requests: [Request]) throws -> Windows {
        try WindowReader(connection, meters: meters, watermark: watermark).read(
            requests.map { request in
                WindowReader.Request(
                    customerID: request.customerID, subscriptionID: request.subscriptionID, windows: request.spans)
            })
    }

    /// What each meter has to count in each span.
    private func inputs(
        _ request: Request, _ windows: Windows
    ) throws -> [(meter: Meter, start: CivilDate, input: WindowInput)] {
        let asked = WindowReader.Request(
            customerID: request.customerID, subscriptionID: request.subscriptionID, windows: [])
        return try meters.flatMap { meter in
            try request.spans.map { span in
                (meter.definition, span.start, try windows.input(asked, meter, span))
            }
        }
    }
}
