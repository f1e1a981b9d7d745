/// The close of one size beside its floor, the SQL script and the replay of what it wrote, taking turns, so that whatever else the machine does meets all of
/// them.
struct CloseBench {
    struct Result {
        var subscriptions: Int
        var scan: [Double] = []
        var write: [Double] = []
        var floor: [Double] = []
        var floorOfTwo: [Double] = []
        var close: [MeteredProgram.Cost] = []
        var closeByOne: [MeteredProgram.Cost] = []
        var replay: [MeteredProgram.Cost] = []
        var script: [Double] = []
        /// The fastest way to write the script, which was run again.
        var scriptName = ""
        var rowsWritten = 0
    }

    let server: BenchServer
    let program: MeteredProgram
    let progress: Progress

    func run(subscriptions: Int, runs: Int) throws -> Result {
        let label = "\(subscriptions) subscriptions"
        progress.show("\(label): making the books")
        let books = try BenchBooks(server, program, name: "base", subscriptions: subscriptions)
        defer { try? server.drop("base") }
        try books.addMonth(settled: false)
        try books.addReadings()
        try server.run("VACUUM (ANALYZE)", on: "base")
        let asOf = try books.asOf()
        let halfway = subscriptions / 2

        var result = Result(subscriptions: subscriptions)
        var written: WrittenRows?
        var script: SQLScript?
        for run in 1...runs {
            progress.show("\(label): run \(run) of \(runs)")
            try server.onClone(of: "base") { clone in
                result.close.append(try books.close(clone, asOf: asOf, workers: 2))
                result.replay.append(try books.replay(clone))
                guard written == nil else { return }
                result.rowsWritten = try WrittenRows.invoices.filter(\.isAdded).reduce(0) {
                    $0 + (try server.number("SELECT count(*) FROM meterbook.\($1.name)", on: clone))
                }
                written = try WrittenRows(from: server.conninfo(clone), halfway: halfway)
            }
            guard let rows = written else { continue }
            let tables = WrittenRows.emptyTables(in: Floor.schema)
            try server.onClone(of: "base", prepare: tables) { clone in
                let floor = try Floor(conninfo: server.conninfo(clone), rows: rows, asOf: asOf, halfway: halfway)
                    .measure()
                result.scan.append(floor.scan)
                result.write.append(floor.write)
                result.floor.append(floor.scan + floor.write)
            }
            try server.onClone(of: "base") { clone in
                result.closeByOne.append(try books.close(clone, asOf: asOf, workers: 1))
            }
            try server.onClone(of: "base", prepare: tables) { clone in
                result.floorOfTwo.append(
                    try Floor(conninfo: server.conninfo(clone), rows: rows, asOf: asOf, halfway: halfway).measureTwo())
            }
            if let script {
                result.script.append(try measure(script, asOf))
            } else {
                // The first run finds out which way is the fastest, and that all come to what the close came to.
                let tried = try SQLScript.all.map { script in
                    progress.show("\(label): SQL by \(script.name)")
                    return (script: script, seconds: try measure(script, asOf, comparedWith: rows))
                }
                guard let best = tried.min(by: { $0.seconds < $1.seconds }) else { continue }
                script = best.script
                result.scriptName = best.script.name
                result.script.append(best.seconds)
            }
        }
        return result
    }

    private func measure(
        _ script: SQLScript, _ asOf: String, comparedWith rows: WrittenRows? = nil
    ) throws -> Double {
        try server.onClone(of: "base") { clone in
            let wall = try script.run(on: server.connect(clone), asOf: asOf)
            try rows?.compare(with: clone, on: server)
            return wall
        }
    }
}
