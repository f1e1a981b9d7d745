internal import CLibPQ

/// A notice or warning of the server, which is no error.
package struct Notice: Sendable {
    /// `WARNING`, `NOTICE`, `INFO`, `LOG` or `DEBUG`, never translated.
    package let severity: String
    package let sqlState: SQLState?
    /// **It may quote customer data**, as every prose of the server.
    package let message: String
}

extension Connection {
    /// Takes the notices away from libpq, which prints them on stderr.
    func installNoticeReceiver(_ handle: OpaquePointer) {
        // Unretained: libpq calls back only from within calls on this very connection, while it is alive.
        let context = Unmanaged.passUnretained(self).toOpaque()
        PQsetNoticeReceiver(
            handle,
            { context, result in
                guard let context, let result else { return }
                let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
                guard let onNotice = connection.onNotice else { return }
                onNotice(
                    Notice(
                        severity: ServerResult.field(.severity, of: result) ?? "NOTICE",
                        sqlState: ServerResult.field(.sqlState, of: result).map { SQLState($0) },
                        message: ServerResult.field(.message, of: result) ?? ""))
            }, context)
    }
}
