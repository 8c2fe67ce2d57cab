package scenario

import "time"

// Fault is a fault as the lab takes it.
type Fault struct {
	Name        string        `json:"name,omitempty" yaml:"name"`
	Kind        string        `json:"kind,omitempty" yaml:"kind"`
	Service     string        `json:"service,omitempty" yaml:"service"`
	Operation   string        `json:"operation,omitempty" yaml:"operation"`
	Step        string        `json:"step,omitempty" yaml:"step"`
	Account     string        `json:"account,omitempty" yaml:"account"`
	Email       string        `json:"email,omitempty" yaml:"email"`
	Code        string        `json:"code,omitempty" yaml:"code"`
	Reason      string        `json:"reason,omitempty" yaml:"reason"`
	Delay       time.Duration `json:"delay,omitempty" yaml:"delay"`
	Count       int           `json:"count,omitempty" yaml:"count"`
	Skip        int           `json:"skip,omitempty" yaml:"skip"`
	Probability float64       `json:"probability,omitempty" yaml:"probability"`
}

// Condition is a condition as the lab takes it.
type Condition struct {
	Name    string `json:"name" yaml:"name"`
	Account string `json:"account,omitempty" yaml:"account"`
	Email   string `json:"email,omitempty" yaml:"email"`
	Value   string `json:"value,omitempty" yaml:"value"`
}
