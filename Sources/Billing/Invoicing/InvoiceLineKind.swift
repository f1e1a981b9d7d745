extension InvoiceLine.Kind {
    /// The name of the kind in the database and in documents.
    package var label: String {
        switch self {
        case .flat: "flat"
        case .usage: "usage"
        case .correction: "correction"
        case .minimum: "minimum"
        case .discount: "discount"
        case .manual: "manual"
        }
    }

    package init?(label: String) {
        switch label {
        case "flat": self = .flat
        case "usage": self = .usage
        case "correction": self = .correction
        case "minimum": self = .minimum
        case "discount": self = .discount
        case "manual": self = .manual
        default: return nil
        }
    }
}
