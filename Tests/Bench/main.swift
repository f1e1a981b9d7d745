import Foundation

// `make bench`: how close the pull comes to storing its rows, the close to reading its input and writing its output, and
// deciding on plans to reading its input, each measured in one run on one cluster; and what the pure core rates and quotes a second.
// Nothing here fails for being slow. What fails is a run that could not be measured, or a script whose result is another.

/// The steps of a night, on a cluster of their own.
func measureSteps(_ options: BenchOptions, _ progress: Progress) throws {
    progress.show("starting a cluster")
    let program = try MeteredProgram()
    let server = try BenchServer()
    defer { server.end() }

    let report = BenchReport(server: server, runs: options.runs)
    let machine = try report.machine()
    progress.end()
    print(machine + "\n")
    fflush(nil)

    if options.parts.contains(.pull) {
        let pulls = PullBench(server: server, program: program, progress: progress)
        let result = try pulls.run(accounts: options.accounts, runs: options.runs)
        let poisoned = try pulls.poisoned(rows: options.accounts * 10)
        progress.end()
        print(report.pull(result, poisoned))
        fflush(nil)
    }

    if options.parts.contains(.close) {
        let closes = CloseBench(server: server, program: program, progress: progress)
        let results = try options.sizes.map { try closes.run(subscriptions: $0, runs: options.runs) }
        progress.end()
        print(report.close(results))
        fflush(nil)
    }

    if options.parts.contains(.close), options.historySize > 0 {
        let history = HistoryBench(server: server, program: program, progress: progress)
        // These are short, and a hundredth more or less decides.
        let result = try history.run(subscriptions: options.historySize, runs: max(5, options.runs))
        progress.end()
        print(report.history(result))
        fflush(nil)
    }

    if options.parts.contains(.decide) {
        let decides = DecideBench(server: server, program: program, progress: progress)
        let results = try options.decideSizes.map { try decides.run(subscriptions: $0, runs: options.runs) }
        progress.end()
        print(report.decide(results))
        fflush(nil)
    }
}

do {
    let options = try BenchOptions(Array(CommandLine.arguments.dropFirst()))
    let progress = Progress()
    defer { progress.end() }
    if options.parts != [.core] { try measureSteps(options, progress) }
    if options.parts.contains(.core) {
        let core = try CoreBench(progress: progress).run(runs: options.runs)
        progress.end()
        print(BenchReport.core(core))
    }
    print("Load at the end: \(BenchReport.load)")
} catch {
    FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
    exit(1)
}
