/// The close of the same number of subscriptions with ever more closed months behind it.
struct HistoryBench {
    static let months = [1, 6, 24]

    struct Result {
        var subscriptions: Int
        var runs: Int
        /// Seconds of the next close, by months of history.
        var close: [Int: [Double]] = [:]
    }

    let server: BenchServer
    let program: MeteredProgram
    let progress: Progress

    func run(subscriptions: Int, runs: Int) throws -> Result {
        progress.show("history: making the books")
        let books = try BenchBooks(server, program, name: "history", subscriptions: subscriptions)
        defer { for name in ["history"] + Self.months.map({ "history_\($0)" }) { try? server.drop(name) } }
        var asOf: [Int: String] = [:]
        for month in 0...(Self.months.max() ?? 0) {
            progress.show("history: month \(month)")
            let isMeasured = Self.months.contains(month)
            try books.addMonth(settled: isMeasured)
            let day = try books.asOf()
            if isMeasured {
                asOf[month] = day
                try server.clone("history", as: "history_\(month)")
            }
            _ = try books.close("history", asOf: day, workers: 2)
        }

        var result = Result(subscriptions: subscriptions, runs: runs)
        for run in 1...runs {
            progress.show("history: run \(run) of \(runs)")
            for month in Self.months {
                try server.onClone(of: "history_\(month)") { clone in
                    let cost = try books.close(clone, asOf: asOf[month] ?? "", workers: 2)
                    result.close[month, default: []].append(cost.wall)
                }
            }
        }
        return result
    }
}
