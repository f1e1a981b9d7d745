import Postgres
import TestSupport
import Testing

/// A gate on the way of a run: its sessions wait there until the test opens it. So a test finds a run where it wants to,
/// on a fast machine and on a slow one.
struct Gate {
    private static let number = 27
    private let connection: Connection

    /// - Parameters:
    ///   - event: when a session comes to the gate, as a trigger says it.
    ///   - condition: whether it has to wait, in SQL.
    init(_ books: Books, _ event: String, when condition: String) throws {
        connection = try Connection(conninfo: books.database.conninfo)
        try connection.executeScript(
            name: "gate",
            """
            CREATE FUNCTION meterbook.wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF \(condition) THEN PERFORM pg_advisory_xact_lock_shared(\(Self.number)); END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER gate \(event) EXECUTE FUNCTION meterbook.wait_at_gate();
            """)
        try shut()
    }

    /// Blocks until at least so many sessions of a run stand at the gate.
    func await(_ sessions: Int64, of running: RunningProgram) throws {
        let query: Query = """
            SELECT count(*) FROM pg_locks AS l
            WHERE l.locktype = 'advisory' AND l.classid = 0 AND l.objid = \(Self.number) AND NOT l.granted
                AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """
        let came = try running.waitUntil(seconds: 300) {
            (try connection.first(query, as: Int64.self) ?? 0) >= sessions
        }
        try #require(came, "the run did not come to the gate")
    }

    func shut() throws { try connection.execute("SELECT pg_advisory_lock(\(Self.number))") }

    func open() throws { try connection.execute("SELECT pg_advisory_unlock(\(Self.number))") }
}
