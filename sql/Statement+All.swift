extension Statement {
    /// Every statement, in the order of the pipeline: what the tests prepare on a server. A test holds this list against the
    /// folders.
    package static let all: [Statement] = [
        // 0-run
        .abandonRuns, .actAsOwner, .awaitBatches, .beginRun, .beginStep, .createDatabase, .createMigrationTable,
        .digestText, .endRun, .endStep, .ensureMonths, .findDatabase, .findMigrationTable, .listMigrations, .listRoles,
        .lockBatch, .lockMigration, .lockRun, .readClaim, .readLocalDates, .recordMigration, .resumeRun,
        .unlockMigration,
        // 1-land
        .addPullCounts, .analyzeLandedAccount, .analyzeLandedCount, .analyzeLandedCustomer, .analyzeLandedInterval,
        .analyzeLandedMembership, .analyzeLandedReading, .analyzeLandedSubscription, .applyAccounts, .applyCustomers,
        .applySubscriptions, .beginPull, .carryLevels, .clearLandedAccount, .clearLandedCount, .clearLandedCustomer,
        .clearLandedDetail, .clearLandedInterval, .clearLandedMembership, .clearLandedReading, .clearLandedRejection,
        .clearLandedSlice, .clearLandedSubscription, .copyLandedAccount, .copyLandedCount, .copyLandedCustomer,
        .copyLandedDetail, .copyLandedInterval, .copyLandedMembership, .copyLandedReading, .copyLandedRejection,
        .copyLandedSubscription, .countRepeatedAccounts, .countRepeatedCustomers, .countRepeatedIntervals,
        .countRepeatedMemberships, .countRepeatedSubscriptions, .countSubscriptionsByPlan, .createLandedReading,
        .createLanding, .endPull,
        .eraseBillingDetails, .eraseCustomerName, .fillMonthReadings, .findCatalog, .findMeterUse, .forgetCustomerEmail,
        .insertBillingDetail, .insertCatalog, .insertCuts, .insertMemberships, .insertMeters, .insertPlans,
        .insertPrice, .insertRejectedRows, .judgeAccountRepeats, .judgeCountRepeats, .judgeCountTotals,
        .judgeCustomerRepeats, .judgeIntervalRepeats, .judgeIntervalRetention, .judgeMembershipRepeats,
        .judgeMemberships, .judgeReadingRepeats, .judgeReadingRetention, .judgeSubscriptionCustomers,
        .judgeSubscriptionRepeats, .judgeSubscriptions, .listCatalogs, .listChangedDetails, .listCuts,
        .listKnownSubscriptions, .listLevelMeters, .listMeters, .listOpenPeriods, .listPlans, .listPrices,
        .listRejectedAccounts, .listRejectedCustomers, .listRejectedIntervals, .listRejectedMemberships,
        .listRejectedSubscriptions, .listRunningMeters, .listSaidChanges, .listTimeZones, .moveCountsFrom, .noteAnswer,
        .readCurrentCatalog, .readLastAnswer, .readLastWindow, .refuseLandedSubscription, .resetMeterProgress,
        .resolveIntervals, .resolveMemberships, .setCurrentCatalog, .setCustomerEmail, .setExpectation,
        .setRunningMeter, .updateMemberships,
        // 2-meter
        .applyIntervals, .applyReadings, .applyWindowTotals, .clearLandedTotal, .copyLandedSlice, .copyLandedTotal,
        .countLandedDays, .countRepeatedCounts, .countRepeatedReadings, .countUnmetered, .divideTotals, .findFirstLevel,
        .insertSubscriptionCut, .listChannels, .listDividedSubscriptions, .listHolders, .listMembers,
        .listRefusedReadings, .listRejectedCounts, .listSlicesOver, .listSubscriptionCuts, .listUnmetered, .listZones,
        .moveMeterProgress, .noteSourceDays, .readCarriedLevels, .readInstants, .readMidnights, .readWindowIntervals,
        .readWindowReadings, .registerChannels, .registerIntervalChannels, .resetSubscriptionProgress, .resolveAccounts,
        .totalCounts,
        // 3-close
        .advanceOpenPeriods, .allowNestedLoops, .applyPlanChanges, .boundBatch, .copyBillingPeriod, .copyInvoice,
        .copyInvoiceLine, .copyManualInvoiceLine, .countDue, .countHolds, .endOpenPeriods, .findPendingLines,
        .giveUpPlanChanges, .insertHold, .insertManualLine, .listEndedLate, .listFedSubscriptions, .listPlanChanges,
        .passChangesAtOnce, .preferMergeJoins, .readBilled, .readClosedPeriods, .readCurrentDetails, .readDue,
        .readPendingLines, .readTotals, .readWatermark, .releaseHolds, .reopenPeriods, .settleLateUsage,
        .withdrawManualLine,
        // 4-finalize
        .advanceRevisions, .advanceSeries, .boundDrafts, .copyFinalizedInvoice, .copyInvoiceTax, .findInvoice,
        .insertCreditEntries, .insertCreditNote, .insertCreditNoteLines, .insertCreditNoteTaxes, .insertInvoiceHolds,
        .insertInvoiceRevision, .insertReissue, .listDraftDays, .listDraftMonths, .listInvoiceRates, .listLastPulls,
        .listPeriodUsage, .listReasons, .listRevisions, .listSeries, .listStaleUsage, .listTaxedLines, .lockNumbers,
        .lockSeries, .noteDraftMonths, .readChain, .readCreditBalances, .readCreditChain, .readCreditable, .readDrafts,
        .readIssued, .readLastIssue, .readRevised, .readStanding, .recordPayment, .releaseGap, .releaseTaxHolds,
        .settleInvoiceHold, .strikeDraftMonth, .voidInvoice,
        // 5-decide
        .announceChanges, .applyChangeAtOnce, .beginOnPlan, .boundDecisions, .clearReview, .copyPlanDecision,
        .countSubject, .countUndecided, .findChargingCatalog, .findFirstReading, .findMonthDecision,
        .insertChangeInvoice, .insertExcess, .insertPauses, .insertPlanChange, .joinFreely, .joinSideBySide,
        .keepQuietDecisions, .listChangesAtOnce, .listChangesToCome, .listChangesToReview, .listPendingChanges,
        .lookUpUndecided, .readUndecided, .setEnds, .settleChanges,
        // 6-notice
        .analyzeLandedAlert, .boundAlerts, .boundOpenPeriods, .claimNotice, .clearLandedAlert, .countWaitingNotices,
        .insertNotices, .landAlerts, .listChangesToTell, .listNotices, .listUnknownCauses, .markNoticeDelivered,
        .markNoticeFailed, .nameParties, .readAlertProgress, .readAlerts, .replaceAlertsDue, .reviveNotices,
        .setAlertProgress, .withdrawNotices,
        // 7-look
        .countWaiting, .exportInvoices, .findAnyCount, .findCustomer, .findDayAfterInvoices, .findLateFrom,
        .findSubscription, .listAccountKeys, .listBillingDetails, .listChannelDays, .listCreditEntries,
        .listCreditNotes, .listDayStarts, .listDecisions, .listExpectations, .listHolds, .listInvoiceHolds,
        .listInvoices, .listManualLines, .listPriceTerms, .listRejectedRows, .listRunPulls, .listRunSteps, .listRuns,
        .listSourceDays, .listSourceDifferences, .listSourcesSince, .listSubscriptionChanges, .listTouchedInvoices,
        .readCreditNote, .readInvoice, .readInvoiceLines, .readIssue, .readJobMetrics, .readLocalTimes,
        .readReadingsByMonth, .readRun, .readRunInvoices, .readServer, .readSourceMetrics, .readSpansByAccount,
        .readUsage, .sumBilledBefore,
        // 8-replay
        .boundReplay, .listBatchCuts, .listClosedPeriods, .listPastChanges, .listPastManualLines, .listPastRuns,
        .listPastTerms, .listVoidedInvoices, .readPastReadings, .readReplayScope, .readStoredInvoices,
        // checks
        .belongsToNobody, .compareTotals, .countLateUsage, .countReadings, .creditAboveInvoice, .creditNotAddingUp,
        .decidedTwice, .finalizedWithoutInvoice, .lineWithoutInvoice, .linesNotSummingToTotal, .listMetered,
        .manualLineNotBilledOnce, .numberGap, .overlappingPeriod, .periodWithoutInvoice, .reissueNotLinked, .sumUsage,
        .taxNotSumming, .usageNotBilled,
    ]
}
