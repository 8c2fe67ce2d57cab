// Package client runs unmodified AWS clients on the built program: the AWS CLI, boto3, and the AWS SDKs for JavaScript and Go
// vend an account each, and read the same answers. It also holds the program to what docs/cli.md promises to scripts.
package client
