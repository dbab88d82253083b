package main

import (
	"maps"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"syncer/worker"
)

// shells are those that the command completion writes a script for.
var shells = []string{"bash", "zsh", "fish", "powershell"}

// addCompletion makes the command completion, refuses shells that it does not know, and lets the shells offer the values of
// flags that take one of a few.
func addCompletion(root *cobra.Command) {
	root.CompletionOptions.HiddenDefaultCmd = false
	root.InitDefaultCompletionCmd()
	values := map[string][]string{
		"color": {"auto", "always", "never"}, "log-format": {"text", "json"}, "shape": {"current", "transitional", "classic"},
		"year":   {"first", "latest"},
		"format": formatNames(), "list-format": slices.Sorted(maps.Keys(listFormats))[1:], // the first is the empty one
		"fail-on": worker.FindingWords(),
	}
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, set := range []*pflag.FlagSet{cmd.Flags(), cmd.PersistentFlags()} {
			set.VisitAll(func(f *pflag.Flag) {
				if list, ok := values[f.Name]; ok {
					// fails only for a flag that is not there
					_ = cmd.RegisterFlagCompletionFunc(f.Name, cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp))
				}
			})
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
		if cmd.Name() == "completion" {
			cmd.Args = func(_ *cobra.Command, args []string) error {
				if len(args) > 0 && !slices.Contains(shells, args[0]) {
					return usageError("bash, zsh, fish or powershell", "completion: %s: unknown shell", args[0])
				}
				return nil
			}
			cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
	walk(root)
}
