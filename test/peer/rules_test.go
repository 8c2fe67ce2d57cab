package peer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
)

// rule answers an operation in moto's stead, or looks at what goes by.
type rule func(c *call, moto func(*call) (answer, error)) (answer, error)

// uniform gives the rules of AWS that moto does not keep and without which a repetition means something else than on AWS.
//
//   - ListLandingZones: moto has no AWS Control Tower. AWS answers an empty list where there is no landing zone.
//   - SearchProvisionedProducts: moto's Service Catalog provisions nothing and fails. AWS answers an empty list where nothing is.
//   - CreatePermissionSet: AWS refuses a name that is taken; moto makes a second one. Source: IAM Identity Center API reference,
//     CreatePermissionSet, ConflictException. And where no session duration is named AWS takes one hour, PT1H; moto takes the
//     number 3600 and answers it where the type is a string.
//   - CreateAccountAssignment: AWS has an assignment once; moto lists it once per call. Source: the same,
//     CreateAccountAssignment: what is asked for is that the assignment exist.
func uniform() map[string]rule {
	var mu sync.Mutex
	names, assignments := map[string]bool{}, map[string]answer{}
	nothing := func(body string) rule {
		return func(*call, func(*call) (answer, error)) (answer, error) { return jsonAnswer(body), nil }
	}
	return map[string]rule{
		"/list-landingzones":        nothing(`{"landingZones":[]}`),
		"SearchProvisionedProducts": nothing(`{"ProvisionedProducts":[],"TotalResultsCount":0}`),
		"CreatePermissionSet": func(c *call, moto func(*call) (answer, error)) (answer, error) {
			mu.Lock()
			defer mu.Unlock()
			name, err := c.member("Name")
			if err != nil {
				return answer{}, err
			}
			if names[name] {
				return c.refusal("ConflictException", "PermissionSet with name "+name+" already exists."), nil
			}
			if err := c.set("SessionDuration", "PT1H"); err != nil {
				return answer{}, err
			}
			a, err := moto(c)
			names[name] = err == nil && a.status == http.StatusOK
			return a, err
		},
		"CreateAccountAssignment": func(c *call, moto func(*call) (answer, error)) (answer, error) {
			mu.Lock()
			defer mu.Unlock()
			if a, made := assignments[string(c.body)]; made {
				return a, nil
			}
			a, err := moto(c)
			if err == nil && a.status == http.StatusOK {
				assignments[string(c.body)] = a
			}
			return a, err
		},
	}
}

// uniqueEmails adds AWS's rule that no two accounts have the same e-mail, which moto does not have: such a creation is taken
// and fails. Source: AWS Organizations API reference, CreateAccountStatus, EMAIL_ALREADY_EXISTS.
func uniqueEmails(rules map[string]rule) map[string]rule {
	const failed = `{"CreateAccountStatus":{"Id":%q,"State":"FAILED","FailureReason":"EMAIL_ALREADY_EXISTS"}}`
	var mu sync.Mutex
	emails, refused := map[string]bool{}, map[string]bool{}
	rules["CreateAccount"] = func(c *call, moto func(*call) (answer, error)) (answer, error) {
		mu.Lock()
		defer mu.Unlock()
		email, err := c.member("Email")
		if err != nil {
			return answer{}, err
		}
		if emails[strings.ToLower(email)] {
			id := fmt.Sprintf("car-%032d", len(refused)+1)
			refused[id] = true
			return jsonAnswer(fmt.Sprintf(failed, id)), nil
		}
		a, err := moto(c)
		emails[strings.ToLower(email)] = err == nil && a.status == http.StatusOK
		return a, err
	}
	rules["DescribeCreateAccountStatus"] = func(c *call, moto func(*call) (answer, error)) (answer, error) {
		id, err := c.member("CreateAccountRequestId")
		if err != nil {
			return answer{}, err
		}
		mu.Lock()
		ours := refused[id]
		mu.Unlock()
		if ours {
			return jsonAnswer(fmt.Sprintf(failed, id)), nil
		}
		return moto(c)
	}
	return rules
}

// member gives a string of an awsJson body.
func (c *call) member(name string) (string, error) {
	var body map[string]any
	if err := json.Unmarshal(c.body, &body); err != nil {
		return "", err
	}
	text, _ := body[name].(string)
	return text, nil
}

// set gives a member that is not there.
func (c *call) set(name, value string) error {
	var body map[string]any
	if err := json.Unmarshal(c.body, &body); err != nil {
		return err
	}
	if body[name] != nil {
		return nil
	}
	body[name] = value
	out, err := json.Marshal(body)
	c.body = out
	return err
}
