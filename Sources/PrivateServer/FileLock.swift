import Foundation

/// An exclusive lock among processes, and among threads, that ends with its holder however that dies.
struct FileLock: Sendable {
    let descriptor: Int32

    /// Waits until nobody else holds the lock.
    init(_ path: String, owner user: ServerUser) throws(PrivateServerError) {
        while true {
            try Files.touch(path, owner: user)
            let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            if descriptor < 0 {
                // Removed by `destroy` since: make it again.
                if errno == ENOENT { continue }
                throw .system("open", path, errno)
            }
            while flock(descriptor, LOCK_EX) != 0 {
                guard errno == EINTR else {
                    let code = errno
                    close(descriptor)
                    throw .system("lock", path, code)
                }
            }
            // Whoever held it before may have removed the file: a lock on a file without a name excludes nobody.
            var mine = stat()
            if fstat(descriptor, &mine) == 0, let named = Files.status(path), named.st_ino == mine.st_ino {
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
    }

    func release() { close(descriptor) }
}
