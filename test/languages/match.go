// Reads {"patterns": [...], "texts": [...]}; writes for each pattern whether it matches each text.
package main

import (
	"encoding/json"
	"os"
	"regexp"
)

func main() {
	var given struct{ Patterns, Texts []string }
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		panic(err)
	}
	found := [][]bool{}
	for _, pattern := range given.Patterns {
		compiled := regexp.MustCompile(pattern)
		row := []bool{}
		for _, text := range given.Texts {
			row = append(row, compiled.MatchString(text))
		}
		found = append(found, row)
	}
	json.NewEncoder(os.Stdout).Encode(found)
}
