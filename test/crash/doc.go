// Package crash kills the program where it hurts and looks at what it left. Every case starts from the same data folder,
// has the process die at one point of a vend, starts it again on the same data, and wants the end a vend without a death
// comes to: one account, one product, whole access, one event, one mail.
//
// The points are not chosen by hand: a vend that is watched, by a fault that does nothing but leave its line in the log,
// says which calls of AWS it makes and how often; a countdown says how many steps of operations over time it takes.
package crash
