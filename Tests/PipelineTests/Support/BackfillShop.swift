import Foundation
import Synchronization
import TestSupport

/// A vendor's interface with counts by the day and by the instant, which a test changes behind the books' back.
final class BackfillShop: Sendable {
    /// A record as it is delivered: what a sound row has, in words.
    struct Row: Sendable {
        var account: String
        var channel = "x"
        var meter = "orders"
        /// The day, or an instant that begins with it.
        var time: String
        var quantity: String

        var day: String { String(time.prefix(10)) }

        func json(_ field: String) -> String {
            """
            {"account": "\(account)", "channel": "\(channel)", "meter": "\(meter)", "\(field)": "\(time)", "quantity": \(quantity)}
            """
        }
    }

    private struct State {
        var days: [Row] = []
        var instants: [Row] = []
        /// What every answer has, whatever it was asked for.
        var always: [Row] = []
        var isSloppy = false
        var underWay = 0
        var mostUnderWay = 0
        /// The first days of what was asked for by the day, as they came.
        var asked: [String] = []
        /// The request, from 1, that is not answered any more, and all behind it; how these end.
        var end: (request: Int, step: ScriptedServer.Step)?
    }

    private let state = Mutex(State())
    private let made = Mutex<ScriptedServer?>(nil)

    init() throws {
        let server = try ScriptedServer { [weak self] request in self?.answer(request) ?? [.close] }
        made.withLock { $0 = server }
    }

    var url: String { made.withLock { $0?.url ?? "" } }
    /// The first days of the chunks of days that it was asked for.
    var asked: [String] { state.withLock(\.asked) }
    /// Requests that were being answered at the same time.
    var mostUnderWay: Int { state.withLock(\.mostUnderWay) }

    func forget() { state.withLock { ($0.asked, $0.mostUnderWay) = ([], 0) } }

    /// From this request for days on, counted from now, it is silent, or breaks off.
    func end(with request: Int, by step: ScriptedServer.Step) {
        state.withLock { ($0.asked, $0.end) = ([], (request, step)) }
    }

    func recover() { state.withLock { $0.end = nil } }

    func set(days: [Row], instants: [Row] = [], always: [Row] = [], isSloppy: Bool = false) {
        state.withLock { state in
            (state.days, state.instants, state.always) = (days, instants, always)
            state.isSloppy = isSloppy
        }
    }

    /// Held by a test where it wants requests to meet.
    let meeting = Mutex<(@Sendable () -> Void)?>(nil)

    private func answer(_ request: ScriptedServer.Request) -> [ScriptedServer.Step] {
        let (from, to) = (request.parameters["from"] ?? "", request.parameters["to"] ?? "")
        let isOfDays = request.target.hasPrefix("/days")
        let broken: ScriptedServer.Step? = state.withLock { state in
            state.underWay += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay)
            if isOfDays { state.asked.append(from) }
            guard isOfDays, let end = state.end, state.asked.count >= end.request else { return nil }
            return end.step
        }
        defer { state.withLock { $0.underWay -= 1 } }
        if let broken { return [broken] }
        meeting.withLock(\.self)?()
        let rows = state.withLock { state in
            // A sloppy one delivers some days too many at both ends.
            let slack = state.isSloppy ? 3 : 0
            let (first, after) = (Self.day(from, -slack), Self.day(to, slack))
            return (isOfDays ? state.days : state.instants).filter { $0.day >= first && $0.day < after }
                + (isOfDays ? state.always : [])
        }
        let field = isOfDays ? "day" : "at"
        return ScriptedServer.reply("{\"items\": [\(rows.map { $0.json(field) }.joined(separator: ",\n"))]}")
    }

    /// So many days later.
    static func day(_ text: String, _ more: Int) -> String {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        guard parts.count == 3,
            let date = calendar.date(from: DateComponents(year: parts[0], month: parts[1], day: parts[2] + more))
        else { return text }
        let found = calendar.dateComponents([.year, .month, .day], from: date)
        return String(format: "%04d-%02d-%02d", found.year ?? 0, found.month ?? 0, found.day ?? 0)
    }

    /// The sources of a deployment of meters, with this server in the place of the file of counts.
    ///
    /// - Parameter more: keys of the source of days.
    func deploy(_ folder: TemporaryDirectory, _ more: String = "") throws {
        func source(_ name: String, _ more: String) -> String {
            """
              \(name):
                feeds: readings
                http: "\(url)/\(name)?from={{from}}&to={{to}}"
                private: yes
                records: items
                limits: {tries: 1}
            \(more)
            """
        }
        try folder.write(
            """
            sources:
              # Whoever holds what comes first, wherever it stands.
            \(source("days", more))
            \(source("instants", "    columns: {at: at}"))
              customers: {feeds: customers, file: customers.csv}
              subscriptions: {feeds: subscriptions, file: subscriptions.csv}
              accounts: {feeds: accounts, file: accounts.csv}
              memberships: {feeds: memberships, file: memberships.csv}
              carts: {feeds: intervals, file: carts.csv, columns: {meter: {value: carts}}}

            """, to: "sources.yaml")
    }
}
