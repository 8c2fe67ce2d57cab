package server

import (
	"context"
	"runtime/debug"
	runtimemetrics "runtime/metrics"
	"time"
)

const (
	// look is how often a server looks whether it rests.
	look = 2 * time.Second
	// little is what a server at rest allocates between two looks at most, in bytes: it polls, it is polled.
	little = 2 << 20
	// worth is what must have been allocated, in bytes, for giving memory back to be worth a collection.
	worth = 32 << 20
)

// rest tells when a server that was busy rests. The runtime keeps what a burst of work needed for minutes, and twice what is
// in use for good; a machine that runs a server beside other things wants it back.
type rest struct {
	seen  uint64 // allocated at the last look, in bytes since the start
	given uint64 // allocated when memory was given back last
}

// due takes what was allocated since the start, in bytes, and tells whether it is time to give memory back.
func (r *rest) due(allocated uint64) bool {
	quiet := allocated-r.seen <= little
	r.seen = allocated
	if !quiet || allocated-r.given < worth {
		return false
	}
	r.given = allocated
	return true
}

// restAtTimes gives memory back to the system whenever work has ended, until stop.
func (s *Server) restAtTimes(context.Context) error {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		var r rest
		tick := time.NewTicker(look)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if r.due(allocated()) {
					debug.FreeOSMemory()
				}
			}
		}
	}()
	s.onStop(func(context.Context) error {
		close(done)
		<-ended
		return nil
	})
	return nil
}

// allocated gives the bytes this process has allocated since it began, freed ones included.
func allocated() uint64 {
	sample := []runtimemetrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	runtimemetrics.Read(sample)
	return sample[0].Value.Uint64()
}
