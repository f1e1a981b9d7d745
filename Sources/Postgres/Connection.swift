internal import CLibPQ

/// One session with a PostgreSQL server, over libpq, with blocking calls.
///
/// **Not Sendable, on purpose.** A session is one conversation: two threads that speak in it at once would read each
/// other's answers, and a transaction would take in whatever the other thread happens to run. So the type does not cross
/// threads; each worker opens its own. All calls block their thread, which should therefore be a thread of one's own and not
/// one of Swift's cooperative pool. What another thread may do is to cancel: see ``canceller``.
///
/// What holds for every call:
/// - It returns or throws only when the server is ready for the next statement, or when the connection is broken.
/// - A connection lost in any call throws ``PostgresError/connection(_:)`` and leaves `isBroken` true. It does not come back
///   by itself: see ``reopen()`` and ``surviving(again:_:)``.
/// - While a streaming call runs its body, every other statement on this connection is refused as misuse.
package final class Connection {
    /// libpq's `PGconn`; nil after ``close()``.
    var handle: OpaquePointer?
    private(set) var cancelHandle: CancelHandle?
    private let conninfo: String
    private let applicationName: String?
    private let connectTimeoutSeconds: Int
    private let compiles: Bool
    /// The streaming statement whose body runs at the moment.
    var streaming: String?
    var statements = StatementCache()
    /// The scripts that need not run again in this session.
    var scriptsRun: Set<String> = []
    /// The isolation level of the transaction that ``transaction(_:readOnly:_:)`` began; nil outside of one.
    var transactionIsolation: IsolationLevel?
    var savepointDepth = 0
    /// How many sessions this connection has had: what belongs to one is gone with it.
    private(set) var sessions = 0

    /// Receives the server's notices and warnings; without it they are dropped. It is called on the connection's thread, in
    /// the middle of a statement, and must not use the connection.
    package var onNotice: ((Notice) -> Void)?

    /// Opens the session again after it was lost, and makes of the new one what the old one was; nil where a lost session
    /// stays lost.
    package var revival: ((Connection) throws -> Void)?

    /// Whether statements that come again are prepared. Turn it off behind a pooler that changes servers between
    /// transactions.
    package var preparesStatements = true

    /// Connects, and sets the session up so that values do not depend on the server's configuration: UTF-8, the time zone UTC,
    /// ISO dates and intervals, floating point that reads back exactly, bytea in hexadecimal.
    ///
    /// - Parameters:
    ///   - conninfo: a keyword string (`host=/tmp dbname=x`) or a URI; empty for libpq's own environment (PG* variables, the
    ///     service file). It may hold a password and appears in no error.
    ///   - applicationName: what `pg_stat_activity` shows, unless the conninfo or PGAPPNAME names something else.
    ///   - connectTimeoutSeconds: for each host tried, unless the conninfo or PGCONNECT_TIMEOUT has its own; 0 waits for ever,
    ///     and libpq takes 1 as 2.
    ///   - compiles: whether the server may compile what it takes for long (its setting `jit`, since PostgreSQL 11). A large
    ///     statement that is done in a millisecond is taken for one wherever nothing is known of its tables, and compiling it
    ///     takes a second.
    /// - Throws: `.connection`, with libpq's message from which passwords are taken out.
    package init(
        conninfo: String, applicationName: String? = nil, connectTimeoutSeconds: Int = 10, compiles: Bool = true
    ) throws(PostgresError) {
        self.conninfo = conninfo
        self.applicationName = applicationName
        self.connectTimeoutSeconds = connectTimeoutSeconds
        self.compiles = compiles
        try open()
    }

    func open() throws(PostgresError) {
        let handle = try Self.connect(
            conninfo: conninfo, applicationName: applicationName, timeoutSeconds: connectTimeoutSeconds)
        self.handle = handle
        sessions &+= 1
        cancelHandle = CancelHandle(connection: handle)
        installNoticeReceiver(handle)
        try executeScript(
            name: "set up the session",
            """
            SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601';
            SET extra_float_digits = 1; SET bytea_output = 'hex';
            \(compiles ? "" : "SET jit = off;")
            """)
    }

    deinit {
        close()
    }

    /// Ends the session; an open transaction is rolled back by the server. Calls after it throw `.connection`.
    package func close() {
        if let handle { PQfinish(handle) }
        handle = nil
        statements = StatementCache()
        scriptsRun = []
    }

    /// The connection was lost or closed.
    package var isBroken: Bool { handle.map { PQstatus($0) != CONNECTION_OK } ?? true }

    /// The server's version as a number: 150018 is 15.18. 0 on a closed connection.
    package var serverVersion: Int { handle.map { Int(PQserverVersion($0)) } ?? 0 }

    /// The id of the server's process for this session, as in `pg_stat_activity.pid`. 0 on a closed connection.
    package var processID: Int32 { handle.map { PQbackendPID($0) } ?? 0 }

    /// A setting that the server reports by itself, such as `server_version` or `in_hot_standby`; nil for others.
    package func parameter(_ name: String) -> String? {
        guard let handle, let value = PQparameterStatus(handle, name) else { return nil }
        return String(cString: value)
    }

    /// Whether a transaction is open, failed or not.
    package var isInTransaction: Bool {
        switch handle.map(PQtransactionStatus) {
        case PQTRANS_INTRANS, PQTRANS_INERROR: true
        default: false
        }
    }

    /// Lets another thread cancel what runs here.
    package var canceller: Canceller { Canceller(handle: cancelHandle) }
}
