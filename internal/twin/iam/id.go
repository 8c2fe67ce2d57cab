package iam

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"strconv"
	"strings"

	"accountfactory/internal/arn"
)

// Prefixes of IAM's ids. Source: IAM User Guide, "IAM identifiers".
const (
	userPrefix      = "AIDA"
	groupPrefix     = "AGPA"
	rolePrefix      = "AROA"
	policyPrefix    = "ANPA"
	keyPrefix       = "AKIA"
	temporaryPrefix = "ASIA"
)

func uniqueID(r arn.Random, prefix string) string { return prefix + arn.ID(r, arn.Base32, 17) }

// accountMask are the 40 bits of an access key id that hold its account.
const accountMask = 0x7fffffffff80

// keyID gives an access key id. As in AWS it holds the account: of the ten bytes behind the prefix the first six, a
// leading one bit, forty bits of account id, seven of chance. Whoever logs ids can tell the account by them.
func keyID(r arn.Random, prefix, accountID string) string {
	account, _ := strconv.ParseUint(accountID, 10, 40)
	bits := r.Uint64()
	head := 1<<47 | account<<7&accountMask | bits&0x7f
	raw := make([]byte, 0, 10)
	for shift := 40; shift >= 0; shift -= 8 {
		raw = append(raw, byte(head>>shift))
	}
	for shift := 32; shift < 64; shift += 8 {
		raw = append(raw, byte(bits>>shift))
	}
	return prefix + base32.StdEncoding.EncodeToString(raw)
}

// keyAccount gives the account an access key id holds, and false for text that is no such id.
func keyAccount(id string) (string, bool) {
	if len(id) != 20 || !strings.HasPrefix(id, keyPrefix) && !strings.HasPrefix(id, temporaryPrefix) {
		return "", false
	}
	raw, err := base32.StdEncoding.DecodeString(id[4:])
	if err != nil {
		return "", false
	}
	var head uint64
	for _, b := range raw[:6] {
		head = head<<8 | uint64(b)
	}
	account := strconv.FormatUint(head&accountMask>>7, 10)
	if len(account) > 12 {
		return "", false
	}
	return strings.Repeat("0", 12-len(account)) + account, true
}

// Secret is the secret part of credentials. Draw it before the transaction that uses it.
type Secret struct {
	Key   string
	Token string
}

// tokenBytes is how much chance a session token holds before it is written as text.
const tokenBytes = 240

// NewSecret draws the secret of new credentials.
func NewSecret() Secret {
	var raw [30 + tokenBytes]byte
	_, _ = rand.Read(raw[:]) // never fails, says crypto/rand
	return Secret{Key: base64.StdEncoding.EncodeToString(raw[:30]), Token: base64.StdEncoding.EncodeToString(raw[30:])}
}
