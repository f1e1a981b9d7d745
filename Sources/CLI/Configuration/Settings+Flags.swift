import ArgumentParser
import Deployment

extension Settings {
    /// The flags that were given, as texts.
    static func flags(_ given: (Setting, (any CustomStringConvertible)?)...) -> Flags {
        var flags: Flags = [:]
        for (setting, value) in given { flags[setting] = value?.description }
        return flags
    }

    /// - Throws: `ValidationError` for a flag that its setting does not take.
    static func check(_ flags: Flags) throws {
        for setting in Setting.allCases {
            // The flag of that secret is the path of its file.
            guard setting != .noticeSecret, let text = flags[setting], let flag = setting.flag else { continue }
            guard setting.value(of: text) != nil else {
                throw ValidationError("\(flag) takes \(setting.expected).")
            }
        }
    }
}
