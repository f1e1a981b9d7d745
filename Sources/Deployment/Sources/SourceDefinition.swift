package import Billing

/// Where one kind of rows comes from, and which of its columns are which of our fields.
package struct SourceDefinition: Hashable, Sendable {
    /// The key under which runs, holds and cursors know it.
    package var name: String
    package var feeds: Feed
    package var origin: Origin
    /// One rule for every field of the feed, or for the one that stands in its place; in the feed's order.
    package var columns: [Column]
    /// What it should deliver; what holds where nobody says anything, for all but readings.
    package var expectation: Expectation
    /// How many chunks of days may be read from it at the same time, 1 or more.
    package var concurrency: Int

    /// Whether its readings come by the instants at which something was counted, and not by the day.
    package var isByInstant: Bool { feeds == .readings && columns.contains { $0.field == Feed.instantField } }

    package init(
        name: String, feeds: Feed, origin: Origin, columns: [Column], expectation: Expectation = Expectation(),
        concurrency: Int = 1
    ) {
        self.name = name
        self.feeds = feeds
        self.origin = origin
        self.columns = columns
        self.expectation = expectation
        self.concurrency = concurrency
    }

    package enum Origin: Hashable, Sendable {
        /// A file, a directory or a glob, relative to the folder of the sources file. Nil for what its name tells.
        case file(path: String, format: FileFormat?, delimiter: Delimiter?)
        case postgres(connection: Connection, query: String)
        case http(HTTPOrigin)
        case prometheus(PrometheusOrigin)
    }

    package enum FileFormat: String, Hashable, Sendable, CaseIterable {
        case csv, ndjson
    }

    /// What stands between the fields of a CSV file.
    package enum Delimiter: String, Hashable, Sendable, CaseIterable {
        case comma = ","
        case semicolon = ";"
        case pipe = "|"
        case tab = "\t"

        /// As it is written in the sources file: a tab by its name, because it cannot be seen.
        package var word: String { self == .tab ? "tab" : rawValue }
    }

    package enum Connection: Hashable, Sendable {
        /// A libpq connection text without a password.
        case literal(String)
        /// Where the connection text is.
        case secret(SecretReference)
    }

    package struct Column: Hashable, Sendable {
        package var field: String
        package var source: ColumnSource

        package init(field: String, source: ColumnSource) {
            self.field = field
            self.source = source
        }
    }

    package enum ColumnSource: Hashable, Sendable {
        /// A column that has to be there.
        case column(String)
        /// A column that may be missing; the field is then absent.
        case optionalColumn(String)
        /// The same text in every row.
        case constant(String)
    }
}
