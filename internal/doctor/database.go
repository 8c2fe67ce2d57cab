package doctor

import (
	"fmt"
	"time"

	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// oldestPostgres is the oldest major version that is still given security fixes. Source: postgresql.org, "Versioning Policy".
const oldestPostgres = 14

// logWarns is from where on SQLite's write-ahead log says that it is not being checkpointed.
const logWarns = 256 << 20

// DatabaseLines gives the lines of a look at the factory's database. cloud is what was reached, zero when nothing was.
func DatabaseLines(in factorydb.Inspection, err error, cloud factory.Binding, now time.Time) []Finding {
	looked := in.Where
	if err != nil {
		return []Finding{
			broken(Database, looked, err.Error(), "let this machine reach it with what --database or --data says; a SQLite file that was not closed in order the next start puts right"),
			skipped(Migrations, looked, "the database does not answer"), skipped(Binding, looked, "the database does not answer"),
		}
	}
	out := []Finding{version(in, looked), migrations(in, looked), binding(in, looked, cloud)}
	if in.Major == 0 {
		return append(out, walSize(in, looked))
	}
	return append(out, skewed(DatabaseClock, looked+", its clock beside this machine's", now.Sub(in.Now).Abs().Truncate(time.Second)))
}

func version(in factorydb.Inspection, looked string) Finding {
	if in.Major > 0 && in.Major < oldestPostgres {
		return warn(Database, looked, in.Product+" gets no fixes any more", fmt.Sprintf("move to PostgreSQL %d or newer", oldestPostgres))
	}
	seen := in.Product + " answers"
	if in.Paused {
		return warn(Database, looked, seen+"; the queue is paused", "accountfactory queue resume, once it should go on")
	}
	return ok(Database, looked, seen)
}

func migrations(in factorydb.Inspection, looked string) Finding {
	switch {
	case in.New:
		return ok(Migrations, looked, "there is nothing in it yet: the first start makes its tables")
	case len(in.Unknown) > 0:
		return broken(Migrations, looked, fmt.Sprintf("a newer version of this program has changed it: migrations %v", in.Unknown), "run that version: a database is not put back")
	case len(in.Pending) > 0:
		return warn(Migrations, looked, fmt.Sprintf("migrations %v are pending", in.Pending), "take a backup; the next start of this version runs them")
	}
	return ok(Migrations, looked, "all migrations are there")
}

func binding(in factorydb.Inspection, looked string, cloud factory.Binding) Finding {
	switch {
	case in.Binding == factory.Binding{}:
		return ok(Binding, looked, "it belongs to no organization yet: the first start binds it")
	case cloud == factory.Binding{}:
		return skipped(Binding, looked, "it belongs to organization "+in.Binding.OrganizationID+"; the cloud was not reached to compare")
	case in.Binding != cloud:
		return broken(Binding, looked, (&factory.BindingError{Bound: in.Binding, Found: cloud}).Error(), "give the database or data folder that belongs to this organization, or the settings of that one")
	}
	return ok(Binding, looked, "it belongs to organization "+in.Binding.OrganizationID+" in "+in.Binding.Region)
}

func walSize(in factorydb.Inspection, looked string) Finding {
	seen := fmt.Sprintf("its write-ahead log has %d MiB", in.Log>>20)
	if in.Log > logWarns {
		return warn(WriteAhead, looked, seen, "look for a process that has kept the file open for long; a restart of the server writes the log back")
	}
	return ok(WriteAhead, looked, seen)
}
