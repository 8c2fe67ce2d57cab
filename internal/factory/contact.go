package factory

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	accounts "github.com/aws/aws-sdk-go-v2/service/account"
	actypes "github.com/aws/aws-sdk-go-v2/service/account/types"
)

// StepContact gives an account its alternate contacts. Stored: never renamed.
const StepContact = "contact"

// OpContact is how AWS calls it.
const OpContact = "PutAlternateContact"

// putContacts puts the first contact that is not as it should be, and goes on once all are. Twice is safe: each turn looks
// how far it is, and the same contact put again changes nothing.
func putContacts(ctx context.Context, w *work) (outcome, error) {
	c, found, err := w.missingContact(ctx)
	if err != nil {
		return outcome{}, err
	}
	if !found {
		return w.goOn("The account has its alternate contacts."), nil
	}
	if !w.r.sent() {
		if out, stops := w.stopping(); stops {
			return out, nil
		}
		text := fmt.Sprintf("Sends %s: %s is %s.", OpContact, c.Type, c.Name)
		if err := w.save(ctx, outcome{text: text, change: func(r *Request) { w.intend(r, OpContact) }}); err != nil {
			return outcome{}, err
		}
	}
	_, err = w.aws.Account.PutAlternateContact(ctx, &accounts.PutAlternateContactInput{
		AccountId: &w.r.AccountID, AlternateContactType: actypes.AlternateContactType(c.Type),
		Name: &c.Name, Title: &c.Title, EmailAddress: &c.Email, PhoneNumber: &c.Phone,
	})
	if err != nil {
		return w.unmanagedCall(OpContact, err)
	}
	// AWS may show it late: looked at again, some times.
	return outcome{}, w.contactShown(ctx, c)
}

// contactShown forgets the intent once the contact is seen, and says notYet until then.
func (w *work) contactShown(ctx context.Context, c Contact) error {
	there, err := w.hasContact(ctx, c)
	switch {
	case err != nil:
		return err
	case !there:
		return &notYet{text: "AWS does not show the contact " + c.Type + " yet."}
	}
	return w.save(ctx, outcome{text: "AWS took " + OpContact + ".", change: func(r *Request) { r.Progress.Intent = nil }})
}

// missingContact gives the first contact that the account has not, or not so.
func (w *work) missingContact(ctx context.Context) (Contact, bool, error) {
	for _, c := range w.r.Contacts {
		if there, err := w.hasContact(ctx, c); err != nil || !there {
			return c, err == nil, err
		}
	}
	return Contact{}, false, nil
}

func (w *work) hasContact(ctx context.Context, c Contact) (bool, error) {
	out, err := w.aws.Account.GetAlternateContact(ctx, &accounts.GetAlternateContactInput{
		AccountId: &w.r.AccountID, AlternateContactType: actypes.AlternateContactType(c.Type),
	})
	if isCode(err, "ResourceNotFoundException") {
		return false, nil
	}
	if err != nil || out.AlternateContact == nil {
		return false, err
	}
	have := out.AlternateContact
	return c == Contact{c.Type, aws.ToString(have.Name), aws.ToString(have.Title), aws.ToString(have.EmailAddress), aws.ToString(have.PhoneNumber)}, nil
}

func contactWrites(r Request, t Target) (out []Write) {
	for _, c := range r.Contacts {
		out = append(out, Write{
			Service: "account", Operation: OpContact, As: r.as(), Effect: fmt.Sprintf("%s is the contact %s of the account.", c.Name, c.Type),
			Parameters: map[string]string{"AccountId": t.accountText(), "AlternateContactType": c.Type, "Name": c.Name, "Title": c.Title, "EmailAddress": c.Email, "PhoneNumber": c.Phone},
		})
	}
	return out
}
