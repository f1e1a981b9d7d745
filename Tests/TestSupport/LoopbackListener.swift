import Foundation

/// A listening socket on loopback, at a port that the system chose.
package struct LoopbackListener: Sendable {
    package let port: UInt16
    private let listener: Int32

    package init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard listener >= 0, isBound else { throw TestFailure("no port on loopback: \(errno)") }
        _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
    }

    /// Hands each connection over, one after the other on a thread of the listener's, until it is shut.
    ///
    /// - Parameter serve: closes the connection; false when whoever would serve is gone.
    package func serve(_ serve: @escaping @Sendable (Int32) -> Bool) {
        Thread.detachNewThread { [listener] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                guard serve(connection) else {
                    close(connection)
                    break
                }
            }
            close(listener)
        }
    }

    package func shut() { shutdown(listener, Int32(SHUT_RDWR)) }
}
