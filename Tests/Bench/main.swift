import Foundation

// `make bench`: how close the close comes to reading its input and writing its output, measured in one run on one cluster;
// and what the pure core rates and quotes a second.
// Nothing here fails for being slow. What fails is a run that could not be measured, or a script whose result is another.

/// The close, on a cluster of its own.
func measureClose(_ options: BenchOptions, _ progress: Progress) throws {
    progress.show("starting a cluster")
    let program = try MeteredProgram()
    let server = try BenchServer()
    defer { server.end() }

    let report = BenchReport(server: server, runs: options.runs)
    let machine = try report.machine()
    progress.end()
    print(machine + "\n")
    fflush(nil)

    let closes = CloseBench(server: server, program: program, progress: progress)
    let results = try options.sizes.map { try closes.run(subscriptions: $0, runs: options.runs) }
    progress.end()
    print(report.close(results))
    fflush(nil)

    if options.historySize > 0 {
        let history = HistoryBench(server: server, program: program, progress: progress)
        // These are short, and a hundredth more or less decides.
        let result = try history.run(subscriptions: options.historySize, runs: max(5, options.runs))
        progress.end()
        print(report.history(result))
        fflush(nil)
    }
}

do {
    let options = try BenchOptions(Array(CommandLine.arguments.dropFirst()))
    let progress = Progress()
    defer { progress.end() }
    if !options.isCoreOnly { try measureClose(options, progress) }
    let core = try CoreBench(progress: progress).run(runs: options.runs)
    progress.end()
    print(BenchReport.core(core))
    print("Load at the end: \(BenchReport.load)")
} catch {
    FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
    exit(1)
}
