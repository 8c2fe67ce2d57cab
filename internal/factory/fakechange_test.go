package factory_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	idtypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
)

// account gives a copy of an account as it is.
func (f *fakeCloud) account(id string) *orgtypes.Account {
	for _, a := range f.accounts {
		if *a.Id == id {
			return &a
		}
	}
	return nil
}

func (f *fakeCloud) setState(id string, to orgtypes.AccountState) {
	for i := range f.accounts {
		if *f.accounts[i].Id == id {
			f.accounts[i].State = to
		}
	}
}

// closeOn moves a closure on by one look.
func (f *fakeCloud) closeOn(id string) {
	if f.account(id).State == orgtypes.AccountStatePendingClosure {
		if f.closing--; f.closing < 0 {
			f.setState(id, orgtypes.AccountStateClosed)
		}
	}
}

func (f *fakeCloud) CloseAccount(ctx context.Context, in *organizations.CloseAccountInput, _ ...func(*organizations.Options)) (*organizations.CloseAccountOutput, error) {
	return call(f, ctx, "CloseAccount", func() (*organizations.CloseAccountOutput, error) {
		if len(f.closeErr) > 0 {
			err := f.closeErr[0]
			f.closeErr = f.closeErr[1:]
			return nil, err
		}
		switch f.account(*in.AccountId).State {
		case orgtypes.AccountStatePendingClosure:
			return nil, apiError("ConflictException", "The request failed because it conflicts with the current state of the specified resource.")
		case orgtypes.AccountStateActive:
		default:
			return nil, apiError("AccountAlreadyClosedException", "The provided account is already closed.")
		}
		f.effects["CloseAccount"]++
		f.setState(*in.AccountId, orgtypes.AccountStatePendingClosure)
		return &organizations.CloseAccountOutput{}, nil
	})
}

func (f *fakeCloud) GetGroupId(ctx context.Context, in *identitystore.GetGroupIdInput, _ ...func(*identitystore.Options)) (*identitystore.GetGroupIdOutput, error) {
	return call(f, ctx, "GetGroupId", func() (*identitystore.GetGroupIdOutput, error) {
		raw, err := in.AlternateIdentifier.(*idtypes.AlternateIdentifierMemberUniqueAttribute).Value.AttributeValue.MarshalSmithyDocument()
		if err != nil {
			return nil, err
		}
		var name string
		if err := json.Unmarshal(raw, &name); err != nil {
			return nil, err
		}
		if id := f.groups[name]; id != "" {
			return &identitystore.GetGroupIdOutput{GroupId: &id}, nil
		}
		return nil, &idtypes.ResourceNotFoundException{Message: aws.String("GROUP not found.")}
	})
}

// change begins a change of an assignment; the next look at its status ends it.
func (f *fakeCloud) change(op, key string, want bool) *ssotypes.AccountAssignmentOperationStatus {
	f.effects[op]++
	id := fmt.Sprintf("%s-%d", op, f.effects[op])
	f.asked[id] = func() { f.granted[key] = want }
	if !want {
		f.asked[id] = func() { delete(f.granted, key) }
	}
	return &ssotypes.AccountAssignmentOperationStatus{RequestId: &id, Status: ssotypes.StatusValuesInProgress}
}

func (f *fakeCloud) CreateAccountAssignment(ctx context.Context, in *ssoadmin.CreateAccountAssignmentInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.CreateAccountAssignmentOutput, error) {
	return call(f, ctx, "CreateAccountAssignment", func() (*ssoadmin.CreateAccountAssignmentOutput, error) {
		st := f.change("CreateAccountAssignment", *in.TargetId+" "+*in.PermissionSetArn+" "+*in.PrincipalId, true)
		return &ssoadmin.CreateAccountAssignmentOutput{AccountAssignmentCreationStatus: st}, nil
	})
}

func (f *fakeCloud) DeleteAccountAssignment(ctx context.Context, in *ssoadmin.DeleteAccountAssignmentInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DeleteAccountAssignmentOutput, error) {
	return call(f, ctx, "DeleteAccountAssignment", func() (*ssoadmin.DeleteAccountAssignmentOutput, error) {
		st := f.change("DeleteAccountAssignment", *in.TargetId+" "+*in.PermissionSetArn+" "+*in.PrincipalId, false)
		return &ssoadmin.DeleteAccountAssignmentOutput{AccountAssignmentDeletionStatus: st}, nil
	})
}

func (f *fakeCloud) changed(id string) *ssotypes.AccountAssignmentOperationStatus {
	f.asked[id]()
	return &ssotypes.AccountAssignmentOperationStatus{RequestId: &id, Status: ssotypes.StatusValuesSucceeded}
}

func (f *fakeCloud) DescribeAccountAssignmentCreationStatus(ctx context.Context, in *ssoadmin.DescribeAccountAssignmentCreationStatusInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DescribeAccountAssignmentCreationStatusOutput, error) {
	return call(f, ctx, "DescribeAccountAssignmentCreationStatus", func() (*ssoadmin.DescribeAccountAssignmentCreationStatusOutput, error) {
		return &ssoadmin.DescribeAccountAssignmentCreationStatusOutput{AccountAssignmentCreationStatus: f.changed(*in.AccountAssignmentCreationRequestId)}, nil
	})
}

func (f *fakeCloud) DescribeAccountAssignmentDeletionStatus(ctx context.Context, in *ssoadmin.DescribeAccountAssignmentDeletionStatusInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DescribeAccountAssignmentDeletionStatusOutput, error) {
	return call(f, ctx, "DescribeAccountAssignmentDeletionStatus", func() (*ssoadmin.DescribeAccountAssignmentDeletionStatusOutput, error) {
		return &ssoadmin.DescribeAccountAssignmentDeletionStatusOutput{AccountAssignmentDeletionStatus: f.changed(*in.AccountAssignmentDeletionRequestId)}, nil
	})
}
