package main

import (
	"path/filepath"
	"time"

	"ferry/extract"
	"ferry/internal/run"
	"ferry/sql"
)

// sourceConfig is where the exports come from.
type sourceConfig struct {
	Exports string            `yaml:"exports"`  // folder of dropped files, relative to the project
	Files   map[string]string `yaml:"files"`    // file name or pattern → table, or ignore
	Coding  encodings         `yaml:"encoding"` // file name or pattern → encoding, or one for all
	Full    bool              `yaml:"full"`     // with --since-last: the files are all there is, what is gone has left
	Zone    string            `yaml:"timezone"` // of times written without an offset; empty: as in options.csv
	API     *apiConfig        `yaml:"api"`      // nil: files only
	Tables  givenTables       `yaml:"tables"`   // tables built elsewhere: name → Parquet files
	Limits  inputLimits       `yaml:"limits"`
}

// givenTables are tables that another engine builds; each may be written as its files alone.
type givenTables map[string]givenTable

type givenTable struct {
	Files string `yaml:"files"` // a file, a folder or a pattern, relative to the project
	Rows  int64  `yaml:"rows"`  // how many there must be; 0: not checked
}

// UnmarshalYAML reads a path or a map.
func (g *givenTable) UnmarshalYAML(decode func(any) error) error {
	if decode(&g.Files) == nil {
		return nil
	}
	type plain givenTable
	var p plain
	err := decode(&p)
	*g = givenTable(p)
	return err
}

// given are the tables from outside as the SQL stage takes them.
func (s *session) given() map[string]sql.Given {
	all := map[string]sql.Given{}
	for name, t := range s.config.Source.Tables {
		if !filepath.IsAbs(t.Files) {
			t.Files = filepath.Join(s.project.Root(), t.Files)
		}
		all[name] = sql.Given{Files: t.Files, Rows: t.Rows}
	}
	return all
}

// encodings may be written as one name for all files.
type encodings map[string]string

// UnmarshalYAML reads a name or a map.
func (e *encodings) UnmarshalYAML(decode func(any) error) error {
	var one string
	if decode(&one) == nil {
		*e = encodings{"*": one}
		return nil
	}
	var all map[string]string
	err := decode(&all)
	*e = all
	return err
}

// apiConfig is the Xtremepush External API; its token or client secret comes from the environment.
type apiConfig struct {
	BaseURL      string                    `yaml:"base_url"`  // eu, us, or an address
	ClientID     string                    `yaml:"client_id"` // OAuth instead of an App Token; the variable then holds its secret or private key
	Scope        string                    `yaml:"scope"`
	Numbered     bool                      `yaml:"numbered_conditions"`
	PageSize     int                       `yaml:"page_size"`
	Concurrency  int                       `yaml:"concurrency"`
	PerSecond    float64                   `yaml:"per_second"`
	Tries        int                       `yaml:"tries"`
	OverlapHours float64                   `yaml:"overlap_hours"`
	WindowDays   float64                   `yaml:"window_days"`
	FullSweep    bool                      `yaml:"full_sweep"`
	Endpoints    map[string]endpointConfig `yaml:"endpoints"`
}

// endpointConfig changes one endpoint of the map shipped; what is left out stays as it is.
type endpointConfig struct {
	Path      *string `yaml:"path"`
	Entity    *string `yaml:"entity"`
	IDField   *string `yaml:"id_field"`
	Watermark *string `yaml:"watermark_field"`
	Disabled  *bool   `yaml:"disabled"`
	PageSize  *int    `yaml:"page_size"`
}

// inputLimits bound input that means harm; 0 is ferry's default.
type inputLimits struct {
	RecordBytes    int   `yaml:"record_bytes"`
	Columns        int   `yaml:"columns"`
	UnpackedBytes  int64 `yaml:"unpacked_bytes"`
	UnpackRatio    int64 `yaml:"unpack_ratio"`
	ArchiveMembers int   `yaml:"archive_members"`
}

// Addresses of the two regions (vendor's API overview); a project lives in exactly one of them.
var regions = map[string]string{"eu": "https://external-api.xtremepush.com", "us": "https://api.us.xtremepush.com"}

func (s *session) extractOptions() extract.Options {
	c := s.config.Source
	exports := c.Exports
	if !filepath.IsAbs(exports) {
		exports = filepath.Join(s.project.Root(), exports)
	}
	return extract.Options{Exports: exports, Files: c.Files, Encodings: c.Coding, Full: c.Full, Now: s.now, Events: s.printer.event,
		MaxRecord: c.Limits.RecordBytes, MaxColumns: c.Limits.Columns, MaxUnpacked: c.Limits.UnpackedBytes,
		MaxRatio: c.Limits.UnpackRatio, MaxMembers: c.Limits.ArchiveMembers}
}

// api is the configured API with its secret, or nil when there is none.
func (s *session) api() (*extract.API, error) {
	c := s.config.Source.API
	if c == nil {
		return nil, nil
	}
	secret, ok := s.env(sourceTokenVariable)
	if !ok || secret == "" {
		return nil, run.Problemf("source.api", "there is no token: the environment variable %s is not set", sourceTokenVariable).
			WithTry("export %s=…   (Xtremepush: Settings, Integrations, API Integration), or remove source.api to read files only", sourceTokenVariable)
	}
	a := &extract.API{BaseURL: c.BaseURL, Scope: c.Scope, Numbered: c.Numbered, PageSize: c.PageSize, Concurrency: c.Concurrency,
		PerSecond: c.PerSecond, Tries: c.Tries, FullSweep: c.FullSweep,
		Overlap: time.Duration(c.OverlapHours * float64(time.Hour)), Window: time.Duration(c.WindowDays * 24 * float64(time.Hour)),
		Endpoints: map[string]extract.Endpoint{}}
	if region, ok := regions[c.BaseURL]; ok {
		a.BaseURL = region
	}
	if c.ClientID != "" {
		a.ClientID, a.ClientSecret = c.ClientID, secret
	} else {
		a.Token = secret
	}
	for name, e := range c.Endpoints {
		a.Endpoints[name] = extract.Endpoint(e)
	}
	return a, nil
}
