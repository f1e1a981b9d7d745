import Glibc

/// Whether a host lies in the public Internet, by its addresses.
enum HostPlace {
    case isPrivate
    case isPublic
    /// It has no address.
    case unknown

    /// A name is asked for: of several addresses all have to be private ones.
    static func of(_ host: String) -> HostPlace {
        var wanted = addrinfo()
        wanted.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &wanted, &list) == 0, let first = list else { return .unknown }
        defer { freeaddrinfo(first) }
        var entry: UnsafeMutablePointer<addrinfo>? = first
        while let info = entry?.pointee {
            if !isPrivate(info) { return .isPublic }
            entry = info.ai_next
        }
        return .isPrivate
    }

    private static func isPrivate(_ info: addrinfo) -> Bool {
        guard let address = info.ai_addr else { return false }
        let raw = UnsafeRawPointer(address)
        switch info.ai_family {
        case AF_INET:
            let bits = UInt32(bigEndian: raw.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr)
            return isPrivate(bits)
        case AF_INET6:
            let bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) }
            return isPrivate(bytes)
        default:
            return false
        }
    }

    /// Loopback (RFC 1122), private (RFC 1918) and link-local (RFC 3927) addresses.
    private static func isPrivate(_ address: UInt32) -> Bool {
        let blocks: [(UInt32, Int)] = [
            (0x7F00_0000, 8), (0x0A00_0000, 8), (0xAC10_0000, 12), (0xC0A8_0000, 16), (0xA9FE_0000, 16),
        ]
        return blocks.contains { block, length in address >> (32 - UInt32(length)) == block >> (32 - UInt32(length)) }
    }

    /// Loopback (RFC 4291), unique local (RFC 4193) and link-local addresses, and the ones above in their IPv6 form.
    private static func isPrivate(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 16 else { return false }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        if isMapped { return isPrivate(bytes[12...].reduce(0) { $0 << 8 | UInt32($1) }) }
        if bytes[..<15].allSatisfy({ $0 == 0 }) { return bytes[15] == 1 }
        return bytes[0] & 0xFE == 0xFC || (bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80)
    }
}
