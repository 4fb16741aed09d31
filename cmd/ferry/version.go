package main

import (
	"ferry/internal/run"
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"sync"
)

// duckDriver is the module DuckDB is linked in through; its version carries DuckDB's own.
const duckDriver = "github.com/duckdb/duckdb-go/v2"

// fullVersion is what a run keeps of the program that made it: the version, and the commit where the build knows it.
func fullVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version
	}
	name, commit, changed := version, "", ""
	if name == "dev" && info.Main.Version != "" && info.Main.Version != "(devel)" {
		name = info.Main.Version
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = ", changed since"
		}
	}
	if commit == "" {
		return name
	}
	return fmt.Sprintf("%s (commit %s%s)", name, commit, changed)
}

// versionText is what `ferry --version` prints.
func versionText() string {
	text := fullVersion()
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return text
	}
	for _, d := range info.Deps {
		if d.Path == duckDriver {
			text += fmt.Sprintf("\nDuckDB %s (driver %s)", duckVersion(d.Version), d.Version)
		}
	}
	return text + "\n" + info.GoVersion
}

var driverVersion = regexp.MustCompile(`^v2\.(\d+)(\d\d)(\d\d)\.`)

// duckVersion reads v2.10506.0 as DuckDB 1.5.6.
func duckVersion(driver string) string {
	m := driverVersion.FindStringSubmatch(driver)
	if m == nil {
		return "unknown"
	}
	minor, _ := strconv.Atoi(m[2])
	patch, _ := strconv.Atoi(m[3])
	return fmt.Sprintf("%s.%d.%d", m[1], minor, patch)
}

// programDigest tells this build of ferry from any other. Tables are only taken over from a build before if the
// same program made them, because functions written in Go are part of the rules.
var programDigest = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	digest, err := run.DigestFile(path)
	if err != nil {
		return ""
	}
	return digest
})
