import Foundation

/// The user that the server runs as. PostgreSQL refuses root, so root needs another one.
struct ServerUser: Sendable, Equatable {
    var uid: uid_t
    var gid: gid_t
    var name: String

    /// Whoever runs this process.
    static var ourselves: ServerUser { ServerUser(uid: geteuid(), gid: getegid(), name: name(of: geteuid())) }

    /// Whether commands must be switched to this user, and files given to it: only root does either.
    var isOther: Bool { geteuid() == 0 && uid != 0 }

    /// The user that has to run the server at a location.
    ///
    /// An ordinary user runs it itself. Root runs it as whoever owns the cluster, or the directory that it will be made
    /// in: so `sudo` in someone's checkout makes a cluster that they can still use without `sudo`. Where that is root,
    /// the server runs as `postgres`, a user that every Debian package of the server creates.
    static func running(in location: Location) throws(PrivateServerError) -> ServerUser {
        let me = geteuid()
        guard me == 0 else {
            for path in [location.data, location.directory] {
                if let owner = Files.status(path)?.st_uid, owner != me {
                    throw .foreignOwner(path: path, owner: name(of: owner), user: name(of: me))
                }
            }
            return ourselves
        }
        for path in [location.data, Location.nearestExisting(location.directory)] {
            // PostgreSQL also refuses a user without a name, as a container's checkout may have.
            if let status = Files.status(path), status.st_uid != 0, let entry = getpwuid(status.st_uid) {
                return ServerUser(uid: status.st_uid, gid: entry.pointee.pw_gid, name: name(of: status.st_uid))
            }
        }
        guard let entry = getpwnam("postgres") else { throw .noServerUser }
        return ServerUser(uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid, name: "postgres")
    }

    /// A command that runs as this user, from a directory that every user can read.
    func command(
        _ executable: String, _ arguments: [String], environment: [String: String] = Command.plain
    ) -> Command {
        var words = [executable] + arguments
        if isOther { words = ["setpriv", "--reuid=\(uid)", "--regid=\(gid)", "--clear-groups"] + words }
        var command = Command(words[0], Array(words.dropFirst()), environment: environment)
        command.directory = "/"
        return command
    }

    /// Whether this user can enter a directory, found out by trying.
    func canEnter(_ directory: String) -> Bool {
        guard isOther else { return access(directory, X_OK) == 0 }
        // `cd` must not print, and a directory named "-" must not mean the one before.
        let attempt = try? command("/bin/sh", ["-c", "cd \"$1\" >/dev/null 2>&1", "sh", directory]).run()
        return attempt?.succeeded ?? false
    }

    /// A user's name, or its number where it has none.
    static func name(of uid: uid_t) -> String {
        getpwuid(uid).flatMap { String(validatingCString: $0.pointee.pw_name) } ?? String(uid)
    }
}
