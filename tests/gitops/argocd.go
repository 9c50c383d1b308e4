package gitops

import (
	"context"
	"fmt"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// Health is what a script says of an object.
type Health struct{ Status, Message string }

// The words that Argo CD takes.
var known = map[string]bool{
	"Healthy": true, "Progressing": true, "Degraded": true, "Suspended": true, "Missing": true, "Unknown": true,
}

// evaluate runs a health script as Argo CD does: in the same virtual machine, with no more
// libraries than it opens for scripts (package, base and table), for at most a second.
func evaluate(script string, object map[string]any) (Health, error) {
	machine := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer machine.Close()
	for _, open := range []lua.LGFunction{lua.OpenPackage, lua.OpenBase, lua.OpenTable} {
		if err := machine.CallByParam(lua.P{Fn: machine.NewFunction(open), Protect: true}); err != nil {
			return Health{}, err
		}
	}
	within, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	machine.SetContext(within)
	machine.SetGlobal("obj", value(machine, object))
	if err := machine.DoString(script); err != nil {
		return Health{}, err
	}
	answer, isTable := machine.Get(-1).(*lua.LTable)
	if !isTable {
		return Health{}, fmt.Errorf("the script returns a %s, not a table", machine.Get(-1).Type())
	}
	health := Health{Status: lua.LVAsString(answer.RawGetString("status")), Message: lua.LVAsString(answer.RawGetString("message"))}
	if !known[health.Status] {
		return Health{}, fmt.Errorf("Argo CD knows no status %q", health.Status)
	}
	return health, nil
}

// value turns decoded JSON into what a script sees.
func value(machine *lua.LState, json any) lua.LValue {
	switch json := json.(type) {
	case nil:
		return lua.LNil
	case bool:
		return lua.LBool(json)
	case int64:
		return lua.LNumber(json)
	case float64:
		return lua.LNumber(json)
	case string:
		return lua.LString(json)
	case []any:
		list := machine.NewTable()
		for _, each := range json {
			list.Append(value(machine, each))
		}
		return list
	case map[string]any:
		table := machine.NewTable()
		for name, each := range json {
			table.RawSetString(name, value(machine, each))
		}
		return table
	default:
		panic(fmt.Sprintf("%T does not come out of JSON", json))
	}
}
