package sample

// role is what is wrong with a profile. Of every thousand profiles a fixed number play each role,
// spread over the thousand, so that dirt is neither luck nor in one place.
type role int

const (
	clean role = iota
	anonymous
	repeatedRow
	repeatedNewer
	sameEverything
	emailOtherCase
	samePhoneAndName
	typoTwin
	familyPhone
	sharedMailbox
	noEmail
	badEmail
	emailInSpaces
	emailDomainTypo
	badPhone
	oddPhone
	flagYesLogNo
	flagNoLogYes
	unknownConsent
	futureDate
	badAttributes
	noLastName
	fullNameInFirst
	capitalsName
	unknownStage
	unknownManager
	formulaText
	longText
	lineBreaks
	noUserID
	onlyUserID
	negativePoints
	unknownTier
)

// roles, in the order of the constants; partner roles copy from a clean profile of their thousand.
var roles = []struct {
	role          role
	perThousand   int
	needsPartner  bool
	name, meaning string
}{
	{anonymous, 60, false, "anonymous", "no user id, no e-mail, no phone: a visitor nobody can contact"},
	{repeatedRow, 8, true, "repeated row", "the same row, word for word, a second time"},
	{repeatedNewer, 8, true, "repeated, newer", "the same profile id again, updated later, another town"},
	{sameEverything, 12, true, "exact duplicate", "same user id, e-mail, phone and name under another profile id"},
	{emailOtherCase, 8, true, "same e-mail in capitals", "the same person with another user id and no phone"},
	{samePhoneAndName, 8, true, "same phone and name", "the same person with another user id and another e-mail"},
	{typoTwin, 10, true, "misspelt twin",
		"name with a typing error, same birth date, street and town, another e-mail; every other one without phone"},
	{familyPhone, 8, true, "two people on one phone",
		"another first name and birth date, same surname, address and phone"},
	{sharedMailbox, 4, false, "shared mailbox", "two people of one company using info@"},
	{noEmail, 25, false, "no e-mail", "a user id and perhaps a phone, but no e-mail"},
	{badEmail, 12, false, "malformed e-mail", "cannot be an address"},
	{emailInSpaces, 6, false, "e-mail with extras", "good once spaces or mailto: are taken away"},
	{emailDomainTypo, 4, false, "mistyped domain", "example.con, example.cmo"},
	{badPhone, 12, false, "unusable phone", "too short, words, or in spreadsheet notation with digits lost"},
	{oddPhone, 24, false, "oddly written phone", "plus, 00, trunk zero, brackets, extension, two numbers in one cell"},
	{flagYesLogNo, 10, false, "consent flag contradicted by log: no", "flag yes, newest log entry no"},
	{flagNoLogYes, 6, false, "consent flag contradicted by log: yes", "flag no, newest log entry yes"},
	{unknownConsent, 30, false, "unknown consent", "no flag, no log entry"},
	{futureDate, 4, false, "future date", "born or last seen in 2099"},
	{badAttributes, 6, false, "attributes of the wrong type", "text in a number, 31 February, maybe in a checkbox"},
	{noLastName, 8, false, "no last name", ""},
	{fullNameInFirst, 8, false, "full name in the first name", "Dr. Anna Maria Keller, or Keller, Anna"},
	{capitalsName, 16, false, "name in one case", "ANNA KELLER or anna keller"},
	{unknownStage, 5, false, "unknown lifecycle stage", "a stage that the settings do not map"},
	{unknownManager, 5, false, "unknown account manager", "somebody who is no user in Freshsales"},
	{formulaText, 4, false, "text like a formula", "starts with = + - or @"},
	{longText, 3, false, "very long text", "an attribute of 700 characters"},
	{lineBreaks, 4, false, "line breaks in text", "quoted newlines"},
	{noUserID, 10, false, "no user id", "known by e-mail only"},
	{onlyUserID, 8, false, "no profile id", "the row knows the user id only"},
	{negativePoints, 5, false, "negative points on the profile", "loyalty_points below zero, no row in the loyalty table"},
	{unknownTier, 4, false, "unknown tier on the profile", "loyalty_tier that no settings file names"},
}

const (
	block  = 1000
	stride = 379 // coprime with block
	shift  = 17
)

// slots says which role each of a thousand plays.
var slots = func() (s [block]role) {
	at := 0
	for _, r := range roles {
		for n := 0; n < r.perThousand; n++ {
			s[at] = r.role
			at++
		}
	}
	return s
}()

// places is slots read backwards: where in a thousand a slot lies.
var places = func() (p [block]int) {
	for k := range p {
		p[(k*stride+shift)%block] = k
	}
	return p
}()

// isPartner says that somebody may be copied from profile i; such a profile has everything.
func isPartner(i int) bool {
	mirror := slots[block-1-(i%block*stride+shift)%block]
	return mirror != clean && roles[mirror-1].needsPartner
}

// roleOf says what is wrong with profile i, and which profile it is copied from if it is.
func (o Options) roleOf(i int) (r role, ordinal, partner int) {
	slot := (i%block*stride + shift) % block
	r = slots[slot]
	if o.Clean || r == clean {
		return clean, 0, i
	}
	for ordinal = 0; slot > ordinal && slots[slot-ordinal-1] == r; {
		ordinal++
	}
	ordinal += i / block * roles[r-1].perThousand
	if !roles[r-1].needsPartner {
		return r, ordinal, i
	}
	// The partner sits as far from the end of the thousand as we do from its start: always clean.
	partner = i/block*block + places[block-1-slot]
	if partner >= o.Profiles {
		return clean, 0, i
	}
	return r, ordinal, partner
}

// Duplicates lists the pairs of profile ids that are one person in truth, for those who measure
// how well duplicates are found. Repeated rows of one profile id are not among them, nor are two
// people on one phone or in one mailbox, who must stay apart.
func Duplicates(o Options) [][2]string {
	o = o.withDefaults()
	var pairs [][2]string
	for i := 0; i < o.Profiles; i++ {
		switch role, _, partner := o.roleOf(i); role {
		case sameEverything, emailOtherCase, samePhoneAndName, typoTwin:
			pairs = append(pairs, [2]string{profileID(partner), profileID(i)})
		}
	}
	return pairs
}
