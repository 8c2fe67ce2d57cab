// Package twin is AWS in one process, as far as giving out accounts needs it: it puts the services together behind one
// endpoint, decides who may do what, makes the first start's organization, and has the lab that moves its clock and breaks
// it on purpose. It knows nothing of the factory, which is a client like any other.
package twin
