package cloud

import "strings"

// rate is how often AWS lets one account call something: so many a second, and so many at once after a rest.
type rate struct{ second, burst float64 }

// accountRates are those of Account Management, by operation. Source: Account Management Reference Guide, "Quotas for AWS
// Account Management".
var accountRates = map[string]rate{
	"AcceptPrimaryEmailUpdate": {1, 1}, "GetAccountInformation": {3, 3}, "GetAlternateContact": {10, 15}, "GetPrimaryEmail": {3, 3},
	"ListRegions": {5, 5}, "PutAccountName": {1, 1}, "PutAlternateContact": {5, 8}, "StartPrimaryEmailUpdate": {1, 1},
}

// AWS publishes no rates of Organizations, Service Catalog and Control Tower. These are our guesses, on the safe side of what
// their users report; AWS saying that it was too often corrects them.
var (
	guessedRead  = rate{20, 40}
	guessedWrite = rate{5, 5}
)

// centerRate is of all operations of Identity Center together. Source: IAM Identity Center user guide, quotas, "Throttle
// limits": 20 transactions a second.
var centerRate = rate{20, 20}

// rateOf gives the rate that bounds an operation, and what shares it; false where nothing needs bounding.
func rateOf(service, operation string) (name string, r rate, bounded bool) {
	switch service {
	case "SSO Admin", "identitystore":
		return service, centerRate, true
	case "Account":
		if r, found := accountRates[operation]; found {
			return service + " " + operation, r, true
		}
		return service + " " + operation, guess(operation), true
	case "Organizations", "Service Catalog", "ControlTower":
		return service + " " + operation, guess(operation), true
	}
	return "", rate{}, false
}

func guess(operation string) rate {
	for _, read := range []string{"Get", "List", "Describe", "Search"} {
		if strings.HasPrefix(operation, read) {
			return guessedRead
		}
	}
	return guessedWrite
}
