package console

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"time"

	ctdocument "github.com/aws/aws-sdk-go-v2/service/controltower/document"
	isdocument "github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	istypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	smithydocument "github.com/aws/smithy-go/document"
)

// The SDK's inputs and outputs as JSON: members by the names of the Go fields, times as RFC 3339, an absent member null.
// A union is an object with its one member, as AWS's protocols write it; a document is the JSON it stands for.

// unions are the SDK's union types with their members by name.
func unions() map[reflect.Type]map[string]reflect.Type {
	return map[reflect.Type]map[string]reflect.Type{
		reflect.TypeFor[istypes.MemberId](): {"UserId": reflect.TypeFor[istypes.MemberIdMemberUserId]()},
		reflect.TypeFor[istypes.AlternateIdentifier](): {
			"ExternalId": reflect.TypeFor[istypes.AlternateIdentifierMemberExternalId](), "UniqueAttribute": reflect.TypeFor[istypes.AlternateIdentifierMemberUniqueAttribute](),
		},
	}
}

// documents are the SDK's types for free JSON, with what makes one.
func documents() map[reflect.Type]func(any) any {
	return map[reflect.Type]func(any) any{
		reflect.TypeFor[ctdocument.Interface](): func(v any) any { return ctdocument.NewLazyDocument(v) },
		reflect.TypeFor[isdocument.Interface](): func(v any) any { return isdocument.NewLazyDocument(v) },
	}
}

// skipped is the one field of outputs that is the SDK's own.
const skipped = "ResultMetadata"

// sdkCodec reads inputs and writes outputs.
type sdkCodec struct {
	unions    map[reflect.Type]map[string]reflect.Type
	documents map[reflect.Type]func(any) any
}

func newSDKCodec() sdkCodec { return sdkCodec{unions(), documents()} }

// decode reads an input strictly: what it does not know, or what has another type, is an error that names it.
func (c sdkCodec) decode(body []byte, into any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var in any
	if err := d.Decode(&in); err != nil {
		return fmt.Errorf("the body is not JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the body is more than one JSON value")
	}
	if _, object := in.(map[string]any); !object {
		return errors.New("the body: want an object")
	}
	return c.set(reflect.ValueOf(into).Elem(), in, "")
}

func wants(at, what string) error {
	if at == "" {
		at = "the body"
	}
	return fmt.Errorf("%s: want %s", at, what)
}

// set gives v the value that was read at a place.
func (c sdkCodec) set(v reflect.Value, in any, at string) error {
	if in == nil {
		return nil
	}
	t := v.Type()
	if members, union := c.unions[t]; union {
		return c.setUnion(v, members, in, at)
	}
	if document, free := c.documents[t]; free {
		v.Set(reflect.ValueOf(document(plainNumbers(in))))
		return nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		return c.set(v.Elem(), in, at)
	case reflect.Struct:
		return c.setStruct(v, in, at)
	case reflect.Slice:
		return c.setSlice(v, in, at)
	case reflect.Map:
		return c.setMap(v, in, at)
	default:
		return setScalar(v, in, at)
	}
}

func (c sdkCodec) setUnion(v reflect.Value, members map[string]reflect.Type, in any, at string) error {
	object, ok := in.(map[string]any)
	if !ok || len(object) != 1 {
		return wants(at, "an object with one member")
	}
	for name, value := range object {
		t, known := members[name]
		if !known {
			return fmt.Errorf("%s: there is no member %s", at, name)
		}
		member := reflect.New(t)
		if err := c.set(member.Elem().FieldByName("Value"), value, at+"."+name); err != nil {
			return err
		}
		v.Set(member)
	}
	return nil
}

func (c sdkCodec) setStruct(v reflect.Value, in any, at string) error {
	if v.Type() == reflect.TypeFor[time.Time]() {
		text, _ := in.(string)
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return wants(at, "a time such as 2026-01-02T15:04:05Z")
		}
		v.Set(reflect.ValueOf(parsed))
		return nil
	}
	object, ok := in.(map[string]any)
	if !ok {
		return wants(at, "an object")
	}
	for name, value := range object {
		f, known := v.Type().FieldByName(name)
		if !known || !f.IsExported() || name == skipped {
			return fmt.Errorf("there is no member %s", below(at, name))
		}
		if err := c.set(v.FieldByIndex(f.Index), value, below(at, name)); err != nil {
			return err
		}
	}
	return nil
}

func below(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

func (c sdkCodec) setSlice(v reflect.Value, in any, at string) error {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		text, _ := in.(string)
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return wants(at, "bytes in base64")
		}
		v.SetBytes(b)
		return nil
	}
	list, ok := in.([]any)
	if !ok {
		return wants(at, "an array")
	}
	v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
	for i, value := range list {
		if err := c.set(v.Index(i), value, fmt.Sprintf("%s[%d]", at, i)); err != nil {
			return err
		}
	}
	return nil
}

func (c sdkCodec) setMap(v reflect.Value, in any, at string) error {
	object, ok := in.(map[string]any)
	if !ok {
		return wants(at, "an object")
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(object)))
	for name, value := range object {
		one := reflect.New(v.Type().Elem()).Elem()
		if err := c.set(one, value, below(at, name)); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), one)
	}
	return nil
}

func setScalar(v reflect.Value, in any, at string) error {
	switch v.Kind() {
	case reflect.String:
		text, ok := in.(string)
		if !ok {
			return wants(at, "a string")
		}
		v.SetString(text)
	case reflect.Bool:
		yes, ok := in.(bool)
		if !ok {
			return wants(at, "true or false")
		}
		v.SetBool(yes)
	case reflect.Int, reflect.Int32, reflect.Int64:
		text, _ := in.(json.Number)
		n, err := strconv.ParseInt(text.String(), 10, v.Type().Bits())
		if err != nil {
			return wants(at, "a whole number")
		}
		v.SetInt(n)
	case reflect.Float32, reflect.Float64:
		text, _ := in.(json.Number)
		n, err := text.Float64()
		if err != nil {
			return wants(at, "a number")
		}
		v.SetFloat(n)
	default:
		return fmt.Errorf("%s: cannot be sent", at)
	}
	return nil
}

// plainNumbers turns numbers into Go's, as documents want them.
func plainNumbers(in any) any {
	switch v := in.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64() // it is a number: the decoder saw to that
		return f
	case []any:
		for i := range v {
			v[i] = plainNumbers(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = plainNumbers(v[name])
		}
	}
	return in
}

// encode gives an output as what encoding/json writes.
func (c sdkCodec) encode(v reflect.Value) (any, error) {
	t := v.Type()
	if members, union := c.unions[t]; union && !v.IsNil() {
		return c.encodeUnion(v.Elem(), members)
	}
	if _, document := c.documents[t]; document && !v.IsNil() {
		return encodeDocument(v.Interface())
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil, nil
		}
		return c.encode(v.Elem())
	case reflect.Struct:
		return c.encodeStruct(v)
	case reflect.Slice:
		return c.encodeSlice(v)
	case reflect.Map:
		if v.IsNil() {
			return nil, nil
		}
		out := make(map[string]any, v.Len())
		for key, value := range v.Seq2() {
			one, err := c.encode(value)
			if err != nil {
				return nil, err
			}
			out[key.String()] = one
		}
		return out, nil
	default:
		return v.Interface(), nil
	}
}

func (c sdkCodec) encodeUnion(v reflect.Value, members map[string]reflect.Type) (any, error) {
	v = reflect.Indirect(v)
	for name, t := range members {
		if t == v.Type() {
			value, err := c.encode(v.FieldByName("Value"))
			return map[string]any{name: value}, err
		}
	}
	return nil, fmt.Errorf("a member that is not known: %s", v.Type())
}

func encodeDocument(doc any) (any, error) {
	d, ok := doc.(smithydocument.Unmarshaler)
	if !ok {
		return nil, fmt.Errorf("a document that cannot be read: %T", doc)
	}
	var out any
	if err := d.UnmarshalSmithyDocument(&out); err != nil {
		return nil, err
	}
	return jsonNumbers(out), nil
}

// jsonNumbers turns a document's numbers into JSON's.
func jsonNumbers(in any) any {
	switch v := in.(type) {
	case smithydocument.Number:
		return json.Number(v)
	case []any:
		for i := range v {
			v[i] = jsonNumbers(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = jsonNumbers(v[name])
		}
	}
	return in
}

func (c sdkCodec) encodeStruct(v reflect.Value) (any, error) {
	if at, isTime := v.Interface().(time.Time); isTime {
		return at.UTC().Format(time.RFC3339Nano), nil
	}
	out := make(map[string]any, v.NumField())
	for f, value := range v.Fields() {
		if !f.IsExported() || f.Name == skipped {
			continue
		}
		one, err := c.encode(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		out[f.Name] = one
	}
	return out, nil
}

func (c sdkCodec) encodeSlice(v reflect.Value) (any, error) {
	if v.IsNil() {
		return nil, nil
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return base64.StdEncoding.EncodeToString(v.Bytes()), nil
	}
	out := make([]any, v.Len())
	for i := range out {
		var err error
		if out[i], err = c.encode(v.Index(i)); err != nil {
			return nil, err
		}
	}
	return out, nil
}
