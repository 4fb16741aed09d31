package run

import (
	"testing"
	"testing/fstest"
)

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

// Half of a machine that others use, five eighths of a group of its own, whoever counts its limits.
func TestOwnShare(t *testing.T) {
	const gb = int64(1 << 30)
	for name, c := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"a machine": {map[string]string{"sys/fs/cgroup/memory.max": "max\n"}, 8 * gb},
		"a container": {map[string]string{"sys/fs/cgroup/memory.max": "4294967296\n",
			"proc/self/cgroup": "0::/\n"}, 5 * gb / 2},
		"an older container": {map[string]string{"sys/fs/cgroup/memory/memory.limit_in_bytes": "4294967296\n"}, 5 * gb / 2},
		"a service in a slice that is limited": {map[string]string{"proc/self/cgroup": "0::/work.slice/ferry.service\n",
			"sys/fs/cgroup/work.slice/ferry.service/memory.max": "max\n",
			"sys/fs/cgroup/work.slice/memory.max":               "8589934592\n"}, 5 * gb},
		"a batch job": {map[string]string{"proc/self/cgroup": "7:cpu:/other\n3:hugetlb,memory:/jobs/1\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes":        "9223372036854771712\n",
			"sys/fs/cgroup/memory/jobs/1/memory.limit_in_bytes": "2147483648\n"}, 5 * gb / 4},
		"a limit above the machine": {map[string]string{"sys/fs/cgroup/memory.max": "68719476736\n"}, 8 * gb},
	} {
		t.Run(name, func(t *testing.T) {
			root := fstest.MapFS{"proc/meminfo": {Data: []byte("MemTotal:       16777216 kB\nMemFree: 1 kB\n")}}
			for file, text := range c.files {
				root[file] = &fstest.MapFile{Data: []byte(text)}
			}
			if got := ownShare(root); got != c.want {
				t.Errorf("%d MiB, not %d", got>>20, c.want>>20)
			}
		})
	}
}
