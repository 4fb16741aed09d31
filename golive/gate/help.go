package gate

// Help is what a person must know of the gates before one of them closes.
const Help = `Production is loaded only while four gates are open. Each is computed from what it is about, so it closes by
itself when that changes; ferry status says of each what is missing and what to type next.

map confirmed      every attribute has a confirmed place: answer mapping.xlsx, then ferry decide FILE.xlsx
decisions in       what a check holds is answered, or was signed to stay held: quality.xlsx, then ferry decide FILE.xlsx
rehearsal signed   the same rules were rehearsed in full on a sandbox or the twin, read back, and signed: the sheet
                   "Sign-off" of reconciliation.xlsx, then ferry signoff FILE.xlsx
account ready      the account has what the load needs, somebody accepted what a load sets off there (load: acknowledged in
                   ferry.yaml), and there is a way back: ferry backup, or the word of whoever signed

To a target with rehearsal: true, no gate applies. Reading and rollback need none.
`
