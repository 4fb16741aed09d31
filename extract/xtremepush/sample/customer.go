package sample

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

type company struct{ key, name, domain, town string }

// company number c.
func (o Options) company(c int) company {
	d := o.dice(forCompany, c)
	word := d.pick([]string{"North", "Harbour", "Green", "Silver", "Blue Door", "Atlantic", "Oak", "Lakeside",
		"Foxglove", "Granite"})
	trade := d.pick([]string{"Logistics", "Foods", "Design", "Energy", "Media", "Tools", "Textiles", "Software"})
	return company{"K" + strconv.Itoa(c+1), fmt.Sprintf("%s %s %d Ltd", word, trade, c+1),
		fmt.Sprintf("firm%d.example", c), d.pick(irish.towns)}
}

// companies is a list the customer keeps: semicolons and a byte order mark, as Excel saves it.
func companies(o Options, f *file) {
	f.raw([]byte("\ufeff"))
	f.comma = ';'
	f.header(texts("company_key", "name", "domain", "website", "phone", "address", "city", "country"))
	for n := 0; n < o.Companies; n++ {
		c := o.company(n)
		f.row(c.key, c.name, c.domain, "https://www."+c.domain, phoneNumber(lands[0], 9_000_000+n), strconv.Itoa(n+1)+
			" Dock Road", c.town, "IE")
	}
	if o.Clean || o.Companies == 0 {
		return
	}
	for n := 0; n < min(3, o.Companies); n++ {
		f.count("companies", "repeated")
		c := o.company(n)
		f.row("K9"+strconv.Itoa(n), []string{"  " + c.name + "  ", c.name + ".", "the " + c.name}[n], c.domain, "", "",
			"", c.town, "IE")
	}
	f.count("companies", "no name")
	f.row("K99", "", "nameless.example", "", "", "", "", "")
}

// owner gives somebody who can be contacted, or an unknown person now and then.
func (f *file) owner(o Options, d *dice, table string, n int) (profile, user string) {
	if n%50 == 49 && !o.Clean {
		f.count(table, "unknown person")
		return "", "U95" + strconv.Itoa(n)
	}
	for try := 0; try < 20; try++ {
		i := d.below(o.Profiles)
		if role, _, _ := o.roleOf(i); role == clean {
			return profileID(i), userID(i)
		}
	}
	return profileID(0), userID(0)
}

func notes(o Options, f *file) {
	f.header(texts("id", "profile_id", "user_id", "body", "author", "created_at"))
	for n := 0; n < o.Notes && o.Profiles > 0; n++ {
		d := o.dice(forCustomerFile, n)
		profile, user := f.owner(o, d, "notes", n)
		body := d.pick([]string{"Asked for a new card.", "Wants to be called in spring.\nSpoke to Anna.",
			"Complained about delivery; \"never again\".", "Interested in the VIP evening."})
		if n%60 == 30 && !o.Clean {
			f.count("notes", "empty")
			body = ""
		}
		f.row("N"+strconv.Itoa(n+1), profile, user, body, d.pick(Managers), stamp(d.before(900)))
	}
}

func activities(o Options, f *file) {
	f.header(texts("id", "kind", "profile_id", "user_id", "subject", "body", "direction", "start_time",
		"end_time", "author"))
	for n := 0; n < o.Activities && o.Profiles > 0; n++ {
		d := o.dice(forCustomerFile, 1_000_000+n)
		profile, user := f.owner(o, d, "activities", n)
		kind := []string{"call", "email", "meeting"}[n%3]
		start := d.before(900)
		end := start.Add(time.Duration(5+d.below(80)) * time.Minute)
		if n%40 == 20 && !o.Clean {
			f.count("activities", "ends before it starts")
			end = start.Add(-time.Hour)
		}
		f.row("X"+strconv.Itoa(n+1), kind, profile, user, "About the "+d.pick(campaignThemes)+" offer",
			"We agreed to speak again.", []string{"in", "out"}[d.below(2)], stamp(start), stamp(end), d.pick(Managers))
	}
}

func documentName(n int) string { return fmt.Sprintf("documents/agreement-%04d.pdf", n+1) }

func documents(o Options, f *file) {
	f.header(texts("id", "profile_id", "user_id", "file_name", "path", "content_type", "created_at"))
	for n := 0; n < o.Documents && o.Profiles > 0; n++ {
		d := o.dice(forCustomerFile, 2_000_000+n)
		profile, user := f.owner(o, d, "documents", n)
		if !hasBody(o, n) {
			f.count("documents", "file is missing")
		}
		f.row("D"+strconv.Itoa(n+1), profile, user, filepath.Base(documentName(n)), documentName(n), "application/pdf",
			stamp(d.before(900)))
	}
}

func hasBody(o Options, n int) bool { return o.Clean || n%12 != 11 }

// writeDocumentBodies makes the files the list of documents names: small, valid PDFs.
func writeDocumentBodies(folder string, o Options) error {
	if o.Documents == 0 || o.Profiles == 0 {
		return nil
	}
	if err := os.MkdirAll(filepath.Join(folder, "documents"), 0o700); err != nil {
		return err
	}
	for n := 0; n < o.Documents; n++ {
		if !hasBody(o, n) {
			continue
		}
		body := fmt.Sprintf("%%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count "+
			"1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%%% "+
			"agreement %d\n%%%%EOF\n", n+1)
		if err := os.WriteFile(filepath.Join(folder, documentName(n)), []byte(body), 0o600); err != nil {
			return err
		}
	}
	return nil
}
