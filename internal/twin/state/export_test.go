package state

import "fmt"

// LimitPages makes the file full at n pages; 0 gives it room again.
func LimitPages(d Disk, n int) error {
	if n == 0 {
		n = 1 << 30
	}
	_, err := d.(*sqliteDisk).db.Exec(fmt.Sprintf("PRAGMA max_page_count=%d", n))
	return err
}
