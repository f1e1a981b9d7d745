import Foundation

/// Why the private server cannot be had. Each case names the place and, in its description, what to do about it.
package enum PrivateServerError: Error, Equatable, Sendable {
    /// No directory holds `initdb` and `postgres`; these were searched.
    case noBinaries(searched: [String])
    /// We are root, PostgreSQL refuses root, and there is no user `postgres` to run it as.
    case noServerUser
    /// The cluster is another user's, and we are not root.
    case foreignOwner(path: String, owner: String, user: String)
    /// Someone else made a directory of the name that we need, or left ours open to others.
    case squatted(path: String, owner: String, mode: UInt32)
    /// Too little room for a cluster, in bytes.
    case diskFull(path: String, free: UInt64, needed: UInt64)
    /// `initdb` failed with these last lines.
    case initFailed(location: String, tail: String)
    /// The server ended instead of accepting connections; its last lines.
    case startFailed(location: String, log: String, tail: String)
    /// Another server listens in our socket directory.
    case socketInUse(directory: String, tail: String)
    /// The data were written by another major version of PostgreSQL than the one installed.
    case otherMajorVersion(data: String, dataMajor: Int, binaries: String, binariesMajor: Int)
    /// A process of the cluster did not end, or did not get ready, in the time given.
    case timedOut(location: String, pids: [Int32], doing: String)
    /// An operating system call failed with this `errno`.
    case system(String, String, Int32)
}

extension PrivateServerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noBinaries(let searched):
            """
            no PostgreSQL server found in \(searched.joined(separator: ", ")). Install it: \
            apt-get install -y postgresql (or set PGBIN to the directory that holds initdb and postgres; or name a \
            running server with PGHOST)
            """
        case .noServerUser:
            """
            PostgreSQL does not run as root, and there is no user "postgres" to run it as. Create one: \
            useradd --system postgres (or run as an ordinary user)
            """
        case .foreignOwner(let path, let owner, let user):
            "\(path) belongs to \(owner), and you are \(user). Run as \(owner), or remove the directory"
        case .squatted(let path, let owner, let mode):
            """
            \(path) belongs to \(owner) with mode \(String(mode & 0o7777, radix: 8)): it should be a directory of the \
            server's user that nobody else may enter (mode 700). See what it is, and remove it
            """
        case .diskFull(let path, let free, let needed):
            """
            \(path): \(free / 1_048_576) MiB free, a database needs at least \(needed / 1_048_576) MiB. \
            Free some space, or put it elsewhere
            """
        case .initFailed(let location, let tail):
            "could not create a database in \(location). initdb said:\n\(tail)"
        case .startFailed(let location, let log, let tail):
            "the server in \(location) did not start. The end of \(log):\n\(tail)"
        case .socketInUse(let directory, let tail):
            "another server listens in \(directory): stop it first. PostgreSQL said:\n\(tail)"
        case .otherMajorVersion(let data, let dataMajor, let binaries, let binariesMajor):
            """
            \(data) was written by PostgreSQL \(dataMajor), and \(binaries) is PostgreSQL \(binariesMajor). Install the \
            older one next to it: apt-get install -y postgresql-\(dataMajor) (or upgrade the data with pg_upgrade)
            """
        case .timedOut(let location, let pids, let doing):
            """
            \(location): waited too long for process \(pids.map(String.init).joined(separator: ", ")) to \(doing). \
            See the log there; if the process is stuck, end it and try again
            """
        case .system(let action, let path, let code):
            "could not \(action) \(path): \(String(cString: strerror(code)))"
        }
    }
}
