package extract

import (
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ferry/extract/discovery"
)

// What is shown of a file is what lands of it: each landed record is shown, in the same order and with the same cells, and
// what is shown besides is said to be a guess.
func TestWhatIsShownIsWhatLands(t *testing.T) {
	texts := map[string]string{}
	for i, g := range grids() {
		for n, p := range pollute(g, usual, rand.New(rand.NewPCG(uint64(i), 7))) {
			if n%31 == i {
				texts[fmt.Sprintf("%d-%03d %s.csv", i, n, notName.Replace(p.kind))] = p.text
			}
		}
	}
	for name, rows := range map[string]string{"drawn": "| a_1 | b |\n|---|---|\n| 1 | x |\n| 2 | y |\n",
		"wrapped": eachLine("a_1,b,c", `1,"x, y",z`, "2,y,z"), "units": "a_1,b\n(s),(m)\n1,2\n2,3\n",
		"fixed":    "a_1    b\n1      x\n2      y\n3      z\n4      z\n5     z\n6     z\n",
		"formulas": "a_1,b\n=\"01\",x\n=\"02\",y\n", "comments": "a_1,b\n1,2\n# no\n2,3\n"} {
		texts[name+".csv"] = rows
	}
	dir, o := drop(t, texts)
	o.Files = map[string]string{"*": "user_profiles"}
	if _, err := Run(context.Background(), dir, o); err != nil && !strings.Contains(err.Error(), "Add a header line") {
		t.Fatal(err)
	} else if err != nil {
		for name := range texts { // a name that may as well be a row: refused, and so not to be compared
			if strings.Contains(err.Error(), name) {
				o.Files[name] = "ignore"
			}
		}
		if _, err := Run(context.Background(), dir, o); err != nil {
			t.Fatal(err)
		}
	}
	compared := 0
	for name, got := range landedAsWritten(t, dir, "user_profiles", true) {
		var out strings.Builder
		shown, err := discovery.ExplainFile(filepath.Join(o.Exports, name), &out, 1)
		if err != nil || shown.Tables != 1 {
			continue
		}
		r := csv.NewReader(strings.NewReader(out.String()))
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at, missing := 0, 0
		for _, row := range got {
			k := slices.IndexFunc(rows[at:], func(s []string) bool { return slices.Equal(s, row) })
			if k < 0 {
				t.Errorf("%s: this lands and is not shown: %q", name, row)
				break
			}
			missing += k
			at += k + 1
		}
		if missing += len(rows) - at; missing > shown.Guessed {
			t.Errorf("%s: %d records are shown and do not land, %d of them said to be guesses", name, missing, shown.Guessed)
		}
		compared++
	}
	if compared < 40 {
		t.Errorf("only %d files were compared", compared)
	}
}

var notName = strings.NewReplacer(`"`, "", `\`, "", "/", "", "*", "")
