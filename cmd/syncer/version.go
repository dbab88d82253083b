package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "The version of this program",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if a.set.json {
				return newJSONLines(a.stdout).write(map[string]string{"version": version()})
			}
			_, err := fmt.Fprintf(a.stdout, "syncer %s\n", version())
			return err
		},
	}
}

// version is the program's own, as its build tells it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "0.1-devel"
}
