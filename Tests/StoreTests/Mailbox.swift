import Foundation
import Synchronization
import TestSupport

/// What several threads return, in the order in which they end.
final class Mailbox: Sendable {
    private let results = Mutex<[Result<Int, any Error>]>([])
    private let arrived = DispatchSemaphore(value: 0)

    /// Runs the body on a thread of its own.
    func run(_ body: @escaping @Sendable () throws -> Int) {
        let thread = Thread { [self] in
            let result = Result { try body() }
            results.withLock { $0.append(result) }
            arrived.signal()
        }
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Waits for so many results.
    func collect(_ count: Int) throws -> [Int] {
        for _ in 0..<count { arrived.wait() }
        return try results.withLock { try $0.map { try $0.get() } }
    }
}
