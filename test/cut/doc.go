// Package cut holds both provisioners to one promise: whatever call of AWS comes to nothing, or takes effect and loses its
// answer, a request of any kind ends as it would have undisturbed. Every journey is watched once: the calls it makes are
// where it is cut, one in each case, before it took effect and after. What is there at the end, in Organizations, Identity
// Center, the tags of accounts and the catalogue, is compared with what the watched journey left.
package cut
