/// One statement or script of the program, as it stands in its .sql file.
///
/// The files are compiled into the binary, so the program needs none of them at run time. Their names are unique across
/// folders, and a statement is called by its name: `Statement.insertHold` is `3-close/insert_hold.sql`.
package struct Statement: Sendable {
    /// The file's base name: what errors call the statement.
    package let name: String
    package let text: String

    init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        text = String(decoding: bytes, as: UTF8.self)
    }
}

/// One step of the schema's history: a file of `sql/schema`.
package struct Migration: Sendable {
    /// `YYYYMMDDhhmmss_name`, without the ending.
    package let file: String
    package let text: String

    package init(file: String, text: String) {
        self.file = file
        self.text = text
    }
}
