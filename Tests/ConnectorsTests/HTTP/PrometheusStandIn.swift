import Foundation
import TestSupport

/// A Prometheus for tests: it answers range queries from samples that it is given, as the real one does with a look-back of
/// nothing, and knows nothing of counting.
struct PrometheusStandIn: Sendable {
    struct Series: Sendable {
        var labels: [String: String]
        /// Values by second since 1970, as they are written.
        var samples: [Int64: String]
    }

    let server: ScriptedServer

    /// - Parameter addition: what stands behind the data of an answer, such as `, "warnings": ["late"]`.
    init(_ series: [Series], addition: String = "") throws {
        server = try ScriptedServer { request in
            let asked = request.parameters
            guard request.target.hasPrefix("/prometheus/api/v1/query_range?"),
                asked["query"] == "orders_total{job=\"a\"}",
                let start = asked["start"].flatMap({ Int64($0) }), let end = asked["end"].flatMap({ Int64($0) }),
                let step = asked["step"].flatMap({ Int64($0) }), (end - start) / step < 11_000
            else { return ScriptedServer.reply(#"{"status": "error", "errorType": "bad_data"}"#, status: "400 Bad") }
            let result = series.compactMap { series -> String? in
                let values = stride(from: start, through: end, by: Int64.Stride(step)).compactMap { at in
                    series.samples[at].map { "[\(at), \"\($0)\"]" }
                }
                guard !values.isEmpty else { return nil }
                let labels = series.labels.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \"\($0.value)\"" }
                return
                    "{\"metric\": {\(labels.joined(separator: ", "))}, \"values\": [\(values.joined(separator: ", "))]}"
            }
            return ScriptedServer.reply(
                """
                {"status": "success", "data": {"resultType": "matrix", "result": [\(result.joined(separator: ", "))]}\(addition)}
                """)
        }
    }

    var url: String { server.url + "/prometheus/" }
}
