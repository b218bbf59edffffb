package main

import "runtime/debug"

// buildVersion is the version of the module in this build, "(devel)" for none.
func buildVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
