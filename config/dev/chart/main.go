// Renders a Helm chart as Helm does, for machines without Helm: Go's template engine and Sprig, which Helm itself is made of,
// from Debian's packages.
//
// It understands as much of Helm's command line as chart.sh uses, and no more:
//
//	chart template NAME CHART [--namespace N] [--values FILE]... [--kube-version V] [--notes]
//
// --notes prints NOTES.txt in place of the manifests. There is no cluster behind it: lookup finds nothing.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

// paths collects a flag that may be given several times.
type paths []string

func (p *paths) String() string     { return strings.Join(*p, ",") }
func (p *paths) Set(s string) error { *p = append(*p, s); return nil }

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) < 3 || arguments[0] != "template" {
		return fmt.Errorf("usage: chart template NAME CHART [--namespace N] [--values FILE]... [--kube-version V] [--notes]")
	}
	var files paths
	flags := flag.NewFlagSet("chart", flag.ContinueOnError)
	namespace := flags.String("namespace", "default", "the release's namespace")
	version := flags.String("kube-version", "v1.20.2", "the cluster's version")
	notes := flags.Bool("notes", false, "print the notes")
	flags.Var(&files, "values", "a file of values")
	if err := flags.Parse(arguments[3:]); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	chart, err := loadChart(arguments[2])
	if err != nil {
		return err
	}
	values, err := chart.values(files)
	if err != nil {
		return err
	}
	rendered, err := chart.render(release{name: arguments[1], namespace: *namespace, kubeVersion: *version}, values)
	if err != nil {
		return err
	}
	if *notes {
		fmt.Print(rendered.notes)
		return nil
	}
	fmt.Print(rendered.manifests())
	return nil
}
