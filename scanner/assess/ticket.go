package assess

import (
	"path"
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

var ticketPlatform = Profile{
	Name: "ticket-platform",
	Doc: `Users, tickets and secrets of a support platform

On 13 November 2025 the ticket tool of Eurofiber France was emptied: users with
hashed passwords, tokens of administrators, VPN configurations and the tickets
of some 3,600 organisations.

Asks for users with passwords, hashes, tokens or keys beside their e-mail
addresses or names (three; from 20 on it is high), for three passwords beside
what their users log in with, or for tickets with three secrets in them. Low: tickets with the addresses of 20 who wrote them, and files
of configuration (.env, .ovpn, .conf …) with a secret. Secrets in source code
are left to tools for those.`,
	judge: judgeTickets,
	like: func(t *scanner.Tally) bool {
		return configuration(t.Object) && matches(t, credential) > 0
	},
	names: hint{
		holds: "secrets or tickets of a support platform",
		clear: []string{"ovpn", "openvpn"},
		vague: []string{"glpi", "otrs", "znuny", "zammad", "helpdesk", "vpn"},
		with:  []string{"export", "dump", "sauvegarde", "backup", "base", "bdd", "db", "tickets", "utilisateurs", "users", "clients", "config", "configuration", "accès", "clés"},
	},
}

func judgeTickets(e *evidence) (verdict, bool) {
	secrets := e.most(credential)
	users := max(e.most(email), e.names())
	logins := e.titled("username", "user name", "login", "utilisateur", "identifiant", "nom d utilisateur", "nom utilisateur", "user login", "compte")
	tickets := e.titled("ticket", "tickets", "subject", "sujet", "requester", "demandeur", "assignee", "priority", "priorite",
		"content", "description", "status", "statut", "solution", "follow up", "id ticket")
	v := verdict{base: scanner.Medium, reason: "credentials", because: "passwords or keys of a few users", persons: min(users, max(secrets, 1))}
	switch with := min(secrets, users); {
	case e.running && e.group == ticketPlatformName:
		v.base, v.reason, v.because = scanner.Low, "secrets", "secrets of a system, nobody's data"
		v.why = []scanner.Why{{Code: "configuration_secrets", Args: map[string]any{"documents": e.documents, "secrets": secrets},
			Text: counted(secrets, "password or key", "passwords and keys") + " in " + counted(e.documents, "file", "files") +
				" of configuration: whoever reads them can enter the system"}}
		v.weigh(true, 0.6)
	case with >= 20 && (!e.running || e.has(email)) && !e.code:
		v.base, v.because, v.persons = scanner.High, "passwords or keys of many users", with
		v.why = []scanner.Why{whoWhy("users_with_secrets", with, "user", "users", e.there(credential, email, lastName, fullName, phone))}
		v.weigh(true, 0.9)
	case e.running:
		return v, false
	case with >= 3:
		v.why = []scanner.Why{whoWhy("users_with_secrets", with, "user", "users", e.there(credential, email, lastName, fullName, phone))}
		v.weigh(true, 0.7)
	case secrets >= 3 && len(logins) > 0 && !e.code:
		v.persons = secrets
		v.why = []scanner.Why{whoWhy("users_with_secrets", secrets, "user", "users", []detectors.Kind{credential})}
		v.weigh(true, 0.6)
	case len(tickets) >= 3 && e.most(email) >= 20:
		v.base, v.reason, v.because, v.persons = scanner.Low, "tickets", "tickets with the addresses of those who wrote them", e.most(email)
		v.why = []scanner.Why{whoWhy("tickets", v.persons, "ticket", "tickets of a support platform", e.there(email, phone, lastName, fullName)),
			titlesWhy(tickets, "of a ticket tool")}
		v.weigh(true, 0.5)
	default:
		return v, false
	}
	return v, true
}

const ticketPlatformName = "ticket-platform"

// configuration reports whether the name of an object is one of configuration:
// of a VPN, of a service, of an environment.
func configuration(object string) bool {
	name := strings.ToLower(path.Base(strings.ReplaceAll(object, "!", "/")))
	return slices.Contains([]string{".ovpn", ".conf", ".cfg", ".cnf", ".ini", ".env", ".rdp", ".pcf", ".tfvars"}, path.Ext(name)) ||
		strings.HasPrefix(name, ".env") || strings.Contains(name, "vpn")
}

// matches returns how many values of a kind there are in a text.
func matches(t *scanner.Tally, kinds ...detectors.Kind) int64 {
	var n int64
	for _, column := range t.Columns {
		for _, c := range column.Counts {
			if slices.Contains(kinds, c.Kind) {
				n += c.Matches
			}
		}
	}
	return n
}
