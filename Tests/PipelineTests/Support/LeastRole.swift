import TestSupport

/// As what the program works in these tests: with the least role that its command takes, so that every test of a command is
/// one of its privileges.
enum LeastRole {
    /// A member of both, as the night's login is.
    static let night = "meterbook_test_night"

    /// Made once a process: several may be testing on one server. The roles that it is in are there as soon as any books are.
    private static let isMade = Result {
        try TestServer.shared.run(
            """
            DO $$ BEGIN
                CREATE ROLE \(night) NOLOGIN IN ROLE meterbook_ingest, meterbook_billing;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END $$
            """)
    }

    /// The role for a command line; nil for what sets the database up.
    static func role(for words: [String]) -> String? {
        let names = words.prefix(2)
        switch (names.first ?? "", names.last ?? "") {
        case ("migrate", _), ("doctor", _): return nil
        case ("catalog", "apply"): return "meterbook_owner"
        case ("nightly", _), ("backfill", _): return night
        case ("reconcile", _) where words.contains("--source"): return night
        case ("run", "list"), ("run", "show"): return "meterbook_auditor"
        case ("run", _): return night
        case ("invoice", "line"): return words.contains("list") ? "meterbook_auditor" : "meterbook_billing"
        case ("pull", _), ("customer", "details"), ("customer", "erase"), ("reject", _): return "meterbook_ingest"
        case ("close", _), ("decide", _), ("subscription", "change"), ("subscription", "cancel"),
            ("subscription", "reactivate"), ("invoice", "finalize"), ("invoice", "void"), ("invoice", "payment"),
            ("invoice", "revise"), ("invoice", "reissue"),
            ("hold", "release"), ("hold", "reject"), ("credit", "issue"), ("notice", "deliver"), ("notice", "retry"):
            return "meterbook_billing"
        default: return "meterbook_auditor"
        }
    }

    /// A connection string that takes the role on at once.
    static func conninfo(_ conninfo: String, for words: [String]) -> String {
        guard let role = role(for: words) else { return conninfo }
        // Where it could not be made, the server says that there is no such role.
        if role == night { _ = isMade }
        return "\(conninfo) options='-c role=\(role)'"
    }
}
