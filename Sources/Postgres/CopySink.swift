#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The way from a streaming COPY's buffer to its connection.
///
/// Sendable unchecked, since the buffer that holds it is Sendable and may be handed to another thread: but `send` and
/// `refuse` act only on the thread that made the sink, which is the connection's, and on any other thread refuse; and the COPY's
/// end takes the sink out of use on that same thread. The failure is guarded by the same rule.
final class CopySink: @unchecked Sendable {
    private let owner = pthread_self()
    private var write: ((UnsafeRawBufferPointer) -> PostgresError?)?
    private let statement: String
    private var firstFailure: PostgresError?

    init(statement: String, write: @escaping (UnsafeRawBufferPointer) -> PostgresError?) {
        self.statement = statement
        self.write = write
    }

    private var isOnOwnThread: Bool { pthread_equal(owner, pthread_self()) != 0 }

    /// Why the COPY cannot go on. On another thread than the COPY's, that it is another thread.
    var failure: PostgresError? {
        isOnOwnThread
            ? firstFailure : .misuse(statement: statement, reason: "its buffer is used on another thread")
    }

    func send(_ bytes: UnsafeRawBufferPointer) {
        guard isOnOwnThread, firstFailure == nil else { return }
        firstFailure = write?(bytes)
    }

    func refuse(_ reason: EncodingReason) {
        guard isOnOwnThread, firstFailure == nil else { return }
        firstFailure = .encoding(EncodingFailure(statement: statement, reason: reason))
    }

    /// The COPY is over. What a copy of the buffer still gets goes nowhere.
    func end() {
        write = nil
    }
}
