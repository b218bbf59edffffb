package auth

import (
	"strings"

	"google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/reflection/grpc_reflection_v1alpha"

	"github.com/secondsource/secondsource/claims"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// leastRoles says for each method which role a caller needs at least. A method
// that is missing here is refused to everybody, and a test says which is missing.
var leastRoles = map[string]claims.CallerRole{
	secondsourcev1.SourceService_CreateSource_FullMethodName:  claims.RoleEditor,
	secondsourcev1.SourceService_GetSource_FullMethodName:     claims.RoleReader,
	secondsourcev1.SourceService_ListSources_FullMethodName:   claims.RoleReader,
	secondsourcev1.SourceService_UpdateSource_FullMethodName:  claims.RoleEditor,
	secondsourcev1.SourceService_ResolveSource_FullMethodName: claims.RoleReader,

	secondsourcev1.DocumentService_IngestDocument_FullMethodName:  claims.RoleContributor,
	secondsourcev1.DocumentService_StreamIngest_FullMethodName:    claims.RoleContributor,
	secondsourcev1.DocumentService_CorrectDocument_FullMethodName: claims.RoleContributor,
	secondsourcev1.DocumentService_RetractDocument_FullMethodName: claims.RoleContributor,
	secondsourcev1.DocumentService_GetDocument_FullMethodName:     claims.RoleReader,
	secondsourcev1.DocumentService_ListVersions_FullMethodName:    claims.RoleReader,
	secondsourcev1.DocumentService_ListDocuments_FullMethodName:   claims.RoleReader,
	secondsourcev1.DocumentService_DeleteDocument_FullMethodName:  claims.RoleAdmin, // it cannot be undone

	secondsourcev1.ClaimService_ExtractClaims_FullMethodName: claims.RoleReader, // stores nothing
	secondsourcev1.ClaimService_GetClaim_FullMethodName:      claims.RoleReader,
	secondsourcev1.ClaimService_ListClaims_FullMethodName:    claims.RoleReader,

	secondsourcev1.CorroborationService_Corroborate_FullMethodName:      claims.RoleReader,
	secondsourcev1.CorroborationService_BatchCorroborate_FullMethodName: claims.RoleReader,
	secondsourcev1.CorroborationService_CheckDraft_FullMethodName:       claims.RoleReader, // stores nothing
	secondsourcev1.CorroborationService_Watch_FullMethodName:            claims.RoleReader,

	secondsourcev1.EditorialService_MergeSources_FullMethodName:   claims.RoleEditor,
	secondsourcev1.EditorialService_SplitSources_FullMethodName:   claims.RoleEditor,
	secondsourcev1.EditorialService_SetController_FullMethodName:  claims.RoleEditor,
	secondsourcev1.EditorialService_SetReliability_FullMethodName: claims.RoleEditor,
	secondsourcev1.EditorialService_JoinOrigins_FullMethodName:    claims.RoleEditor,
	secondsourcev1.EditorialService_PartOrigins_FullMethodName:    claims.RoleEditor,
	secondsourcev1.EditorialService_SetRelation_FullMethodName:    claims.RoleEditor,
	secondsourcev1.EditorialService_SetAttribution_FullMethodName: claims.RoleEditor,
	secondsourcev1.EditorialService_SetStance_FullMethodName:      claims.RoleEditor,
	secondsourcev1.EditorialService_UndoJudgement_FullMethodName:  claims.RoleEditor,
	secondsourcev1.EditorialService_GetJudgement_FullMethodName:   claims.RoleReader,
	secondsourcev1.EditorialService_ListJudgements_FullMethodName: claims.RoleReader,
	secondsourcev1.ExportService_ExportClaims_FullMethodName:      claims.RoleReader,

	secondsourcev1.ServerService_GetServerInfo_FullMethodName: claims.RoleReader,

	grpc_reflection_v1.ServerReflection_ServerReflectionInfo_FullMethodName:      claims.RoleReader,
	grpc_reflection_v1alpha.ServerReflection_ServerReflectionInfo_FullMethodName: claims.RoleReader,
}

// LeastRole returns the role that a method asks for; open is true for the methods
// that anybody may call: load balancers ask for health without credentials, and it
// tells nothing but up or down. A method that is not known gives "", which no
// caller has.
func LeastRole(fullMethod string) (least claims.CallerRole, open bool) {
	if strings.HasPrefix(fullMethod, "/grpc.health.v1.Health/") {
		return "", true
	}
	return leastRoles[fullMethod], false
}
