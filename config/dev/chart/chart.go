package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/Masterminds/semver"
	"github.com/xeipuuv/gojsonschema"
	"gopkg.in/yaml.v2"
)

// chart is a folder of a chart, read.
type chart struct {
	// Chart.yaml, under the names that templates use.
	metadata map[string]interface{}
	// values.yaml.
	defaults map[string]interface{}
	// values.schema.json; empty if there is none.
	schema []byte
	// Files of templates/, by their path from the chart's folder.
	templates map[string]string
	// All other files, the same.
	files map[string][]byte
}

// loadChart reads a chart's folder.
func loadChart(folder string) (*chart, error) {
	loaded := &chart{templates: map[string]string{}, files: map[string][]byte{}}
	err := filepath.Walk(folder, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		switch {
		case name == "Chart.yaml":
			return loaded.readMetadata(text)
		case name == "values.yaml":
			loaded.defaults, err = parseMap(text)
			return err
		case name == "values.schema.json":
			loaded.schema = text
		case strings.HasPrefix(name, "templates/"):
			loaded.templates[name] = string(text)
		default:
			loaded.files[name] = text
		}
		return nil
	})
	if err == nil && loaded.metadata == nil {
		err = fmt.Errorf("there is no Chart.yaml in %s", folder)
	}
	return loaded, err
}

// readMetadata takes Chart.yaml; templates know its keys with a capital.
func (c *chart) readMetadata(text []byte) error {
	raw, err := parseMap(text)
	if err != nil {
		return err
	}
	c.metadata = map[string]interface{}{}
	for key, value := range raw {
		c.metadata[strings.ToUpper(key[:1])+key[1:]] = value
	}
	return nil
}

// name is what templates are called by.
func (c *chart) name() string { return fmt.Sprint(c.metadata["Name"]) }

// checkVersion refuses a cluster that the chart is not for.
func (c *chart) checkVersion(version string) error {
	wanted, ok := c.metadata["KubeVersion"].(string)
	if !ok {
		return nil
	}
	constraint, err := semver.NewConstraint(wanted)
	if err != nil {
		return err
	}
	given, err := semver.NewVersion(version)
	if err != nil {
		return err
	}
	if !constraint.Check(given) {
		return fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", wanted, version)
	}
	return nil
}

// values are the chart's own under those of files, later files first, after the schema has been asked.
func (c *chart) values(files []string) (map[string]interface{}, error) {
	given := map[string]interface{}{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		more, err := parseMap(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		given = overlay(given, more, false)
	}
	values := overlay(c.defaults, given, true)
	return values, c.validate(values)
}

// validate asks values.schema.json.
func (c *chart) validate(values map[string]interface{}) error {
	if c.schema == nil {
		return nil
	}
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(c.schema), gojsonschema.NewGoLoader(values))
	if err != nil {
		return err
	}
	if result.Valid() {
		return nil
	}
	var lines []string
	for _, failure := range result.Errors() {
		lines = append(lines, "- "+failure.String())
	}
	sort.Strings(lines)
	return fmt.Errorf("values don't meet the specifications of the schema(s) in the following chart(s):\n%s:\n%s",
		c.name(), strings.Join(lines, "\n"))
}

// overlay puts values over others, map by map. A null takes a default away.
func overlay(under, over map[string]interface{}, dropsNull bool) map[string]interface{} {
	result := map[string]interface{}{}
	for key, value := range under {
		result[key] = value
	}
	for key, value := range over {
		below, belowIsMap := result[key].(map[string]interface{})
		above, aboveIsMap := value.(map[string]interface{})
		_, isThere := result[key]
		switch {
		case value == nil && dropsNull && isThere:
			delete(result, key)
		case belowIsMap && aboveIsMap:
			result[key] = overlay(below, above, dropsNull)
		default:
			result[key] = value
		}
	}
	return result
}

// parseMap reads YAML as Helm does: by way of JSON, so that keys are texts and numbers are floating.
func parseMap(text []byte) (map[string]interface{}, error) {
	var result map[string]interface{}
	err := parse(text, &result)
	if result == nil {
		result = map[string]interface{}{}
	}
	return result, err
}

// parse reads YAML by way of JSON.
func parse(text []byte, into interface{}) error {
	var raw interface{}
	if err := yaml.Unmarshal(text, &raw); err != nil {
		return err
	}
	asJSON, err := json.Marshal(withTextKeys(raw))
	if err != nil {
		return err
	}
	return json.Unmarshal(asJSON, into)
}

// withTextKeys makes maps of YAML into those of JSON.
func withTextKeys(value interface{}) interface{} {
	switch value := value.(type) {
	case map[interface{}]interface{}:
		result := map[string]interface{}{}
		for key, element := range value {
			result[fmt.Sprint(key)] = withTextKeys(element)
		}
		return result
	case []interface{}:
		result := make([]interface{}, len(value))
		for index, element := range value {
			result[index] = withTextKeys(element)
		}
		return result
	default:
		return value
	}
}
