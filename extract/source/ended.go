package source

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// endMark is the character with which programs of old ended a text. It stands behind the last line, with blanks or more
// of its kind behind it, and is no part of the text.
const endMark = 0x1a

const atEnd = "\x1a\x00 \t\r\n"

// ended leaves such an end out.
type ended struct {
	in   *bufio.Reader
	over bool
}

func (e *ended) Read(p []byte) (int, error) {
	if e.over {
		return 0, io.EOF
	}
	n, err := e.in.Read(p)
	text := bytes.TrimRight(p[:n], atEnd)
	mark := bytes.IndexByte(p[len(text):n], endMark)
	if mark < 0 {
		return n, err
	}
	next, nextErr := e.in.Peek(4096)
	if e.over = errors.Is(nextErr, io.EOF) && len(bytes.Trim(next, atEnd)) == 0; e.over {
		return len(text) + mark, nil
	}
	return n, err
}
