/// A configuration file, checked: what it says of which setting, and where.
package struct ConfigurationFile: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let statement: Statement
        /// From 1.
        package let line: Int
    }

    package enum Statement: Hashable, Sendable {
        /// As it was written.
        case value(SettingValue)
        /// Where the secret is.
        case secret(SecretReference)
    }

    package let entries: [Setting: Entry]
}

/// Reads a configuration file from the YAML that a person wrote. Everything that is wrong is listed, each with its place.
package enum ConfigurationReader {
    /// `file` is only used in messages.
    package static func read(bytes: [UInt8], file: String) -> Result<ConfigurationFile, Diagnostics> {
        let reader = YAMLReader(file: file)
        return reader.result(reader.document(bytes).flatMap { configuration($0, reader) })
    }

    private static func configuration(_ root: YAMLNode, _ reader: YAMLReader) -> ConfigurationFile? {
        let rules = Setting.allCases.map { KeyRule.optional($0.rawValue, $0.meaning) }
        guard let fields = reader.fields(root, rules, expected: "a mapping of settings") else { return nil }
        var entries: [Setting: ConfigurationFile.Entry] = [:]
        for setting in Setting.allCases {
            guard let node = fields[setting.rawValue], let statement = statement(setting, node, reader) else {
                continue
            }
            entries[setting] = ConfigurationFile.Entry(statement: statement, line: node.position.line)
        }
        let carriers = fields.present(Setting.carriers.map(\.rawValue))
        if carriers.count > 1, let second = fields.entry(carriers[1]) {
            reader.add(.severalCarrierSettings(carriers), at: second)
        }
        return ConfigurationFile(entries: entries)
    }

    private static func statement(
        _ setting: Setting, _ node: YAMLNode, _ reader: YAMLReader
    ) -> ConfigurationFile.Statement? {
        if setting.isSecret {
            // A connection text may stand here as it is, so long as no password is in it.
            guard setting.kind == .connection, case .scalar(let text, _) = node.content else {
                return reader.secret(node).map { .secret($0) }
            }
            if Quoting.holdsPassword(text) { return reader.reject(.passwordInText, node) }
        }
        guard let text = reader.scalar(node, expected: setting.expected) else { return nil }
        guard let value = setting.value(of: text) else {
            return reader.reject(
                .settingValue(shown: setting.isShown ? text : nil, expected: setting.expected), node)
        }
        return .value(value)
    }
}
