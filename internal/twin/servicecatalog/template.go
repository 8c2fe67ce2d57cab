package servicecatalog

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// Where the template of a version comes from (ProvisioningArtifactProperties, API reference).
const (
	sourceURL   = "LoadTemplateFromURL"
	sourceStack = "ImportFromPhysicalId"
)

var stackShape = regexp.MustCompile(`^arn:aws[a-z-]*:cloudformation:[a-z0-9-]+:\d{12}:stack/.+$`)

// Source says where a version's template is. Nothing is fetched: only one that the URL itself holds is read.
type Source struct {
	Kind  string
	Place string
}

// info is the source on the wire: a template's URL goes by another name than it came.
func (s Source) info() map[string]string {
	switch s.Kind {
	case "":
		return nil
	case sourceURL:
		return map[string]string{"TemplateUrl": s.Place}
	}
	return map[string]string{s.Kind: s.Place}
}

// takeSource reads a version's source and, where it is given in a data URL, the parameters of its template.
func takeSource(info map[string]string) (src Source, read bool, parameters []Parameter, err error) {
	keys := slices.Sorted(maps.Keys(info))
	if len(keys) != 1 || keys[0] != sourceURL && keys[0] != sourceStack {
		return src, false, nil, invalid("Info of a provisioning artifact must have either %s or %s.", sourceURL, sourceStack)
	}
	src = Source{Kind: keys[0], Place: info[keys[0]]}
	if src.Kind == sourceStack {
		if !stackShape.MatchString(src.Place) {
			return src, false, nil, invalid("%s must be the ARN of a CloudFormation stack.", sourceStack)
		}
		return src, false, nil, nil
	}
	u, err := url.Parse(src.Place)
	switch {
	case err == nil && u.Scheme == "data":
		parameters, err = readTemplate(src.Place)
		return src, err == nil, parameters, err
	case err != nil || u.Scheme != "https" || u.Host == "":
		return src, false, nil, invalid("%s must be an https URL.", sourceURL)
	}
	return src, false, nil, nil
}

// template is the part of a CloudFormation template that is read.
type template struct {
	Parameters map[string]struct {
		Type, Description string
		Default           any
		AllowedPattern    string
		AllowedValues     []any
		NoEcho            any
	}
	Resources map[string]json.RawMessage
}

// readTemplate reads the parameters of a JSON template in a data URL (RFC 2397).
func readTemplate(place string) ([]Parameter, error) {
	head, body, found := strings.Cut(strings.TrimPrefix(place, "data:"), ",")
	text, err := url.PathUnescape(body)
	if err == nil && strings.HasSuffix(head, ";base64") {
		var raw []byte
		raw, err = base64.StdEncoding.DecodeString(text)
		text = string(raw)
	}
	if !found || err != nil {
		return nil, invalid("%s is not a readable data URL.", sourceURL)
	}
	var t template
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return nil, invalid("Template validation error: %s.", err)
	}
	if len(t.Resources) == 0 {
		return nil, invalid("Template validation error: At least one Resources member must be defined.")
	}
	var out []Parameter
	for _, key := range slices.Sorted(maps.Keys(t.Parameters)) {
		p := t.Parameters[key]
		if p.Type == "" {
			return nil, invalid("Template validation error: Parameter %s must have a Type.", key)
		}
		made := Parameter{Key: key, Type: p.Type, Description: p.Description, Pattern: p.AllowedPattern, NoEcho: fmt.Sprint(p.NoEcho) == "true"}
		if _, err := regexp.Compile(p.AllowedPattern); err != nil {
			return nil, invalid("Template validation error: AllowedPattern of parameter %s is not valid.", key)
		}
		if p.Default != nil {
			value := fmt.Sprint(p.Default)
			made.Default = &value
		}
		for _, v := range p.AllowedValues {
			made.Allowed = append(made.Allowed, fmt.Sprint(v))
		}
		out = append(out, made)
	}
	return out, nil
}

// provisionedType gives the type of what is launched from a product of a type.
func provisionedType(productType string) string {
	if productType == string(types.ProductTypeCloudFormationTemplate) {
		return "CFN_STACK"
	}
	return productType
}
