package twin

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"
)

// maxFile is the largest file Freshsales takes (API.md 4.9).
const maxFile = 150 << 20

func documentRoutes(add adder) {
	add("POST", "documents", "documents.create", (*Twin).createDocument)
	add("POST", "document_links", "documents.link", (*Twin).createLink)
}

// createDocument takes a file. Its content is weighed and thrown away.
func (t *Twin) createDocument(q *request) answer {
	form, size, kind, err := readUpload(q)
	if err != nil {
		return refuse("File can't be blank")
	}
	d := doc{"content_type": kind, "size": num(size)}
	wrong := t.write(documentKind, d, map[string]any{"name": form["file_name"]}, false)
	wrong = append(wrong, t.writeTarget(d, map[string]any{"targetable_type": form["targetable_type"],
		"targetable_id": form["targetable_id"]})...)
	d["is_shared"] = form["is_shared"] == "true"
	switch {
	case d["target_id"] == nil && len(wrong) == 0:
		wrong = append(wrong, "Targetable can't be blank")
	case size > maxFile:
		wrong = append(wrong, "File size should be less than 150 MB")
	case t.stored+size > t.storage():
		wrong = append(wrong, "You have exceeded the storage limit of your plan")
	}
	if len(wrong) > 0 {
		return refuse(wrong...)
	}
	id := t.putDocument(q, d)
	return ok(t.sw.count("activity_create_code"), object{{"id", id}, {"url", documentURL(q, id)},
		{"msg", "File uploaded successfully"}})
}

func (t *Twin) createLink(q *request) answer {
	d := doc{"link": q.in["url"], "size": num(0)}
	wrong := append(t.write(documentKind, d, q.in, false), t.writeTarget(d, q.in)...)
	if text(d["link"]) == "" {
		wrong = append(wrong, "Url can't be blank")
	}
	if d["target_id"] == nil && len(wrong) == 0 {
		wrong = append(wrong, "Targetable can't be blank")
	}
	if len(wrong) > 0 {
		return refuse(wrong...)
	}
	id := t.putDocument(q, d)
	return ok(t.sw.count("activity_create_code"),
		object{{"id", id}, {"url", d["link"]}, {"msg", "Link added successfully"}})
}

func (t *Twin) putDocument(q *request, d doc) int64 {
	tab := t.store.tables[tDocuments]
	id := tab.nextID()
	d["created_at"], d["updated_at"], d["creater_id"] = num(q.now.UnixMilli()), num(q.now.UnixMilli()), num(q.user)
	tab.put(id, d, live, q.now)
	size, _ := number(d["size"])
	t.stored += size
	return id
}

// weighFiles adds up what is stored when a state is opened.
func (t *Twin) weighFiles() {
	tab := t.store.tables[tDocuments]
	tab.created.walk(0, false, func(n int32) bool {
		size, _ := number(tab.doc(tab.records[n].now)["size"])
		t.stored += size
		return true
	})
}

// storage is how much the plan allows its users together.
func (t *Twin) storage() int64 { return t.plan.storage * int64(max(1, len(t.account.Owners))) }

func documentURL(q *request, id int64) string {
	return fmt.Sprintf("%s://%s%s/documents/%d", scheme(q.Request), q.Host, basePath, id)
}

// readUpload reads a multipart form: its texts, and how big the file is.
func readUpload(q *request) (form map[string]any, size int64, kind string, err error) {
	media, params, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" {
		return nil, 0, "", fmt.Errorf("not a form")
	}
	r := multipart.NewReader(bytes.NewReader(q.body), params["boundary"])
	form, found := map[string]any{}, false
	for {
		part, err := r.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, 0, "", err
		}
		if part.FormName() == "file" {
			found = true
			if form["file_name"] == nil {
				form["file_name"] = part.FileName()
			}
			kind = part.Header.Get("Content-Type")
			if size, err = io.Copy(io.Discard, part); err != nil {
				return nil, 0, "", err
			}
			continue
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, 0, "", err
		}
		form[part.FormName()] = strings.TrimSpace(string(value))
	}
	if !found {
		return nil, 0, "", fmt.Errorf("no file")
	}
	return form, size, kind, nil
}

// documentsOf lists files and links of a record.
func documentsOf(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		id, isID := q.id(0)
		parent, there := t.store.tables[table].get(id)
		if !isID || !there || !t.visible(q, parent) {
			return missing(t.store.tables[table].kind.noun)
		}
		tab := t.store.tables[tDocuments]
		page, perPage := paging(q)
		all := t.hanging(table, tDocuments, "target", id)
		skip := min((page-1)*perPage, len(all))
		rows := []object{}
		for _, n := range all[skip:min(skip+perPage, len(all))] {
			rows = append(rows, t.renderDocument(q, tab.id(n), tab.doc(tab.records[n].now)))
		}
		return listed("document_associations", rows, len(all), page, perPage, nil)
	}
}

func (t *Twin) renderDocument(q *request, id int64, d doc) object {
	url := d["link"]
	if url == nil {
		url = documentURL(q, id)
	}
	return object{
		{"id", id}, {"name", d["name"]}, {"url", url}, {"content_type", d["content_type"]}, {"size", d["size"]},
		{"is_shared", d["is_shared"] == true}, {"created_at", t.moment(d["created_at"])}, {"creater_id", d["creater_id"]},
		{"targetable_id", d["target_id"]}, {"targetable_type", d["target_type"]},
	}
}
