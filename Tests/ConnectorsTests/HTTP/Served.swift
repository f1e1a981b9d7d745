import Billing
import Connectors
import TestSupport
import Testing

/// What a pull from a scripted server came to.
struct Served {
    var rows: [ReadRow] = []
    /// The origin of each row.
    var origins: [String] = []
    var defects: [RowDefect] = []
    var failure: HTTPFailure?
    var isUnchanged = false
    var validators: HTTPValidators?
    /// How much the largest page held, in rows.
    var largestPage = 0
}

/// Small bounds, so that whoever oversteps them does so at once.
let smallLimits: HTTPLimits = {
    var limits = HTTPLimits()
    limits.tries = 3
    limits.backOff = .milliseconds(1)
    limits.request = .seconds(20)
    limits.connect = .seconds(5)
    limits.bodyBytes = 64 << 10
    limits.pages = 20
    limits.records = 1_000
    return limits
}()

/// A secret that no answer and no message may repeat.
let secretToken = "s3same-0pen-s3same"

/// Pulls with the columns day, account and count, from 2022-06-01 until before 2022-06-11, on a thread of its own: the
/// call blocks.
func serve(
    _ url: String, body: HTTPSource.Body = .json(records: []), pages: HTTPSource.Pages? = nil,
    credential: HTTPCredential? = .bearer(secretToken), known: HTTPValidators? = nil,
    connector limits: ConnectorLimits = ConnectorLimits(), authorities: String? = nil,
    isPrivate: Bool = true, isStopped: @escaping @Sendable () -> Bool = { false },
    limits change: @escaping @Sendable (inout HTTPLimits) -> Void = { _ in }
) async throws -> Served {
    try await onOwnThread {
        var bounds = smallLimits
        change(&bounds)
        let access = HTTPAccess(
            source: "shop", credential: credential, isPrivate: isPrivate, authorities: authorities,
            limits: bounds, isStopped: isStopped)
        let from = try #require(CivilDate(year: 2022, month: 6, day: 1))
        let to = try #require(CivilDate(year: 2022, month: 6, day: 11))
        var connector = HTTPConnector(
            HTTPSource(address: url, body: body, pages: pages), days: (from, to), columns: threeColumns,
            access: access, known: known, limits: limits)
        var served = Served()
        do {
            while let page = try connector.nextPage() {
                for row in 0..<page.rowCount {
                    served.rows.append(ReadRow(line: page.line(row), fields: (0..<3).map { page.text(row, $0) }))
                    served.origins.append(page.origin)
                }
                served.defects += page.defects
                served.largestPage = max(served.largestPage, page.rowCount)
            }
        } catch ConnectorError.server(let failure) {
            served.failure = failure
            // Once it has thrown it throws the same.
            #expect(throws: ConnectorError.server(failure)) { _ = try connector.nextPage() }
            #expect(!failure.description.contains(secretToken))
            #expect(!failure.description.contains("127.0.0.1"))
        }
        served.isUnchanged = connector.isUnchanged
        served.validators = connector.validators
        return served
    }
}

/// A record with the three columns.
func record(_ day: Int, _ account: String = "a", _ count: Int = 1) -> String {
    #"{"day": "2022-06-\#(day < 10 ? "0" : "")\#(day)", "account": "\#(account)", "count": \#(count)}"#
}

/// An array of records.
func array(_ records: String...) -> String { "[\(records.joined(separator: ", "))]" }
