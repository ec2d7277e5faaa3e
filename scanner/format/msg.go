package format

import (
	"context"
	"io"
	"strings"

	"vigie/scanner"
)

var msgFormat = scanner.Format{
	Name: "msg",
	Doc: `Mail messages of Outlook (MSG), and its contacts and appointments

Sender, recipients, subject, date and text, also of messages within: as text, HTML
and RTF, what they say alike once; further properties that are texts (the addresses of
a contact) are lines. What is attached are members. Encrypted messages are reported.`,
	Match:  func(name string, head []byte) bool { return isMSG(name, head) },
	Unpack: unpackMSG,
	Read:   readMSG,
	Beside: true,
}

func isMSG(name string, head []byte) bool {
	return isOLE(head) && strings.HasSuffix(name, ".msg") || oleIs(head, msgProperties)
}

func readMSG(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	all, err := openMSG(ctx, c)
	if err != nil {
		return err
	}
	var trouble error
	text := &mailText{ctx: ctx, yield: yield}
	for _, m := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		if lines := m.header(); len(lines) > 0 {
			if err := yield(&scanner.Block{Text: []byte(lines)}); err != nil {
				return err
			}
		}
		class := strings.ToUpper(m.text("", "001A", msgName))
		if strings.Contains(class, "SMIME") && !strings.Contains(class, "MULTIPARTSIGNED") {
			trouble = &scanner.Problem{Reason: scanner.Encrypted, Detail: "S/MIME message"}
			continue
		}
		if err := m.body(text); isProblem(err) && trouble == nil {
			trouble = err
		} else if !isProblem(err) {
			return err
		}
	}
	return trouble
}

// header returns who wrote to whom, about what, and when, and then the other texts.
func (m msg) header() string {
	var lines strings.Builder
	said := make(map[string]bool)
	line := func(label string, values ...string) {
		for i, v := range values {
			said[v] = true
			if i > 0 && v != "" {
				values[i] = "<" + v + ">"
			}
		}
		if v := strings.TrimSpace(strings.Join(values, " ")); v != "" {
			lines.WriteString(label + v + "\n")
		}
	}
	line("From: ", m.text("", "0C1A", msgName), firstOf(m.text("", "5D01", msgName), m.text("", "0C1F", msgName)))
	for _, r := range m.folders("__recip_version1.0_") {
		line("To: ", m.text(r, "3001", msgName), firstOf(m.text(r, "39FE", msgName), m.text(r, "3003", msgName)))
	}
	line("Subject: ", m.text("", "0037", msgName))
	line("Date: ", m.sent())
	for _, property := range m.texts() {
		if v := m.text("", property, msgName); !said[v] {
			line("", v)
		}
	}
	return lines.String()
}

// body reads the text, and what HTML and RTF say beyond it.
func (m msg) body(text *mailText) error {
	if v := m.text("", msgBody, msgMost); v != "" {
		if err := text.plain(strings.NewReader(v)); err != nil {
			return err
		}
	}
	if s := m.html(); s != nil {
		return text.page(m.o.open(s), "")
	}
	s := m.o.find(m.prefix + msgStream + "1009" + msgBinary)
	if s == nil {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(m.o.open(s), msgMost))
	if err == nil {
		if b, err = expandRTF(b); err == nil {
			return text.rich(b)
		}
	}
	return err
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (m msg) html() *oleStream {
	if s := m.o.find(m.prefix + msgStream + "1013" + msgBinary); s != nil {
		return s
	}
	return m.o.find(m.prefix + msgStream + "1013" + msgWide)
}

func unpackMSG(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	all, err := openMSG(ctx, c)
	if err != nil {
		if isProblem(err) {
			return nil // Read says so
		}
		return err
	}
	for _, m := range all {
		for _, folder := range m.folders("__attach_version1.0_") {
			s := m.o.find(m.prefix + folder + msgStream + "3701" + msgBinary)
			if s == nil {
				if err := m.embedded(folder, yield); err != nil {
					return err
				}
				continue
			}
			o := m.o.object(s)
			name := firstOf(m.text(folder, "3707", msgName), firstOf(m.text(folder, "3704", msgName), m.text(folder, "3001", msgName)))
			o.Path = memberPath(strings.NewReplacer("/", "_", `\`, "_").Replace(name))
			if err := yield(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// embedded hands over the streams of an object that is attached, where it is no
// message.
func (m msg) embedded(folder string, yield func(scanner.Object) error) error {
	prefix := m.prefix + folder + msgStream + "3701000D/"
	if m.o.find(prefix+msgProperties) != nil {
		return nil
	}
	return m.o.embedded(prefix, firstOf(m.text(folder, "3001", msgName), "object"), yield)
}
