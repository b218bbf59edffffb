// Command vendorproto prints the files of others that the API's .proto files
// import, buf/validate/validate.proto and google/rpc/status.proto, from the
// descriptors that are compiled into their Go modules, into the folder given as
// its argument. So generating needs no registry, and file and Go module are one
// version.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"github.com/jhump/protoreflect/v2/protoprint"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
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
	for _, file := range []protoreflect.FileDescriptor{validate.File_buf_validate_validate_proto, status.File_google_rpc_status_proto} {
		if err := write(folder, file); err != nil {
			return err
		}
	}
	return nil
}

func write(folder string, file protoreflect.FileDescriptor) error {
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
