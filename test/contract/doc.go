// Package contract holds the program to what it promises whoever asks: the raw AWS API, the factory's HTTP API, the
// command line with flags and with a launch file. A launch that cannot work ends in each as documented, and leaves
// nothing behind.
package contract
