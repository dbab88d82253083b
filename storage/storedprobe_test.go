package storage

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"syncer/enrich/link"
)

// fill gives every exported field of a struct a value that is not its zero value.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		v.SetString("text of " + v.Type().Name())
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint32, reflect.Uint64:
		v.SetUint(1<<31 + 5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(t, v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 12, 1, 4, 30, 0, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(t, v.Field(i))
			}
		}
	default:
		t.Fatalf("a field of kind %s: teach this test what to put there", v.Kind())
	}
}

// TestStoredProbe: nothing that a look saw is lost on its way through the database, and the stored text is what it was: rows of
// older programs must stay readable, and other machines will send it.
func TestStoredProbe(t *testing.T) {
	var probe link.Probe
	fill(t, reflect.ValueOf(&probe).Elem())
	text := toJSON(storeProbe(probe))
	stored, err := fromJSON[storedProbe](text)
	if err != nil {
		t.Fatal(err)
	}
	if got := stored.probe(); !reflect.DeepEqual(got, probe) {
		t.Errorf("got  %+v\nwant %+v", got, probe)
	}
	const want = `{"At":"2026-12-01T04:30:00Z","Hops":[{"URL":"text of string","Status":7},{"URL":"text of string","Status":7}],"FinalURL":"text of string",` +
		`"Status":7,"Fault":"text of Fault","Detail":"text of string","TLS":"text of string","Barrier":"text of string","Elsewhere":true,"NotModified":true,` +
		`"Missing":"text of string","Page":{"Type":"text of string","Length":7,"ETag":"text of string","LastModified":"text of string","Title":"text of string",` +
		`"Text":2147483653,"Masked":2147483653,"Words":7,"Cut":true,"Sketch":"gAAABYAAAAU","Apology":true,"Script":true,"Barrier":"text of string","Parked":true}}`
	if text != want {
		t.Errorf("stored as\n%s\nwant\n%s", text, want)
	}
	if empty := toJSON(storeProbe(link.Probe{})); empty != `{"At":"0001-01-01T00:00:00Z","FinalURL":""}` {
		t.Errorf("nothing seen is stored as %s", empty)
	}
}

// TestStoredMemory: what a link's next check needs survives.
func TestStoredMemory(t *testing.T) {
	var state link.State
	fill(t, reflect.ValueOf(&state).Elem())
	text := rememberedOf(state)
	var back link.State
	if err := recall(&back, text); err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]any{{state.Pending, back.Pending}, {state.Strikes, back.Strikes}, {state.PendingSince, back.PendingSince}, {state.PendingURL, back.PendingURL},
		{state.Conditional, back.Conditional}, {state.Page, back.Page}, {state.PageURL, back.PageURL}} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%+v came back as %+v", pair[0], pair[1])
		}
	}
	var names map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &names); err != nil || len(names) != 7 {
		t.Errorf("stored as %s: %v", text, err)
	}
}
