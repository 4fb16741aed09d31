package load

import (
	"context"
	"time"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/backup"
	"ferry/load/ledger"
	"ferry/load/plan"
	"ferry/load/reconcile"
	"ferry/load/record"
	"ferry/load/rollback"
	"ferry/load/target"
)

// What the acts take and give, for those who call them.
type (
	Options          = target.Options // what all acts share
	PlanOptions      = plan.Options
	ReconcileOptions = reconcile.Options
	RollbackOptions  = rollback.Options
	Estimate         = target.Estimate
	Notice           = target.Notice
	ReconcileResult  = reconcile.Result
	RollbackResult   = rollback.Result
	StatusResult     = ledger.StatusResult
	ConsentContacts  = account.ConsentContacts
	ConsentResult    = account.ConsentResult
	BackupOptions    = backup.Options
	BackupResult     = backup.Result
	BackupCopy       = backup.Copy
	CheckResult      = account.CheckResult
)

// RunOptions is what a load takes besides what its plan does.
type RunOptions struct {
	PlanOptions
	PlanFile   string  // apply exactly this plan, or refuse
	Adopt      bool    // rebuild an empty ledger from the account
	MaxRefused float64 // share of refusals among the last 200 records that stops a load; 0: a half
}

// Backup copies what the account holds before a load changes it.
func Backup(ctx context.Context, dir run.Dir, o BackupOptions) (BackupResult, error) {
	return backup.Run(ctx, dir, o)
}

// Copies gives the complete copies of an account, oldest first.
func Copies(t run.Target) ([]BackupCopy, error) { return backup.Copies(t) }

// NotCopied counts, by entity, what the planned load of a run will change and no copy has.
func NotCopied(t run.Target, dir run.Dir, copies []BackupCopy) (map[string]int64, error) {
	return backup.Lacks(t, dir, copies)
}

// ForgetInCopies takes somebody out of every copy of an account.
func ForgetInCopies(t run.Target, w backup.Whose) ([]backup.Forgotten, error) {
	return backup.Forget(t, w)
}

// Whose says whose a row of a copy is.
type Whose = backup.Whose

// Numbers are those under which an account knows records, as "entity number", by their keys.
func Numbers(t run.Target, keys map[string]bool) (map[string]bool, error) {
	return ledger.Numbers(t, keys)
}

// ErrNotAccepted is why a load is refused that sets off what nobody accepted by name.
var ErrNotAccepted = account.ErrNotAccepted

// CheckCalls is how many calls a check makes at most.
const CheckCalls = account.CheckCalls

// Check looks whether an account can be worked with: address, key, permissions. It writes nothing anywhere.
func Check(ctx context.Context, o Options) CheckResult { return account.Check(ctx, o) }

// Reconcile reads the account back and says what is as it was sent.
func Reconcile(ctx context.Context, dir run.Dir, o ReconcileOptions) (ReconcileResult, error) {
	return reconcile.Run(ctx, dir, o)
}

// Rollback undoes what was sent and keeps what somebody edited since.
func Rollback(ctx context.Context, dir run.Dir, o RollbackOptions) (RollbackResult, error) {
	return rollback.Run(ctx, dir, o)
}

// Status is what a target's ledger says, without asking the account.
func Status(t run.Target) (StatusResult, error) { return ledger.Status(t) }

// RunsOf are the runs that wrote to a target, as its ledger knows, oldest first.
func RunsOf(t run.Target) ([]string, error) { return ledger.RunsOf(t) }

// NoteAudit keeps the head of a target's audit in its ledger.
func NoteAudit(t run.Target, head string) error { return ledger.NoteAudit(t, head) }

// AuditHead is the head that the ledger knows; "" when it knows none.
func AuditHead(t run.Target) (string, error) { return ledger.AuditHead(t) }

// Forget takes what is known about some records out of a target's ledger, all but their numbers there.
func Forget(t run.Target, keys, addresses map[string]bool, rename func(string) string) (int64, error) {
	return ledger.Forget(t, keys, addresses, rename)
}

// ConsentCodes learns what the account calls the states of consent from three test contacts.
func ConsentCodes(ctx context.Context, o Options, contacts ConsentContacts) (ConsentResult, error) {
	return account.ConsentCodes(ctx, o, contacts)
}

// ReadConsentCodes gives what is known about a target's codes, by channel.
func ReadConsentCodes(t run.Target) (map[string]account.Codes, error) {
	return account.ReadConsentCodes(t)
}

// Channels are the channels whose codes an account can show.
func Channels() []string { return account.Channels() }

// ConfirmNobodyWrittenTo keeps an administrator's word that nobody is written to on some channels.
func ConfirmNobodyWrittenTo(t run.Target, channels []string, who string, at time.Time) error {
	return account.ConfirmNobodyWrittenTo(t, channels, who, at)
}

// ConsentScope gives the stored codes as settings that SQL reads.
func ConsentScope(codes map[string]account.Codes) map[string]string {
	return account.ConsentScope(codes)
}

// FieldKinds are the types custom fields can have, as freshsales.fields and ferry.yaml name them.
func FieldKinds() []string { return account.FieldKinds() }

// OrderOf are the columns in whose order the loader reads a freshsales.* table.
func OrderOf(table string) []string {
	if k := record.KindOf(table); k != nil {
		return k.Order()
	}
	return nil
}

// Tables are the columns of every loaded.* table, typed before the first load.
func Tables() []run.Schema { return record.Tables() }
