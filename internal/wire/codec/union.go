package codec

import (
	"reflect"

	iam "github.com/aws/aws-sdk-go-v2/service/iam/types"
	identitystore "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	ssoadmin "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
)

// unions lists the variants of each union: reflection cannot find who implements an interface. A test walks every type
// of every operation and fails for a union that is missing here.
var unions = map[reflect.Type][]reflect.Type{
	reflect.TypeFor[iam.PolicyIdentifier](): {
		reflect.TypeFor[iam.PolicyIdentifierMemberInlinePolicyIdentifier](),
		reflect.TypeFor[iam.PolicyIdentifierMemberPolicyArn](),
		reflect.TypeFor[iam.PolicyIdentifierMemberPolicyType](),
	},
	reflect.TypeFor[identitystore.AlternateIdentifier](): {
		reflect.TypeFor[identitystore.AlternateIdentifierMemberExternalId](),
		reflect.TypeFor[identitystore.AlternateIdentifierMemberUniqueAttribute](),
	},
	reflect.TypeFor[identitystore.MemberId](): {
		reflect.TypeFor[identitystore.MemberIdMemberUserId](),
	},
	reflect.TypeFor[ssoadmin.AuthenticationMethod](): {
		reflect.TypeFor[ssoadmin.AuthenticationMethodMemberIam](),
	},
	reflect.TypeFor[ssoadmin.Grant](): {
		reflect.TypeFor[ssoadmin.GrantMemberAuthorizationCode](),
		reflect.TypeFor[ssoadmin.GrantMemberJwtBearer](),
		reflect.TypeFor[ssoadmin.GrantMemberRefreshToken](),
		reflect.TypeFor[ssoadmin.GrantMemberTokenExchange](),
	},
	reflect.TypeFor[ssoadmin.TrustedTokenIssuerConfiguration](): {
		reflect.TypeFor[ssoadmin.TrustedTokenIssuerConfigurationMemberOidcJwtConfiguration](),
	},
	reflect.TypeFor[ssoadmin.TrustedTokenIssuerUpdateConfiguration](): {
		reflect.TypeFor[ssoadmin.TrustedTokenIssuerUpdateConfigurationMemberOidcJwtConfiguration](),
	},
}
