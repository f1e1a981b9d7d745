import Glibc

/// The unread bytes of what is read piece by piece. Where nothing is free behind them they are moved to the front, or the
/// buffer is doubled: so looking again from their start costs at most twice the bytes.
package struct ReadBuffer: ~Copyable {
    private var memory: UnsafeMutableBufferPointer<UInt8>
    private var start = 0
    private var end = 0

    /// - Parameter bytes: how many to begin with.
    package init(bytes: Int) {
        memory = .allocate(capacity: max(1, bytes))
    }

    deinit { memory.deallocate() }

    /// Valid until the next call of `fill`.
    package var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: memory[start..<end]) }

    package var count: Int { end - start }

    /// Takes the first bytes as read.
    package mutating func consume(_ count: Int) {
        start += count
    }

    /// Reads some more behind `bytes`, whose addresses change.
    ///
    /// - Parameter read: fills some of what is free, and tells how many bytes; none is the end.
    /// - Returns: what it told.
    package mutating func fill<Failure: Error>(
        _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        makeRoom()
        let room = UnsafeMutableBufferPointer(rebasing: memory[end...])
        let count = try read(UnsafeMutableRawBufferPointer(room))
        end += count
        return count
    }

    private mutating func makeRoom() {
        guard end == memory.count, let base = memory.baseAddress else { return }
        if start > 0 {
            memmove(base, base + start, end - start)
        } else {
            let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: memory.count * 2)
            if let target = larger.baseAddress { memcpy(target, base, end) }
            memory.deallocate()
            memory = larger
        }
        end -= start
        start = 0
    }
}
