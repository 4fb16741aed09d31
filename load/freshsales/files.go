package freshsales

import (
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"path/filepath"
	"strconv"
)

// MaxFile is the largest file Freshsales takes.
const MaxFile = 150 << 20

// File is a document to attach to a record.
type File struct {
	Name     string
	Type     string // "application/pdf"; "" goes by the ending of the name
	Size     int64
	Open     func() (io.ReadCloser, error)
	Shared   bool
	Target   Entity
	TargetID int64
}

// Upload attaches a file. It streams: memory does not grow with the file. Like Create it is never
// repeated when its answer was lost.
func (c *Client) Upload(ctx context.Context, f File) (Record, error) {
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	for _, p := range [][2]string{{"file_name", f.Name}, {"is_shared", strconv.FormatBool(f.Shared)},
		{"targetable_type", f.Target.Target}, {"targetable_id", itoa(f.TargetID)}} {
		if err := form.WriteField(p[0], p[1]); err != nil {
			return nil, err
		}
	}
	if _, err := form.CreatePart(f.header()); err != nil {
		return nil, err
	}
	start := bytes.Clone(head.Bytes())
	head.Reset()
	if err := form.Close(); err != nil {
		return nil, err
	}
	end := bytes.Clone(head.Bytes())
	var open io.Closer
	defer func() {
		if open != nil {
			_ = open.Close() // read only
		}
	}()
	k := call{name: "documents create", method: http.MethodPost, path: "documents", kind: form.FormDataContentType(),
		length: int64(len(start)) + f.Size + int64(len(end))}
	k.stream = func() (io.Reader, error) {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		open = r
		return io.MultiReader(bytes.NewReader(start), io.LimitReader(r, f.Size), bytes.NewReader(end)), nil
	}
	r, err := c.one(ctx, Documents, k)
	return r, numbered(k, r, err)
}

func (f File) header() textproto.MIMEHeader {
	kind := f.Type
	if kind == "" {
		kind = mime.TypeByExtension(filepath.Ext(f.Name))
	}
	if kind == "" {
		kind = "application/octet-stream"
	}
	return textproto.MIMEHeader{
		"Content-Disposition": {mime.FormatMediaType("form-data", map[string]string{"name": "file", "filename": f.Name})},
		"Content-Type":        {kind},
	}
}

// Link attaches an address instead of a file.
func (c *Client) Link(ctx context.Context, name, address string, target Entity, targetID int64) (Record, error) {
	body := object("url", quote(address), "name", quote(name), "is_shared", []byte("false"),
		"targetable_type", quote(target.Target), "targetable_id", []byte(itoa(targetID)))
	return c.one(ctx, Documents, call{name: "document_links create", method: http.MethodPost,
		path: "document_links", body: body})
}
