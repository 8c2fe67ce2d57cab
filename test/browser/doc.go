// Package browser runs the console's pages in Chromium against the built program. The tests themselves are web/e2e, in
// the language of the pages; here each of their files is one test. The sign-in's passkeys, which only a browser has, are
// tested here in Go.
package browser
