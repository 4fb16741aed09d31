package source

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// atEnd are the characters that programs of old ended a text with, or filled it up with, and blanks between them: what
// stands behind the last line is no part of the text.
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
	mark := bytes.IndexAny(p[len(text):n], "\x1a\x00")
	if mark < 0 {
		return n, err
	}
	next, nextErr := e.in.Peek(4096)
	if e.over = errors.Is(nextErr, io.EOF) && len(bytes.Trim(next, atEnd)) == 0; e.over {
		return len(text) + mark, nil
	}
	return n, err
}
