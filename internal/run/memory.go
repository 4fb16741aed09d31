package run

import (
	"fmt"
	"io/fs"
	"iter"
	"math"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	shareOfMachine = 0.5       // where ferry.yaml names nothing: others work on it, too
	shareOfGroup   = 0.625     // of a container with a limit of its own, above which everything ends
	leastMemory    = 512 << 20 // below this nothing can be built
)

var memorySize = regexp.MustCompile(`(?i)^\s*(\d+(?:\.\d+)?)\s*([kmgt]i?b)\s*$`)

// MemoryBytes reads an amount of memory such as 2GB or 1500 MiB; "" is the share of the machine or of
// its container that is ferry's without a setting.
func MemoryBytes(text string) (int64, error) {
	if strings.TrimSpace(text) == "" {
		return max(ownShare(os.DirFS("/")), leastMemory), nil
	}
	m := memorySize.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("%q is no amount of memory; it is written like 2GB or 1500MB", text)
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0, err
	}
	unit := strings.ToLower(m[2])
	base := 1000.0
	if strings.Contains(unit, "i") {
		base = 1024
	}
	for range 1 + strings.IndexByte("kmgt", unit[0]) {
		n *= base
	}
	if n < 100e6 {
		return 0, fmt.Errorf("%q is too little memory to build anything; give at least 512MB", text)
	}
	return int64(n), nil
}

// ownShare is how much memory is ferry's without a setting, as Linux tells below its root folder.
func ownShare(root fs.FS) int64 {
	machine := int64(4 << 30) // a guess for systems that do not tell
	for line := range lines(root, "proc/meminfo") {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "MemTotal:" {
			if kb, err := strconv.ParseInt(f[1], 10, 64); err == nil {
				machine = kb << 10
			}
		}
	}
	if group := groupMemory(root); group < machine {
		return int64(float64(group) * shareOfGroup)
	}
	return int64(float64(machine) * shareOfMachine)
}

// groupMemory is the least limit of the control groups this process is in; no limit is a very large one. A container
// sees its own group as the topmost; a service or a batch job finds its group by its name.
func groupMemory(root fs.FS) int64 {
	least := int64(math.MaxInt64)
	look := func(top, name, file string) {
		for ; ; name = path.Dir(name) {
			for line := range lines(root, path.Join(top, name, file)) {
				if n, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64); err == nil && n > 0 {
					least = min(least, n)
				}
			}
			if name == "." || name == "/" {
				return
			}
		}
	}
	const top = "sys/fs/cgroup"
	look(top, ".", "memory.max")
	look(top+"/memory", ".", "memory.limit_in_bytes")
	for line := range lines(root, "proc/self/cgroup") { // number:controllers:name
		switch f := strings.SplitN(line, ":", 3); {
		case len(f) < 3:
		case f[1] == "":
			look(top, f[2], "memory.max")
		case slices.Contains(strings.Split(f[1], ","), "memory"):
			look(top+"/memory", f[2], "memory.limit_in_bytes")
		}
	}
	return least
}

// lines are those of a small file, none where there is no such file.
func lines(root fs.FS, name string) iter.Seq[string] {
	text, _ := fs.ReadFile(root, name) // a system of another kind has none
	return strings.SplitSeq(string(text), "\n")
}

// BytesBelow is how much the files in a folder hold.
func BytesBelow(folder string) (bytes int64) {
	_ = filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if info, err := d.Info(); err == nil {
				bytes += info.Size()
			}
		}
		return nil // what is gone meanwhile holds nothing
	})
	return bytes
}
