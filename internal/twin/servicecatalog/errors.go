package servicecatalog

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

func invalid(format string, a ...any) error {
	return &types.InvalidParametersException{Message: message(format, a)}
}

func notFound(format string, a ...any) error {
	return &types.ResourceNotFoundException{Message: message(format, a)}
}

func inUse(format string, a ...any) error {
	return &types.ResourceInUseException{Message: message(format, a)}
}

func duplicate(format string, a ...any) error {
	return &types.DuplicateResourceException{Message: message(format, a)}
}

func badState(format string, a ...any) error {
	return &types.InvalidStateException{Message: message(format, a)}
}

func overLimit(format string, a ...any) error {
	return &types.LimitExceededException{Message: message(format, a)}
}

func message(format string, a []any) *string {
	text := fmt.Sprintf(format, a...)
	return &text
}

// noLaunchPath is what AWS answers to everyone a product is not granted to, whether or not it exists.
// Source: AWS Control Tower User Guide, "Troubleshooting", "No Launch Paths Found".
func noLaunchPath(product string) error {
	return notFound("No launch paths found for resource: %s", product)
}

// oneOf refuses a call that names a thing by both id and name, or by neither.
func oneOf(what string, id, name *string) error {
	switch {
	case id != nil && name != nil:
		return invalid("Specify either the %s's ID or its name, not both.", what)
	case id == nil && name == nil:
		return invalid("Specify the %s's ID or its name.", what)
	}
	return nil
}
