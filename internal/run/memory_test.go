package run

import "testing"

func TestAmountsOfMemory(t *testing.T) {
	for text, want := range map[string]int64{"2GB": 2e9, "2 GiB": 2 << 30, "1500mb": 15e8, "0.5GiB": 1 << 29} {
		if got, err := MemoryBytes(text); err != nil || got != want {
			t.Errorf("%s is read as %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"2", "two GB", "2GBs", "-1GB", "10MB"} {
		if got, err := MemoryBytes(text); err == nil {
			t.Errorf("%s is read as %d", text, got)
		}
	}
	if got, err := MemoryBytes(""); err != nil || got < leastMemory {
		t.Errorf("without a setting it is %d, %v", got, err)
	}
}
