internal import CLibPQ

/// Cancels what a connection is running, from any thread.
package struct Canceller: Sendable {
    let handle: CancelHandle?

    /// Asks the server to cancel the statement at hand, which then fails with `57014 query_canceled`. Returns when the server has
    /// the request; true if it could be sent. It opens a connection of its own for it, and so may block for as long as
    /// connecting does. Without a statement at hand it does nothing.
    @discardableResult
    package func cancel() -> Bool { handle?.cancel() ?? false }
}

/// libpq's `PGcancel`.
///
/// Sendable unchecked: `PQgetCancel` copies the server's address and the session's key into it, nothing changes it afterwards,
/// and libpq documents `PQcancel` as safe from any thread and from signal handlers. It is freed when the last holder is gone, so a
/// canceller may outlive its connection.
final class CancelHandle: @unchecked Sendable {
    private let raw: OpaquePointer

    init?(connection: OpaquePointer) {
        guard let raw = PQgetCancel(connection) else { return nil }
        self.raw = raw
    }

    deinit {
        PQfreeCancel(raw)
    }

    func cancel() -> Bool {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
            PQcancel(raw, message.baseAddress, 256) == 1
        }
    }
}
