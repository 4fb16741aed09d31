package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// What may stand between two tags, or within one. A cell holds 32,767 characters.
const (
	firstBuffer = 64 << 10
	mostBetween = 1 << 20
	mostOpen    = 256 // elements within elements
)

var (
	errLongText = &TooLarge{"it holds a text longer than any cell can hold"}
	errDeep     = &TooLarge{"its parts lie within each other more deeply than in any workbook"}
	errEnds     = errors.New("a part of it ends in the middle")
	errDoctype  = errors.New("a part of it declares entities, which no workbook does")
)

// token is what a scanner stands on.
type token byte

const (
	starts token = iota // <name …>; for <name …/> an end follows
	ends                // </name>
	chars               // the text between two tags
	over                // the end of the part
)

// scanner walks over the tags of one part, without objects for what nobody looks at. It takes well-formed XML in
// UTF-8 and refuses the rest; prefixes of names are passed over.
type scanner struct {
	in     io.Reader
	buf    []byte
	at, to int // what is read and not walked over
	isOver bool

	name    []byte // of the element, without its prefix; good until the next call
	attrs   []byte // of a start, as written
	text    []byte // as written
	isPlain bool   // no entities in it: CDATA

	open    []byte // the names of the open elements, one after the other
	lengths []int
	closing bool // <name/>: its end comes next
	met     bool // an element was met
}

func newScanner(in io.Reader) *scanner { return &scanner{in: in, buf: make([]byte, firstBuffer)} }

// fill reads on.
func (s *scanner) fill() error {
	if s.isOver {
		return errEnds
	}
	if s.at > 0 {
		copy(s.buf, s.buf[s.at:s.to])
		s.at, s.to = 0, s.to-s.at
	}
	if s.to == len(s.buf) {
		if len(s.buf) >= mostBetween {
			return errLongText
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for {
		n, err := s.in.Read(s.buf[s.to:])
		s.to += n
		if errors.Is(err, io.EOF) {
			s.isOver, err = true, nil
			if n == 0 {
				return errEnds
			}
		}
		if n > 0 || err != nil {
			return err
		}
	}
}

// reach says how far off the next b is, not nearer than from.
func (s *scanner) reach(from int, b byte) (int, error) {
	for {
		if s.at+from < s.to {
			if i := bytes.IndexByte(s.buf[s.at+from:s.to], b); i >= 0 {
				return from + i, nil
			}
			from = s.to - s.at
		}
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

// next walks to the next token.
func (s *scanner) next() (token, error) {
	if s.closing {
		s.closing = false
		return ends, s.leave()
	}
	for {
		if s.at == s.to {
			if err := s.fill(); err != nil {
				return s.finish(err)
			}
		}
		if s.buf[s.at] != '<' {
			return s.chars()
		}
		n, err := s.reach(1, '>')
		if err != nil {
			return over, err
		}
		switch tag := s.buf[s.at : s.at+n+1]; {
		case tag[1] == '/':
			s.name = local(bytes.TrimRight(tag[2:n], " \t\r\n"))
			s.at += n + 1
			return ends, s.leave()
		case tag[1] == '?':
			s.at += 2
			if err := s.skip("?>"); err != nil {
				return over, err
			}
		case bytes.HasPrefix(tag, []byte("<!--")):
			s.at += len("<!--") // "<!-->" is no comment
			if err := s.skip("-->"); err != nil {
				return over, err
			}
		case bytes.HasPrefix(tag, []byte("<![CDATA[")):
			return s.cdata()
		case tag[1] == '!':
			return over, errDoctype
		default:
			return s.start(n)
		}
	}
}

// finish says whether a part may end here.
func (s *scanner) finish(err error) (token, error) {
	if errors.Is(err, errEnds) && len(s.lengths) == 0 && s.met {
		return over, nil
	}
	return over, err
}

func (s *scanner) chars() (token, error) {
	n, err := s.reach(0, '<')
	if errors.Is(err, errEnds) && len(s.lengths) == 0 {
		n, err = s.to-s.at, nil // behind the last tag
	}
	if err != nil {
		return over, err
	}
	s.text, s.isPlain = s.buf[s.at:s.at+n], false
	s.at += n
	if len(s.lengths) == 0 && len(bytes.Trim(s.text, "\ufeff \t\r\n")) > 0 {
		return over, errors.New("a part of it is no XML in UTF-8")
	}
	return chars, nil
}

// skip walks behind an ending.
func (s *scanner) skip(ending string) error {
	last := ending[len(ending)-1]
	for from := len(ending) - 1; ; from++ {
		n, err := s.reach(from, last)
		if err != nil {
			return err
		}
		if bytes.HasSuffix(s.buf[s.at:s.at+n+1], []byte(ending)) {
			s.at += n + 1
			return nil
		}
		from = n
	}
}

func (s *scanner) cdata() (token, error) {
	const start, ending = "<![CDATA[", "]]>"
	for from := len(start) + len(ending) - 1; ; from++ {
		n, err := s.reach(from, '>')
		if err != nil {
			return over, err
		}
		if bytes.HasSuffix(s.buf[s.at:s.at+n+1], []byte(ending)) {
			s.text, s.isPlain = s.buf[s.at+len(start):s.at+n+1-len(ending)], true
			s.at += n + 1
			return chars, nil
		}
		from = n
	}
}

// start reads the start of an element; n is how far off the next ">" is, which may stand in a value.
func (s *scanner) start(n int) (token, error) {
	quote, seen := byte(0), 1
	for {
		for tag := s.buf[s.at : s.at+n]; seen < n; seen++ {
			switch c := tag[seen]; {
			case quote == 0 && (c == '"' || c == '\''):
				quote = c
			case c == quote:
				quote = 0
			}
		}
		if quote == 0 {
			break
		}
		seen = n + 1
		var err error
		if n, err = s.reach(n+1, '>'); err != nil {
			return over, err
		}
	}
	tag := s.buf[s.at+1 : s.at+n]
	s.at += n + 1
	if len(tag) > 0 && tag[len(tag)-1] == '/' {
		tag, s.closing = tag[:len(tag)-1], true
	}
	end := bytes.IndexAny(tag, " \t\r\n")
	if end < 0 {
		end = len(tag)
	}
	s.name, s.attrs = local(tag[:end]), tag[end:]
	if len(s.name) == 0 || len(s.lengths) == 0 && s.met {
		return over, errors.New("a part of it is no XML")
	}
	if len(s.lengths) == mostOpen {
		return over, errDeep
	}
	s.met = true
	s.open = append(s.open, s.name...)
	s.lengths = append(s.lengths, len(s.name))
	return starts, nil
}

// leave closes the innermost element, which must be the one that is named.
func (s *scanner) leave() error {
	if len(s.lengths) == 0 {
		return errors.New("a part of it ends an element that never began")
	}
	last := len(s.lengths) - 1
	from := len(s.open) - s.lengths[last]
	if !bytes.Equal(s.open[from:], s.name) {
		return fmt.Errorf("a part of it ends “%s” where “%s” is open", shown(s.name), shown(s.open[from:]))
	}
	s.open, s.lengths = s.open[:from], s.lengths[:last]
	return nil
}

func shown(name []byte) string { return strings.ToValidUTF8(string(name[:min(len(name), 30)]), "") }

// depth is how many elements are open.
func (s *scanner) depth() int { return len(s.lengths) }

// pass walks behind the end of the element that has just begun.
func (s *scanner) pass() error {
	for outside := s.depth() - 1; s.depth() > outside; {
		if _, err := s.next(); err != nil {
			return err
		}
	}
	return nil
}

func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// attr is the value of an attribute as written, nil if there is none. A name that begins with ":" is found with
// any prefix.
func (s *scanner) attr(name string) []byte {
	for rest := s.attrs; ; {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		is := bytes.IndexByte(rest, '=')
		if is < 0 {
			return nil
		}
		key := bytes.TrimRight(rest[:is], " \t\r\n")
		rest = bytes.TrimLeft(rest[is+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil
		}
		if string(key) == name || name[0] == ':' && len(key) > len(name) && string(key[len(key)-len(name):]) == name {
			return rest[1 : end+1]
		}
		rest = rest[end+2:]
	}
}

// words is the value of an attribute that people can write.
func (s *scanner) words(name string) (string, error) {
	b, err := appendText(nil, s.attr(name), false)
	return string(b), err
}

// number is the value of an attribute that is a whole number; otherwise if there is none.
func (s *scanner) number(name string, otherwise int) (int, error) {
	raw := s.attr(name)
	if raw == nil {
		return otherwise, nil
	}
	n, err := strconv.Atoi(string(raw))
	if err != nil || n < 0 {
		return 0, fmt.Errorf("“%s” stands where a number should", shown(raw))
	}
	return n, nil
}
