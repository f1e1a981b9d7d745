/// The format of the sources file: its keys and its limits, once, for the reader and for the schema.
enum SourcesFormat {
    static let mostSources = 200
    static let longestPath = 1_000
    static let longestConnection = 2_000
    static let longestQuery = 100_000
    /// PostgreSQL cuts a column's name at 63 bytes, but a CSV header may be longer.
    static let longestColumn = 500

    static let document: [KeyRule] = [
        .required("sources", "where the rows come from, by a name for each source")
    ]

    static let source: [KeyRule] = [
        .required("feeds", "what the rows are"),
        .optional("file", "a file, a directory or a glob, relative to this file"),
        .optional(
            "format", "the format of the file, where its name (.csv, .ndjson, .jsonl, also with .gz) does not tell"),
        .optional("delimiter", "what stands between the fields of a CSV file; a comma where it is left out"),
        .optional("postgres", "a libpq connection text without a password, or {env: NAME}"),
        .optional(
            "query",
            "one SELECT; readings take $1, the first day, and $2, the day after the last: with 'at' each a day further out, "
                + "since the days are those of time zones"),
        .optional("columns", "which column is which field: 'ours: theirs'; a field that is left out has the same name"),
    ]

    static let ofFiles = ["format", "delimiter"]
    static let ofPostgres = ["query"]

    static let connection: [KeyRule] = [
        .required("env", "the name of the environment variable that holds the connection text")
    ]

    static let columnRule: [KeyRule] = [
        .optional("column", "the column's name"),
        .optional("value", "the same text for every row, instead of a column"),
        .optional("optional", "yes where the column may be missing"),
    ]

    /// The field names of a feed as keys of `columns`. None is required there: one that is left out has its own name.
    static func columns(of feed: Feed) -> [KeyRule] {
        feed.namedFields.map { .optional($0.name, $0.meaning) }
    }

    static let knownExtensions = [".csv", ".ndjson", ".jsonl"]
}
