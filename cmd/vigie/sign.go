package main

import (
	"errors"
	"fmt"
	"os"

	"aead.dev/minisign"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// A signer signs a text; its signature is in the form of minisign.
type signer func(text []byte) []byte

// secretKey reads the key of --sign; nil without.
func (f *handoverFlags) secretKey(cmd *cobra.Command) (signer, error) {
	if f.key == "" {
		return nil, nil
	}
	if f.statement == "" {
		return nil, errors.New("--sign signs the file of --statement: name one")
	}
	text, err := os.ReadFile(f.key)
	if err != nil {
		return nil, err
	}
	var key minisign.PrivateKey
	if minisign.IsEncrypted(text) {
		password, err := keyPassword(cmd)
		if err != nil {
			return nil, err
		}
		if key, err = minisign.DecryptKey(password, text); err != nil {
			return nil, fmt.Errorf("read %s: the password does not open it", f.key)
		}
	} else if err := key.UnmarshalText(text); err != nil {
		return nil, fmt.Errorf("read %s: is no secret key of minisign", f.key)
	}
	return func(text []byte) []byte { return minisign.Sign(key, text) }, nil
}

// keyPassword is the one of the environment, or asked for.
func keyPassword(cmd *cobra.Command) (string, error) {
	if p := os.Getenv("VIGIE_SIGN_PASSWORD"); p != "" {
		return p, nil
	}
	in, ok := cmd.InOrStdin().(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return "", errors.New("the secret key has a password: set VIGIE_SIGN_PASSWORD")
	}
	fmt.Fprint(cmd.ErrOrStderr(), "Password of the secret key: ")
	p, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(cmd.ErrOrStderr())
	return string(p), err
}
