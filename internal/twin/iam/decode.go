package iam

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"

	"accountfactory/internal/twin/state"
)

// seal is the key that seals authorization messages. It lies with the state, so a message can be read as long as the state
// it was made in, or a later one.
type seal struct {
	Name string
	Key  []byte
}

const authorizationSeal = "authorization"

// NewSealKey draws a key for SealAuthorization, to be drawn before the transaction; it is used when there is none yet.
func NewSealKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails, says crypto/rand
	return key
}

// SealAuthorization gives a message as AWS hands out an authorization message: text that DecodeAuthorizationMessage reads
// for callers of the account.
func (s *Service) SealAuthorization(tx *state.Tx, accountID string, message any, newKey []byte) (string, error) {
	k := s.seals.Get(tx, authorizationSeal)
	if k == nil {
		k = &seal{Name: authorizationSeal, Key: newKey}
		s.seals.Put(tx, k)
	}
	plain, err := json.Marshal(message)
	if err != nil {
		return "", err
	}
	box, err := k.box()
	if err != nil {
		return "", err
	}
	nonce := make([]byte, box.NonceSize())
	_, _ = rand.Read(nonce) // never fails, says crypto/rand
	return base64.RawURLEncoding.EncodeToString(box.Seal(nonce, nonce, plain, []byte(accountID))), nil
}

func (k *seal) box() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.Key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// open gives what a sealed message says, and false for text that was not sealed for the account by this key.
func (k *seal) open(accountID, text string) (string, bool) {
	if k == nil {
		return "", false
	}
	box, err := k.box()
	raw, bad := base64.RawURLEncoding.DecodeString(text)
	if err != nil || bad != nil || len(raw) < box.NonceSize() {
		return "", false
	}
	plain, err := box.Open(nil, raw[:box.NonceSize()], raw[box.NonceSize():], []byte(accountID))
	return string(plain), err == nil
}

// DecodeAuthorizationMessage reads a sealed authorization message. No service here answers one, as those of AWS that the
// twin plays do not; the lab's explanations carry them.
func (s *Service) DecodeAuthorizationMessage(ctx context.Context, in *sts.DecodeAuthorizationMessageInput, _ ...func(*sts.Options)) (*sts.DecodeAuthorizationMessageOutput, error) {
	out := &sts.DecodeAuthorizationMessageOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		message, ok := s.seals.Get(tx, authorizationSeal).open(accountOf(ctx), *in.EncodedMessage)
		if !ok {
			return &ststypes.InvalidAuthorizationMessageException{Message: text("Invalid authorization message")}
		}
		out.DecodedMessage = &message
		return nil
	})
}
