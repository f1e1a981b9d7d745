// Every file of the numbered stages by name, in the order of the pipeline.

extension Statement {
    // 0-run
    package static let abandonRuns = Statement("abandon_runs", PackageResources.abandon_runs_sql)
    package static let actAsOwner = Statement("act_as_owner", PackageResources.act_as_owner_sql)
    package static let awaitBatches = Statement("await_batches", PackageResources.await_batches_sql)
    package static let beginRun = Statement("begin_run", PackageResources.begin_run_sql)
    package static let beginStep = Statement("begin_step", PackageResources.begin_step_sql)
    package static let createDatabase = Statement("create_database", PackageResources.create_database_sql)
    package static let createMigrationTable = Statement(
        "create_migration_table", PackageResources.create_migration_table_sql)
    package static let digestTexts = Statement("digest_texts", PackageResources.digest_texts_sql)
    package static let endRun = Statement("end_run", PackageResources.end_run_sql)
    package static let endStep = Statement("end_step", PackageResources.end_step_sql)
    package static let ensureMonths = Statement("ensure_months", PackageResources.ensure_months_sql)
    package static let findDatabase = Statement("find_database", PackageResources.find_database_sql)
    package static let findMigrationTable = Statement("find_migration_table", PackageResources.find_migration_table_sql)
    package static let listMigrations = Statement("list_migrations", PackageResources.list_migrations_sql)
    package static let listRoles = Statement("list_roles", PackageResources.list_roles_sql)
    package static let lockBatch = Statement("lock_batch", PackageResources.lock_batch_sql)
    package static let lockMigration = Statement("lock_migration", PackageResources.lock_migration_sql)
    package static let lockReadings = Statement("lock_readings", PackageResources.lock_readings_sql)
    package static let lockRun = Statement("lock_run", PackageResources.lock_run_sql)
    package static let noteLostSession = Statement("note_lost_session", PackageResources.note_lost_session_sql)
    package static let readClaim = Statement("read_claim", PackageResources.read_claim_sql)
    package static let readLocalDates = Statement("read_local_dates", PackageResources.read_local_dates_sql)
    package static let recordMigration = Statement("record_migration", PackageResources.record_migration_sql)
    package static let resumeRun = Statement("resume_run", PackageResources.resume_run_sql)
    package static let unlockMigration = Statement("unlock_migration", PackageResources.unlock_migration_sql)

    // 1-land
    package static let abandonLostPulls = Statement("abandon_lost_pulls", PackageResources.abandon_lost_pulls_sql)
    package static let addPullCounts = Statement("add_pull_counts", PackageResources.add_pull_counts_sql)
    package static let analyzeLandedAccount = Statement(
        "analyze_landed_account", PackageResources.analyze_landed_account_sql)
    package static let analyzeLandedCount = Statement("analyze_landed_count", PackageResources.analyze_landed_count_sql)
    package static let analyzeLandedCustomer = Statement(
        "analyze_landed_customer", PackageResources.analyze_landed_customer_sql)
    package static let analyzeLandedInterval = Statement(
        "analyze_landed_interval", PackageResources.analyze_landed_interval_sql)
    package static let analyzeLandedMembership = Statement(
        "analyze_landed_membership", PackageResources.analyze_landed_membership_sql)
    package static let analyzeLandedReading = Statement(
        "analyze_landed_reading", PackageResources.analyze_landed_reading_sql)
    package static let analyzeLandedSubscription = Statement(
        "analyze_landed_subscription", PackageResources.analyze_landed_subscription_sql)
    package static let applyAccounts = Statement("apply_accounts", PackageResources.apply_accounts_sql)
    package static let applyCustomers = Statement("apply_customers", PackageResources.apply_customers_sql)
    package static let applySubscriptions = Statement("apply_subscriptions", PackageResources.apply_subscriptions_sql)
    package static let beginBackfill = Statement("begin_backfill", PackageResources.begin_backfill_sql)
    package static let beginPull = Statement("begin_pull", PackageResources.begin_pull_sql)
    package static let carryLevels = Statement("carry_levels", PackageResources.carry_levels_sql)
    package static let clearLandedAccount = Statement("clear_landed_account", PackageResources.clear_landed_account_sql)
    package static let clearLandedCount = Statement("clear_landed_count", PackageResources.clear_landed_count_sql)
    package static let clearLandedCustomer = Statement(
        "clear_landed_customer", PackageResources.clear_landed_customer_sql)
    package static let clearLandedDetail = Statement("clear_landed_detail", PackageResources.clear_landed_detail_sql)
    package static let clearLandedInterval = Statement(
        "clear_landed_interval", PackageResources.clear_landed_interval_sql)
    package static let clearLandedMembership = Statement(
        "clear_landed_membership", PackageResources.clear_landed_membership_sql)
    package static let clearLandedReading = Statement("clear_landed_reading", PackageResources.clear_landed_reading_sql)
    package static let clearLandedRejection = Statement(
        "clear_landed_rejection", PackageResources.clear_landed_rejection_sql)
    package static let clearLandedSubscription = Statement(
        "clear_landed_subscription", PackageResources.clear_landed_subscription_sql)
    package static let copyLandedAccount = Statement("copy_landed_account", PackageResources.copy_landed_account_sql)
    package static let copyLandedCount = Statement("copy_landed_count", PackageResources.copy_landed_count_sql)
    package static let copyLandedCustomer = Statement("copy_landed_customer", PackageResources.copy_landed_customer_sql)
    package static let copyLandedDetail = Statement("copy_landed_detail", PackageResources.copy_landed_detail_sql)
    package static let copyLandedInterval = Statement("copy_landed_interval", PackageResources.copy_landed_interval_sql)
    package static let copyLandedMembership = Statement(
        "copy_landed_membership", PackageResources.copy_landed_membership_sql)
    package static let copyLandedReading = Statement("copy_landed_reading", PackageResources.copy_landed_reading_sql)
    package static let copyLandedRejection = Statement(
        "copy_landed_rejection", PackageResources.copy_landed_rejection_sql)
    package static let copyLandedSubscription = Statement(
        "copy_landed_subscription", PackageResources.copy_landed_subscription_sql)
    package static let countLostTries = Statement("count_lost_tries", PackageResources.count_lost_tries_sql)
    package static let countRepeatedAccounts = Statement(
        "count_repeated_accounts", PackageResources.count_repeated_accounts_sql)
    package static let countRepeatedCustomers = Statement(
        "count_repeated_customers", PackageResources.count_repeated_customers_sql)
    package static let countRepeatedIntervals = Statement(
        "count_repeated_intervals", PackageResources.count_repeated_intervals_sql)
    package static let countRepeatedMemberships = Statement(
        "count_repeated_memberships", PackageResources.count_repeated_memberships_sql)
    package static let countRepeatedSubscriptions = Statement(
        "count_repeated_subscriptions", PackageResources.count_repeated_subscriptions_sql)
    package static let countSubscriptionsByPlan = Statement(
        "count_subscriptions_by_plan", PackageResources.count_subscriptions_by_plan_sql)
    package static let createLandedAccount = Statement(
        "create_landed_account", PackageResources.create_landed_account_sql)
    package static let createLandedCount = Statement("create_landed_count", PackageResources.create_landed_count_sql)
    package static let createLandedCustomer = Statement(
        "create_landed_customer", PackageResources.create_landed_customer_sql)
    package static let createLandedInterval = Statement(
        "create_landed_interval", PackageResources.create_landed_interval_sql)
    package static let createLandedMembership = Statement(
        "create_landed_membership", PackageResources.create_landed_membership_sql)
    package static let createLandedReading = Statement(
        "create_landed_reading", PackageResources.create_landed_reading_sql)
    package static let createLandedRejection = Statement(
        "create_landed_rejection", PackageResources.create_landed_rejection_sql)
    package static let createLandedSubscription = Statement(
        "create_landed_subscription", PackageResources.create_landed_subscription_sql)
    package static let dropKnownRejections = Statement(
        "drop_known_rejections", PackageResources.drop_known_rejections_sql)
    package static let endBackfills = Statement("end_backfills", PackageResources.end_backfills_sql)
    package static let endPull = Statement("end_pull", PackageResources.end_pull_sql)
    package static let eraseBillingDetails = Statement(
        "erase_billing_details", PackageResources.erase_billing_details_sql)
    package static let eraseCustomerName = Statement("erase_customer_name", PackageResources.erase_customer_name_sql)
    package static let fillMonthReadings = Statement("fill_month_readings", PackageResources.fill_month_readings_sql)
    package static let findBackfill = Statement("find_backfill", PackageResources.find_backfill_sql)
    package static let findCatalog = Statement("find_catalog", PackageResources.find_catalog_sql)
    package static let findMeterUse = Statement("find_meter_use", PackageResources.find_meter_use_sql)
    package static let forgetCustomerEmail = Statement(
        "forget_customer_email", PackageResources.forget_customer_email_sql)
    package static let insertBillingDetail = Statement(
        "insert_billing_detail", PackageResources.insert_billing_detail_sql)
    package static let insertCatalog = Statement("insert_catalog", PackageResources.insert_catalog_sql)
    package static let insertCuts = Statement("insert_cuts", PackageResources.insert_cuts_sql)
    package static let insertMemberships = Statement("insert_memberships", PackageResources.insert_memberships_sql)
    package static let insertMeters = Statement("insert_meters", PackageResources.insert_meters_sql)
    package static let insertPlans = Statement("insert_plans", PackageResources.insert_plans_sql)
    package static let insertPrice = Statement("insert_price", PackageResources.insert_price_sql)
    package static let insertRejectedRows = Statement("insert_rejected_rows", PackageResources.insert_rejected_rows_sql)
    package static let judgeAccountRepeats = Statement(
        "judge_account_repeats", PackageResources.judge_account_repeats_sql)
    package static let judgeCountRepeats = Statement("judge_count_repeats", PackageResources.judge_count_repeats_sql)
    package static let judgeCountTotals = Statement("judge_count_totals", PackageResources.judge_count_totals_sql)
    package static let judgeCustomerRepeats = Statement(
        "judge_customer_repeats", PackageResources.judge_customer_repeats_sql)
    package static let judgeIntervalRepeats = Statement(
        "judge_interval_repeats", PackageResources.judge_interval_repeats_sql)
    package static let judgeIntervalRetention = Statement(
        "judge_interval_retention", PackageResources.judge_interval_retention_sql)
    package static let judgeMembershipRepeats = Statement(
        "judge_membership_repeats", PackageResources.judge_membership_repeats_sql)
    package static let judgeMemberships = Statement("judge_memberships", PackageResources.judge_memberships_sql)
    package static let judgeReadingRepeats = Statement(
        "judge_reading_repeats", PackageResources.judge_reading_repeats_sql)
    package static let judgeReadingRetention = Statement(
        "judge_reading_retention", PackageResources.judge_reading_retention_sql)
    package static let judgeSubscriptionCustomers = Statement(
        "judge_subscription_customers", PackageResources.judge_subscription_customers_sql)
    package static let judgeSubscriptionRepeats = Statement(
        "judge_subscription_repeats", PackageResources.judge_subscription_repeats_sql)
    package static let judgeSubscriptions = Statement("judge_subscriptions", PackageResources.judge_subscriptions_sql)
    package static let keepLanded = Statement("keep_landed", PackageResources.keep_landed_sql)
    package static let listCatalogs = Statement("list_catalogs", PackageResources.list_catalogs_sql)
    package static let listChangedDetails = Statement("list_changed_details", PackageResources.list_changed_details_sql)
    package static let listCuts = Statement("list_cuts", PackageResources.list_cuts_sql)
    package static let listDoneChunks = Statement("list_done_chunks", PackageResources.list_done_chunks_sql)
    package static let listKnownSubscriptions = Statement(
        "list_known_subscriptions", PackageResources.list_known_subscriptions_sql)
    package static let listLevelMeters = Statement("list_level_meters", PackageResources.list_level_meters_sql)
    package static let listMeters = Statement("list_meters", PackageResources.list_meters_sql)
    package static let listOpenPeriods = Statement("list_open_periods", PackageResources.list_open_periods_sql)
    package static let listPlans = Statement("list_plans", PackageResources.list_plans_sql)
    package static let listPrices = Statement("list_prices", PackageResources.list_prices_sql)
    package static let listRejectedAccounts = Statement(
        "list_rejected_accounts", PackageResources.list_rejected_accounts_sql)
    package static let listRejectedCustomers = Statement(
        "list_rejected_customers", PackageResources.list_rejected_customers_sql)
    package static let listRejectedIntervals = Statement(
        "list_rejected_intervals", PackageResources.list_rejected_intervals_sql)
    package static let listRejectedMemberships = Statement(
        "list_rejected_memberships", PackageResources.list_rejected_memberships_sql)
    package static let listRejectedSubscriptions = Statement(
        "list_rejected_subscriptions", PackageResources.list_rejected_subscriptions_sql)
    package static let listRunningMeters = Statement("list_running_meters", PackageResources.list_running_meters_sql)
    package static let listSaidChanges = Statement("list_said_changes", PackageResources.list_said_changes_sql)
    package static let listTimeZones = Statement("list_time_zones", PackageResources.list_time_zones_sql)
    package static let moveCountsFrom = Statement("move_counts_from", PackageResources.move_counts_from_sql)
    package static let noteAnswer = Statement("note_answer", PackageResources.note_answer_sql)
    package static let noteBackfillPull = Statement("note_backfill_pull", PackageResources.note_backfill_pull_sql)
    package static let planByValues = Statement("plan_by_values", PackageResources.plan_by_values_sql)
    package static let readCurrentCatalog = Statement("read_current_catalog", PackageResources.read_current_catalog_sql)
    package static let readLastAnswer = Statement("read_last_answer", PackageResources.read_last_answer_sql)
    package static let readLastWindow = Statement("read_last_window", PackageResources.read_last_window_sql)
    package static let refuseLandedSubscription = Statement(
        "refuse_landed_subscription", PackageResources.refuse_landed_subscription_sql)
    package static let resetMeterProgress = Statement("reset_meter_progress", PackageResources.reset_meter_progress_sql)
    package static let resolveIntervals = Statement("resolve_intervals", PackageResources.resolve_intervals_sql)
    package static let resolveMemberships = Statement("resolve_memberships", PackageResources.resolve_memberships_sql)
    package static let sampleLittle = Statement("sample_little", PackageResources.sample_little_sql)
    package static let setCurrentCatalog = Statement("set_current_catalog", PackageResources.set_current_catalog_sql)
    package static let setCustomerEmail = Statement("set_customer_email", PackageResources.set_customer_email_sql)
    package static let setExpectation = Statement("set_expectation", PackageResources.set_expectation_sql)
    package static let setRunningMeter = Statement("set_running_meter", PackageResources.set_running_meter_sql)
    package static let updateMemberships = Statement("update_memberships", PackageResources.update_memberships_sql)

    // 2-meter
    package static let applyChanges = Statement("apply_changes", PackageResources.apply_changes_sql)
    package static let applyIntervals = Statement("apply_intervals", PackageResources.apply_intervals_sql)
    package static let applyReadings = Statement("apply_readings", PackageResources.apply_readings_sql)
    package static let applyWindowTotals = Statement("apply_window_totals", PackageResources.apply_window_totals_sql)
    package static let clearLandedChange = Statement("clear_landed_change", PackageResources.clear_landed_change_sql)
    package static let clearLandedSlice = Statement("clear_landed_slice", PackageResources.clear_landed_slice_sql)
    package static let clearLandedTotal = Statement("clear_landed_total", PackageResources.clear_landed_total_sql)
    package static let copyLandedChange = Statement("copy_landed_change", PackageResources.copy_landed_change_sql)
    package static let copyLandedSlice = Statement("copy_landed_slice", PackageResources.copy_landed_slice_sql)
    package static let copyLandedTotal = Statement("copy_landed_total", PackageResources.copy_landed_total_sql)
    package static let copyReading = Statement("copy_reading", PackageResources.copy_reading_sql)
    package static let countLandedDays = Statement("count_landed_days", PackageResources.count_landed_days_sql)
    package static let countRepeatedCounts = Statement(
        "count_repeated_counts", PackageResources.count_repeated_counts_sql)
    package static let countRepeatedReadings = Statement(
        "count_repeated_readings", PackageResources.count_repeated_readings_sql)
    package static let countUnmetered = Statement("count_unmetered", PackageResources.count_unmetered_sql)
    package static let createLandedSlice = Statement("create_landed_slice", PackageResources.create_landed_slice_sql)
    package static let createLandedTotal = Statement("create_landed_total", PackageResources.create_landed_total_sql)
    package static let divideTotals = Statement("divide_totals", PackageResources.divide_totals_sql)
    package static let findFirstLevel = Statement("find_first_level", PackageResources.find_first_level_sql)
    package static let insertLateTotals = Statement("insert_late_totals", PackageResources.insert_late_totals_sql)
    package static let insertSubscriptionCut = Statement(
        "insert_subscription_cut", PackageResources.insert_subscription_cut_sql)
    package static let listChannels = Statement("list_channels", PackageResources.list_channels_sql)
    package static let listDividedSubscriptions = Statement(
        "list_divided_subscriptions", PackageResources.list_divided_subscriptions_sql)
    package static let listHolders = Statement("list_holders", PackageResources.list_holders_sql)
    package static let listMembers = Statement("list_members", PackageResources.list_members_sql)
    package static let listRefusedReadings = Statement(
        "list_refused_readings", PackageResources.list_refused_readings_sql)
    package static let listRejectedCounts = Statement("list_rejected_counts", PackageResources.list_rejected_counts_sql)
    package static let listSlicesOver = Statement("list_slices_over", PackageResources.list_slices_over_sql)
    package static let listSubscriptionCuts = Statement(
        "list_subscription_cuts", PackageResources.list_subscription_cuts_sql)
    package static let listUnmetered = Statement("list_unmetered", PackageResources.list_unmetered_sql)
    package static let listZones = Statement("list_zones", PackageResources.list_zones_sql)
    package static let moveMeterProgress = Statement("move_meter_progress", PackageResources.move_meter_progress_sql)
    package static let noteSourceDays = Statement("note_source_days", PackageResources.note_source_days_sql)
    package static let readCarriedLevels = Statement("read_carried_levels", PackageResources.read_carried_levels_sql)
    package static let readInstants = Statement("read_instants", PackageResources.read_instants_sql)
    package static let readKnownReadings = Statement("read_known_readings", PackageResources.read_known_readings_sql)
    package static let readMidnights = Statement("read_midnights", PackageResources.read_midnights_sql)
    package static let readWindowIntervals = Statement(
        "read_window_intervals", PackageResources.read_window_intervals_sql)
    package static let readWindowReadings = Statement("read_window_readings", PackageResources.read_window_readings_sql)
    package static let registerChannels = Statement("register_channels", PackageResources.register_channels_sql)
    package static let registerIntervalChannels = Statement(
        "register_interval_channels", PackageResources.register_interval_channels_sql)
    package static let resetSubscriptionProgress = Statement(
        "reset_subscription_progress", PackageResources.reset_subscription_progress_sql)
    package static let resolveAccounts = Statement("resolve_accounts", PackageResources.resolve_accounts_sql)
    package static let restateReadings = Statement("restate_readings", PackageResources.restate_readings_sql)
    package static let totalCounts = Statement("total_counts", PackageResources.total_counts_sql)

    // 3-close
    package static let advanceOpenPeriods = Statement("advance_open_periods", PackageResources.advance_open_periods_sql)
    package static let allowNestedLoops = Statement("allow_nested_loops", PackageResources.allow_nested_loops_sql)
    package static let applyPlanChanges = Statement("apply_plan_changes", PackageResources.apply_plan_changes_sql)
    package static let boundBatch = Statement("bound_batch", PackageResources.bound_batch_sql)
    package static let copyBillingPeriod = Statement("copy_billing_period", PackageResources.copy_billing_period_sql)
    package static let copyInvoice = Statement("copy_invoice", PackageResources.copy_invoice_sql)
    package static let copyInvoiceGap = Statement("copy_invoice_gap", PackageResources.copy_invoice_gap_sql)
    package static let copyInvoiceLine = Statement("copy_invoice_line", PackageResources.copy_invoice_line_sql)
    package static let copyManualInvoiceLine = Statement(
        "copy_manual_invoice_line", PackageResources.copy_manual_invoice_line_sql)
    package static let countDue = Statement("count_due", PackageResources.count_due_sql)
    package static let countHolds = Statement("count_holds", PackageResources.count_holds_sql)
    package static let endOpenPeriods = Statement("end_open_periods", PackageResources.end_open_periods_sql)
    package static let findPendingLines = Statement("find_pending_lines", PackageResources.find_pending_lines_sql)
    package static let giveUpPlanChanges = Statement("give_up_plan_changes", PackageResources.give_up_plan_changes_sql)
    package static let insertHold = Statement("insert_hold", PackageResources.insert_hold_sql)
    package static let insertManualLine = Statement("insert_manual_line", PackageResources.insert_manual_line_sql)
    package static let listDueMembers = Statement("list_due_members", PackageResources.list_due_members_sql)
    package static let listEndedLate = Statement("list_ended_late", PackageResources.list_ended_late_sql)
    package static let listFedSubscriptions = Statement(
        "list_fed_subscriptions", PackageResources.list_fed_subscriptions_sql)
    package static let listPlanChanges = Statement("list_plan_changes", PackageResources.list_plan_changes_sql)
    package static let passChangesAtOnce = Statement("pass_changes_at_once", PackageResources.pass_changes_at_once_sql)
    package static let preferMergeJoins = Statement("prefer_merge_joins", PackageResources.prefer_merge_joins_sql)
    package static let readBilled = Statement("read_billed", PackageResources.read_billed_sql)
    package static let readClosedPeriods = Statement("read_closed_periods", PackageResources.read_closed_periods_sql)
    package static let readCurrentDetails = Statement("read_current_details", PackageResources.read_current_details_sql)
    package static let readDue = Statement("read_due", PackageResources.read_due_sql)
    package static let readPendingLines = Statement("read_pending_lines", PackageResources.read_pending_lines_sql)
    package static let readTotals = Statement("read_totals", PackageResources.read_totals_sql)
    package static let readWatermark = Statement("read_watermark", PackageResources.read_watermark_sql)
    package static let releaseHolds = Statement("release_holds", PackageResources.release_holds_sql)
    package static let reopenPeriods = Statement("reopen_periods", PackageResources.reopen_periods_sql)
    package static let settleLateUsage = Statement("settle_late_usage", PackageResources.settle_late_usage_sql)
    package static let withdrawManualLine = Statement("withdraw_manual_line", PackageResources.withdraw_manual_line_sql)

    // 4-finalize
    package static let advanceRevisions = Statement("advance_revisions", PackageResources.advance_revisions_sql)
    package static let advanceSeries = Statement("advance_series", PackageResources.advance_series_sql)
    package static let boundDrafts = Statement("bound_drafts", PackageResources.bound_drafts_sql)
    package static let copyFinalizedInvoice = Statement(
        "copy_finalized_invoice", PackageResources.copy_finalized_invoice_sql)
    package static let copyInvoiceTax = Statement("copy_invoice_tax", PackageResources.copy_invoice_tax_sql)
    package static let findInvoice = Statement("find_invoice", PackageResources.find_invoice_sql)
    package static let insertCreditEntries = Statement(
        "insert_credit_entries", PackageResources.insert_credit_entries_sql)
    package static let insertCreditNote = Statement("insert_credit_note", PackageResources.insert_credit_note_sql)
    package static let insertCreditNoteLines = Statement(
        "insert_credit_note_lines", PackageResources.insert_credit_note_lines_sql)
    package static let insertCreditNoteTaxes = Statement(
        "insert_credit_note_taxes", PackageResources.insert_credit_note_taxes_sql)
    package static let insertInvoiceHolds = Statement("insert_invoice_holds", PackageResources.insert_invoice_holds_sql)
    package static let insertInvoiceRevision = Statement(
        "insert_invoice_revision", PackageResources.insert_invoice_revision_sql)
    package static let insertReissue = Statement("insert_reissue", PackageResources.insert_reissue_sql)
    package static let listDraftDays = Statement("list_draft_days", PackageResources.list_draft_days_sql)
    package static let listDraftMonths = Statement("list_draft_months", PackageResources.list_draft_months_sql)
    package static let listInvoiceRates = Statement("list_invoice_rates", PackageResources.list_invoice_rates_sql)
    package static let listLastPulls = Statement("list_last_pulls", PackageResources.list_last_pulls_sql)
    package static let listPeriodUsage = Statement("list_period_usage", PackageResources.list_period_usage_sql)
    package static let listReasons = Statement("list_reasons", PackageResources.list_reasons_sql)
    package static let listRevisions = Statement("list_revisions", PackageResources.list_revisions_sql)
    package static let listSeries = Statement("list_series", PackageResources.list_series_sql)
    package static let listStaleUsage = Statement("list_stale_usage", PackageResources.list_stale_usage_sql)
    package static let listTaxedLines = Statement("list_taxed_lines", PackageResources.list_taxed_lines_sql)
    package static let lockNumbers = Statement("lock_numbers", PackageResources.lock_numbers_sql)
    package static let lockSeries = Statement("lock_series", PackageResources.lock_series_sql)
    package static let noteDraftMonths = Statement("note_draft_months", PackageResources.note_draft_months_sql)
    package static let readChain = Statement("read_chain", PackageResources.read_chain_sql)
    package static let readCreditBalances = Statement("read_credit_balances", PackageResources.read_credit_balances_sql)
    package static let readCreditChain = Statement("read_credit_chain", PackageResources.read_credit_chain_sql)
    package static let readCreditable = Statement("read_creditable", PackageResources.read_creditable_sql)
    package static let readDrafts = Statement("read_drafts", PackageResources.read_drafts_sql)
    package static let readIssued = Statement("read_issued", PackageResources.read_issued_sql)
    package static let readLastIssue = Statement("read_last_issue", PackageResources.read_last_issue_sql)
    package static let readRevised = Statement("read_revised", PackageResources.read_revised_sql)
    package static let readStanding = Statement("read_standing", PackageResources.read_standing_sql)
    package static let recordPayment = Statement("record_payment", PackageResources.record_payment_sql)
    package static let releaseGap = Statement("release_gap", PackageResources.release_gap_sql)
    package static let releaseTaxHolds = Statement("release_tax_holds", PackageResources.release_tax_holds_sql)
    package static let settleInvoiceHold = Statement("settle_invoice_hold", PackageResources.settle_invoice_hold_sql)
    package static let strikeDraftMonth = Statement("strike_draft_month", PackageResources.strike_draft_month_sql)
    package static let voidInvoice = Statement("void_invoice", PackageResources.void_invoice_sql)

    // 5-decide
    package static let announceChanges = Statement("announce_changes", PackageResources.announce_changes_sql)
    package static let applyChangeAtOnce = Statement("apply_change_at_once", PackageResources.apply_change_at_once_sql)
    package static let beginOnPlan = Statement("begin_on_plan", PackageResources.begin_on_plan_sql)
    package static let boundDecisions = Statement("bound_decisions", PackageResources.bound_decisions_sql)
    package static let clearReview = Statement("clear_review", PackageResources.clear_review_sql)
    package static let copyPlanDecision = Statement("copy_plan_decision", PackageResources.copy_plan_decision_sql)
    package static let countSubject = Statement("count_subject", PackageResources.count_subject_sql)
    package static let countUndecided = Statement("count_undecided", PackageResources.count_undecided_sql)
    package static let findChargingCatalog = Statement(
        "find_charging_catalog", PackageResources.find_charging_catalog_sql)
    package static let findFirstReading = Statement("find_first_reading", PackageResources.find_first_reading_sql)
    package static let findMonthDecision = Statement("find_month_decision", PackageResources.find_month_decision_sql)
    package static let insertChangeInvoice = Statement(
        "insert_change_invoice", PackageResources.insert_change_invoice_sql)
    package static let insertExcess = Statement("insert_excess", PackageResources.insert_excess_sql)
    package static let insertPauses = Statement("insert_pauses", PackageResources.insert_pauses_sql)
    package static let insertPlanChange = Statement("insert_plan_change", PackageResources.insert_plan_change_sql)
    package static let joinFreely = Statement("join_freely", PackageResources.join_freely_sql)
    package static let joinSideBySide = Statement("join_side_by_side", PackageResources.join_side_by_side_sql)
    package static let keepQuietDecisions = Statement("keep_quiet_decisions", PackageResources.keep_quiet_decisions_sql)
    package static let listChangesAtOnce = Statement("list_changes_at_once", PackageResources.list_changes_at_once_sql)
    package static let listChangesToCome = Statement("list_changes_to_come", PackageResources.list_changes_to_come_sql)
    package static let listChangesToReview = Statement(
        "list_changes_to_review", PackageResources.list_changes_to_review_sql)
    package static let listPendingChanges = Statement("list_pending_changes", PackageResources.list_pending_changes_sql)
    package static let lookUpUndecided = Statement("look_up_undecided", PackageResources.look_up_undecided_sql)
    package static let readUndecided = Statement("read_undecided", PackageResources.read_undecided_sql)
    package static let setEnds = Statement("set_ends", PackageResources.set_ends_sql)
    package static let settleChanges = Statement("settle_changes", PackageResources.settle_changes_sql)

    // 6-notice
    package static let analyzeLandedAlert = Statement("analyze_landed_alert", PackageResources.analyze_landed_alert_sql)
    package static let boundAlerts = Statement("bound_alerts", PackageResources.bound_alerts_sql)
    package static let boundOpenPeriods = Statement("bound_open_periods", PackageResources.bound_open_periods_sql)
    package static let claimNotice = Statement("claim_notice", PackageResources.claim_notice_sql)
    package static let clearLandedAlert = Statement("clear_landed_alert", PackageResources.clear_landed_alert_sql)
    package static let countWaitingNotices = Statement(
        "count_waiting_notices", PackageResources.count_waiting_notices_sql)
    package static let createLandedAlert = Statement("create_landed_alert", PackageResources.create_landed_alert_sql)
    package static let insertNotices = Statement("insert_notices", PackageResources.insert_notices_sql)
    package static let landAlerts = Statement("land_alerts", PackageResources.land_alerts_sql)
    package static let listChangesToTell = Statement("list_changes_to_tell", PackageResources.list_changes_to_tell_sql)
    package static let listNotices = Statement("list_notices", PackageResources.list_notices_sql)
    package static let listUnknownCauses = Statement("list_unknown_causes", PackageResources.list_unknown_causes_sql)
    package static let markNoticeDelivered = Statement(
        "mark_notice_delivered", PackageResources.mark_notice_delivered_sql)
    package static let markNoticeFailed = Statement("mark_notice_failed", PackageResources.mark_notice_failed_sql)
    package static let nameParties = Statement("name_parties", PackageResources.name_parties_sql)
    package static let readAlertProgress = Statement("read_alert_progress", PackageResources.read_alert_progress_sql)
    package static let readAlerts = Statement("read_alerts", PackageResources.read_alerts_sql)
    package static let replaceAlertsDue = Statement("replace_alerts_due", PackageResources.replace_alerts_due_sql)
    package static let reviveNotices = Statement("revive_notices", PackageResources.revive_notices_sql)
    package static let setAlertProgress = Statement("set_alert_progress", PackageResources.set_alert_progress_sql)
    package static let withdrawNotices = Statement("withdraw_notices", PackageResources.withdraw_notices_sql)

    // 7-look
    package static let countBackfillLate = Statement("count_backfill_late", PackageResources.count_backfill_late_sql)
    package static let countWaiting = Statement("count_waiting", PackageResources.count_waiting_sql)
    package static let exportInvoices = Statement("export_invoices", PackageResources.export_invoices_sql)
    package static let findAnyCount = Statement("find_any_count", PackageResources.find_any_count_sql)
    package static let findCustomer = Statement("find_customer", PackageResources.find_customer_sql)
    package static let findDayAfterInvoices = Statement(
        "find_day_after_invoices", PackageResources.find_day_after_invoices_sql)
    package static let findLateFrom = Statement("find_late_from", PackageResources.find_late_from_sql)
    package static let findSubscription = Statement("find_subscription", PackageResources.find_subscription_sql)
    package static let joinWholeTables = Statement("join_whole_tables", PackageResources.join_whole_tables_sql)
    package static let listAccountKeys = Statement("list_account_keys", PackageResources.list_account_keys_sql)
    package static let listBackfillLate = Statement("list_backfill_late", PackageResources.list_backfill_late_sql)
    package static let listBackfillPulls = Statement("list_backfill_pulls", PackageResources.list_backfill_pulls_sql)
    package static let listBackfillReadings = Statement(
        "list_backfill_readings", PackageResources.list_backfill_readings_sql)
    package static let listBackfillTotals = Statement("list_backfill_totals", PackageResources.list_backfill_totals_sql)
    package static let listBillingDetails = Statement("list_billing_details", PackageResources.list_billing_details_sql)
    package static let listChannelDays = Statement("list_channel_days", PackageResources.list_channel_days_sql)
    package static let listCreditEntries = Statement("list_credit_entries", PackageResources.list_credit_entries_sql)
    package static let listCreditNotes = Statement("list_credit_notes", PackageResources.list_credit_notes_sql)
    package static let listDayStarts = Statement("list_day_starts", PackageResources.list_day_starts_sql)
    package static let listDecisions = Statement("list_decisions", PackageResources.list_decisions_sql)
    package static let listExpectations = Statement("list_expectations", PackageResources.list_expectations_sql)
    package static let listHolds = Statement("list_holds", PackageResources.list_holds_sql)
    package static let listInvoiceHolds = Statement("list_invoice_holds", PackageResources.list_invoice_holds_sql)
    package static let listInvoices = Statement("list_invoices", PackageResources.list_invoices_sql)
    package static let listManualLines = Statement("list_manual_lines", PackageResources.list_manual_lines_sql)
    package static let listPriceTerms = Statement("list_price_terms", PackageResources.list_price_terms_sql)
    package static let listRejectedRows = Statement("list_rejected_rows", PackageResources.list_rejected_rows_sql)
    package static let listRunHolds = Statement("list_run_holds", PackageResources.list_run_holds_sql)
    package static let listRunPulls = Statement("list_run_pulls", PackageResources.list_run_pulls_sql)
    package static let listRunRejections = Statement("list_run_rejections", PackageResources.list_run_rejections_sql)
    package static let listRunSteps = Statement("list_run_steps", PackageResources.list_run_steps_sql)
    package static let listRuns = Statement("list_runs", PackageResources.list_runs_sql)
    package static let listSourceDays = Statement("list_source_days", PackageResources.list_source_days_sql)
    package static let listSourceDifferences = Statement(
        "list_source_differences", PackageResources.list_source_differences_sql)
    package static let listSourcePulls = Statement("list_source_pulls", PackageResources.list_source_pulls_sql)
    package static let listSourcesSince = Statement("list_sources_since", PackageResources.list_sources_since_sql)
    package static let listSubscriptionChanges = Statement(
        "list_subscription_changes", PackageResources.list_subscription_changes_sql)
    package static let listTouchedInvoices = Statement(
        "list_touched_invoices", PackageResources.list_touched_invoices_sql)
    package static let readCreditNote = Statement("read_credit_note", PackageResources.read_credit_note_sql)
    package static let readInvoice = Statement("read_invoice", PackageResources.read_invoice_sql)
    package static let readInvoiceLines = Statement("read_invoice_lines", PackageResources.read_invoice_lines_sql)
    package static let readIssue = Statement("read_issue", PackageResources.read_issue_sql)
    package static let readJobMetrics = Statement("read_job_metrics", PackageResources.read_job_metrics_sql)
    package static let readLocalTimes = Statement("read_local_times", PackageResources.read_local_times_sql)
    package static let readReadingsByMonth = Statement(
        "read_readings_by_month", PackageResources.read_readings_by_month_sql)
    package static let readRun = Statement("read_run", PackageResources.read_run_sql)
    package static let readRunInvoices = Statement("read_run_invoices", PackageResources.read_run_invoices_sql)
    package static let readRunStory = Statement("read_run_story", PackageResources.read_run_story_sql)
    package static let readServer = Statement("read_server", PackageResources.read_server_sql)
    package static let readSourceMetrics = Statement("read_source_metrics", PackageResources.read_source_metrics_sql)
    package static let readSpansByAccount = Statement(
        "read_spans_by_account", PackageResources.read_spans_by_account_sql)
    package static let readUsage = Statement("read_usage", PackageResources.read_usage_sql)
    package static let sumBilledBefore = Statement("sum_billed_before", PackageResources.sum_billed_before_sql)

    // 8-replay
    package static let boundReplay = Statement("bound_replay", PackageResources.bound_replay_sql)
    package static let listBatchCuts = Statement("list_batch_cuts", PackageResources.list_batch_cuts_sql)
    package static let listClosedPeriods = Statement("list_closed_periods", PackageResources.list_closed_periods_sql)
    package static let listPastChanges = Statement("list_past_changes", PackageResources.list_past_changes_sql)
    package static let listPastManualLines = Statement(
        "list_past_manual_lines", PackageResources.list_past_manual_lines_sql)
    package static let listPastRuns = Statement("list_past_runs", PackageResources.list_past_runs_sql)
    package static let listPastTerms = Statement("list_past_terms", PackageResources.list_past_terms_sql)
    package static let listVoidedInvoices = Statement("list_voided_invoices", PackageResources.list_voided_invoices_sql)
    package static let readPastReadings = Statement("read_past_readings", PackageResources.read_past_readings_sql)
    package static let readReplayScope = Statement("read_replay_scope", PackageResources.read_replay_scope_sql)
    package static let readStoredInvoices = Statement("read_stored_invoices", PackageResources.read_stored_invoices_sql)

    // checks
    package static let belongsToNobody = Statement("belongs_to_nobody", PackageResources.belongs_to_nobody_sql)
    package static let compareTotals = Statement("compare_totals", PackageResources.compare_totals_sql)
    package static let countLateUsage = Statement("count_late_usage", PackageResources.count_late_usage_sql)
    package static let countReadings = Statement("count_readings", PackageResources.count_readings_sql)
    package static let creditAboveInvoice = Statement("credit_above_invoice", PackageResources.credit_above_invoice_sql)
    package static let creditNotAddingUp = Statement("credit_not_adding_up", PackageResources.credit_not_adding_up_sql)
    package static let decidedTwice = Statement("decided_twice", PackageResources.decided_twice_sql)
    package static let finalizedWithoutInvoice = Statement(
        "finalized_without_invoice", PackageResources.finalized_without_invoice_sql)
    package static let lineWithoutInvoice = Statement("line_without_invoice", PackageResources.line_without_invoice_sql)
    package static let linesNotSummingToTotal = Statement(
        "lines_not_summing_to_total", PackageResources.lines_not_summing_to_total_sql)
    package static let listMetered = Statement("list_metered", PackageResources.list_metered_sql)
    package static let manualLineNotBilledOnce = Statement(
        "manual_line_not_billed_once", PackageResources.manual_line_not_billed_once_sql)
    package static let numberGap = Statement("number_gap", PackageResources.number_gap_sql)
    package static let overlappingPeriod = Statement("overlapping_period", PackageResources.overlapping_period_sql)
    package static let periodWithoutInvoice = Statement(
        "period_without_invoice", PackageResources.period_without_invoice_sql)
    package static let reissueNotLinked = Statement("reissue_not_linked", PackageResources.reissue_not_linked_sql)
    package static let sumUsage = Statement("sum_usage", PackageResources.sum_usage_sql)
    package static let taxNotSumming = Statement("tax_not_summing", PackageResources.tax_not_summing_sql)
    package static let usageNotBilled = Statement("usage_not_billed", PackageResources.usage_not_billed_sql)
}
