package detectors

import "bytes"

var credentialDetector = Detector{
	Kind: "credential",
	Doc: `Password, hash of a password, key or token

What proves itself anywhere: hashes of bcrypt, argon2, scrypt and crypt(3),
private keys in PEM with their body, JSON web tokens, access keys of AWS, GitHub,
GitLab and Slack, keys of VPN configurations. Behind "password", "mot de passe",
"mdp", "pwd" and a colon or an equals sign, a word of six characters and more with
letters and digits that is no placeholder. In a column whose title says so,
hexadecimal digests and words with digits or signs too. crypt(5), RFC 7468, RFC
7519, and the documents of those services.`,
	Class: Direct,
	Scope: Titled,
	Titles: []string{
		"password", "passwords", "pw", "user pw", "userpw", "hash pw", "mot de passe", "motdepasse", "mots de passe", "mdp", "pwd", "passwd", "user password", "userpass", "userpassword",
		"password hash", "passwordhash", "hashed password", "encrypted password", "pass hash", "passhash", "hash", "hash mdp", "mdp hash", "pwdhash",
		"salt", "sel", "password salt", "token", "tokens", "api key", "apikey", "api token", "access token", "auth token", "refresh token", "session token",
		"reset token", "reset password token", "remember token", "secret", "secrets", "client secret", "secret key", "private key", "cle api", "cle privee", "id rsa",
		"otp secret", "totp secret", "two factor secret", "psk", "pre shared key", "presharedkey", "jeton", "code secret", "ntlm", "nt hash", "lm hash",
	},
	Find: findCredentials,
	Fits: fitsCredential,
	Norm: func(dst, v []byte) []byte { return append(dst, v...) },
	Mask: maskSecret,
	Yes: []string{
		"$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", "root:$6$rounds=5000$usesomesil$D4IrlXatmP7rx3P3InaxBeoomnAihCKRVQAr",
		"$argon2id$v=19$m=65536,t=2,p=1$gZiV/M1gPc22ElAH/Jh1Hw$CWOrkoo7oJBQ/iyh7uJ0LO2aLEfrHwTWllSAxT0zRno",
		"dupont:$apr1$abcdefgh$x8Kq2mVw9LrT4nYc6HsJdE", "{noformat}password=Zx12345q!{noformat}", "mdp : Azerty1234", "mon mot de passe était Soleil2023!", "login jdupont / mdp Azerty1234*", "Mot de passe provisoire : Hiver-2022", "Mot de passe = Soleil33!", "password=hunter2xyz", `"pwd": "Xk29fjq0"`,
		"AKIAQ3EGR5W7JZ2MXBTK", "glpat-x8Kq2mVw9LrT4nYc6HsJ", "ghp_" + "x8Kq2mVw9LrT4nYc6HsJdE3uRf7Bz1Ga5PoM",
		"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA0Zq7vX2kP9sW4hT8mC5nY1rD3uJ6fL0bQ8eG7iK2xV9aS5oN\n",
		"PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqZHVwb250In0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
	},
	No: []string{
		"AKIAIOSFODNN7EXAMPLE", "-----BEGIN PRIVATE KEY-----\n...\n", "-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA0Zq7vX2kP9sW4hT8mC5nY1rD3uJ6fL0bQ8eG7iK2xV9aS5oN\n",
		"password: string", "password = getPassword2()", "mot de passe : ********", "password=${DB_PASSWORD1}", "mdp: <motdepasse1>", "votre mot de passe expire",
		"le mot de passe est obligatoire", "mot de passe est 8caracteres", "mdp oublie12", "le mot de passe est Obligatoire",
		"d41d8cd98f00b204e9800998ecf8427e", "price $2a and $6", "echo $1$2$3", "eyJ", "password = user.password1", "password: changeme123", "$5 and $6$ each",
		"password := os.Args[1]", "pwd: /home/user1", "password *uint16", "must pass IPv4-mapped addresses", "user:password@host1:27017",
	},
}

var passwordLabels = []string{
	"password", "passwd", "pwd", "mdp", "mot de passe", "mots de passe", "mot de passe provisoire", "mot de passe temporaire", "mot de passe initial",
	"mot de passe vpn", "mot de passe wifi", "nouveau mot de passe", "mdp provisoire", "mdp temporaire", "mdp vpn",
	"mot de passe est", "mot de passe etait", "mdp est", "mdp etait",
}

func findCredentials(dst []Match, t *Text) []Match {
	from := len(dst)
	dst = findPasswords(dst, t)
	b := t.Bytes
	for i := 0; i < len(b); {
		k := bytes.IndexByte(b[i:], '$')
		if k < 0 {
			break
		}
		i += k
		n := cryptEnd(b[i:])
		if n > 0 {
			dst = insertMatch(dst, from, Match{i, i + n, true})
		}
		i += max(n, 1)
	}
	for _, p := range secretPrefixes {
		for i := 0; i < len(b); {
			k := bytes.Index(b[i:], p.prefix)
			if k < 0 {
				break
			}
			i += k
			n := p.end(b[i:])
			if n > 0 && (i == 0 || !isAlnum(b[i-1]) || b[i] == '-') {
				dst = insertMatch(dst, from, Match{i, i + n, true})
			}
			i += max(n, len(p.prefix))
		}
	}
	return dst
}

// findPasswords takes what stands behind a label and a colon or an equals sign.
// Behind "mdp" or "mot de passe était" a space is enough where the word has
// capitals, small letters and digits.
func findPasswords(dst []Match, t *Text) []Match {
	t.eachLabel(passwordLabels, func(words []Span, _, last int) int {
		end := words[last].End
		start := t.valueStart(end)
		if start < 0 || bytes.IndexByte(t.Bytes[end:start], '*') >= 0 {
			return 0
		}
		n := valuePassword(t.Bytes[start:t.cellEnd(start, start+80)])
		assigned := bytes.IndexByte(t.Bytes[end:start], ':') >= 0 || bytes.IndexByte(t.Bytes[end:start], '=') >= 0
		if n == 0 || !assigned && (!t.spoken(words[last]) || !isMixed(t.Bytes[start:start+n])) {
			return 0
		}
		dst = append(dst, Match{start, start + n, true})
		return start + n
	})
	return dst
}

// spoken reports whether the last word of a label stands right before a password
// where people write sentences.
func (t *Text) spoken(w Span) bool {
	var buf [16]byte
	if w.End-w.Start > 8 {
		return false
	}
	switch string(Fold(buf[:0], t.Bytes[w.Start:w.End])) {
	case "mdp", "est", "etait":
		return true
	}
	return false
}

// isMixed reports whether a word has capitals, small letters and digits, eight
// characters and more.
func isMixed(w []byte) bool {
	var upper, lower, digit bool
	for _, c := range w {
		upper, lower, digit = upper || c-'A' < 26, lower || c-'a' < 26, digit || isDigit(c)
	}
	return len(w) >= 8 && upper && lower && digit
}

// secretPrefixes begin what proves itself; end returns its length, 0 for others.
var secretPrefixes = []struct {
	prefix []byte
	end    func(b []byte) int
}{
	{[]byte("-----BEGIN "), pemEnd},
	{[]byte("eyJ"), jwtEnd},
	{[]byte("AKIA"), func(b []byte) int { return keyEnd(b, 4, 16, true) }},
	{[]byte("ghp_"), func(b []byte) int { return keyEnd(b, 4, 36, false) }},
	{[]byte("glpat-"), func(b []byte) int { return keyEnd(b, 6, 20, false) }},
	{[]byte("xoxb-"), func(b []byte) int { return keyEnd(b, 5, 40, false) }},
	{[]byte("PrivateKey = "), wireguardEnd},
}

// cryptEnd returns the length of the hash of a password at the start of b: $2y$10$
// and 53 characters, $argon2id$…, $6$salt$hash.
func cryptEnd(b []byte) int {
	n := 0
	for parts := 0; n < len(b) && n < 200; n++ {
		c := b[n]
		if c == '$' {
			parts++
		}
		if !isAlnum(c) && c != '$' && c != '/' && c != '.' && c != '=' && c != '+' && (c != ',' || parts > 3 || n > 40) {
			break
		}
	}
	s := bytes.TrimRight(b[:n], ".,")
	switch {
	case len(s) < 20:
		return 0
	case s[1] == '2' && s[3] == '$' && s[6] == '$':
		if len(s) < 60 || !isDigit(s[4]) || !isDigit(s[5]) {
			return 0
		}
		return 60
	case bytes.HasPrefix(s, []byte("$apr1$")) && len(s) >= 30, (s[1] == 'P' || s[1] == 'H') && s[2] == '$' && len(s) == 34: // Apache; WordPress, phpBB
		return len(s)
	case bytes.HasPrefix(s, []byte("$argon2")) && bytes.Count(s, []byte("$")) >= 4, bytes.HasPrefix(s, []byte("$scrypt$")):
		return len(s)
	case s[2] == '$' && (s[1] == '1' || s[1] == '5' || s[1] == '6' || s[1] == '7' || s[1] == 'y' || s[1] == '8' || s[1] == '9'):
		i := bytes.LastIndexByte(s, '$')
		if i < 5 || len(s)-i < 22 {
			return 0
		}
		return len(s)
	}
	return 0
}

// pemEnd takes the head of a private key and its first line of 40 characters and
// more: an empty example has none.
func pemEnd(b []byte) int {
	b = b[:min(len(b), 400)]
	head := bytes.Index(b[11:], []byte("-----"))
	if head < 0 || head > 40 {
		return 0
	}
	title := b[11 : 11+head]
	if !bytes.HasSuffix(title, []byte("PRIVATE KEY")) && !bytes.HasSuffix(title, []byte("OpenVPN Static key V1")) && !bytes.HasSuffix(title, []byte("PRIVATE KEY BLOCK")) {
		return 0
	}
	run := 0
	for i := 11 + head + 5; i < len(b); i++ {
		c := b[i]
		if isAlnum(c) || c == '+' || c == '/' || c == '=' {
			if run++; run >= 32 && (i+1 == len(b) || b[i+1] == '\n' || b[i+1] == '\r' || b[i+1] == '\\' || run == 64) {
				return i + 1
			}
			continue
		}
		if c == '-' && i+4 < len(b) && b[i+1] == '-' && b[i+2] == '-' {
			return 0
		}
		run = 0
	}
	return 0
}

// jwtEnd takes three parts of URL-safe base64 with points between them, the
// first two JSON.
func jwtEnd(b []byte) int {
	parts, last := 1, 0
	n := 0
	for ; n < len(b) && n < 4096; n++ {
		c := b[n]
		if c == '.' {
			if parts == 3 || n-last < 10 || parts == 1 && !bytes.HasPrefix(b[n+1:], []byte("eyJ")) {
				break
			}
			parts, last = parts+1, n+1
			continue
		}
		if !isAlnum(c) && c != '-' && c != '_' {
			break
		}
	}
	if parts < 3 || n-last < 20 {
		return 0
	}
	return n
}

// keyEnd takes a prefix and length characters behind it, upper case and digits
// only where upper says so, of several kinds: examples repeat one.
func keyEnd(b []byte, prefix, length int, upper bool) int {
	n := prefix
	var seen uint64
	kinds := 0
	for n < len(b) && n-prefix < length && (isAlnum(b[n]) || !upper && (b[n] == '-' || b[n] == '_')) {
		if upper && b[n] >= 'a' {
			return 0
		}
		if bit := uint64(1) << (b[n] & 63); seen&bit == 0 {
			seen |= bit
			kinds++
		}
		n++
	}
	if n-prefix < length || kinds < 9 || n < len(b) && isAlnum(b[n]) || hasFold(b[:n], "example") {
		return 0
	}
	return n
}

// wireguardEnd takes the 44 characters of a key behind "PrivateKey = ".
func wireguardEnd(b []byte) int {
	const head, key = 13, 44
	if len(b) < head+key || b[head+key-1] != '=' {
		return 0
	}
	for _, c := range b[head : head+key-1] {
		if !isAlnum(c) && c != '+' && c != '/' {
			return 0
		}
	}
	return head + key
}

// valuePassword returns the length of the word of 6 to 64 characters at the start
// of b that a person may have chosen or been given, 0 where there is none.
func valuePassword(b []byte) (n int) {
	for n < len(b) && b[n] > ' ' && b[n] != '"' && b[n] != '\'' && b[n] != ',' && b[n] != ';' && b[n] != '<' && b[n] != '{' && b[n] < 0x7F {
		n++
	}
	if n < 6 || n > 64 || !isPassword(b[:n]) {
		return 0
	}
	return n
}

// isPassword reports whether a word has letters and digits, and is neither a
// placeholder nor a piece of a program or a path.
func isPassword(w []byte) bool {
	letters, digits, code := 0, 0, 0
	for i, c := range w {
		switch {
		case isDigit(c):
			digits++
		case isLetter(c):
			letters++
		case c == '(' || c == '{' || c == '[' || c == '<' || c == '>' || c == '\\' || c == '%' && i == 0 || c == '/' || c == '`':
			code++
		case c == '.' && i > 0 && i+1 < len(w) && isLetter(w[i-1]) && isLetter(w[i+1]), c == ':' && i > 0 && w[i-1] == ':', c == '=' && i+1 < len(w):
			code++
		case c == '$' && i == 0:
			code++
		}
	}
	if digits == 0 || letters == 0 || code > 0 {
		return false
	}
	for _, no := range [...]string{"changeme", "example", "exemple", "password", "motdepasse", "xxxx", "your", "secret1", "test", "foo", "passw0rd", "placeholder", "sha256", "bcrypt"} {
		if hasFold(w, no) {
			return false
		}
	}
	return true
}

// fitsCredential takes a digest, a hash, a token or a password.
func fitsCredential(cell []byte) (fits, valid bool) {
	n := len(cell)
	if n < 6 || n > 8192 {
		return false, false
	}
	if cell[0] == '$' && cryptEnd(cell) > 0 || bytes.HasPrefix(cell, []byte("{SSHA}")) || cell[0] == '-' && bytes.Contains(cell[:min(n, 64)], []byte("PRIVATE KEY")) {
		return true, true
	}
	if n > 128 {
		return bytes.HasPrefix(cell, []byte("eyJ")) && jwtEnd(cell) > 0, true
	}
	letters, digits, signs, hex := 0, 0, 0, 0
	for _, c := range cell {
		switch {
		case c <= ' ' || c >= 0x7F && n > 40:
			return false, false
		case isDigit(c):
			digits++
		case isLetter(c):
			letters++
		default:
			signs++
		}
		if isHex(c) {
			hex++
		}
	}
	if hex == n {
		return n == 16 || n == 32 || n == 40 || n == 48 || n == 64 || n == 96 || n == 128, true
	}
	if _, _, _, date := Date(cell); date {
		return false, false
	}
	return letters > 0 && (digits > 0 || signs > 0), true
}

// maskSecret shows nothing but the scheme of a hash.
func maskSecret(dst, v []byte) []byte {
	if len(v) > 4 && v[0] == '$' {
		if i := bytes.IndexByte(v[1:], '$'); i > 0 && i < 10 {
			dst = append(dst, v[:min(i+2, 4)]...)
		}
	}
	return append(dst, "••••••••"...)
}
