package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const small = `{
 "metadata":{"apiVersion":"2020-01-01","endpointPrefix":"thing","protocol":"rest-json","signingName":"thing"},
 "operations":{
  "GetThing":{"http":{"method":"GET","requestUri":"/things/{thingId}","responseCode":200},"input":{"shape":"GetThingRequest"},
   "output":{"shape":"Thing"},"errors":[{"shape":"GoneException"}]},
  "Ping":{"http":{"method":"POST","requestUri":"/ping","responseCode":202},"authtype":"none"}},
 "shapes":{
  "GetThingRequest":{"type":"structure","required":["thingId"],"members":{
   "thingId":{"shape":"Id","location":"uri","locationName":"thingId"},"max":{"shape":"Max","location":"querystring","locationName":"max_results"},
   "Upper":{"shape":"Text"},"plain":{"shape":"Text"}}},
  "Id":{"type":"string","min":1,"max":8,"pattern":"\\u0061.{0,1023}"},
  "Max":{"type":"integer","min":1,"max":100,"box":true},
  "Text":{"type":"string"},
  "Thing":{"type":"structure","members":{"id":{"shape":"Id"},"at":{"shape":"At"},"things":{"shape":"Things"}}},
  "Things":{"type":"list","member":{"shape":"Thing"}},
  "At":{"type":"timestamp","timestampFormat":"iso8601"},
  "GoneException":{"type":"structure","exception":true,"error":{"httpStatusCode":410,"code":"Gone"},"members":{"message":{"shape":"Text"}}}}}`

const smallFacts = `{"protocol":"restJson1","version":"2020-01-01","signingName":"thing",
"operations":{
"GetThing":{"input":"GetThingRequest","output":"Thing","method":"GET","uri":"/things/{thingId}","errors":["GoneException"]},
"Ping":{"noOutput":true,"method":"POST","uri":"/ping","status":202,"unsigned":true}
},
"shapes":{
"At":{"format":"iso8601"},
"GetThingRequest":{"members":{"Upper":{"name":"Upper"},"max":{"shape":"Max","in":"querystring","name":"max_results"},"thingId":{"shape":"Id","in":"uri"}},"required":["thingId"]},
"GoneException":{"error":{"code":"Gone","status":410,"message":"message"}},
"Id":{"min":1,"max":8,"pattern":"\\u0061.{0,1023}","re2":["\\x{0061}.{0,1000}.{0,23}"]},
"Max":{"min":1,"max":100},
"Thing":{"members":{"at":{"shape":"At"},"id":{"shape":"Id"},"things":{"shape":"Things"}}},
"Things":{"elem":"Thing"}
}}
`

// a model becomes the facts Go types lack, one operation or shape per line: no documentation, no plain member.
func TestFacts(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	dir := filepath.Join(data, "thing", "2020-01-01")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "service-2.json"), []byte(small), 0o644); err != nil {
		t.Fatal(err)
	}
	m, err := read(data, "thing")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := write(&b, extend("thing", m.facts())); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(smallFacts, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRun_Refuses(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-botocore", t.TempDir()}, {"-nope"}} {
		if err := run(args, ""); err == nil {
			t.Errorf("run %v gave no error", args)
		}
	}
}
