import PrivateServer
import TestSupport

/// Deployments with alerts, and what became of them.
extension Books {
    /// A catalog with one plan, `basic`, that invoices by the month, and one price `orders` with these terms.
    static func alertCatalog(_ terms: String, notices: String = "") -> String {
        """
        catalog: shop
        currency: USD
        meters:
          orders: {name: Orders synced, aggregate: sum, unit: {one: order, other: orders}}
        plans:
          basic:
            name: Basic
            invoice: month
            versions:
              - from: 2015-01-01
                prices:
                  orders: {usage: orders, name: Orders, \(terms)}
        \(notices)
        """
    }

    /// Deploys such a catalog with subscribers from 2022-01-01 on, each with a mail address.
    func deployAlerts(_ keys: [String], _ terms: String, notices: String = "") throws {
        let catalog = try folder.write(Self.alertCatalog(terms, notices: notices), to: "catalog.yaml")
        try deploy(keys.map { Subscriber($0, plan: "basic", anchor: "2022-01-01") }, catalog: catalog)
        try folder.write(
            "customer,name,email\n" + keys.map { "\($0),The \($0) company,\($0)@customers.example\n" }.joined(),
            to: "customers.csv")
    }

    /// The notices in the order in which they were written: `subscription period threshold due`.
    func told() throws -> [String] {
        try notices().map { notice in
            "\(try notice.text("subscription")) \(try notice.text("period_start")) \(try notice.number("threshold"))% "
                + "due \(try notice.text("due"))"
        }
    }

    /// The notices in the order in which they were written.
    func notices(_ status: String? = nil) throws -> [JSON] {
        let filter = status.map { ["--status", $0] } ?? []
        let arguments = ["notice", "list", "--json", "--limit", "10000"] + filter + ["--database", database.conninfo]
        return try JSON(Program.meterbook.run(arguments).output).list("notices").reversed()
    }
}

/// A program for a test to run, written by another process: the kernel refuses to run a file that a process has open for
/// writing, as a child that another thread has just forked off may have.
func writeProgram(_ text: String, to path: String) throws {
    var command = Command("/bin/sh", ["-c", "cat >\"$0\" && chmod 755 \"$0\"", path])
    command.input = Array(text.utf8)
    let result = try command.run()
    guard result.succeeded else { throw TestFailure(result.errorText) }
}
