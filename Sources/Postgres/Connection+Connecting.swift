internal import CLibPQ

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Connection {
    /// Opens a libpq connection; on failure nothing is left open.
    static func connect(
        conninfo: String, applicationName: String?, timeoutSeconds: Int
    ) throws(PostgresError) -> OpaquePointer {
        try checkForm(of: conninfo)
        // libpq takes the last of what is set twice: what stands before the conninfo is a default, what stands after it is not.
        var settings: [(keyword: String, value: String)] = []
        if getenv("PGCONNECT_TIMEOUT") == nil { settings.append(("connect_timeout", String(max(0, timeoutSeconds)))) }
        settings.append(("dbname", conninfo))
        if let applicationName { settings.append(("fallback_application_name", applicationName)) }
        settings.append(("client_encoding", "UTF8"))

        var keywords = settings.map { UnsafePointer(strdup($0.keyword)) } + [nil]
        var values = settings.map { UnsafePointer(strdup($0.value)) } + [nil]
        defer { for string in keywords + values { free(UnsafeMutablePointer(mutating: string)) } }
        guard let handle = PQconnectdbParams(&keywords, &values, 1) else {
            throw .connection(ConnectionFailure(statement: nil, message: "out of memory"))
        }
        guard PQstatus(handle) == CONNECTION_OK else {
            let message = redact(String(cString: PQerrorMessage(handle)), secrets: secrets(of: handle))
            PQfinish(handle)
            throw .connection(ConnectionFailure(statement: nil, message: message))
        }
        return handle
    }

    /// Refuses what is neither keywords nor a URI. libpq would take `nonsense` for the name of a database, and a mistyped
    /// password-bearing string would then come back in the server's message.
    private static func checkForm(of conninfo: String) throws(PostgresError) {
        guard !conninfo.utf8.contains(0) else {
            throw .connection(ConnectionFailure(statement: nil, message: "the connection string holds U+0000"))
        }
        var complaint: UnsafeMutablePointer<CChar>?
        if let options = PQconninfoParse(conninfo, &complaint) {
            PQconninfoFree(options)
            return
        }
        defer { PQfreemem(complaint) }
        // The complaint quotes the part that it stumbled over, which may be a password: keep only what is not quoted.
        let text = complaint.map { String(cString: $0) } ?? "out of memory"
        let unquoted = text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .map { $0.offset.isMultiple(of: 2) ? String($0.element) : "…" }.joined(separator: "\"")
        let message = "the connection string is not valid: \(redact(unquoted, secrets: []))"
        throw .connection(ConnectionFailure(statement: nil, message: message))
    }

    /// The values of the options that libpq itself marks as not to be shown.
    private static func secrets(of handle: OpaquePointer) -> [String] {
        guard let options = PQconninfo(handle) else { return [] }
        defer { PQconninfoFree(options) }
        var secrets: [String] = []
        var option = options
        while option.pointee.keyword != nil {
            if let mark = option.pointee.dispchar, mark.pointee == UInt8(ascii: "*"), let value = option.pointee.val,
                value.pointee != 0
            {
                secrets.append(String(cString: value))
            }
            option += 1
        }
        return secrets
    }

    /// The message on one line, without the secrets.
    private static func redact(_ message: String, secrets: [String]) -> String {
        var text = message.split(whereSeparator: \.isNewline)
            .map { line in String(line.drop(while: \.isWhitespace)) }.joined(separator: "; ")
        for secret in secrets {
            text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "***")
        }
        return text
    }
}
