package sql_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ferry/internal/long"
	"ferry/sql"
)

// labelledData is where the two public labelled sets lie beside the repository; see the README there.
func labelledData(t *testing.T, file string) string {
	t.Helper()
	folder := os.Getenv("FERRY_MATCHING_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared", "data", "matching")
	}
	path := filepath.Join(folder, file)
	if _, err := os.Stat(path); err != nil {
		t.Skip("the labelled set is not beside this checkout")
	}
	return path
}

func TestMatchingIsAsGoodAsPromisedOnLabelledPersons(t *testing.T) {
	long.Only(t)
	for _, set := range []struct {
		file, truth   string
		columns       map[string]string
		f1, precision float64
	}{
		{"fake_1000.csv", "cluster", map[string]string{"first_name": "first_name", "last_name": "surname",
			"birth_date": "dob", "city": "city", "email": "email"}, 0.985, 0.99},
		{"febrl_dataset2.csv", "rec_id", map[string]string{"first_name": "given_name", "last_name": "surname",
			"street_number": "street_number",
			"address_1":     "address_1", "address_2": "address_2", "suburb": "suburb", "postcode": "postcode", "state": "state",
			"date_of_birth": "date_of_birth"}, 0.994, 0.999},
	} {
		t.Run(set.file, func(t *testing.T) {
			s, err := sql.ScoreFile(context.Background(), labelledData(t, set.file), sql.ScoreOptions{Options: shippedOptions(),
				Map: set.columns, Truth: set.truth})
			if err != nil {
				t.Fatal(err)
			}
			t.Log("\n" + s.String())
			if s.F1() < set.f1 || s.Precision() < set.precision {
				t.Errorf("F1 %.4f at precision %.4f; promised %.3f at %.3f", s.F1(), s.Precision(), set.f1, set.precision)
			}
		})
	}
}

func TestScoreNamesTheColumnThatIsNotThere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(file, []byte("id,given_name,person\n1,Ann,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		truth   string
		columns map[string]string
		want    string
	}{
		{"persn", nil, `no column "persn"`},
		{"person", map[string]string{"first_name": "given"}, `no column "given"`},
		{"person", map[string]string{"frist_name": "given_name"}, `Did you mean "first_name"?`},
	} {
		_, err := sql.ScoreFile(context.Background(), file, sql.ScoreOptions{Options: shippedOptions(), Map: c.columns,
			Truth: c.truth})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want a problem saying %s", err, c.want)
		}
	}
}
