package cli

import (
	"cmp"
	"fmt"
	"os"
	"os/user"

	"github.com/spf13/cobra"

	"accountfactory/internal/backup"
	"accountfactory/internal/cloud"
	"accountfactory/internal/server"
)

// sealing says what a backup is sealed with.
type sealing struct{ passphrase, key string }

func (s *sealing) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.passphrase, "passphrase-file", "", "file whose first line is the passphrase that seals the backup")
	cmd.Flags().StringVar(&s.key, "key-file", "", "a server's key file, by which the backup is sealed instead")
}

func (s *sealing) read() (k backup.Key, err error) {
	setting := "passphrase-file"
	switch {
	case s.passphrase != "":
		k, err = backup.PassphraseFile(s.passphrase)
	case s.key != "":
		setting = "key-file"
		k, err = backup.KeyFile(s.key)
	default:
		return k, usageError("--passphrase-file or --key-file: say what the backup is sealed with")
	}
	if err != nil {
		return k, server.UsageError{Setting: setting, Problem: err.Error()}
	}
	return k, nil
}

func newBackup(a *app) *cobra.Command {
	c := server.DefaultConfig()
	var (
		to string
		s  sealing
		db database
	)
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "Write everything a server keeps to one sealed file, while it runs",
		Long: `backup writes the factory's database and the twin, with credentials and keys, to a new file that only the passphrase or key
file opens. A running server goes on meanwhile; of one that does not run the data folder is read, and with --database what is there.
What the two halves know is of one moment each, the factory's first: whatever it knows of the cloud, the cloud has.`,
		Example: `  accountfactory backup --to factory.backup --passphrase-file passphrase
  accountfactory backup --data /var/lib/accountfactory --to "/backups/$(date +%F)" --key-file /etc/accountfactory/key`,
	}
	f := cmd.Flags()
	f.StringVar(&to, "to", "", "the file that is made")
	f.StringVar(&c.Data, "data", "", "data folder of the server (default: data, with --cloud aws data-aws)")
	f.StringVar(&c.Cloud.Kind, "cloud", cloud.KindTwin, "twin or aws: what the server works on")
	db.flags(cmd)
	s.flags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		db.noticed(cmd)
		if err := a.fillFlags(cmd.Flags(), ""); err != nil {
			return err
		}
		if to == "" {
			return usageError("--to: name the file")
		}
		k, err := s.read()
		if err != nil {
			return err
		}
		if c.Database, err = db.resolve(a); err != nil {
			return err
		}
		c.Version, c.KeyFile = version(), s.key
		c.Data = folderOf(c.Data, c.Cloud.Kind)
		if err := server.BackUp(cmd.Context(), c, to, k); err != nil {
			return err
		}
		return a.said(to, k)
	}
	return cmd
}

func folderOf(data, kind string) string {
	return cmp.Or(data, map[string]string{cloud.KindAWS: "data-aws"}[kind], "data")
}

// said reads a backup to its end and says what it is of.
func (a *app) said(path string, k backup.Key) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	m, counts, err := server.Describe(f, k)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	_, err = fmt.Fprintf(a.streams.Out, "%s is whole: %s of %s, version %s; %d rows of the factory, %d of the twin\n",
		path, described(m), m.At.Format("2006-01-02 15:04:05 MST"), m.Version, counts.Rows, counts.States)
	return err
}

func described(m backup.Manifest) string {
	if m.Organization == "" {
		return "a twin"
	}
	return m.Kind + ", organization " + m.Organization + " in " + m.Region
}

func newRestore(a *app) *cobra.Command {
	var (
		r     server.Restore
		s     sealing
		db    database
		check bool
	)
	cmd := &cobra.Command{
		Use:   "restore",
		Short: "Put a backup into a new data folder, and an empty database",
		Long: `restore proves that a backup is whole, and then makes a data folder of it, and fills an empty PostgreSQL database where one is
given. Nothing is done to what is there: the folder must not exist or be empty, the database too. What was restored is held: no request
goes on, no hook, mail or webhook goes out, until accountfactory queue resume, and for the twin's accountfactory lab deliver. Requests
that went on after the backup are then looked up in the cloud, so that nothing is done twice. See that the old server has stopped for good.`,
		Example: `  accountfactory restore --from factory.backup --passphrase-file passphrase --data restored
  accountfactory restore --from factory.backup --key-file key --data data-aws --database-file database --organization o-a1b2c3d4e5
  accountfactory restore --from factory.backup --passphrase-file passphrase --check`,
	}
	f := cmd.Flags()
	f.StringVar(&r.From, "from", "", "the backup's file")
	f.StringVar(&r.Data, "data", "", "data folder that is made")
	f.StringVar(&r.Organization, "organization", "", "organization it must be of, o-…; needed for a backup of AWS")
	f.BoolVar(&check, "check", false, "only prove that the backup is whole, and say what it is of")
	db.flags(cmd)
	s.flags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		db.noticed(cmd)
		if err := a.fillFlags(cmd.Flags(), ""); err != nil {
			return err
		}
		if r.From == "" {
			return usageError("--from: name the backup's file")
		}
		if r.Key, err = s.read(); err != nil {
			return err
		}
		if check {
			return a.said(r.From, r.Key)
		}
		if r.Data == "" {
			return usageError("--data: name the data folder that is made")
		}
		if r.Database, err = db.resolve(a); err != nil {
			return err
		}
		r.KeyFile, r.By = s.key, restoredBy()
		m, err := r.Run(cmd.Context())
		if err != nil {
			return err
		}
		return a.restored(r, m)
	}
	return cmd
}

// restoredBy names whoever is at this machine, for the audit log.
func restoredBy() string {
	if u, err := user.Current(); err == nil {
		return "local:" + u.Username
	}
	return "local"
}

func (a *app) restored(r server.Restore, m backup.Manifest) error {
	next := "Its mails and webhooks are held: start it, then accountfactory lab deliver --data " + r.Data
	if m.Factory {
		next = "It is held: start it, look, and go on with accountfactory queue resume --data " + r.Data
		if m.Twin {
			next += "; the twin's mails and webhooks go out after accountfactory lab deliver --data " + r.Data
		}
	}
	_, err := fmt.Fprintf(a.streams.Out, "Restored %s of %s into %s.\n%s\n", described(m), m.At.Format("2006-01-02 15:04:05 MST"), r.Data, next)
	return err
}
