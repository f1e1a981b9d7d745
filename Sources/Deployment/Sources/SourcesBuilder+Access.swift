extension SourcesBuilder {
    /// How a server is spoken to; nil when something about it is wrong.
    ///
    /// - Parameter isPrivate: what `private` says; nil where that could not be read.
    func access(_ fields: Fields, isPrivate: Bool?) -> SourceDefinition.Access? {
        let auth: SourceDefinition.Auth?? = fields["auth"].map(auth)
        let authorities: String?? = fields["authorities"].map {
            reader.text($0, expected: "a PEM file", limit: SourcesFormat.longestPath)
        }
        let limits = fields["limits"].map(limits) ?? SourceDefinition.Limits()
        guard let isPrivate, let limits else { return nil }
        if case .some(nil) = auth { return nil }
        if case .some(nil) = authorities { return nil }
        if isPrivate == false, let entry = fields.entry("authorities") {
            reader.add(.keyOfOtherKind("authorities", belongsTo: "'private: yes'"), at: entry)
            return nil
        }
        return SourceDefinition.Access(
            auth: auth ?? nil, isPrivate: isPrivate, authorities: authorities ?? nil, limits: limits)
    }

    func isPrivate(_ fields: Fields) -> Bool? { fields["private"].map { reader.flag($0) } ?? false }

    /// An address of a scheme that the host may have. Never shown: a token may stand in it.
    func address(_ node: YAMLNode, isPrivate: Bool?) -> String? {
        let expected = "an address such as https://api.example.com/usage"
        guard let text = reader.text(node, expected: expected, limit: SourcesFormat.longestAddress) else { return nil }
        if let flaw = AddressFlaw(in: text, isPrivate: isPrivate ?? true) {
            return reader.reject(.sourceAddress(flaw), node)
        }
        return text
    }

    private func auth(_ node: YAMLNode) -> SourceDefinition.Auth? {
        guard let fields = reader.fields(node, SourcesFormat.auth, expected: "a mapping with one kind of secret") else {
            return nil
        }
        let kinds = fields.present(SourcesFormat.auth.map(\.key))
        guard let kind = kinds.first, kinds.count == 1, let node = fields[kind] else {
            return reader.reject(.authKind(found: kinds), node)
        }
        switch kind {
        case "bearer": return reader.secret(node).map { .bearer($0) }
        case "basic":
            let expected = "a mapping with 'user' and 'password'"
            guard let basic = reader.fields(node, SourcesFormat.basic, expected: expected) else { return nil }
            let user = basic["user"].flatMap { reader.text($0, expected: "the user's name") }
            let password = basic["password"].flatMap { reader.secret($0) }
            guard let user, let password, let node = basic["user"] else { return nil }
            // RFC 7617 section 2: the first colon ends the name.
            return user.contains(":") ? reader.reject(.userWithColon, node) : .basic(user: user, password: password)
        default:
            let expected = "a mapping with 'name' and 'value'"
            guard let header = reader.fields(node, SourcesFormat.header, expected: expected) else { return nil }
            let name = header["name"].flatMap(headerName)
            let value = header["value"].flatMap { reader.secret($0) }
            guard let name, let value else { return nil }
            return .header(name: name, value: value)
        }
    }

    /// A token of RFC 9110 section 5.6.2, and none of the headers that the program writes itself.
    private func headerName(_ node: YAMLNode) -> String? {
        guard let text = reader.text(node, expected: "a header's name such as X-Api-Key") else { return nil }
        let ours = [
            "host", "accept", "accept-encoding", "user-agent", "connection", "content-length", "transfer-encoding",
        ]
        let isToken = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
        return isToken && !ours.contains(text.lowercased()) ? text : reader.reject(.headerName(text), node)
    }

    private func limits(_ node: YAMLNode) -> SourceDefinition.Limits? {
        guard let fields = reader.fields(node, SourcesFormat.limits, expected: "a mapping of limits") else {
            return nil
        }
        var isSound = true
        func limit(_ key: String) -> Int64? {
            guard let node = fields[key] else { return nil }
            guard let number = reader.wholeNumber(node, least: 1) else {
                isSound = false
                return nil
            }
            let most = SourcesFormat.largest[key] ?? .max
            if number > most {
                reader.add(.numberTooLarge("\(number)", limit: most), at: node)
                isSound = false
            }
            return number
        }
        var limits = SourceDefinition.Limits()
        limits.tries = limit("tries")
        limits.seconds = limit("seconds")
        limits.requestSeconds = limit("request_seconds")
        limits.connectSeconds = limit("connect_seconds")
        limits.pauseSeconds = limit("pause_seconds")
        limits.megabytes = limit("megabytes")
        limits.records = limit("records")
        limits.pages = limit("pages")
        limits.perSecond = limit("per_second")
        return isSound ? limits : nil
    }
}
