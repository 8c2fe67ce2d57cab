package policy

// Named is a document with the name explanations give it: an ARN, or the name it has in the console.
type Named struct {
	Name     string
	Document *Document // nil is a document that could not be read; it denies
}

// Request is one question: may Principal do Action on Resource.
type Request struct {
	Principal Principal
	Action    string              // "organizations:CreateAccount"
	Resource  string              // an ARN, or "*" where the action has no resource type
	Context   map[string][]string // condition keys, case-insensitive; Global gives the common ones
	// More gives further condition keys. It is called once at most, and only when a statement has a condition, as most
	// requests meet none. What it gives yields to Context. It may be nil.
	More func() map[string][]string
	// ResourceAccountID owns the resource. Empty means the principal's own account.
	ResourceAccountID string
	// Management says that the principal's account is the organization's management account, which SCPs leave alone.
	Management bool
}

// Policies are all that bear on a request.
type Policies struct {
	Identity []Named // of the user with its groups, or of the role
	Boundary *Named
	Session  []Named
	// HasSession says that the session was made with session policies; then one of Session must allow.
	HasSession bool
	// ServiceControl has the SCPs of each level, from the root over the OUs to the account. Empty means SCPs are off. A
	// level without policies allows nothing.
	ServiceControl [][]Named
	// ResourceControl has the RCPs of each level over the account that owns the resource, as ServiceControl has the SCPs
	// over the caller's. Empty for the management account's resources and for services without RCPs.
	ResourceControl [][]Named
	Resource        *Named
	// Trust says that Resource is the trust policy of the role to be assumed. Then it must allow even within an account,
	// and its statements name no resource.
	Trust bool
}
