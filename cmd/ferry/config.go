package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"

	"ferry/internal/run"
	"ferry/sql"
)

// config is ferry.yaml: how ferry runs. What the business decides is in sql/0_settings, what the
// customer answered in decisions. Secrets come from the environment only.
type config struct {
	Source  sourceConfig            `yaml:"source"`
	Targets map[string]targetConfig `yaml:"targets"`
	Scope   scopeConfig             `yaml:"scope"`
	Load    loadConfig              `yaml:"load"`
	Cutover cutoverConfig           `yaml:"cutover"`
	Limits  limitsConfig            `yaml:"limits"`
}

type limitsConfig struct {
	Memory  string `yaml:"memory"`  // of the whole process while tables are built, such as 2GB
	Threads int    `yaml:"threads"` // 0: all
}

// readConfig decodes ferry.yaml strictly: an unknown key is an error with a suggestion.
func readConfig(path string) (config, error) {
	c := defaults()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, run.Problemf(path, "there is no project here").
			WithTry("ferry init   (or ferry demo, to see it work on sample data)").WithExit(run.ExitUsage)
	}
	if err != nil {
		return c, run.Problemf(path, "cannot be read: %v", err)
	}
	if err := refuseSecrets(path, text); err != nil {
		return c, err
	}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&c); err != nil {
		return c, yamlProblem(path, err)
	}
	return c, c.check(path)
}

// yamlProblem says where, and which known key was probably meant.
func yamlProblem(path string, err error) error {
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) && unknown.Token != nil {
		key := unknown.Token.Value
		p := run.Problemf(fmt.Sprintf("%s:%d", path, unknown.Token.Position.Line), "ferry.yaml has no setting %q", key).
			WithExit(run.ExitUsage)
		if places := append(placesOf(key), scopesOf(key)...); len(places) > 0 {
			p.What = fmt.Sprintf("%q stands in the wrong place: it belongs %s", key, strings.Join(places, ", or "))
		} else if near := run.Closest(key, configKeys(reflect.TypeFor[config]())); near != "" {
			p.What += fmt.Sprintf(". Did you mean %q?", near)
		}
		return p.WithTry("correct the name; `ferry init` in an empty folder writes a file with every setting explained")
	}
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		where := path
		if syntax.GetToken() != nil {
			where = fmt.Sprintf("%s:%d", path, syntax.GetToken().Position.Line)
		}
		return run.Problemf(where, "%s", syntax.GetMessage()).WithTry("correct this line").WithExit(run.ExitUsage)
	}
	return run.Problemf(path, "%v", err).WithExit(run.ExitUsage)
}

// secretNames are keys that people write secrets under.
var secretNames = []string{"key", "apikey", "token", "apptoken", "password", "secret", "clientsecret", "authorization"}

// refuseSecrets looks at every key of the file before anything else reads it.
func refuseSecrets(path string, text []byte) error {
	var tree any
	if yaml.Unmarshal(text, &tree) != nil {
		return nil // the strict decoder says what is wrong, and where
	}
	var walk func(node any, place []string) error
	walk = func(node any, place []string) error {
		m, ok := node.(map[string]any)
		if !ok {
			return nil
		}
		for _, name := range sortedKeys(m) {
			flat := strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(name))
			for _, s := range secretNames {
				if flat == s && len(place) > 0 && m[name] != nil {
					return run.Problemf(path, "a secret is written under %s; ferry takes secrets from the environment only",
						strings.Join(append(place, name), ".")).
						WithTry("remove the line, treat the secret as known to everybody who saw the file, and: export %s=…",
							variableFor(place)).
						WithExit(run.ExitUsage)
				}
			}
			if err := walk(m[name], append(place, name)); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(tree, nil)
}

func variableFor(place []string) string {
	if len(place) > 1 && place[0] == "targets" {
		return keyVariable(place[1])
	}
	return sourceTokenVariable
}

// sourceTokenVariable holds the Xtremepush App Token, or the secret or private key (PEM) of the OAuth client.
const sourceTokenVariable = "FERRY_SOURCE_TOKEN"

// keyVariable is the environment variable that holds a target's key.
func keyVariable(target string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, target)
	return "FERRY_" + strings.ToUpper(clean) + "_KEY"
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// configKeys lists every setting's name at any depth.
func configKeys(t reflect.Type) []string {
	var keys []string
	for _, path := range configPaths(t) {
		keys = append(keys, path[strings.LastIndexByte(path, '.')+1:])
	}
	return keys
}

// anyName stands in a path for a name people choose, such as a target's.
const anyName = "NAME"

// configPaths lists every setting with the sections it stands in: "load.workers", "targets.NAME.plan".
func configPaths(t reflect.Type) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() == reflect.Map {
		var paths []string
		for _, inner := range configPaths(t.Elem()) {
			paths = append(paths, anyName+"."+inner)
		}
		return paths
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var paths []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if name == "" || name == "-" {
			paths = append(paths, configPaths(t.Field(i).Type)...)
			continue
		}
		paths = append(paths, name)
		for _, inner := range configPaths(t.Field(i).Type) {
			paths = append(paths, name+"."+inner)
		}
	}
	return paths
}

// scopesOf says where an option belongs that may be set under scope.
func scopesOf(key string) []string {
	options, err := sql.Settable()
	if err != nil {
		return nil
	}
	for _, name := range options.Names() {
		if name == key {
			return []string{"under scope:"}
		}
		if strings.HasSuffix(name, "."+key) {
			return []string{"under scope: as " + name}
		}
	}
	return nil
}

// placesOf says where a setting that ferry knows belongs.
func placesOf(key string) []string {
	var places []string
	for _, path := range configPaths(reflect.TypeFor[config]()) {
		at := strings.LastIndexByte(path, '.')
		switch {
		case path == key:
			places = append(places, "at the very left, in no section")
		case at > 0 && path[at+1:] == key:
			places = append(places, "under "+strings.ReplaceAll(path[:at], anyName, "a name of yours")+":")
		}
	}
	return places
}
