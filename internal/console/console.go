package console

import (
	"context"
	"html/template"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/docs"
	"accountfactory/internal/clock"
	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

// About says what a server is; anybody may read it.
type About struct {
	Version        string `json:"version"`
	Cloud          string `json:"cloud"` // "twin" or "aws"
	AWS            string `json:"aws"`   // AWS endpoint
	Region         string `json:"region"`
	Account        string `json:"account"`
	OrganizationID string `json:"organizationId"`
	IdentitySource string `json:"identitySource"`       // where SSO users come from: "identity-center", where they are made, or "external"
	Audience       string `json:"audience"`             // what vouchers for this server must name
	ConsoleURL     string `json:"consoleUrl,omitempty"` // AWS's own console, on AWS
	PortalURL      string `json:"portalUrl,omitempty"`  // the access portal, on AWS and where known
}

// Config is what the console needs. All must be set but Clock.
type Config struct {
	Factory  *factory.Service
	Verifier cloud.Verifier
	About    About
	Operator string // ARN of the management credentials: they may handle everybody's requests
	Roles    Roles  // who else is more than a requester
	Log      *slog.Logger

	// For people in browsers.
	Sessions     SessionStore
	Sealer       *Sealer
	Portal       Portal
	Directory    Directory
	Entrance     Entrance                              // of federation links; nil takes none
	AuthorizeURL string                                // where the portal's sign-in begins
	Center       Center                                // how people come from Identity Center on AWS; nil: not, or on the twin by AuthorizeURL
	StartURL     func(context.Context) (string, error) // goes with Center: its access portal
	OIDC         *OIDC                                 // a company's own provider; nil for none
	Paths        Paths                                 // launch paths for people without roles of AWS
	Cloud        *cloud.Cloud
	Clock        clock.Clock // nil means clock.Wall
}

// Console serves the browser listener.
type Console struct {
	config       Config
	log          *slog.Logger
	clock        clock.Clock
	sessions     *sessions
	registration registration
	device       deviceRegistration
	portalURL    atomic.Pointer[string] // as far as it is known
	starts       starts
	template     *template.Template
	operations   map[string]map[string]operation // of AWS, by service and name
	codec        sdkCodec
	keepAlive    time.Duration
	theatre      theatre
}

// New makes a Console.
func New(c Config) *Console {
	if c.Clock == nil {
		c.Clock = clock.Wall{}
	}
	out := &Console{config: c, log: c.Log, clock: c.Clock, operations: byName(awsTable()), codec: newSDKCodec(), keepAlive: keepAlive, template: pageTemplate()}
	if c.Sessions != nil {
		name, _ := out.own(cookieName, "/")
		out.sessions = &sessions{cookie: name, store: c.Sessions, sealer: c.Sealer, portal: c.Portal, clock: c.Clock, holds: out.holds, aliveFor: aliveFor}
		if c.About.Cloud == cloud.KindAWS {
			out.sessions.aliveFor = aliveForAWS
		}
	}
	return out
}

// Handler gives all routes. A page elsewhere cannot use a person's session: its writes are refused as cross-origin, and
// what its reads would give browsers keep from it.
func (c *Console) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range c.routes() {
		mux.Handle(r.pattern, r.handler)
	}
	c.signInRoutes(mux)
	mux.Handle("/api/", c.public(func(r *http.Request) (answer, error) {
		return answer{}, &apiError{status: http.StatusNotFound, Code: "NotFound", Message: "there is no " + r.Method + " " + r.URL.Path}
	}))
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(c.public(func(*http.Request) (answer, error) {
		return answer{}, &apiError{status: http.StatusForbidden, Code: "CrossOrigin", Message: "a page of another origin cannot do this"}
	}))
	return guard.Handler(mux)
}

// route is a method and path with its handler; docs/openapi.yaml describes each.
type route struct {
	pattern string
	handler http.Handler
}

func (c *Console) routes() []route {
	return []route{
		{"GET /api/v1/about", c.public(c.about)},
		{"GET /api/v1/openapi.yaml", http.HandlerFunc(c.openAPI)},
		{"POST /api/v1/checks", c.route(c.check)},
		{"POST /api/v1/requests", c.route(c.submit)},
		{"GET /api/v1/requests", c.route(c.list)},
		{"GET /api/v1/requests/{id}", c.route(c.get)},
		{"POST /api/v1/requests/{id}/retry", c.route(c.retry)},
		{"POST /api/v1/requests/{id}/cancel", c.route(c.cancel)},
		{"POST /api/v1/requests/{id}/answer", c.route(c.answerAsk)},
		{"POST /api/v1/requests/{id}/hooks/{run}/retry", c.route(c.retryHook)},
		{"GET /api/v1/requests/{id}/watch", http.HandlerFunc(c.watch)},
		{"GET /api/v1/events", http.HandlerFunc(c.events)},
		{"GET /api/v1/queue", c.route(c.queue)},
		{"PUT /api/v1/queue", c.route(c.setQueue)},
		{"PUT /api/v1/limit", c.route(c.limit)},
		{"GET /api/v1/audit", c.route(c.audit)},
		{"GET /api/v1/caller", c.route(c.standing)},
		{"GET /api/v1/catalog", c.route(c.catalog)},
		{"GET /api/v1/session", c.public(c.whoAmI)},
		{"POST /api/v1/session/sign-out", http.HandlerFunc(c.signOut)},
		{"GET /api/v1/portal/accounts", c.person(c.portalAccounts)},
		{"GET /api/v1/portal/accounts/{account}/roles", c.person(c.portalRoles)},
		{"POST /api/v1/portal/accounts/{account}/roles/{role}/keys", c.person(c.portalKeys)},
		{"POST /api/v1/aws/{account}/{role}/{region}/{service}/{operation}", c.person(c.aws)},
		{"GET /api/v1/scenarios/{account}/{role}", c.person(c.scenarios)},
		{"POST /api/v1/scenarios/{account}/{role}", c.person(c.playScenario)},
		{"DELETE /api/v1/scenarios/{account}/{role}", c.person(c.stopScenario)},
		{"GET /api/v1/twin/{account}/{role}/{rest...}", http.HandlerFunc(c.twin)},
		{"POST /api/v1/twin/{account}/{role}/{rest...}", http.HandlerFunc(c.twin)},
		{"PUT /api/v1/twin/{account}/{role}/{rest...}", http.HandlerFunc(c.twin)},
		{"DELETE /api/v1/twin/{account}/{role}/{rest...}", http.HandlerFunc(c.twin)},
	}
}

// openAPI serves the description of this API.
func (c *Console) openAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(docs.OpenAPI()) // the client may be gone; nothing to do about it
}

func (c *Console) about(*http.Request) (answer, error) {
	return ok(struct {
		About
		SignIn []Way `json:"signIn"`
	}{c.aboutNow(), c.Ways()}), nil
}

// aboutNow is what the server is, with what was found out meanwhile.
func (c *Console) aboutNow() About {
	out := c.config.About
	if found := c.portalURL.Load(); found != nil {
		out.PortalURL = *found
	}
	return out
}

// forwardedPaths asks for launch paths with the voucher a caller sent along. Without one it says which product it must be
// made for.
type forwardedPaths struct {
	verifier cloud.Verifier
	identity string // the voucher of who calls
	voucher  string
}

// proofNeeded asks the caller to sign ListLaunchPaths for a product.
type proofNeeded struct{ productID string }

func (e *proofNeeded) Error() string {
	return "sign ListLaunchPaths of " + e.productID + " and send it along"
}

// ListLaunchPaths makes forwardedPaths a factory.LaunchPaths.
func (f forwardedPaths) ListLaunchPaths(ctx context.Context, in *servicecatalog.ListLaunchPathsInput, _ ...func(*servicecatalog.Options)) (*servicecatalog.ListLaunchPathsOutput, error) {
	if f.voucher == "" {
		return nil, &proofNeeded{aws.ToString(in.ProductId)}
	}
	n, err := f.verifier.LaunchPaths(ctx, f.voucher, f.identity, aws.ToString(in.ProductId))
	return &servicecatalog.ListLaunchPathsOutput{LaunchPathSummaries: make([]types.LaunchPathSummary, n)}, err
}
