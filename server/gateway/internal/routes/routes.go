// Package secondsourcev1 holds the routes that are generated from proto/http.yaml,
// one file for each service.
package secondsourcev1

import (
	"context"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
)

// All registers the routes of every service.
var All = []func(context.Context, *runtime.ServeMux, *grpc.ClientConn) error{
	RegisterSourceServiceHandler,
	RegisterDocumentServiceHandler,
	RegisterClaimServiceHandler,
	RegisterCorroborationServiceHandler,
	RegisterEditorialServiceHandler,
	RegisterExportServiceHandler,
	RegisterServerServiceHandler,
}
