package run

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

const (
	shareOfMachine = 0.5       // of the machine or its container, where ferry.yaml names nothing
	leastMemory    = 512 << 20 // below this nothing can be built
)

var memorySize = regexp.MustCompile(`(?i)^\s*(\d+(?:\.\d+)?)\s*([kmgt]i?b)\s*$`)

// MemoryBytes reads an amount of memory such as 2GB or 1500 MiB; "" is the share of the machine that is ferry's
// without a setting.
func MemoryBytes(text string) (int64, error) {
	if strings.TrimSpace(text) == "" {
		return max(int64(float64(machineMemory())*shareOfMachine), leastMemory), nil
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

// machineMemory is what this process may use at most: the machine's memory, or its container's where that is less.
func machineMemory() int64 {
	least := int64(4 << 30) // a guess for systems that do not tell
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		for _, line := range strings.Split(string(text), "\n") {
			if f := strings.Fields(line); len(f) > 1 && f[0] == "MemTotal:" {
				if kb, err := strconv.ParseInt(f[1], 10, 64); err == nil {
					least = kb << 10
				}
			}
		}
	}
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		if text, err := os.ReadFile(file); err == nil {
			if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && n > 0 && n < least {
				least = n
			}
		}
	}
	return least
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
