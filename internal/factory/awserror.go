package factory

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
)

// failure ends a request: with AWS's code and words where AWS said something, and what it means in ours.
type failure struct {
	code, message string // AWS's
	text          string // ours: what happened and what helps
}

func (f *failure) Error() string { return strings.TrimSpace(f.text + " " + f.code + " " + f.message) }

// decision stops a request until a person decides.
type decision struct{ text string }

func (d *decision) Error() string { return d.text }

// notYet is a state of the cloud that should still change: looked at again some times before it is a failure.
type notYet struct {
	text string
	then *failure // what it is then; nil means just the text
}

func (n *notYet) Error() string { return n.text }

// failedCall makes a failure of AWS's refusal of a call.
func failedCall(operation string, err error) *failure {
	f := &failure{text: "AWS refused " + operation + "."}
	var api smithy.APIError
	if errors.As(err, &api) {
		f.code, f.message = api.ErrorCode(), api.ErrorMessage()
		f.text += remedy(f.code + " " + f.message)
	} else {
		f.message = err.Error()
	}
	return f
}

// transientCodes are AWS's ways of saying: later. Sources: the common errors of each API, the SDK's own throttle list.
var transientCodes = []string{
	"Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded",
	"RequestThrottled", "RequestThrottledException", "SlowDown", "PriorRequestNotComplete",
	"InternalFailure", "InternalServerException", "InternalServerError", "InternalError", "ServiceException",
	"ServiceUnavailable", "ServiceUnavailableException", "RequestTimeout", "RequestTimeoutException",
	"ConcurrentModificationException", "FinalizingOrganizationException",
}

// staleSessionCodes say that AWS no longer takes the session: it expired, or its role is gone.
var staleSessionCodes = []string{
	"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "RequestExpired",
}

// deniedCodes say that a call is not allowed, in the query and in the JSON protocols.
var deniedCodes = []string{"AccessDenied", "AccessDeniedException"}

// transient reports whether the same call may well succeed later: throttling, a server's error, a cut or late answer.
func transient(err error) bool {
	var (
		api  smithy.APIError
		resp *awshttp.ResponseError
		nets net.Error
	)
	switch {
	case errors.As(err, &api) && (slices.Contains(transientCodes, api.ErrorCode()) || api.ErrorFault() == smithy.FaultServer):
		return true
	case errors.As(err, &resp) && (resp.HTTPStatusCode() >= 500 || resp.HTTPStatusCode() == http.StatusTooManyRequests):
		return true
	case errors.As(err, &api):
		return staleSession(err)
	}
	return errors.As(err, &nets) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

func staleSession(err error) bool { return isCode(err, staleSessionCodes...) }

// present gives a part of an answer that AWS always gives. An answer without it is one that was cut.
func present[T any](part *T, what string) (*T, error) {
	if part == nil {
		return nil, fmt.Errorf("an answer without %s: %w", what, io.ErrUnexpectedEOF)
	}
	return part, nil
}

// words gives AWS's code and message, or the error's own text.
func words(err error) (code, message string) {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode(), api.ErrorMessage()
	}
	return "", err.Error()
}

// unanswered says in our words what a call came to that will be repeated, with AWS's where it said any.
func unanswered(err error) (text, code, message string) {
	if code, message = words(err); code != "" {
		return "AWS did not do it this time.", code, message
	}
	root := err
	for next := errors.Unwrap(root); next != nil; next = errors.Unwrap(root) {
		root = next
	}
	return "No answer from AWS: " + root.Error() + ".", "", ""
}

// busyWords are the asynchronous errors with which Account Factory turns an operation away because another one runs:
// waited out, never failed on. AWS documents none of the first three; users report them in public issue threads. The
// others are Organizations', of making accounts at the same time. Source: Organizations API reference, CreateAccount.
var busyWords = []string{
	"because another execution is in progress",                   // the procedure's one at a time
	"because another AWS Control Tower operation is in progress", // such as registering an organizational unit
	"concurrent account operations is exceeded",                  // today's maximum of several
	"number of accounts that can be in progress at a time",
	"ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED",
	"CONCURRENT_ACCOUNT_MODIFICATION",
}

func busy(code, message string) bool {
	all := code + " " + message
	return slices.ContainsFunc(busyWords, func(w string) bool { return strings.Contains(all, w) })
}

// underChange reports Service Catalog's words for a product that an operation is being done to.
func underChange(message string) bool { return strings.Contains(message, "UNDER_CHANGE") }

// remedy says in our words what an error of AWS's means and what helps, with a leading space; nothing where we know no
// more than AWS says.
func remedy(text string) string {
	for _, r := range []struct{ find, say string }{
		{"No launch paths found", "The factory's role is not in the Account Factory portfolio, or the landing zone needs repair."},
		{"A stack named", "Another provisioned product has this name: terminate it if it is a leftover, or ask for another account name."},
		{"is not enrolled in AWS Control Tower", "The organizational unit is not registered, or was renamed: register it, then retry."},
		{"EMAIL_ALREADY_EXISTS", "Some AWS account has this e-mail, maybe outside the organization or closed: ask for the account with another e-mail."},
		{"ACCOUNT_LIMIT_EXCEEDED", "The organization has as many accounts as its quota allows: raise the quota, then retry."},
		{"Config delivery channel", "The account has AWS Config set up: delete its recorder and delivery channel in every governed Region, then retry."},
		{"AWSControlTowerExecution", "The role AWSControlTowerExecution is missing in the account or does not trust the management account: restore it, then retry."},
		{"because the role already exists", "A role of an earlier enrollment is left in the account: delete it, then retry."},
		{"could not baseline VPC", "The account has a default VPC with something in it: delete it, then retry."},
		{"IAM Identity Center directory as an identity source", "The identity source must be the Identity Center directory."},
		{"insufficient permissions", "The factory's role lacks permissions: restore its policy, then retry."},
	} {
		if strings.Contains(text, r.find) {
			return " " + r.say
		}
	}
	return ""
}
