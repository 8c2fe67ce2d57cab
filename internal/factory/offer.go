package factory

import (
	"cmp"
	"context"
	"slices"
)

// Offer is what a form for a launch needs to know.
type Offer struct {
	Product *OfferedProduct `json:"product,omitempty"` // nil where the factory makes accounts by itself
	Units   []OfferedUnit   `json:"organizationalUnits"`
}

// OfferedProduct is Account Factory's product and the version that a launch takes.
type OfferedProduct struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	VersionID string `json:"versionId,omitempty"`
	Version   string `json:"version,omitempty"`
}

// OfferedUnit is an organizational unit that accounts may be put in.
type OfferedUnit struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Path  string `json:"path"`
	Value string `json:"value"` // what a launch takes
}

// Offer gives what the caller can launch and where to, read under the factory's role in the caller's name.
func (s *Service) Offer(ctx context.Context, c Caller) (Offer, error) {
	if err := may(c, actSee, nil); err != nil {
		return Offer{}, err
	}
	l, err := s.landscapeFor(ctx, c)
	if staleSession(err) { // once more with a new one
		s.sessions.Forget(sessionName(c))
		l, err = s.landscapeFor(ctx, c)
	}
	if err != nil {
		return Offer{}, unavailable("read what can be launched", err)
	}
	out := Offer{Units: []OfferedUnit{}}
	if p := l.product; p != nil && s.cfg.Provisioner != ByOrganizations {
		out.Product = &OfferedProduct{p.ID, accountFactory, p.ArtifactID, p.ArtifactName}
	}
	allowed, _ := l.open(s.cfg.AllowedOUs)
	for _, u := range l.ous {
		if s.bound(c) && !slices.Contains(allowed, u.ID) { // it would be refused
			continue
		}
		if u.Registered || s.cfg.Provisioner == ByOrganizations {
			out.Units = append(out.Units, OfferedUnit{u.ID, u.Name, u.Path, u.text()})
		}
	}
	slices.SortFunc(out.Units, func(a, b OfferedUnit) int { return cmp.Compare(a.Path, b.Path) })
	return out, nil
}

func (s *Service) landscapeFor(ctx context.Context, c Caller) (*landscape, error) {
	a, err := s.sessions.For(ctx, sessionName(c))
	if err != nil {
		return nil, err
	}
	return s.landscape(ctx, a, false)
}
