import Billing
import Documents
import Store

/// Whether a change that somebody asks for can be carried out: by the calendar and the catalog, and by what has been counted
/// where the plan is not for everybody.
struct ChangeAdmission {
    let store: ChangeStore
    let look: LookStore
    let catalog: RatingCatalog
    let asOf: CivilDate

    /// - Throws: `ChangeRefusal`.
    func admit(_ request: ChangeRequest, of subscription: LookStore.StoredSubscription) throws -> AdmittedChange {
        let admitted = try store.admit(request, of: subscription)
        guard let change = admitted.change, change.plan != admitted.wasPlan else { return admitted }
        let (plan, eligibility) = try look.eligibility(
            subscription, plan: request.plan, catalog: catalog, termsOf: change.day, asOf: asOf)
        guard eligibility.isEligible else {
            throw ChangeRefusal.notEligible(
                plan: plan.name, reasons: eligibility.failing.map(EligibilityWords.reason))
        }
        return admitted
    }
}
