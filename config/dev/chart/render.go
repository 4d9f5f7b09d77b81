package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/semver"
	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v2"
)

// release is what a chart is rendered for.
type release struct{ name, namespace, kubeVersion string }

// rendering is what came of a chart.
type rendering struct {
	// By the template's path.
	documents map[string]string
	// NOTES.txt.
	notes string
}

// manifests are all documents; custom resource definitions first, as Helm has them before what needs them.
func (r *rendering) manifests() string {
	var names []string
	for name := range r.documents {
		names = append(names, name)
	}
	isLate := func(name string) bool { return !strings.Contains(name, "crd") }
	sort.Slice(names, func(i, j int) bool {
		if isLate(names[i]) != isLate(names[j]) {
			return isLate(names[j])
		}
		return names[i] < names[j]
	})
	var all strings.Builder
	for _, name := range names {
		for _, document := range strings.Split("\n"+r.documents[name], "\n---") {
			if text := strings.TrimSpace(document); text != "" {
				fmt.Fprintf(&all, "---\n# Source: %s\n%s\n", name, text)
			}
		}
	}
	return all.String()
}

// render runs all templates.
func (c *chart) render(to release, values map[string]interface{}) (*rendering, error) {
	if err := c.checkVersion(to.kubeVersion); err != nil {
		return nil, err
	}
	version, err := semver.NewVersion(to.kubeVersion)
	if err != nil {
		return nil, err
	}
	world := map[string]interface{}{
		"Values": values,
		"Chart":  c.metadata,
		"Files":  files(c.files),
		"Release": map[string]interface{}{
			"Name": to.name, "Namespace": to.namespace, "Service": "Helm", "Revision": 1, "IsInstall": true, "IsUpgrade": false,
		},
		"Capabilities": map[string]interface{}{
			"KubeVersion": map[string]interface{}{
				"Version": "v" + version.String(), "Major": fmt.Sprint(version.Major()), "Minor": fmt.Sprint(version.Minor()),
			},
		},
	}
	// A value that is missing is nothing, not an error.
	all := template.New(c.name()).Option("missingkey=zero")
	all.Funcs(functions(all))
	for name, text := range c.templates {
		if _, err := all.New(path.Join(c.name(), name)).Parse(text); err != nil {
			return nil, err
		}
	}
	result := &rendering{documents: map[string]string{}}
	for name := range c.templates {
		full := path.Join(c.name(), name)
		world["Template"] = map[string]interface{}{"Name": full, "BasePath": path.Join(c.name(), "templates")}
		if strings.HasPrefix(path.Base(name), "_") {
			continue
		}
		text, err := execute(all, full, world)
		if err != nil {
			return nil, err
		}
		if path.Base(name) == "NOTES.txt" {
			result.notes = text
		} else {
			result.documents[full] = text
		}
	}
	return result, nil
}

// execute runs one template.
func execute(all *template.Template, name string, world interface{}) (string, error) {
	var text bytes.Buffer
	if err := all.ExecuteTemplate(&text, name, world); err != nil {
		return "", err
	}
	return strings.ReplaceAll(text.String(), "<no value>", ""), nil
}

// functions are Sprig's and Helm's.
func functions(all *template.Template) template.FuncMap {
	known := sprig.TxtFuncMap()
	// A chart must not depend on where it is rendered.
	delete(known, "env")
	delete(known, "expandenv")
	known["include"] = func(name string, world interface{}) (string, error) { return execute(all, name, world) }
	known["tpl"] = func(text string, world interface{}) (string, error) {
		copied, err := all.Clone()
		if err != nil {
			return "", err
		}
		if _, err := copied.New("tpl").Parse(text); err != nil {
			return "", err
		}
		return execute(copied, "tpl", world)
	}
	known["required"] = func(message string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, errors.New(message)
		}
		return value, nil
	}
	known["lookup"] = func(string, string, string, string) map[string]interface{} { return map[string]interface{}{} }
	known["toYaml"] = toYAML
	known["toJson"] = func(value interface{}) (string, error) {
		text, err := json.Marshal(value)
		return string(text), err
	}
	known["fromYaml"] = func(text string) (map[string]interface{}, error) { return parseMap([]byte(text)) }
	known["fromJson"] = known["fromYaml"]
	known["fromYamlArray"] = func(text string) ([]interface{}, error) {
		var result []interface{}
		err := parse([]byte(text), &result)
		return result, err
	}
	known["fromJsonArray"] = known["fromYamlArray"]
	return known
}

// toYAML writes YAML with sorted keys, without the last line feed.
func toYAML(value interface{}) (string, error) {
	// By way of JSON, so that numbers look as they do in it.
	text, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	var plain interface{}
	if err := yaml.Unmarshal(text, &plain); err != nil {
		return "", err
	}
	written, err := yaml.Marshal(plain)
	return strings.TrimSuffix(string(written), "\n"), err
}

// files are the chart's files that are no templates.
type files map[string][]byte

// Get is a file's text, empty if there is none.
func (f files) Get(name string) string { return string(f[name]) }

// Glob are the files whose path is like a pattern.
func (f files) Glob(pattern string) files {
	found := files{}
	for name, text := range f {
		if matches, err := path.Match(pattern, name); err == nil && matches {
			found[name] = text
		}
	}
	return found
}
