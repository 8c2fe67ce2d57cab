package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
)

// The control socket lies in the data folder and answers whoever could read the folder anyway. Commands on this machine ask a
// running server there for what only it can give.

const controlName = "control.sock"

// maxSocketPath is how long the path of a socket may be everywhere. Source: unix(7), sun_path.
const maxSocketPath = 100

// controlPath gives a path of the socket that is short enough; done removes what made it so.
func controlPath(data string) (path string, done func(), err error) {
	data, err = filepath.Abs(data)
	if err != nil {
		return "", nil, err
	}
	if path = filepath.Join(data, controlName); len(path) <= maxSocketPath {
		return path, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "accountfactory-")
	if err != nil {
		return "", nil, err
	}
	done = func() { _ = os.RemoveAll(dir) } // a link in an empty folder
	if err := os.Symlink(data, filepath.Join(dir, "d")); err != nil {
		done()
		return "", nil, err
	}
	return filepath.Join(dir, "d", controlName), done, nil
}

// serveControl answers on the socket. Where there can be none, everything else works all the same.
func (s *Server) serveControl(ctx context.Context) error {
	path, done, err := controlPath(s.config.Data)
	if err != nil {
		return err
	}
	defer done()
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) { // of a process that was killed: the folder is locked
		return err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "unix", path)
	if err == nil {
		err = os.Chmod(path, ownerOnly)
	}
	if err != nil {
		s.config.Log.WarnContext(ctx, "no control socket: backups need a stop", "error", err)
		return nil
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false) // it may have been a link's path
	at := filepath.Join(s.config.Data, controlName)
	s.onStop(func(context.Context) error {
		if err := os.Remove(at); !os.IsNotExist(err) {
			return err
		}
		return nil
	})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /backup", s.giveBackup)
	return s.serve(l, mux)
}

// giveBackup writes a backup, in clear: whoever asks seals it. One that fails is cut off.
func (s *Server) giveBackup(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/octet-stream")
	s.config.Log.InfoContext(r.Context(), "a backup is taken")
	if err := s.backUp(r.Context(), w); err != nil {
		s.config.Log.ErrorContext(r.Context(), "backup", "error", err)
		w.Header().Set(http.TrailerPrefix+backupError, err.Error())
	}
}

// backupError names the trailer that says why a backup was cut off.
const backupError = "Backup-Error"

// errNoControl says that no server answers on a data folder.
var errNoControl = errors.New("no server answers on the data folder")

// control asks the server of a data folder. Returns errNoControl.
func control(ctx context.Context, data, path string) (*http.Response, error) {
	socket, done, err := controlPath(data)
	if err != nil {
		return nil, err
	}
	defer done()
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoControl, err)
	}
	client := &http.Client{Transport: &http.Transport{
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return conn, nil },
		DisableKeepAlives: true,
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://control"+path, nil)
	if err != nil {
		return nil, err
	}
	return client.Do(req)
}
