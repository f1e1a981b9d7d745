/// The object ids of the built-in types: fixed by PostgreSQL's `pg_type.dat` and the same on every server.
enum TypeOID {
    static let unspecified: UInt32 = 0
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let char: UInt32 = 18
    static let name: UInt32 = 19
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let oid: UInt32 = 26
    static let json: UInt32 = 114
    static let xml: UInt32 = 142
    static let float4: UInt32 = 700
    static let float8: UInt32 = 701
    static let unknown: UInt32 = 705
    static let boolArray: UInt32 = 1000
    static let int2Array: UInt32 = 1005
    static let int4Array: UInt32 = 1007
    static let textArray: UInt32 = 1009
    static let int8Array: UInt32 = 1016
    static let float8Array: UInt32 = 1022
    static let bpchar: UInt32 = 1042
    static let varchar: UInt32 = 1043
    static let date: UInt32 = 1082
    static let timestamptz: UInt32 = 1184
    static let dateArray: UInt32 = 1182
    static let timestamptzArray: UInt32 = 1185
    static let numericArray: UInt32 = 1231
    static let numeric: UInt32 = 1700
    static let uuid: UInt32 = 2950
    static let jsonb: UInt32 = 3802

    /// Types from here on were made by a user or an extension, and their ids differ between servers
    /// (`FirstNormalObjectId` of PostgreSQL's `transam.h`).
    static let firstUserDefined: UInt32 = 16384

    /// The name of a type for an error; types without one here are shown as `oid 1234`.
    static func name(of oid: UInt32) -> String { names[oid] ?? "oid \(oid)" }

    private static let names: [UInt32: String] = [
        bool: "bool", bytea: "bytea", char: "\"char\"", name: "name", int8: "int8", int2: "int2", int4: "int4",
        text: "text", oid: "oid", json: "json", xml: "xml", float4: "float4", float8: "float8", unknown: "unknown",
        boolArray: "bool[]", int2Array: "int2[]", int4Array: "int4[]", textArray: "text[]", int8Array: "int8[]",
        float8Array: "float8[]", bpchar: "bpchar", varchar: "varchar", date: "date", timestamptz: "timestamptz",
        dateArray: "date[]", timestamptzArray: "timestamptz[]", numericArray: "numeric[]", numeric: "numeric",
        uuid: "uuid", jsonb: "jsonb", 1083: "time", 1114: "timestamp", 1186: "interval", 2278: "void", 869: "inet",
        650: "cidr", 790: "money", 3904: "int4range", 3912: "daterange", 3910: "tstzrange",
    ]
}
