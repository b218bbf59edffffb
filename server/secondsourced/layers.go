package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// configFlag names the file; it can stand in the environment but not in the file
// itself.
const configFlag = "config"

// layer fills the flags that the command line left alone: from the environment
// first, then from the file. The flags' own defaults come last. A name that the
// file has and no flag bears is an error, so that a slip is not silently a
// default.
func layer(flags *pflag.FlagSet, getenv func(string) string) error {
	if err := fromEnvironment(flags, getenv); err != nil {
		return err
	}
	path, err := flags.GetString(configFlag)
	if err != nil || path == "" {
		return err
	}
	if err := fromFile(flags, path); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// environmentName is how a flag is called in the environment.
func environmentName(flag string) string {
	return "SECONDSOURCE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func fromEnvironment(flags *pflag.FlagSet, getenv func(string) string) error {
	var failed []error
	flags.VisitAll(func(f *pflag.Flag) {
		name := environmentName(f.Name)
		if value := getenv(name); value != "" && !f.Changed {
			if err := flags.Set(f.Name, value); err != nil {
				failed = append(failed, fmt.Errorf("%s: %w", name, err))
			}
		}
	})
	return errors.Join(failed...)
}

func fromFile(flags *pflag.FlagSet, path string) error {
	body, err := os.ReadFile(path) // #nosec G304 -- the operator names the file
	if err != nil {
		return err
	}
	var settings map[string]yaml.Node
	if err := yaml.Unmarshal(body, &settings); err != nil {
		return err
	}
	var failed []error
	for name, node := range settings {
		f := flags.Lookup(name)
		switch {
		case f == nil || name == configFlag || name == "help":
			failed = append(failed, fmt.Errorf("line %d: there is no setting %q", node.Line, name))
		case node.Kind != yaml.ScalarNode:
			failed = append(failed, fmt.Errorf("line %d: %s must be one value", node.Line, name))
		case !f.Changed:
			if err := flags.Set(name, node.Value); err != nil {
				failed = append(failed, fmt.Errorf("line %d: %w", node.Line, err))
			}
		}
	}
	return errors.Join(failed...)
}
