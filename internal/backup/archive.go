package backup

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Manifest says what a backup is of.
type Manifest struct {
	Format       int       `json:"format"`
	Version      string    `json:"version"` // of the program that wrote it
	At           time.Time `json:"at"`
	Kind         string    `json:"kind"` // of cloud
	Organization string    `json:"organization,omitempty"`
	Account      string    `json:"account,omitempty"` // the management account
	Region       string    `json:"region,omitempty"`
	Factory      bool      `json:"factory"` // there are tables of the factory's
	Twin         bool      `json:"twin"`    // there are rows of the twin's
	Migrations   []int64   `json:"migrations,omitempty"`
}

// format is the present form of lines.
const format = 1

// StateRow is a row of the twin's, of the present or of a snapshot; without a table it is the mark of one.
type StateRow struct {
	Snapshot string `json:"snapshot,omitempty"`
	Table    string `json:"table,omitempty"`
	Key      string `json:"key,omitempty"`
	Version  int    `json:"version,omitempty"`
	Body     []byte `json:"body,omitempty"`
	Seq      uint64 `json:"seq,omitempty"`
	Draw     uint64 `json:"draw,omitempty"`
}

// File is a small file of the data folder.
type File struct {
	Name string `json:"name"`
	Body []byte `json:"body"`
}

// Table begins the rows of one of the factory's tables.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// line is one line of a backup; one member is set.
type line struct {
	Manifest *Manifest `json:"manifest,omitempty"`
	File     *File     `json:"file,omitempty"`
	Table    *Table    `json:"table,omitempty"`
	Row      []any     `json:"row,omitempty"`
	State    *StateRow `json:"state,omitempty"`
	End      *Counts   `json:"end,omitempty"`
}

// Counts are how many of each a backup holds.
type Counts struct {
	Files  int `json:"files"`
	Tables int `json:"tables"`
	Rows   int `json:"rows"`
	States int `json:"states"`
}

// Writer writes the lines of a backup.
type Writer struct {
	zip    *gzip.Writer
	out    *json.Encoder
	counts Counts
}

// NewWriter begins a backup. Close ends it; out stays open.
func NewWriter(out io.Writer, m Manifest) (*Writer, error) {
	m.Format = format
	zip := gzip.NewWriter(out)
	w := &Writer{zip: zip, out: json.NewEncoder(zip)}
	return w, w.out.Encode(line{Manifest: &m})
}

// File adds a file.
func (w *Writer) File(f File) error {
	w.counts.Files++
	return w.out.Encode(line{File: &f})
}

// Table begins a table, whose rows follow.
func (w *Writer) Table(t Table) error {
	w.counts.Tables++
	return w.out.Encode(line{Table: &t})
}

// Row adds a row: strings, whole numbers and nothing.
func (w *Writer) Row(values []any) error {
	for _, v := range values {
		switch v.(type) {
		case string, int64, nil:
		default:
			return fmt.Errorf("a backup keeps no %T", v)
		}
	}
	w.counts.Rows++
	return w.out.Encode(line{Row: values})
}

// State adds a row of the twin's.
func (w *Writer) State(r StateRow) error {
	w.counts.States++
	return w.out.Encode(line{State: &r})
}

// Close writes how much there was.
func (w *Writer) Close() error {
	return errors.Join(w.out.Encode(line{End: &w.counts}), w.zip.Close())
}

// Sink takes what a backup holds. A nil function takes nothing of its kind.
type Sink struct {
	Manifest func(Manifest) error
	File     func(File) error
	Table    func(Table) error
	Row      func([]any) error
	State    func(StateRow) error
}

// Read gives a backup's lines to a sink, in order, and checks that all that was written is there. Returns ErrNewer, ErrTruncated.
func Read(in io.Reader, to Sink) (Counts, error) {
	zip, err := gzip.NewReader(in)
	if err != nil {
		return Counts{}, unread(err)
	}
	d := json.NewDecoder(zip)
	d.UseNumber()
	var seen Counts
	for first := true; ; first = false {
		var l line
		if err := d.Decode(&l); err != nil {
			return seen, unread(err)
		}
		if first && l.Manifest == nil {
			return seen, ErrNotBackup
		}
		if l.End != nil {
			if *l.End != seen {
				return seen, fmt.Errorf("%w: it holds %+v, and says %+v", ErrAltered, seen, *l.End)
			}
			_, err := io.Copy(io.Discard, zip) // to its checksum, and to the end of what is sealed
			if err == nil {
				_, err = io.Copy(io.Discard, in)
			}
			return seen, err
		}
		if err := to.take(l, &seen); err != nil {
			return seen, err
		}
	}
}

func unread(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrTruncated
	}
	return err
}

func (s Sink) take(l line, seen *Counts) error {
	switch {
	case l.Manifest != nil:
		if l.Manifest.Format != format {
			return fmt.Errorf("%w: its lines are of form %d, and this one knows %d", ErrNewer, l.Manifest.Format, format)
		}
		return give(s.Manifest, *l.Manifest)
	case l.File != nil:
		seen.Files++
		return give(s.File, *l.File)
	case l.Table != nil:
		seen.Tables++
		return give(s.Table, *l.Table)
	case l.State != nil:
		seen.States++
		return give(s.State, *l.State)
	case l.Row != nil:
		seen.Rows++
		row, err := plain(l.Row)
		if err != nil {
			return err
		}
		return give(s.Row, row)
	}
	return fmt.Errorf("%w: it has a line that this one does not know", ErrNewer)
}

func give[T any](to func(T) error, v T) error {
	if to == nil {
		return nil
	}
	return to(v)
}

// plain gives numbers back as they were.
func plain(row []any) ([]any, error) {
	for i, v := range row {
		n, isNumber := v.(json.Number)
		if !isNumber {
			continue
		}
		whole, err := n.Int64()
		if err != nil {
			return nil, fmt.Errorf("a row holds %s, which is no whole number: %w", n, err)
		}
		row[i] = whole
	}
	return row, nil
}
