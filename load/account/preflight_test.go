package account

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/record"
	"ferry/load/target"
)

// newRun is an empty run of an empty project.
func newRun(t *testing.T) (run.Project, run.Dir) {
	t.Helper()
	project := run.OpenProject(t.TempDir())
	dir, err := project.NewRun(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return project, dir
}

// table writes rows of texts as a table that would be sent.
func table(t *testing.T, dir run.Dir, name string, columns []string, rows ...run.Row) {
	t.Helper()
	if err := record.WriteRows(dir.Model("freshsales", name), run.Texts(name, columns...), rows); err != nil {
		t.Fatal(err)
	}
}

func TestAnActivitySettingThatFitsIsNamed(t *testing.T) {
	project, dir := newRun(t)
	var tasks []run.Row
	for i := range 1000 {
		tasks = append(tasks, run.Row{fmt.Sprint("t", i), fmt.Sprint("c", i%10)})
	}
	table(t, dir, "tasks", []string{"task_key", "contact_key"}, tasks...)
	a := &Account{dir: dir}
	e := target.Estimate{Calls: []target.PhaseCalls{{Phase: "tasks", Kind: "tasks create", Planned: 1000},
		{Phase: "contacts", Kind: "contacts bulk_upsert", Planned: 20}}, Total: 1020, Hours: 10.2}
	for hours, says := range map[float64]string{5.3: "activity.latest_n: 50", 1.5: "activity.latest_n: 10",
		0.25: "activity.events: none", 0.1: "even without"} {
		err := a.affordable(e, target.Options{MaxLoadHours: hours, Target: project.Target("x")})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v hours: %v", hours, err)
		}
	}
	if err := a.affordable(e, target.Options{MaxLoadHours: 11}); err != nil {
		t.Error(err)
	}
}

func TestDocumentsMustFitTheStorage(t *testing.T) {
	project, dir := newRun(t)
	if err := os.MkdirAll(project.Exports(), run.DirMode); err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]int64{"small.pdf": 10, "huge.pdf": 151 << 20} {
		f, err := os.Create(project.Exports() + "/" + name)
		if err == nil {
			err = f.Truncate(size) // takes no room on the disk
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	table(t, dir, "documents", []string{"document_key", "contact_key", "file_name", "path"},
		run.Row{"f1", "c1", "a", "small.pdf"}, run.Row{"f2", "c1", "b", "huge.pdf"},
		run.Row{"f3", "c1", "c", "nowhere.pdf"}, run.Row{"f4", "c1", "d", "../../etc/passwd"})
	a := &Account{dir: dir, owners: []freshsales.Owner{{ID: 1, IsActive: true}}}
	notices, err := a.holds(target.Options{PlanName: "growth"})
	if err != nil || len(notices) != 2 || !strings.HasPrefix(notices[0].Text, "2 of 4") {
		t.Errorf("%v, %v", notices, err)
	}
	if _, err := a.holds(target.Options{PlanName: "free"}); run.ExitOf(err) != run.ExitStop {
		t.Errorf("the Free plan holds no files: %v", err)
	}
	if _, err := a.holds(target.Options{PlanName: "free", Acknowledged: []string{ackStorage}}); err != nil {
		t.Error(err)
	}
}

func TestTheBudgetOfAPlanAddsUp(t *testing.T) {
	budget, total, _ := budgetOf("Pro")
	sum := 0
	for _, n := range budget {
		sum += n
	}
	if lookups := 10; sum+lookups != total { // lookups are not ours to make
		t.Errorf("Pro: kinds add up to %d, total %d", sum, total)
	}
}
