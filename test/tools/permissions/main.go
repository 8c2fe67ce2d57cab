// Command permissions writes docs/aws-permissions.md: what Account Factory needs to be allowed on AWS, from the statements in
// internal/cloud.
package main

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"strings"

	"accountfactory/internal/cloud"
)

//go:generate go run . ../../../docs/aws-permissions.md

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: permissions FILE")
	}
	text, err := page()
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[1], text, 0o600); err != nil {
		log.Fatal(err)
	}
}

// placeholders stand for what differs from one organization to the next.
var placeholders = cloud.Scope{Account: "MANAGEMENT-ACCOUNT", Organization: "ORGANIZATION", Region: "HOME-REGION"}

const intro = `# What Account Factory may do on AWS

Generated from internal/cloud by ` + "`go generate ./...`" + `; do not edit. test/permission goes through every kind of request with exactly these
policies, and sees a request denied for each statement that is left out.

Put your own for ` + "`MANAGEMENT-ACCOUNT`, `ORGANIZATION` (o-…) and `HOME-REGION`; `accountfactory setup-role --print-policy`" + ` writes the role's with
them filled in. Actions, resources and condition keys are those of AWS's Service Authorization Reference; where an action has no
resource there, or Identity Center names what it has by ids that nobody knows beforehand, a resource is ` + "`*`" + `. A statement that says so
may be left out: requests that need it then fail, with AWS's words, and no others do. With a key of your own (KMS) for Identity Center
add ` + "`kms:Decrypt`" + ` on it.

| who | has | made by |
| --- | --- | --- |
| the server, from its start | [the server's policy](#the-server) | you: an IAM role or user of the management account |
| the server, for doctor and for the sign-in by Identity Center | [some reads](#doctor) | you, if wanted |
| the server, outside the management account | [one action](#a-server-outside-the-management-account) | you, with ` + "`--role-arn`" + ` |
| all requests, in the name of whoever asked | [the role's policy](#the-role-with-control-tower), on the role ` + "`" + cloud.RoleName + "`" + ` | ` + "`setup-role`" + ` |
| inside an account | AdministratorAccess, on the role ` + "`" + cloud.ExecutionRole + "`" + ` there | Control Tower, or AWS Organizations when it creates the account |
| whoever runs ` + "`setup-role`" + ` | [the set-up's policy](#setting-up) | you |
| people who launch from the command line | [one action](#people), and the portfolio | you |

An account's own role is entered by the server's identity, not by the factory's role. The provisioner ` + "`organizations`" + ` enters each account it
makes or enrolls once, to see that the role can be assumed; in an account that has only ` + "`OrganizationAccountAccessRole`" + ` it makes ` + "`" + cloud.ExecutionRole + "`" + `
by that one. With Control Tower accounts are entered for the commands of [hooks](hooks.md) alone.
`

// section is a policy with what is said about it.
type section struct {
	title, about string
	permissions  []cloud.Permission
}

func page() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(intro)
	all, err := sections(placeholders)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| statement | what for |\n| --- | --- |\n", s.title, s.about)
		for _, p := range s.permissions {
			fmt.Fprintf(&b, "| `%s` | %s |\n", p.Sid, p.Why)
		}
		policy, err := cloud.Policy(s.permissions)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "\n```json\n%s\n```\n", strings.TrimSpace(policy))
	}
	return b.Bytes(), nil
}

func sections(s cloud.Scope) ([]section, error) {
	catalog, err := s.RolePermissions(cloud.ByServiceCatalog)
	if err != nil {
		return nil, err
	}
	own, err := s.RolePermissions(cloud.ByOrganizations)
	if err != nil {
		return nil, err
	}
	return []section{
		{"The server", "Of the identity that `serve --cloud aws` starts with, or of the one that `--role-arn` names. " +
			"With Control Tower and without commands in hooks leave `EnterAccounts` out.", s.ServerPermissions(cloud.ByOrganizations)},
		{"A server outside the management account", "Of the credentials a server elsewhere has; `--role-arn` then names the role with the policy above.", s.OutsidePermissions()},
		{"Doctor", "Of the server's identity too, where `accountfactory doctor` is to see everything, and with `--identity-center-sign-in`.", s.DoctorPermissions()},
		{"The role, with Control Tower", "Of `" + cloud.RoleName + "`, with `--provisioner service-catalog`. It is trusted by the management account, " +
			"which you may narrow to the server's identity: setup-role leaves the trust of a role that is there as it is.", catalog},
		{"The role, without Control Tower", "Of `" + cloud.RoleName + "`, with `--provisioner organizations`.", own},
		{"Setting up", "Of whoever runs `accountfactory setup-role`.", s.SetupPermissions()},
		{"People", "Of people who launch from the command line with credentials of the management account. " +
			"AWSServiceCatalogEndUserAccess, which Control Tower makes, has more than that.", s.RequesterPermissions()},
	}, nil
}
