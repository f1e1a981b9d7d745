/// One thing that was looked at: its name, `ok`, `warning` or `problem`, and what was found.
package typealias DoctorEntry = (check: String, verdict: String, detail: String)

package enum DoctorText {
    package static func text(_ entries: [DoctorEntry]) -> String {
        var page = TextPage()
        var table = TextTable([.left("Check"), .left("Verdict"), .left("Found")])
        for entry in entries { table.add(entry.check, entry.verdict, entry.detail) }
        page.table(table)
        return page.text
    }
}

package enum DoctorJSON {
    /// `meterbook.doctor/1`
    package static func text(_ entries: [DoctorEntry]) -> String {
        JSONWriter.document("meterbook.doctor/1", .pretty) { writer in
            writer.array("checks", of: entries) { writer, entry in
                writer.member("check", entry.check)
                writer.member("verdict", entry.verdict)
                writer.member("detail", entry.detail)
            }
        }
    }
}
