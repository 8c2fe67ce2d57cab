// Package scenario reads and plays files that say what goes wrong in a twin, and when. It knows the twin by its lab alone, so that
// the command line and the console play the same files alike.
package scenario
