//go:build integration

package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vigie/fixtures"
)

// A browser is a tab of Chromium, with what it asked for and complained about.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu     sync.Mutex
	asked  []string // addresses
	errors []string // of the console and of the policy
}

// openBrowser starts Chromium with a profile of its own.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, chromedp.ExecPath("chromium"), chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.heard); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, tab, log.Enable, cdp.Empty{})
		return err
	}))
	return b
}

// heard notes an event. It is called from another goroutine.
func (b *browser) heard(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.asked = append(b.asked, e.Request.URL)
	case *log.EventEntryAdded:
		b.errors = append(b.errors, e.Entry.Text)
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.errors = append(b.errors, fmt.Sprint("console.", e.Type))
	}
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// open opens a page in light or dark.
func (b *browser) open(file, scheme string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		return err
	}), chromedp.Navigate((&url.URL{Scheme: "file", Path: file}).String()))
}

// ask evaluates an expression once the page has drawn what was done before.
func ask[T any](b *browser, expression string) T {
	b.t.Helper()
	drawn := "new Promise(r => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(r))))"
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](drawn+".then(() => "+expression+")", chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// press sends keys to what has the focus.
func (b *browser) press(keys string) { b.do(chromedp.KeyEvent(keys)) }

// quiet fails where the page asked for anything but itself or complained.
func (b *browser) quiet(file string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	page := (&url.URL{Scheme: "file", Path: file}).String()
	for _, asked := range b.asked {
		if asked != page {
			b.t.Errorf("the page asked for %s", asked)
		}
	}
	if len(b.asked) == 0 || len(b.errors) > 0 {
		b.t.Errorf("%d requests seen; errors %q", len(b.asked), b.errors)
	}
}

// attacks are names that run a script where they are taken for markup.
var attacks = []string{
	`"><img src=x onerror=window.owned=1>`, `<svg onload=window.owned=1>`, `'-(window.owned=1)-'`, `javascript:window.owned=1`,
	`</script><script>window.owned=1</script>`, `{{.}}${window.owned=1}`, "\u202Egpj.exe\u2066",
}

// attacked scans folders, archives and a bucket whose names and titles are
// attacks, beside leaks of several kinds, and returns the page.
func attacked(t *testing.T, lang string) string {
	t.Helper()
	dir, members := t.TempDir(), []fixtures.Member{}
	table := fixtures.Childminders(3, 60)
	for i, a := range attacks {
		name := strings.ReplaceAll(a, "/", "∕")
		put(t, dir, fmt.Sprintf("%s/%d %s.csv", name, i, name), table.CSV(';'))
		members = append(members, fixtures.Member{Name: a + "/" + name + ".csv", Body: table.CSV(';')})
		titled := fixtures.ThirdParty(uint64(i), 40)
		for c := range titled.Columns {
			titled.Columns[c].Title += " " + a
		}
		put(t, dir, fmt.Sprintf("titles/%d.csv", i), titled.CSV(';'))
	}
	put(t, dir, strings.ReplaceAll(attacks[0], "/", "∕")+".zip", fixtures.Zip(members...))
	put(t, dir, "broken/"+strings.ReplaceAll(attacks[1], "/", "∕")+".zip", fixtures.Zip(members...)[:300])
	for i, letter := range fixtures.Notifications(6, 12) {
		put(t, dir, fmt.Sprintf("mdph/%d.txt", i), []byte(letter.Text))
	}
	s3 := new(fixtures.S3)
	for i, a := range attacks {
		jobseekers := fixtures.Jobseekers(uint64(i), 50)
		s3.Put("dossiers", a+"/"+a, fixtures.Bytes(jobseekers.CSV(';')))
	}
	bucket, stop, err := fixtures.Serve(s3)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	file := filepath.Join(t.TempDir(), "findings.html")
	o := vigie(t, "scan", dir, "s3://dossiers", "--s3-endpoint", bucket, "--s3-region", "us-east-1", "--anonymous", "--format", "html", "--lang", lang, "-o", file)
	if o.status != found {
		t.Fatalf("status %d: %s", o.status, o.stderr)
	}
	return file
}

// TestNamesRunNoScript: whatever names come from outside, the page runs its own
// script alone, asks nobody for anything, and complains about nothing.
func TestNamesRunNoScript(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		file := attacked(t, lang)
		b := openBrowser(t)
		b.open(file, "light")
		if n := ask[int](b, `document.querySelectorAll("article.finding").length`); n < 20 {
			t.Errorf("%s: %d findings on the page", lang, n)
		}
		ask[int](b, `[...document.querySelectorAll("a, summary, button")].map(e => e.click()).length`)
		if ask[bool](b, `"owned" in window`) {
			t.Errorf("%s: a name ran a script", lang)
		}
		if n := ask[int](b, `document.querySelectorAll("script, img, iframe, object, embed, link, base").length`); n != 1 {
			t.Errorf("%s: %d elements of these instead of the one script", lang, n)
		}
		if ask[bool](b, `/[\u202A-\u202E\u2066-\u2069]/.test(document.documentElement.textContent)`) {
			t.Errorf("%s: a name turns the direction of writing", lang)
		}
		b.quiet(file)
		// What got past the escaping would still meet the policy.
		ask[int](b, `(() => { const e = document.createElement("p"); try { e.innerHTML = "<img src=x onerror=window.owned=1>"; document.body.append(e) } catch {} return 0 })()`)
		if ask[bool](b, `"owned" in window`) {
			t.Errorf("%s: the policy lets a script run", lang)
		}
	}
}

// shown counts the findings that can be seen.
const shown = `[...document.querySelectorAll("article.finding")].filter(f => f.checkVisibility()).length`

// TestFiltersOfThePage chooses findings with the mouse and with keys alone.
func TestFiltersOfThePage(t *testing.T) {
	file := attacked(t, "en")
	b := openBrowser(t)
	b.open(file, "light")
	all := ask[int](b, shown)
	said := func() string { return ask[string](b, `document.getElementById("shown").textContent`) }
	if want := fmt.Sprintf("%d of %d findings shown", all, all); said() != want {
		t.Errorf("says %q, want %q", said(), want)
	}
	want := ask[int](b, `document.querySelectorAll("article[data-profile=mdph-documents]").length`)
	b.do(chromedp.Focus(chromedp.CSS("#by-text")))
	b.press("MDPH-documents dîsability")
	if got := ask[int](b, shown); got != want || want == 0 {
		t.Errorf("the search shows %d findings, want %d", got, want)
	}
	ask[int](b, `(document.getElementById("by-text").select(), 0)`)
	b.press("no finding has this")
	if got := ask[int](b, shown); got != 0 || !ask[bool](b, `document.getElementById("none").checkVisibility()`) {
		t.Errorf("%d findings shown, and nothing says that none is", got)
	}
	b.do(chromedp.Click(chromedp.CSS("#filter button")))
	if got := ask[int](b, shown); got != all {
		t.Errorf("after the button %d findings, want %d", got, all)
	}
	critical := ask[int](b, `document.querySelectorAll("article[data-severity=critical]").length`)
	b.do(chromedp.Focus(chromedp.CSS("[name=severity][value=critical]")))
	b.press(" ")
	if got := ask[int](b, shown); got != all-critical || critical == 0 {
		t.Errorf("without the critical ones %d findings, want %d", got, all-critical)
	}
	b.press(" ")
	b.do(chromedp.Focus(chromedp.CSS("#by-profile")))
	b.press(kb.ArrowDown)
	profile := ask[string](b, `document.getElementById("by-profile").value`)
	want = ask[int](b, fmt.Sprintf(`document.querySelectorAll("article[data-profile=%s]").length`, profile))
	if got := ask[int](b, shown); got != want || got == 0 || got == all {
		t.Errorf("of the profile %s %d findings, want %d", profile, got, want)
	}
	b.do(chromedp.Click(chromedp.CSS("#filter button")))
	for i := range ask[int](b, `document.querySelectorAll("a[data-place]").length`) {
		place := ask[string](b, fmt.Sprintf(`(e => (e.click(), e.dataset.place))(document.querySelectorAll("a[data-place]")[%d])`, i))
		got := ask[int](b, shown)
		if wanted := ask[int](b, fmt.Sprintf(`[...document.querySelectorAll("article")].filter(f => f.dataset.place.startsWith(%q)).length`, place)); got != wanted || got == 0 {
			t.Errorf("at %s %d findings, want %d", place, got, wanted)
		}
	}
	// A link to a finding that the filter hides shows it.
	b.do(chromedp.Focus(chromedp.CSS("#by-text")))
	b.press("no finding has this")
	b.do(chromedp.Click(chromedp.CSS(".worst a")))
	if got := ask[int](b, shown); got != all {
		t.Errorf("a link to a finding shows %d findings, want %d", got, all)
	}
	b.quiet(file)
}

// TestPageByKeyboard goes through the page with the tab key: everything that can
// be used is reached, in the order of the page, and is seen to have the focus.
func TestPageByKeyboard(t *testing.T) {
	file := attacked(t, "fr")
	b := openBrowser(t)
	b.open(file, "light")
	b.press(kb.Tab)
	if got := ask[string](b, `document.activeElement.className + " " + (document.activeElement.getBoundingClientRect().left >= 0)`); got != "skip true" {
		t.Errorf("the first stop is %q, want the link that skips", got)
	}
	total := ask[int](b, `[...document.querySelectorAll("a[href], input, select, button, summary")].filter(e => e.checkVisibility()).length`)
	for i := range total {
		visible := ask[string](b, `((e, s) => e === document.body ? "no focus" : s.outlineStyle === "none" || parseFloat(s.outlineWidth) < 2 ? e.outerHTML.slice(0, 80) : "")(document.activeElement, getComputedStyle(document.activeElement))`)
		if visible != "" {
			t.Fatalf("stop %d of %d: the focus is not seen: %s", i+1, total, visible)
		}
		b.press(kb.Tab)
	}
	b.open(file, "light")
	b.press(kb.Tab)
	b.press(kb.Enter)
	if got := ask[string](b, `location.hash`); got != "#findings" {
		t.Errorf("the link that skips leads to %q", got)
	}
	b.do(chromedp.Focus(chromedp.CSS("#problems summary")))
	b.press(kb.Enter)
	if !ask[bool](b, `document.querySelector("#problems details").open`) {
		t.Error("the list of problems does not open by key")
	}
	b.quiet(file)
}

// TestPageIsReadable: names for screen readers, headings in order, contrast in
// light and dark, and nothing wider than a phone.
func TestPageIsReadable(t *testing.T) {
	file := attacked(t, "fr")
	script, err := os.ReadFile("testdata/contrast.js")
	if err != nil {
		t.Fatal(err)
	}
	b := openBrowser(t)
	for _, scheme := range []string{"light", "dark"} {
		b.open(file, scheme)
		ask[int](b, `[...document.querySelectorAll("details")].map(d => d.open = true).length`)
		faint := ask[[]string](b, "("+strings.TrimSpace(string(script))+")(4.5)")
		if len(faint) > 0 {
			t.Errorf("%s: %d texts have too little contrast: %q", scheme, len(faint), faint[:min(len(faint), 5)])
		}
	}
	b.do(chromedp.EmulateViewport(360, 740))
	b.open(file, "light")
	if wide := ask[[]string](b, `[...document.querySelectorAll("html, .card, .finding")].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.tagName + e.id + " " + e.textContent.slice(0, 60))`); len(wide) > 0 {
		t.Errorf("wider than a phone: %q", wide)
	}
	levels := ask[[]int](b, `[...document.querySelectorAll("h1, h2, h3, h4")].map(h => +h.tagName[1])`)
	for i, level := range levels {
		if i == 0 && level != 1 || i > 0 && (level == 1 || level > levels[i-1]+1) {
			t.Errorf("heading %d is of level %d after %v", i, level, levels[max(i-1, 0):i])
		}
	}
	tree, err := chromedp.Run(b.ctx, func(ctx context.Context, tab *chromedp.Target) (accessibility.GetFullAXTreeResult, error) {
		return cdp.Call(ctx, tab, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	})
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, n := range tree.Nodes {
		if n.Ignored || n.Role == nil {
			continue
		}
		role := strings.Trim(string(n.Role.Value), `"`)
		counts[role]++
		named := []string{"link", "button", "searchbox", "combobox", "checkbox", "article", "region", "navigation", "search", "image", "table", "DisclosureTriangle"}
		if slices.Contains(named, role) && (n.Name == nil || len(n.Name.Value) < 3) {
			t.Errorf("a %s has no name", role)
		}
	}
	for _, role := range []string{"article", "region", "navigation", "search", "searchbox", "combobox", "checkbox", "table", "columnheader", "rowheader"} {
		if counts[role] == 0 {
			t.Errorf("a screen reader hears of no %s: %v", role, counts)
		}
	}
	b.quiet(file)
}
