extension Migration {
    /// The schemas history, oldest first. A test holds this list against the folder.
    package static let all: [Migration] = [
        migration("20261121000001_run", PackageResources._0261121000001_run_sql),
        migration("20261121000002_catalog", PackageResources._0261121000002_catalog_sql),
        migration("20261121000003_customer", PackageResources._0261121000003_customer_sql),
        migration("20261121000004_reading", PackageResources._0261121000004_reading_sql),
        migration("20261121000005_invoice", PackageResources._0261121000005_invoice_sql),
        migration("20261121000006_notice", PackageResources._0261121000006_notice_sql),
        migration("20261121000007_decision", PackageResources._0261121000007_decision_sql),
        migration("20261121000008_request", PackageResources._0261121000008_request_sql),
        migration("20261121000009_finalize", PackageResources._0261121000009_finalize_sql),
        migration("20261121000010_tax", PackageResources._0261121000010_tax_sql),
        migration("20261121000011_replay", PackageResources._0261121000011_replay_sql),
        migration("20261121000012_roles", PackageResources._0261121000012_roles_sql),
        migration("20261121000013_credit", PackageResources._0261121000013_credit_sql),
        migration("20261121000014_manual_line", PackageResources._0261121000014_manual_line_sql),
        migration("20261121000015_invoice_revision", PackageResources._0261121000015_invoice_revision_sql),
        migration("20261121000016_reissue", PackageResources._0261121000016_reissue_sql),
        migration("20261121000017_decision_block", PackageResources._0261121000017_decision_block_sql),
        migration("20261121000018_pull_answer", PackageResources._0261121000018_pull_answer_sql),
        migration("20261121000019_source_day", PackageResources._0261121000019_source_day_sql),
        migration("20261121000020_change_keys", PackageResources._0261121000020_change_keys_sql),
        migration("20261121000021_gap_and_origin", PackageResources._0261121000021_gap_and_origin_sql),
        migration("20261121000022_backfill", PackageResources._0261121000022_backfill_sql),
        migration("20261121000023_total_pages", PackageResources._0261121000023_total_pages_sql),
    ]

    private static func migration(_ file: String, _ bytes: [UInt8]) -> Migration {
        Migration(file: file, text: String(decoding: bytes, as: UTF8.self))
    }
}
