import Deployment
import Failpoints

extension Settings {
    /// Has the program die where a test wants it to.
    ///
    /// - Throws: `CommandError.configuration` where it is not said that this is a test: a line that somebody has forgotten must
    ///   not end the runs of real books.
    func armFailpoints() throws {
        let given = [Setting.failpoint, .failpointList].compactMap { origin(of: $0)?.entry.place }
        guard !given.isEmpty else { return }
        guard try text(.profile) != Setting.production else {
            throw CommandError.configuration(
                given.map {
                    "\($0): it is for tests of the program, which dies of it: leave it out, or say 'profile: test'"
                })
        }
        let list = try text(.failpointList)
        let deadly = origin(of: .failpoint) == nil ? nil : try number(.failpoint)
        guard Failpoint.arm(deadly: deadly, list: list) else {
            throw CommandError.configuration(["\(list ?? ""): cannot be written"])
        }
    }
}
