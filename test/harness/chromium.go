package harness

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// chromiumPath is where Debian's package puts it.
const chromiumPath = "/usr/bin/chromium"

// Chromium is a real browser with one tab, driven over its DevTools protocol by way of a pipe: no driver of another kind
// has to be installed, and nothing listens.
type Chromium struct {
	t       testing.TB
	in      io.Writer
	session string // of the tab

	mu      sync.Mutex
	last    int
	waiting map[int]chan devtoolsReply
	log     Log
}

type devtoolsReply struct {
	ID     int             `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// StartChromium starts the browser with a profile of its own, and ends it with the test; one that is not installed skips the
// test.
func StartChromium(t testing.TB) *Chromium {
	t.Helper()
	if _, err := os.Stat(chromiumPath); err != nil {
		Missing(t, true, "Chromium")
	}
	home, err := os.MkdirTemp("", "accountfactory-chromium-") //nolint:usetesting // Chromium's children may write in it a moment longer
	if err != nil {
		t.Fatal(err)
	}
	hear, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read, say, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c := &Chromium{t: t, in: write, waiting: map[int]chan devtoolsReply{}}
	cmd := exec.Command(chromiumPath, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir="+home, "--remote-debugging-pipe", "about:blank")
	cmd.Env = Env(home)
	cmd.Stdout, cmd.Stderr = &c.log, &c.log
	cmd.ExtraFiles = []*os.File{hear, say}                // its descriptors 3 and 4
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its helpers end with it
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = hear.Close(), say.Close() // the browser has them now
	go c.listen(read)
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it may have ended by itself
		_ = cmd.Wait()
		_, _ = write.Close(), read.Close()
		_ = os.RemoveAll(home)
	})
	c.openTab()
	return c
}

// listen hands answers to those who wait for them; events are nobody's.
func (c *Chromium) listen(from io.Reader) {
	in := bufio.NewReader(from)
	for {
		message, err := in.ReadBytes(0)
		if err != nil {
			return
		}
		var r devtoolsReply
		if json.Unmarshal(bytes.TrimSuffix(message, []byte{0}), &r) != nil || r.ID == 0 {
			continue
		}
		c.mu.Lock()
		if w := c.waiting[r.ID]; w != nil {
			w <- r
			delete(c.waiting, r.ID)
		}
		c.mu.Unlock()
	}
}

// chromiumWithin bounds what a browser on a busy machine may take for one thing.
const chromiumWithin = time.Minute

// Do sends a command of the DevTools protocol to the tab and reads its result into out, which may be nil.
func (c *Chromium) Do(method string, params map[string]any, out any) {
	c.t.Helper()
	answer := make(chan devtoolsReply, 1)
	c.mu.Lock()
	c.last++
	id := c.last
	c.waiting[id] = answer
	body, err := json.Marshal(struct {
		ID      int            `json:"id"`
		Method  string         `json:"method"`
		Params  map[string]any `json:"params,omitempty"`
		Session string         `json:"sessionId,omitempty"`
	}{id, method, params, c.session})
	if err == nil {
		_, err = c.in.Write(append(body, 0))
	}
	c.mu.Unlock()
	if err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
	select {
	case r := <-answer:
		if r.Error != nil {
			c.t.Fatalf("%s: %s", method, r.Error.Message)
		}
		if out != nil {
			if err := json.Unmarshal(r.Result, out); err != nil {
				c.t.Fatalf("%s: %v in %s", method, err, r.Result)
			}
		}
	case <-time.After(chromiumWithin):
		c.t.Fatalf("%s is not answered; the browser said:\n%s", method, &c.log)
	}
}

func (c *Chromium) openTab() {
	c.t.Helper()
	var target struct {
		TargetID string `json:"targetId"`
	}
	c.Do("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct {
		SessionID string `json:"sessionId"`
	}
	c.Do("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	c.session = attached.SessionID
}

// Open opens an address.
func (c *Chromium) Open(address string) {
	c.t.Helper()
	var out struct {
		ErrorText string `json:"errorText"`
	}
	c.Do("Page.navigate", map[string]any{"url": address}, &out)
	if out.ErrorText != "" {
		c.t.Fatalf("open %s: %s", address, out.ErrorText)
	}
}

// Eval gives the value of an expression of the page, evaluated as at a person's gesture.
func (c *Chromium) Eval(expression string) any {
	c.t.Helper()
	var out struct {
		Result struct {
			Value any `json:"value"`
		} `json:"result"`
		Exception *struct {
			Text      string `json:"text"`
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
	}
	c.Do("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "userGesture": true}, &out)
	if out.Exception != nil {
		c.t.Fatalf("%s: %s %s", expression, out.Exception.Text, out.Exception.Exception.Description)
	}
	return out.Result.Value
}

// Await waits until an expression of the page is true, whatever page that is by then.
func (c *Chromium) Await(expression string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), chromiumWithin)
	defer cancel()
	if err := Poll(ctx, 50*time.Millisecond, func() (bool, error) {
		return c.Eval("Boolean("+expression+")") == true, nil
	}); err != nil {
		c.t.Fatalf("%s does not come about; the page is %v:\n%v", expression, c.Eval("location.pathname"), c.Eval("document.body?.innerText"))
	}
}

// AwaitTitle waits for a page by its heading.
func (c *Chromium) AwaitTitle(title string) {
	c.t.Helper()
	c.Await(fmt.Sprintf("document.readyState === 'complete' && document.querySelector('h1')?.textContent === %q", title))
}

// Type puts text into a field of the page, and Press presses a button.
func (c *Chromium) Type(selector, text string) {
	c.t.Helper()
	c.Eval(fmt.Sprintf("document.querySelector(%s).value = %s", quote(selector), quote(text)))
}

// Press presses a button of the page.
func (c *Chromium) Press(selector string) {
	c.t.Helper()
	c.Eval(fmt.Sprintf("document.querySelector(%s).click()", quote(selector)))
}

// quote writes a text for scripts, which read JSON's texts.
func quote(s string) string {
	body, _ := json.Marshal(s) // a text always can be
	return strings.NewReplacer("\u2028", `\u2028`, "\u2029", `\u2029`).Replace(string(body))
}

// Authenticator plugs in a security key that is in the browser alone, whose owner always agrees, and gives its id.
func (c *Chromium) Authenticator() string {
	c.t.Helper()
	c.Do("WebAuthn.enable", nil, nil)
	var out struct {
		ID string `json:"authenticatorId"`
	}
	c.Do("WebAuthn.addVirtualAuthenticator", map[string]any{"options": map[string]any{
		"protocol": "ctap2", "transport": "usb", "hasResidentKey": true, "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true,
	}}, &out)
	return out.ID
}

// Passkey is what an authenticator holds.
type Passkey struct {
	ID        string `json:"credentialId"`
	Host      string `json:"rpId"`
	SignCount int    `json:"signCount"`
}

// Passkeys gives what an authenticator holds.
func (c *Chromium) Passkeys(authenticator string) []Passkey {
	c.t.Helper()
	var out struct {
		Credentials []Passkey `json:"credentials"`
	}
	c.Do("WebAuthn.getCredentials", map[string]any{"authenticatorId": authenticator}, &out)
	return out.Credentials
}
