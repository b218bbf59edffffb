package main

import (
	"os"
	"path/filepath"
)

// writeFile gives write a new file and puts it in the place of path when all of it
// is written: nobody reads half of it.
func writeFile(path string, write func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".secondsource-*")
	if err != nil {
		return err
	}
	err = write(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// replaceFile writes a file in one step.
func replaceFile(path string, content []byte) error {
	return writeFile(path, func(f *os.File) error {
		_, err := f.Write(content)
		return err
	})
}
