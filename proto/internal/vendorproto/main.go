// Command vendorproto prints buf/validate/validate.proto from the descriptor
// that is compiled into the protovalidate Go module, into the folder given as
// its argument. The API's .proto files import it; printing it here means that
// generating needs no registry and that file and Go module are one version.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"github.com/jhump/protoreflect/v2/protoprint"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: vendorproto FOLDER")
	}
	if err := run(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(folder string) error {
	file := validate.File_buf_validate_validate_proto
	path := filepath.Join(folder, filepath.FromSlash(file.Path()))
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil { // #nosec G703 -- the caller names the folder
		return err
	}
	out, err := os.Create(path) // #nosec G304 G703 -- the caller names the folder
	if err != nil {
		return err
	}
	printer := protoprint.Printer{}
	if err := printer.PrintProtoFile(file, out); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return out.Close()
}
