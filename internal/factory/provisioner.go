package factory

import "context"

// Provisioner names a way of making and changing accounts. It is stored with each request, which goes on the way it began
// whatever is configured later.
type Provisioner string

const (
	// ByServiceCatalog launches and changes Account Factory's product: the twin, or AWS with Control Tower.
	ByServiceCatalog Provisioner = "service-catalog"
	// ByOrganizations does by itself what Control Tower would: the twin, or AWS without Control Tower.
	ByOrganizations Provisioner = "organizations"
)

// Provisioners gives all there are.
func Provisioners() []Provisioner { return []Provisioner{ByServiceCatalog, ByOrganizations} }

// provisioner is what a way of making accounts brings: the kinds of requests, as lists of steps, and what leaves it no
// room. The queue, the timeline, repetitions, what a cancel and a retry mean are the same for all.
type provisioner interface {
	// kind gives what requests of a kind consist of; false when there are none.
	kind(name Kind) (kind, bool)
	// occupied names the operation of somebody's that leaves no room for another; empty when there is room.
	occupied(ctx context.Context, w *work, limit int) (string, error)
	// hasMade reports whether what is in a launch's way in the cloud is provably its own.
	hasMade(ctx context.Context, w *work, t Target) (bool, error)
}

// steps gives the provisioner of a name; empty is the one there was when there was no other. One of a newer version has no
// kinds.
func (p Provisioner) steps() provisioner {
	switch p {
	case ByServiceCatalog, "":
		return byCatalog{}
	case ByOrganizations:
		return byOrganizations{}
	}
	return unknownProvisioner{}
}

// byCatalog is the provisioner of AWS with Control Tower.
type byCatalog struct{}

func (byCatalog) kind(name Kind) (kind, bool) {
	switch name {
	case KindLaunch, "":
		return launchKind(), true
	case KindUpdate:
		return updateKind(), true
	case KindUnmanage:
		return unmanageKind(), true
	case KindClose:
		return closeKind(), true
	case KindRepair:
		return repairKind(), true
	case KindEnroll:
		return enrollKind(), true
	case KindAccess:
		return accessKind(), true
	}
	return kind{}, false
}

func (byCatalog) occupied(ctx context.Context, w *work, limit int) (string, error) {
	return w.occupied(ctx, limit)
}

// unknownProvisioner stands for one of a newer version: its requests are left alone.
type unknownProvisioner struct{}

func (unknownProvisioner) kind(Kind) (kind, bool) { return kind{}, false }

func (unknownProvisioner) occupied(context.Context, *work, int) (string, error) { return "", nil }

func (unknownProvisioner) hasMade(context.Context, *work, Target) (bool, error) { return false, nil }
