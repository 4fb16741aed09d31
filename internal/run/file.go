package run

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

func itoa(n int) string { return strconv.Itoa(n) }

// atoi is a number, 0 for none.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// runOrder makes names sort by time and then by number: "…Z" before "…Z-2" before "…Z-10".
func runOrder(id string) string {
	base, n, _ := strings.Cut(id, "-")
	return fmt.Sprintf("%s-%08s", base, n)
}

// WriteFile writes a file so that it is either wholly there or not at all: temporary name,
// sync, rename, sync of the folder.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), DirMode); err != nil {
		return CannotWrite(path, err)
	}
	f, err := createTemp(path)
	if err != nil {
		return CannotWrite(path, err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return CannotWrite(path, err)
	}
	if err := f.Sync(); err != nil {
		return CannotWrite(path, err)
	}
	if err := f.Close(); err != nil {
		return CannotWrite(path, err)
	}
	return Publish(f.Name(), path)
}

// TempName is where a file is written before it is published under its own name.
func TempName(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".temp")
}

// Boundary is called before and after a file gets its name. The kill tests die in it.
var Boundary = func() {}

// Publish syncs a finished temporary file and gives it its name.
func Publish(temp, path string) error {
	if err := syncPath(temp); err != nil {
		return CannotWrite(path, err)
	}
	if err := os.Chmod(temp, FileMode); err != nil {
		return CannotWrite(path, err)
	}
	Boundary()
	if err := os.Rename(temp, path); err != nil {
		return CannotWrite(path, err)
	}
	Boundary()
	return syncPath(filepath.Dir(path))
}

func createTemp(path string) (*os.File, error) {
	return os.OpenFile(TempName(path), os.O_RDWR|os.O_CREATE|os.O_TRUNC, FileMode)
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// Exists says whether something stands under a path.
func Exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// DigestFile is the SHA-256 of a file, in hexadecimal.
func DigestFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// DigestText is the SHA-256 of texts; the boundaries between them count.
func DigestText(texts ...string) string {
	h := sha256.New()
	for _, t := range texts {
		fmt.Fprintf(h, "%d:%s;", len(t), t)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// CannotWrite turns what the disk says into something to act on; nil and Problems pass unchanged.
func CannotWrite(path string, err error) error {
	if err == nil {
		return nil
	}
	var p *Problem
	if errors.As(err, &p) {
		return err
	}
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return &Problem{Where: path, What: "the disk is full", Err: err,
			Try: "free some space and run the same command again; finished stages are kept"}
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return &Problem{Where: path, What: "ferry may not write here: " + cause(err), Err: err,
			Try: "check the owner and the mode of this folder, or choose another with --dir"}
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EISDIR):
		return &Problem{Where: path, What: "a file stands where a folder is needed, or the other way round: " +
			cause(err), Err: err,
			Try: "move it out of the way"}
	}
	return err
}

func cause(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// NewTemp makes scratch space of one's own inside the run.
func (d Dir) NewTemp(whose string) (string, error) {
	for range 3 { // whoever was last may take the folder around it away just now
		if err := os.MkdirAll(d.Temp(), DirMode); err != nil {
			return "", CannotWrite(d.Temp(), err)
		}
		own, err := os.MkdirTemp(d.Temp(), whose+"-")
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return own, CannotWrite(d.Temp(), err)
		}
	}
	return "", CannotWrite(d.Temp(), fs.ErrNotExist)
}

// DropTemp removes such space, and the folder around it with the last one in it.
func (d Dir) DropTemp(own string) error {
	err := os.RemoveAll(own)
	_ = os.Remove(d.Temp()) // it stays where somebody else is at work
	return err
}

// DropLeftTemps removes the scratch space of those of a name who were killed. Only who holds the lock under which that
// name works may call it.
func (d Dir) DropLeftTemps(whose string) error {
	left, err := filepath.Glob(filepath.Join(d.Temp(), whose+"-*"))
	for _, l := range left {
		err = errors.Join(err, os.RemoveAll(l))
	}
	return err
}
