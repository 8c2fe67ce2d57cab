package wire

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"accountfactory/internal/wire/facts"
	"accountfactory/internal/wire/sigv4"
)

// router finds the service and operation a request means. It is filled once and then only read.
type router struct {
	targets  map[string]*served // awsJson1.1, by target prefix
	versions map[string]*served // awsQuery, by API version
	signing  map[string]*served // awsQuery, by signing name
	paths    []*path            // restJson1, those with query literals first
}

// path is the place of one restJson1 operation.
type path struct {
	sv       *served
	op       *facts.Operation
	segments []string
	literals url.Values // "aws_iam=t" of /token?aws_iam=t
}

func newRouter() *router {
	return &router{targets: map[string]*served{}, versions: map[string]*served{}, signing: map[string]*served{}}
}

func (rt *router) add(sv *served) {
	switch sv.Protocol {
	case facts.JSON:
		rt.targets[sv.TargetPrefix] = sv
	case facts.Query:
		rt.versions[sv.Version], rt.signing[sv.SigningName] = sv, sv
	case facts.REST:
		for _, op := range sv.Operations {
			uri, query, _ := strings.Cut(op.URI, "?")
			literals, _ := url.ParseQuery(query)
			p := &path{sv: sv, op: op, segments: strings.Split(uri, "/"), literals: literals}
			if len(literals) > 0 {
				rt.paths = append([]*path{p}, rt.paths...)
			} else {
				rt.paths = append(rt.paths, p)
			}
		}
	default: // serve takes no other
	}
}

// match tells whether a request goes to the path, and gives its labels.
func (p *path) match(r *http.Request, segments []string, query url.Values) (map[string]string, bool) {
	if r.Method != p.op.Method || len(segments) != len(p.segments) {
		return nil, false
	}
	var labels map[string]string
	for i, want := range p.segments {
		name, isLabel := strings.CutPrefix(want, "{")
		if !isLabel {
			if segments[i] != want {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(segments[i])
		if err != nil || value == "" {
			return nil, false
		}
		if labels == nil {
			labels = map[string]string{}
		}
		labels[strings.TrimSuffix(name, "}")] = value
	}
	for name, values := range p.literals {
		if query.Get(name) != values[0] {
			return nil, false
		}
	}
	return labels, true
}

// route fills in what c's request means. When it means nothing we serve, the error says so in the protocol that c now has.
func (rt *router) route(c *call) error {
	c.protocol = rt.guess(c)
	switch c.protocol.(type) {
	case jsonProtocol:
		return rt.routeTarget(c)
	case queryProtocol:
		return rt.routeAction(c)
	}
	return rt.routePath(c)
}

// guess finds the protocol from what only that protocol has.
func (rt *router) guess(c *call) protocol {
	if c.r.Header.Get("X-Amz-Target") != "" {
		return jsonProtocol{}
	}
	if c.query.Has("Action") || c.r.URL.Path == "/" && isForm(c.r) {
		return queryProtocol{}
	}
	return restProtocol{}
}

func isForm(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/x-www-form-urlencoded"
}

func (rt *router) routeTarget(c *call) error {
	target := c.r.Header.Get("X-Amz-Target")
	prefix, name := "", target
	if i := strings.LastIndexByte(target, '.'); i >= 0 {
		prefix, name = target[:i], target[i+1:]
	}
	sv := rt.targets[prefix]
	if sv == nil || c.r.Method != http.MethodPost {
		return unknownOperation(400, fmt.Sprintf("no service here has the operation %q", target))
	}
	return c.means(sv, name)
}

// routeAction goes by the API version, as AWS's endpoints do, and by the credential scope where none is given.
func (rt *router) routeAction(c *call) error {
	if isForm(c.r) {
		form, err := url.ParseQuery(string(c.body))
		if err != nil {
			return &Error{Code: "MalformedQueryString", Message: "The form can not be parsed", Status: 400}
		}
		for key, values := range c.query {
			if _, ok := form[key]; !ok {
				form[key] = values
			}
		}
		c.form = form
	} else {
		c.form = c.query
	}
	action, version := c.form.Get("Action"), c.form.Get("Version")
	sv := rt.versions[version]
	if sv == nil && version == "" {
		_, name := sigv4.Scope(c.r, c.query)
		sv = rt.signing[name]
	}
	switch {
	case action == "":
		return &Error{Code: "MissingAction", Message: "The request is missing an action", Status: 400}
	case sv == nil:
		return &Error{
			Code: "InvalidAction", Status: 400,
			Message: fmt.Sprintf("Could not find operation %s for version %s", action, version),
		}
	}
	return c.means(sv, action)
}

func (rt *router) routePath(c *call) error {
	segments := strings.Split(c.r.URL.EscapedPath(), "/")
	for _, p := range rt.paths {
		if labels, ok := p.match(c.r, segments, c.query); ok {
			c.labels = labels
			return c.means(p.sv, p.op.Name)
		}
	}
	return unknownOperation(404, fmt.Sprintf("no operation of a service here is at %s %s", c.r.Method, c.r.URL.Path))
}

// means takes note of service and operation, or answers that we do not serve it.
func (c *call) means(sv *served, name string) error {
	c.sv, c.protocol = sv, sv.protocol
	c.req.Service = sv.Name
	f, known := sv.Operations[name]
	if known {
		c.op, c.facts, c.req.Operation = sv.ops[name], f, name
	}
	if c.op != nil {
		return nil
	}
	message := fmt.Sprintf("%s has no operation %s", sv.Name, name)
	if known {
		message = fmt.Sprintf("%s %s is not served here", sv.Name, name)
	}
	switch sv.Protocol {
	case facts.Query:
		message = fmt.Sprintf("Could not find operation %s for version %s: %s", name, sv.Version, message)
		return &Error{Code: "InvalidAction", Message: message, Status: 400}
	case facts.REST:
		return unknownOperation(404, message)
	default:
		return unknownOperation(400, message)
	}
}

func unknownOperation(status int, message string) error {
	return &Error{Code: "UnknownOperationException", Message: message, Status: status}
}
