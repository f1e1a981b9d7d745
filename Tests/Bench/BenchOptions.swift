/// What a person can ask of the bench. Every size comes with its default, so that `make bench` needs no words.
struct BenchOptions {
    static let usage = """
        USAGE: bench [pull|close|decide|core] [--pull-accounts N] [--subscriptions N,N…] [--history-subscriptions N]
                     [--decide-subscriptions N,N…] [--runs R]

          pull, close, decide, core   only this part, a close with its replay; the core needs no database
          --pull-accounts N           accounts of a night's pull, with three channels each (default 100000)
          --subscriptions N,N…        sizes of the close (default 10000,100000,1000000)
          --history-subscriptions N   size of the close with history behind it (default 100000; 0 leaves it out)
          --decide-subscriptions N,N… sizes of deciding (default 1000000)
          --runs R                    runs of each, of which the median counts (default 3)
        """

    enum Part: String, CaseIterable {
        case pull, close, decide, core
    }

    var parts = Part.allCases
    var accounts = 100_000
    var sizes = [10_000, 100_000, 1_000_000]
    var historySize = 100_000
    var decideSizes = [1_000_000]
    var runs = 3

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        if let part = rest.first.flatMap({ Part(rawValue: $0) }) {
            parts = [part]
            rest.removeFirst()
        }
        while let option = rest.popFirst() {
            guard let text = rest.popFirst() else { throw BenchError("\(option) takes a value\n\(Self.usage)") }
            let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Int($0) }
            let smallest = option == "--history-subscriptions" ? 0 : 1
            guard numbers.count == text.count(where: { $0 == "," }) + 1, numbers.allSatisfy({ $0 >= smallest }),
                numbers.count == 1 || ["--subscriptions", "--decide-subscriptions"].contains(option)
            else { throw BenchError("\(option) \(text): not what it takes\n\(Self.usage)") }
            switch option {
            case "--pull-accounts": accounts = numbers[0]
            case "--subscriptions": sizes = numbers
            case "--history-subscriptions": historySize = numbers[0]
            case "--decide-subscriptions": decideSizes = numbers
            case "--runs": runs = numbers[0]
            default: throw BenchError("\(option) is not known\n\(Self.usage)")
            }
        }
    }
}

/// Why there is no measurement.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
