package source

import (
	"bytes"
	"errors"
	"io"
)

// Sample reads the beginning of a  Whole says that there is no more; the error is why, if it
// broke off.
func Sample(in io.Reader) (sample []byte, whole bool, err error) {
	sample = make([]byte, 0, SampleSize)
	for len(sample) < SampleSize && err == nil {
		var n int
		n, err = in.Read(sample[len(sample):SampleSize])
		sample = sample[:len(sample)+n]
	}
	whole = err != nil
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return sample, whole, err
}

// WholeLines leaves out a last line that the sample cuts in two.
func WholeLines(sample []byte, whole bool) []byte {
	if whole {
		return sample
	}
	if k := bytes.LastIndexAny(sample, "\n\r"); k > 0 {
		return sample[:k+1]
	}
	return sample
}

// CannotRead says why a file is not read.
func CannotRead(err error) string {
	var refusal Refusal
	if errors.As(err, &refusal) {
		return refusal.Error()
	}
	return "the file cannot be read: " + err.Error()
}
