package codec

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"

	controltower "github.com/aws/aws-sdk-go-v2/service/controltower/document"
	identitystore "github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	ssoadmin "github.com/aws/aws-sdk-go-v2/service/ssoadmin/document"
	smithyjson "github.com/aws/smithy-go/document/json"
)

// rawDocument is a document as it was received. The SDK's own lazy documents only go one way: what NewLazyDocument made
// cannot be unmarshalled again. This one goes both, so that handlers may use either method.
type rawDocument []byte

// MarshalSmithyDocument gives the JSON as it was received.
func (d rawDocument) MarshalSmithyDocument() ([]byte, error) { return slices.Clone(d), nil }

// UnmarshalSmithyDocument decodes into v as the SDK's client does with a response.
func (d rawDocument) UnmarshalSmithyDocument(v any) error {
	dec := json.NewDecoder(bytes.NewReader(d))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return err
	}
	return smithyjson.NewDecoder().DecodeJSONInterface(value, v)
}

// Each SDK package has a document interface of its own with an unexported method; embedding it makes ours one of them.
type (
	controltowerDocument struct {
		controltower.Interface
		rawDocument
	}
	identitystoreDocument struct {
		identitystore.Interface
		rawDocument
	}
	ssoadminDocument struct {
		ssoadmin.Interface
		rawDocument
	}
)

// The embedded interface and rawDocument both have the two methods; these say which is meant.

func (d controltowerDocument) MarshalSmithyDocument() ([]byte, error) {
	return d.rawDocument.MarshalSmithyDocument()
}

func (d controltowerDocument) UnmarshalSmithyDocument(v any) error {
	return d.rawDocument.UnmarshalSmithyDocument(v)
}

func (d identitystoreDocument) MarshalSmithyDocument() ([]byte, error) {
	return d.rawDocument.MarshalSmithyDocument()
}

func (d identitystoreDocument) UnmarshalSmithyDocument(v any) error {
	return d.rawDocument.UnmarshalSmithyDocument(v)
}

func (d ssoadminDocument) MarshalSmithyDocument() ([]byte, error) {
	return d.rawDocument.MarshalSmithyDocument()
}

func (d ssoadminDocument) UnmarshalSmithyDocument(v any) error {
	return d.rawDocument.UnmarshalSmithyDocument(v)
}

// documents makes a document of each interface type.
var documents = map[reflect.Type]func(raw []byte) reflect.Value{
	reflect.TypeFor[controltower.Interface](): func(raw []byte) reflect.Value {
		return reflect.ValueOf(controltowerDocument{rawDocument: raw})
	},
	reflect.TypeFor[identitystore.Interface](): func(raw []byte) reflect.Value {
		return reflect.ValueOf(identitystoreDocument{rawDocument: raw})
	},
	reflect.TypeFor[ssoadmin.Interface](): func(raw []byte) reflect.Value {
		return reflect.ValueOf(ssoadminDocument{rawDocument: raw})
	},
}
