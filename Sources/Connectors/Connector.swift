/// A source of raw rows, read page after page.
///
/// A connector hands out what others have, as text, and decides nothing about what is billable. A row that cannot be
/// read as a row is not an exception: it comes back in `RawPage.defects` with its place and reason, and the rows around
/// it are delivered. What throws is what makes the source as a whole unreadable: a missing file, a header without a
/// wanted column, damaged compression.
///
/// The call blocks while it reads, so it belongs on a thread of its own and not on Swift's cooperative pool. One
/// connector serves one thread.
package protocol Connector {
    /// The next page, or nil when the source is exhausted.
    ///
    /// A page holds at least one row or one defect and at most the rows and bytes of the limits, so memory stays
    /// constant for a source of any size. Once the call has thrown, the connector is spent: each later call throws the
    /// same error, because what follows a broken place cannot be trusted.
    mutating func nextPage() throws(ConnectorError) -> RawPage?
}

/// The bounds of what a connector reads and holds. Every value is brought into its range, so no setting can make a page
/// outgrow its 32-bit offsets or leave no room for a row.
package struct ConnectorLimits: Sendable, Hashable {
    /// Rows and defects of a page together, 1 or more.
    package let pageRows: Int
    /// Bytes after which a page is closed, 1 to 256 MiB. The row that reaches the bound is still in the page.
    package let pageBytes: Int
    /// Bytes of a row without its line ending, 16 to 64 MiB; a longer row is `row_too_long`.
    package let rowBytes: Int
    /// Bytes of a wanted field once unquoted, 1 or more; a longer one is `field_too_long`.
    package let fieldBytes: Int
    /// Bytes asked from the file at once, 1 to 64 MiB. It changes speed alone, never what is read.
    package let bufferBytes: Int
    /// Levels of nesting of a JSON row, 1 to 512, the row's own object being the first. RFC 8259 section 9 lets a parser
    /// set it.
    package let nesting: Int
    /// Files that a pattern may stand for, 1 or more.
    package let files: Int
    /// Bytes that one compressed file may expand to, 1 or more: a bomb costs time up to this bound, never memory.
    package let expandedBytes: Int

    package init(
        pageRows: Int = 10_000,
        pageBytes: Int = 4 << 20,
        rowBytes: Int = 1 << 20,
        fieldBytes: Int = 64 << 10,
        bufferBytes: Int = 256 << 10,
        nesting: Int = 64,
        files: Int = 10_000,
        expandedBytes: Int = 1 << 40
    ) {
        self.pageRows = max(1, pageRows)
        self.pageBytes = min(max(1, pageBytes), 256 << 20)
        self.rowBytes = min(max(16, rowBytes), 64 << 20)
        self.fieldBytes = max(1, fieldBytes)
        self.bufferBytes = min(max(1, bufferBytes), 64 << 20)
        self.nesting = min(max(1, nesting), 512)
        self.files = max(1, files)
        self.expandedBytes = max(1, expandedBytes)
    }
}
