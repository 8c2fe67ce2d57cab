package state

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"time"
)

// Tx is one transaction: a writer's inside Update, a reader's inside View. It is good only while that call lasts and only
// on its goroutine.
type Tx struct {
	store  *Store
	root   *root
	now    time.Time // zero for a reader that has not asked yet
	*draft           // nil for a reader, of whom there is one or more in every call
}

// draft is what a writer has done so far.
type draft struct {
	writer    bool   // until the transaction is sealed
	own       []bool // tables whose trees this transaction has copied
	writes    []Write
	random    *rand.ChaCha8
	posted    int
	begun     uint64
	said      bool // Next was called
	scheduled bool
	err       error
}

// begin starts a writer's transaction on the newest root. Call it under the writers' mutex.
func (s *Store) begin() *Tx {
	r := &root{mark: s.newest.mark, trees: slices.Clone(s.newest.trees), clock: s.newest.clock}
	r.mark.Seq++
	r.mark.Draw++
	return &Tx{store: s, root: r, now: r.now(), draft: &draft{writer: true, own: make([]bool, len(s.tables))}}
}

func (tx *Tx) run(f func(*Tx) error) error {
	if err := f(tx); err != nil {
		return err
	}
	return tx.err
}

// sealed gives the root the transaction made; it changes no more, also not by one who kept the Tx.
func (tx *Tx) sealed() *root {
	tx.writer = false
	if tx.own[tx.store.system.settings.id] {
		tx.store.takeClock(tx.root)
	}
	return tx.root
}

// Fail makes the transaction fail with err although its function returns nil: for what must not happen deep inside.
func (tx *Tx) Fail(err error) { tx.fail(err) }

func (tx *Tx) fail(err error) {
	tx.drafted()
	if tx.err == nil {
		tx.err = err
	}
}

// drafted gives a reader what only writers have from the beginning; it still writes nothing.
func (tx *Tx) drafted() {
	if tx.draft == nil {
		tx.draft = &draft{}
	}
}

// Now is the twin's time, in UTC to the millisecond, as AWS shows times: for a writer when the transaction began, for a
// reader when it first asked, as most never do.
func (tx *Tx) Now() time.Time {
	if tx.now.IsZero() {
		tx.now = tx.root.now()
	}
	return tx.now
}

// Uint64 draws random bits that repeat with the store's seed; so a Tx serves as arn.Random. Never use it for secrets.
func (tx *Tx) Uint64() uint64 {
	tx.drafted()
	if tx.random == nil {
		var key [32]byte
		binary.LittleEndian.PutUint64(key[0:], tx.store.seed(tx))
		binary.LittleEndian.PutUint64(key[8:], tx.root.mark.Draw)
		tx.random = rand.NewChaCha8(key)
	}
	return tx.random.Uint64()
}

// Pace gives the time that something which takes AWS about d takes here: spread by a quarter to either side, then divided
// by the speed.
func (tx *Tx) Pace(d time.Duration) time.Duration {
	if tx.store.opts.Speed == 0 {
		return 0
	}
	spread := 0.75 + 0.5*float64(tx.Uint64()>>11)/(1<<53)
	return time.Duration(float64(d) * spread / tx.store.opts.Speed)
}

// Limit gives the time after which something takes too long here that must end within d in AWS: divided by the speed like
// what it limits. At instant speed, where nothing takes time, it is d itself.
func (tx *Tx) Limit(d time.Duration) time.Duration {
	if tx.store.opts.Speed == 0 {
		return d
	}
	return time.Duration(float64(d) / tx.store.opts.Speed)
}

func (tx *Tx) put(t *table, key string, row any, body []byte) {
	in := tx.writable(t)
	t.remove(in, key)
	if err := t.insert(in, key, row); err != nil {
		panic(err.Error())
	}
	tx.writes = append(tx.writes, Write{Table: t.name, Key: key, Version: t.version, Body: body})
}

func (tx *Tx) delete(t *table, key string) bool {
	if _, ok := tx.root.trees[t.id].rows.Get(key); !ok {
		return false
	}
	t.remove(tx.writable(t), key)
	tx.writes = append(tx.writes, Write{Table: t.name, Key: key})
	return true
}

// writable gives the table's trees for writing, copied the first time.
func (tx *Tx) writable(t *table) *trees {
	if tx.draft == nil || !tx.writer {
		panic("state: write to " + t.name + " inside View or after Update")
	}
	if !tx.own[t.id] {
		tx.root.trees[t.id] = tx.root.trees[t.id].copy()
		tx.own[t.id] = true
	}
	return tx.root.trees[t.id]
}
