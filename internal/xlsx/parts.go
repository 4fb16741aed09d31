package xlsx

import (
	"errors"
	"path"
	"strings"
)

// relation is a line of the lists that say which part belongs to which.
type relation struct{ id, kind, target string }

// relations are those of a part: kinds by the last word of their address.
func (f *File) relations(of string) ([]relation, error) {
	folder, file := path.Split(of)
	list := folder + "_rels/" + file + ".rels"
	if f.parts[list] == nil {
		return nil, nil
	}
	var all []relation
	err := f.walk(list, func(s *scanner) error {
		if string(s.name) != "Relationship" || string(s.attr("TargetMode")) == "External" {
			return nil
		}
		id, e1 := s.words("Id")
		kind, e2 := s.words("Type")
		target, e3 := s.words("Target")
		target = strings.ReplaceAll(target, `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(folder, target)
		}
		all = append(all, relation{id, kind[strings.LastIndexByte(kind, '/')+1:], partName(path.Clean(target))})
		if len(all) > mostParts {
			return &TooLarge{"its parts are tied to too many others"}
		}
		return errors.Join(e1, e2, e3)
	})
	return all, err
}

// walk shows every start of an element of a part.
func (f *File) walk(name string, see func(*scanner) error) error {
	part, err := f.open(name)
	if err != nil {
		return err
	}
	defer part.Close()
	s := newScanner(part)
	for {
		what, err := s.next()
		if err != nil || what == over {
			return err
		}
		if what == starts {
			if err := see(s); err != nil {
				return err
			}
		}
	}
}

// readWorkbook finds the sheets, the texts and the styles.
func (f *File) readWorkbook() error {
	top, err := f.relations("")
	if err != nil {
		return err
	}
	book := "xl/workbook.xml"
	for _, r := range top {
		switch r.kind {
		case "officeDocument":
			book = r.target
		case "core-properties":
			f.props = r.target
		}
	}
	belongs, err := f.relations(book)
	if err != nil {
		return err
	}
	parts := map[string]string{}
	for _, r := range belongs {
		switch r.kind {
		case "worksheet":
			parts[r.id] = r.target
		case "sharedStrings":
			f.texted = r.target
		case "styles":
			f.styles = r.target
		}
	}
	err = f.walk(book, func(s *scanner) error {
		switch string(s.name) {
		case "workbookPr":
			f.is1904 = isTrue(s.attr("date1904"))
		case "sheet":
			name, e1 := s.words("name")
			id, e2 := s.words(":id")
			if part := parts[id]; part != "" {
				state := string(s.attr("state"))
				f.sheets = append(f.sheets, sheet{name, part, state == "hidden" || state == "veryHidden"})
			}
			if len(f.sheets) > mostSheets {
				return &TooLarge{"it has too many sheets"}
			}
			return errors.Join(e1, e2)
		}
		return nil
	})
	if err != nil || f.styles == "" || f.parts[f.styles] == nil {
		return err
	}
	part, err := f.open(f.styles)
	if err != nil {
		return err
	}
	defer part.Close()
	f.shows, err = readStyles(part)
	return err
}
