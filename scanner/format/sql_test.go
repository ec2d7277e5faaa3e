package format

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vigie/scanner"
)

func readDump(t testing.TB, doc string, size int) []scanner.Block {
	t.Helper()
	var blocks []scanner.Block
	d := dump{ctx: context.Background(), yield: func(b *scanner.Block) error {
		c := *b
		c.Text = append([]byte(nil), b.Text...)
		blocks = append(blocks, c)
		return nil
	}}
	if err := d.read(decode(strings.NewReader(doc)), size); err != nil {
		t.Fatal(err)
	}
	return blocks
}

// TestDumps reads what the usual programs write.
func TestDumps(t *testing.T) {
	tests := []struct {
		name, doc, table string
		titles           []string
		rows             [][]string
	}{
		{"mysqldump", "-- MySQL dump 10.13\n\nCREATE TABLE `alloc` (\n  `id` int(11) NOT NULL AUTO_INCREMENT,\n  `nom` varchar(40) DEFAULT 'a,b',\n  PRIMARY KEY (`id`),\n  KEY `k` (`nom`,`id`)\n) ENGINE=InnoDB;\n" +
			"LOCK TABLES `alloc` WRITE;\nINSERT INTO `alloc` VALUES (1,'L\\'Her; \"x\"\\n'),(2,NULL),(-3.5,'a,b)');\nUNLOCK TABLES;\n",
			"alloc", []string{"id", "nom"}, [][]string{{"1", "L'Her; \"x\"\n"}, {"2", ""}, {"-3.5", "a,b)"}}},
		{"phpmyadmin", "-- phpMyAdmin SQL Dump\nINSERT INTO `t` (`id`, `nom`) VALUES\n(1, 'Ana'),\n(2, _utf8'O''Neil');\n",
			"t", []string{"id", "nom"}, [][]string{{"1", "Ana"}, {"2", "O'Neil"}}},
		{"pg_dump", "--\n-- PostgreSQL database dump\n--\nSET x = 1;\nCOPY public.alloc (id, nom, ville) FROM stdin;\n1\tDupont\tLe\\tMans\n2\t\\N\tA\\\\B\n\\.\n\nSELECT 1;\n",
			"public.alloc", []string{"id", "nom", "ville"}, [][]string{{"1", "Dupont", "Le\tMans"}, {"2", "", `A\B`}}},
		{"pg_dump --inserts", "-- PostgreSQL database dump\nCREATE TABLE public.a (\n    id integer NOT NULL,\n    \"né le\" date,\n    CONSTRAINT c CHECK ((id > 0))\n);\nINSERT INTO public.a VALUES (1, '1980-01-02'::date);\nINSERT INTO public.a VALUES (2, E'a\\'b') ON CONFLICT DO NOTHING;\nINSERT INTO public.a VALUES (3, 'C:\\');\n",
			"public.a", []string{"id", "né le"}, [][]string{{"1", "1980-01-02"}, {"2", "a'b"}, {"3", `C:\`}}},
		{"sqlite", "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t(id INTEGER PRIMARY KEY, nom TEXT);\nINSERT INTO t VALUES(1,'x');\nINSERT INTO \"t\" VALUES(2,replace('a\\nb','\\n',char(10)));\nCOMMIT;\n",
			"t", []string{"id", "nom"}, [][]string{{"1", "x"}, {"2", `a\nb`}}},
		{"t-sql", "USE [x]\nGO\nINSERT [dbo].[T] ([Id], [Nom], [Né], [N]) VALUES (1, N'Zoé', CAST(N'1980-01-02' AS Date), CAST(12.50 AS Decimal(5, 2)))\nGO\nINSERT [dbo].[T] ([Id], [Nom], [Né], [N]) VALUES (2, NULL, NULL, 0)\nGO\n",
			"dbo.T", []string{"Id", "Nom", "Né", "N"}, [][]string{{"1", "Zoé", "1980-01-02", "CAST(12.50 AS Decimal(5, 2))"}, {"2", "", "", "0"}}},
		{"oracle", "REM INSERTING into T\nSET DEFINE OFF;\nInsert into T (ID,NE) values ('1',to_date('02/01/80','DD/MM/RR'));\n",
			"T", []string{"ID", "NE"}, [][]string{{"1", "02/01/80"}}},
		{"a quote that a script did not double", "CREATE TABLE t (id int, nom varchar(40), ville varchar(40));\nINSERT INTO t VALUES (1, 'D'ANGELO', 'L'Île-d'Yeu');\nINSERT INTO t VALUES (2, 'Ana', '');\n",
			"t", []string{"id", "nom", "ville"}, [][]string{{"1", "D'ANGELO", "L'Île-d'Yeu"}, {"2", "Ana", ""}}},
	}
	for _, test := range tests {
		for _, size := range []int{slabSize, 256} {
			if !sqlFormat.Match("x", []byte(test.doc)) {
				t.Errorf("%s: no match", test.name)
			}
			blocks := readDump(t, test.doc, size)
			names, rows, titles := tables(t, blocks)
			if len(names) != 1 || names[0] != test.table {
				t.Errorf("%s: tables %q, want %q", test.name, names, test.table)
				continue
			}
			if d := cmp.Diff(test.titles, titles[test.table]); d != "" {
				t.Errorf("%s: titles %s", test.name, d)
			}
			if d := cmp.Diff(test.rows, rows[test.table]); d != "" {
				t.Errorf("%s: rows %s", test.name, d)
			}
			if strings.Contains(runningText(blocks), "INSERT INTO") {
				t.Errorf("%s: running text %q", test.name, runningText(blocks))
			}
		}
	}
}

// TestInterleavedInserts writes a row at a time to more tables than are open at
// a time: each stays one table, its rows in order.
func TestInterleavedInserts(t *testing.T) {
	var b strings.Builder
	b.WriteString("CREATE TABLE t0 (id int, nom text);\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "INSERT INTO t%d VALUES (%d,'nom %d');\n", i%12, i, i)
	}
	_, rows, _ := tables(t, readDump(t, b.String(), slabSize))
	if len(rows) != 12 {
		t.Fatalf("%d tables, want 12", len(rows))
	}
	for k := range 12 {
		for i, row := range rows[fmt.Sprint("t", k)] {
			if row[0] != fmt.Sprint(12*i+k) {
				t.Fatalf("t%d: row %d is %q", k, i, row)
			}
		}
	}
}

// TestLongValue reads a value of 10 MB: its beginning in its cell, the rest as
// running text, and the row behind it.
func TestLongValue(t *testing.T) {
	long := strings.Repeat("mot ", 5<<19)
	blocks := readDump(t, "INSERT INTO t VALUES (1,'"+long+"'),(2,'fin');\n", slabSize)
	n := 0
	for _, b := range blocks {
		n += len(b.Text)
		if len(b.Text) > recordSize+slabSize+100 {
			t.Errorf("a block of %d bytes", len(b.Text))
		}
	}
	_, rows, _ := tables(t, blocks)
	if got := rows["t"]; len(got) != 2 || got[1][1] != "fin" || n < len(long) {
		t.Errorf("%d rows, %d bytes of %d", len(got), n, len(long))
	}
}

func TestNotDump(t *testing.T) {
	for _, doc := range []string{
		"", "nom;prenom\nDupont;Jean\n", "Notes: run\nINSERT INTO t VALUES (1)\n",
		"# Titre\n\nUn texte en Markdown.\n", "-- un commentaire en Lua\nlocal x = 1\n",
	} {
		if sqlFormat.Match("x", []byte(doc)) {
			t.Errorf("%q is taken for a dump", doc)
		}
	}
}

func FuzzSQL(f *testing.F) {
	f.Add("INSERT INTO `t` (`a`) VALUES (1,'x\\'',NULL),(2,'y''',f('z',3));\n-- c\n", uint16(0))
	f.Add("COPY t (a, b) FROM stdin;\n1\t\\N\n2\tx\\ty\n\\.\nCREATE TABLE t (a int, PRIMARY KEY (a));", uint16(30))
	f.Add("INSERT [dbo].[T] ([Id]) VALUES (CAST(N'x' AS Date))\nGO\n", uint16(9))
	f.Fuzz(func(t *testing.T, doc string, size uint16) {
		blocks := readDump(t, doc, 64+int(size))
		for _, b := range blocks {
			if b.Ruler != (scanner.Ruler{}) && strings.Count(string(b.Text), "\x1E") != b.Rows {
				t.Errorf("block says %d rows: %q", b.Rows, b.Text)
			}
		}
		sqlFormat.Match("x", []byte(doc))
	})
}

func BenchmarkSQL(b *testing.B) {
	rnd := rand.New(rand.NewPCG(9, 9))
	var long, short, pg strings.Builder
	long.WriteString("-- MySQL dump\nINSERT INTO `t` VALUES ")
	pg.WriteString("COPY t (a, b, c, d, e) FROM stdin;\n")
	for i := 0; long.Len() < 16<<20; i++ {
		p := fictitious(rnd, variant{sep: ';', quotes: "never"})
		row := fmt.Sprintf("(%s,'%s','%s','%s',%s)", p[0], strings.ReplaceAll(p[1], "'", "\\'"), p[2], strings.ReplaceAll(p[3], "'", "\\'"), "12.5")
		if i > 0 {
			long.WriteByte(',')
		}
		long.WriteString(row)
		short.WriteString("INSERT INTO `t` (`a`,`b`,`c`,`d`,`e`) VALUES " + row + ";\n")
		pg.WriteString(strings.Join(p[:5], "\t") + "\n")
	}
	long.WriteString(";\n")
	run := func(name, doc string) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			for b.Loop() {
				d := dump{ctx: context.Background(), yield: func(*scanner.Block) error { return nil }}
				if err := d.read(decode(strings.NewReader(doc)), slabSize); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("tuples", long.String())
	run("inserts", short.String())
	run("copy", pg.String())
}

// Bytes in hexadecimal are read as the text they are, and SQL Server's dates as
// dates: those of 2008 are written as the bytes they are stored in.
func TestPlainValues(t *testing.T) {
	for cell, want := range map[string]string{
		"NULL": "", "null": "", "12.5": "12.5", "0x": "0x", "0x4D61726965": "Marie", "0x4CC3A961": "Léa", "0xFFD8FF": "0xFFD8FF", "0x123": "0x123",
		"CAST(0x5B950A00 AS Date)": "1900-01-01", "CAST(0x9E3A0B00 AS Date)": "2015-11-01",
		"CAST(0x0000A4C500000000 AS DateTime)": "2015-06-28", "CAST(0xA4C50000 AS SmallDateTime)": "2015-06-28",
		"CAST(0x070000000000009E3A0B AS DateTime2)": "2015-11-01", "CAST(0x07 AS Date)": "CAST(0x07 AS Date)",
		"CAST(0x0000A4C500000000 AS Image)": "CAST(0x0000A4C500000000 AS Image)", "CAST(0xZZZZZZZZ AS Date)": "CAST(0xZZZZZZZZ AS Date)",
	} {
		if got := string(plainValue([]byte(cell))); got != want {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
	_, rows, _ := tables(t, readDump(t, "INSERT INTO t VALUES (X'4D61726965',x'FF00',_binary 'x',0x4D61);\n", slabSize))
	if got := strings.Join(rows["t"][0], "|"); got != "Marie|FF00|x|Ma" {
		t.Errorf("row %q", got)
	}
}

// Every program's dump of the register has the same 500 rows.
func TestRegisterDumps(t *testing.T) {
	for name, rows := range map[string]int{
		"mysqldump.sql": 500, "mysqldump-rows.sql": 500, "mysqldump-complete.sql": 500, "mysqldump-hex.sql": 500, "mysqldump-ansi.sql": 500,
		"mysqldump-latin1.sql": 500, "pg_dump.sql": 500, "pg_dump-inserts.sql": 500, "pg_dump-columns.sql": 500, "pg_dump-latin1.sql": 500,
		"sqlite.sql": 500, "ssms.sql": 500, "ssms2008.sql": 500, "oracle.sql": 500, "phpmyadmin.sql": 500,
	} {
		blocks, err := readFormat(t, sqlFormat, fixture(t, "sql/"+name))
		titles, n, text := joinedText(blocks)
		text = strings.ReplaceAll(text, "17/02/72", "1972-02-17")
		text = strings.ReplaceAll(text, "04/11/12", "2012-11-04")
		if err != nil || n != rows || len(titles) != 5 || !strings.HasPrefix(text, registerStart) && !strings.Contains(text, "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e") {
			t.Errorf("%s: %v, %d rows of %q: %q", name, err, n, titles, text[:min(len(text), 90)])
		}
	}
}
