package policy

import (
	"strings"
	"unicode/utf8"
)

// Position is a place in a policy's text. Lines and columns are counted from 1, columns in characters.
type Position struct {
	Line, Column int32
}

// Span is where a statement stands, as AWS's policy simulator counts: in a list it begins right behind what stands before
// it, the bracket or the statement before, white space and comma included; alone it begins with its brace. It ends behind
// its closing brace.
// Source: AWS CLI Command Reference, simulate-principal-policy, examples; answers of AWS's that users have published.
type Span struct {
	Start, End Position
}

// ruler tells positions at offsets that grow, without counting a text from its beginning for each.
type ruler struct {
	offset int
	at     Position
}

func (r *ruler) position(text string, offset int) Position {
	if r.at.Line == 0 || offset < r.offset {
		*r = ruler{at: Position{1, 1}}
	}
	for between := text[r.offset:offset]; ; {
		line, rest, found := strings.Cut(between, "\n")
		if !found {
			r.at.Column += int32(utf8.RuneCountInString(line))
			break
		}
		r.at, between = Position{r.at.Line + 1, 1}, rest
	}
	r.offset = offset
	return r.at
}

func positionAt(text string, offset int) Position {
	return new(ruler).position(text, min(offset, len(text)))
}
