import Billing
import Connectors
import Deployment

extension SourceDefinition {
    /// The connector that reads this source.
    ///
    /// - Parameters:
    ///   - days: what a database or a server is asked for: the first day and the first day after.
    ///   - midnights: the first instants of local days in a time zone, in microseconds since 1970-01-01 UTC.
    ///   - known: the validators of an answer whose rows have all been taken in.
    ///   - pace: that of all connectors that ask the source at the same time.
    ///   - isStopped: whether somebody wants the program to end.
    ///   - retrying: told of a request that failed and is about to be tried again.
    func connector(
        in folder: DeploymentFolder, days: (from: CivilDate, to: CivilDate), secrets: Secrets,
        midnights: (_ days: [CivilDate], _ zone: String) throws -> [Int64], known: HTTPValidators?,
        pace: HTTPPace, isStopped: @escaping @Sendable () -> Bool, retrying: @escaping @Sendable (HTTPRetry) -> Void
    ) throws -> any Connector {
        let map = ColumnMap(columns.map { ColumnMap.Field(name: $0.field, source: $0.source.mapped) })
        switch origin {
        case .file(let path, let format, let delimiter):
            return try FileConnector(
                pattern: path, relativeTo: folder.path, format: fileFormat(format, delimiter), columns: map)
        case .postgres(let connection, let query):
            return try PostgresConnector(
                name: name, conninfo: conninfo(connection, in: folder, secrets), query: query,
                from: days.from.daysSince1970,
                to: days.to.daysSince1970,
                columns: map)
        case .http(let origin):
            return HTTPConnector(
                origin.source, days: days, columns: map,
                access: try access(
                    origin.access, in: folder, secrets: secrets, pace: pace, isStopped: isStopped, retrying: retrying),
                known: known)
        case .prometheus(let origin):
            return PrometheusConnector(
                try origin.counter(days, midnights), columns: map,
                access: try access(
                    origin.access, in: folder, secrets: secrets, pace: pace, isStopped: isStopped, retrying: retrying))
        }
    }

    /// Nil leaves it to the name of each file; a delimiter says that it is CSV.
    private func fileFormat(_ format: FileFormat?, _ delimiter: Delimiter?) -> Connectors.FileFormat? {
        switch (format, delimiter) {
        case (.ndjson, _): .ndjson
        case (_, let delimiter?): Connectors.FileFormat(rows: .csv(delimiter: delimiter.mapped))
        case (.csv, nil): .csv
        case (nil, nil): nil
        }
    }

    private func conninfo(
        _ connection: Connection, in folder: DeploymentFolder, _ secrets: Secrets
    ) throws(JobError) -> String {
        switch connection {
        case .literal(let text): text
        case .secret(let reference): try text(reference, in: folder, secrets)
        }
    }

    /// The text of a secret that the source names.
    func text(_ reference: SecretReference, in folder: DeploymentFolder, _ secrets: Secrets) throws(JobError) -> String
    {
        do {
            return try secrets.text(reference, in: folder.path)
        } catch {
            if case .unusable = error { throw .unusableSecret(source: name) }
            throw .missingSecret(error, source: name)
        }
    }
}

extension SourceDefinition.ColumnSource {
    fileprivate var mapped: ColumnMap.Source {
        switch self {
        case .column(let name): .column(name)
        case .optionalColumn(let name): .optionalColumn(name)
        case .constant(let text): .constant(text)
        }
    }
}

extension SourceDefinition.Delimiter {
    fileprivate var mapped: Connectors.FileFormat.Delimiter {
        switch self {
        case .comma: .comma
        case .semicolon: .semicolon
        case .tab: .tab
        case .pipe: .pipe
        }
    }
}
